"""How to reach the register: settings from `KIT_REGISTER_*`; secrets never show in a text, an error or a log."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from kit.fouten import KitFout

_VOOR = "KIT_REGISTER_"


@dataclass(frozen=True)
class Instellingen:
    """`url` without `/v1`; then an API key (`sleutel`), or OAuth2 client credentials (`client`, `geheim`, `token_url`).

    `gelijktijdig` calls at the same time, at most `per_seconde` (0 = no limit). In seconds: `wachttijd` for one answer,
    `geduld` before asking whether an interrupted registration happened after all. `pogingen` for one call.
    """

    url: str
    sleutel: str = field(default="", repr=False)
    sleutelkop: str = "X-Api-Key"
    client: str = ""
    geheim: str = field(default="", repr=False)
    token_url: str = ""
    scope: str = ""
    gelijktijdig: int = 4
    per_seconde: float = 20
    wachttijd: float = 30
    geduld: float = 10
    pogingen: int = 6
    gaten: int = 25

    @classmethod
    def uit(cls, omgeving: Mapping[str, str] = os.environ, **anders: Any) -> Instellingen:
        """From the environment; `anders` (from the command line) goes first. Raises KitFout for what is missing or no number."""
        waarden: dict[str, Any] = {}
        for f in fields(cls):
            if anders.get(f.name) is not None:
                waarden[f.name] = anders[f.name]
            elif ruw := omgeving.get(_VOOR + f.name.upper()):
                try:
                    waarden[f.name] = {"int": int, "float": float}.get(str(f.type), str)(ruw)
                except ValueError:
                    raise KitFout(f"{_VOOR}{f.name.upper()} moet een getal zijn.") from None
        if not waarden.get("url"):
            raise KitFout(
                f"Het adres van het register ontbreekt. Zet het in {_VOOR}URL. Oefenen kan eerst met:  kit dv oefenregister"
            )
        zelf = cls(**waarden)
        if zelf.client and not (zelf.geheim and zelf.token_url):
            raise KitFout(f"Bij {_VOOR}CLIENT horen ook {_VOOR}GEHEIM en {_VOOR}TOKEN_URL.")
        if not zelf.url.startswith(("https://", "http://")):
            raise KitFout(f"{_VOOR}URL begint met https://.")
        if zelf.gelijktijdig < 1 or zelf.pogingen < 1:
            raise KitFout(f"{_VOOR}GELIJKTIJDIG en {_VOOR}POGINGEN zijn minstens 1.")
        return zelf
