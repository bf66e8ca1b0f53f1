"""A package under reconstruction: parts as bytes that may change, appear or go; the rest is copied as it is."""

from __future__ import annotations

import io
import re
import zipfile

from kit.bestanden import Bron
from kit.werkboek.pakket import PKG, Pakket, relpad
from kit.werkboek.xmltekst import voeg_voor, voorvoegsel

_TYPEN = "[Content_Types].xml"


class Ombouw:
    """Changes `delen` (part name -> bytes) and keeps relations and content types in step, as text."""

    def __init__(self, pakket: Pakket) -> None:
        self.naam = pakket.naam
        self.delen = dict(pakket.delen)
        self.oud = pakket.delen

    @classmethod
    def open(cls, pad: Bron) -> Ombouw:
        return cls(Pakket.open(pad))

    @property
    def nu(self) -> Pakket:
        """The package as it stands now, to look around in."""
        return Pakket(self.naam, self.delen)

    def bytes(self) -> bytes:
        """The whole package, parts in their old order, new ones last."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as z:
            for naam in [*(n for n in self.oud if n in self.delen), *(n for n in self.delen if n not in self.oud)]:
                info = zipfile.ZipInfo(naam, (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o600 << 16
                z.writestr(info, self.delen[naam])
        return buffer.getvalue()

    # --- parts and relations ----------------------------------------------------------------------------------------

    def deel_via(self, van: str, soort: str, element: str | None = None) -> str | None:
        """The part that `van` relates to by this kind; with `element`, the one that this element points at."""
        relaties = {rid: doel for rid, (s, doel) in self.nu.relaties(van).items() if s == soort and doel in self.delen}
        if element is None:
            return next(iter(relaties.values()), None)
        m = re.search(rf'<(?:\w+:)?{element}\b[^>]*?\w+:id="([^"]+)"'.encode(), self.delen[van])
        return relaties.get(m[1].decode()) if m else None

    def nieuw_deel(self, patroon: str, inhoud: str, inhoudstype: str | None) -> str:
        """Add a part under the first free number of the pattern; None = its extension tells the type."""
        n = next(n for n in range(1, 10_000) if patroon.format(n) not in self.delen)
        naam = patroon.format(n)
        self.delen[naam] = inhoud.encode()
        if inhoudstype:
            p = voorvoegsel(self.delen[_TYPEN])
            self.delen[_TYPEN] = voeg_voor(
                self.delen[_TYPEN], "Types", f'<{p}Override PartName="/{naam}" ContentType="{inhoudstype}"/>'
            )
        return naam

    def voeg_standaardtype_toe(self, extensie: str, inhoudstype: str) -> None:
        typen = self.delen[_TYPEN]
        if re.search(rf'Extension="{extensie}"'.encode(), typen, re.IGNORECASE):
            return
        p = voorvoegsel(typen)
        self.delen[_TYPEN] = voeg_voor(typen, "Types", f'<{p}Default Extension="{extensie}" ContentType="{inhoudstype}"/>')

    def voeg_relatie_toe(self, van: str, rid: str, soort: str, naar: str) -> None:
        pad = relpad(van)
        if pad not in self.delen:
            kop = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            self.delen[pad] = f'{kop}<Relationships xmlns="{PKG}"></Relationships>'.encode()
        p = voorvoegsel(self.delen[pad])
        self.delen[pad] = voeg_voor(
            self.delen[pad], "Relationships", f'<{p}Relationship Id="{rid}" Type="{soort}" Target="/{naar}"/>'
        )

    def verwijder_deel(self, naam: str, van: str) -> None:
        """Remove a part with its relations file, the relation from `van` and its content type."""
        relaties = {rid: doel for rid, (_, doel) in self.nu.relaties(van).items()}
        for rid in [r for r, doel in relaties.items() if doel == naam]:
            self._knip(relpad(van), rf'<(?:\w+:)?Relationship\b[^>]*\bId="{re.escape(rid)}"[^>]*/>')
        self._leeg_relaties(van)
        self.delen.pop(naam, None)
        self.delen.pop(relpad(naam), None)
        self._knip(_TYPEN, rf'<(?:\w+:)?Override\b[^>]*\bPartName="/{re.escape(naam)}"[^>]*/>')
        extensie = naam.rsplit(".", 1)[-1]
        if extensie == "vml" and not any(n.endswith(".vml") for n in self.delen):
            self._knip(_TYPEN, r'<(?:\w+:)?Default Extension="vml" ContentType="[^"]*"/>(?=</(?:\w+:)?Types>|<(?:\w+:)?Override)')

    def _leeg_relaties(self, van: str) -> None:
        """A relations file that we made ourselves goes when it is empty again."""
        pad = relpad(van)
        inhoud = self.delen.get(pad)
        if inhoud is not None and re.search(rb"<Relationships xmlns=\"[^\"]*\"></Relationships>$", inhoud):
            del self.delen[pad]

    def _knip(self, deel: str, patroon: str) -> None:
        if deel in self.delen:
            self.delen[deel] = re.sub(patroon.encode(), b"", self.delen[deel], count=1)
