"""Settings of the server, from the environment (`KIT_...`); everything has a value that is safe for trying out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from kit.fouten import KitFout

MB = 1024 * 1024


@dataclass(frozen=True)
class Aanmelding:
    """Sign-in with an OpenID provider such as Entra ID. `uitgever`: its address, as in its tokens."""

    uitgever: str
    client_id: str
    client_secret: str
    sessiesleutel: str


@dataclass(frozen=True)
class Instellingen:
    """Sizes in bytes, times in seconds.

    `max_bytes` for one workbook, `max_samen` for all that are in memory at once; `ontvangst` for receiving one, `werk` for
    answering; `tegelijk` are worked on at once, the rest waits; `per_minuut` requests from one address. `licentie`: the
    xlwings licence key; without one only the web page is served.
    """

    max_bytes: int = 40 * MB
    max_samen: int = 800 * MB
    ontvangst: float = 60
    werk: float = 120
    tegelijk: int = max(1, os.cpu_count() or 1)
    per_minuut: int = 120
    adres: str = ""
    licentie: str = ""
    aanmelding: Aanmelding | None = None

    @classmethod
    def uit(cls, omgeving: Mapping[str, str]) -> Instellingen:
        """Read the environment. Raises KitFout for a value that makes no sense."""
        waarden: dict[str, object] = {}
        for veld in fields(cls):
            tekst = omgeving.get(f"KIT_{veld.name.upper()}", "")
            if veld.name == "aanmelding" or not tekst:
                continue
            soort: type[int | float | str] = {"int": int, "float": float}.get(str(veld.type), str)
            try:
                waarden[veld.name] = soort(tekst)
            except ValueError:
                raise KitFout(f"De instelling KIT_{veld.name.upper()} moet een getal zijn, niet “{tekst}”.") from None
        waarden.setdefault("licentie", omgeving.get("XLWINGS_LICENSE_KEY", ""))
        return cls(**waarden, aanmelding=_aanmelding(omgeving))  # type: ignore[arg-type]


def _aanmelding(omgeving: Mapping[str, str]) -> Aanmelding | None:
    sleutels = ("KIT_OIDC_UITGEVER", "KIT_OIDC_CLIENT_ID", "KIT_OIDC_CLIENT_SECRET", "KIT_SESSIESLEUTEL")
    waarden = [omgeving.get(s, "") for s in sleutels]
    if not any(waarden):
        return None
    if missend := [s for s, w in zip(sleutels, waarden, strict=True) if not w]:
        raise KitFout(f"Voor aanmelden ontbreekt de instelling {', '.join(missend)}.")
    return Aanmelding(*waarden)
