"""styles.xml as text: add fills and cell formats behind the existing ones, and find them again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from kit.regels import Ernst
from kit.werkboek.stijl import GESCHILDERD, LETTERTYPE
from kit.werkboek.xmltekst import voorvoegsel


def _argb(kleur: str) -> str:
    return "FF" + kleur.removeprefix("#")


def vulling_xml(ernst: Ernst, p: str) -> str:
    """The painter's own fill: plain, as every host can paint it (docs/adr/0006-een-effen-kleur-voor-elke-gastheer.md)."""
    return effen_vulling(GESCHILDERD[ernst], p)


def effen_vulling(kleur: str | None, p: str = "") -> str:
    """A plain fill as styles.xml writes it; None = no fill. The add-in keeps a cell's old colour in the same words."""
    if kleur is None:
        return f'<{p}fill><{p}patternFill patternType="none"/></{p}fill>'
    return (
        f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{_argb(kleur)}"/><{p}bgColor rgb="{_argb(kleur)}"/>'
        f"</{p}patternFill></{p}fill>"
    )


def kleur_van_vulling(vulling: str) -> str | None:
    """The colour of a fill as `#RRGGBB`; None when it has none that can be told (no fill, or a colour of the theme)."""
    if 'patternType="none"' in vulling:
        return None
    m = re.search(r'<(?:\w+:)?fgColor[^>]*?\brgb="(?:\w\w)?(\w{6})"', vulling)
    return f"#{m[1].upper()}" if m else None


def _kern(vulling: str) -> tuple[str, ...]:
    """What makes two fills the same: pattern and colours, however written (of a plain fill only the front colour shows)."""
    patroon = re.search(r'patternType="(\w+)"', vulling)
    kleuren = re.findall(r'<(?:\w+:)?(fg|bg)Color[^>]*?rgb="(\w+)"', vulling)
    soort = patroon[1] if patroon else "none"
    return (soort, *(f"{s}{rgb.upper()}" for s, rgb in kleuren if s == "fg" or soort != "solid"))


@dataclass
class Stijlen:
    """The styles part while painting. New formats go behind the existing ones, so old numbers keep their meaning."""

    xml: bytes
    _nieuw: dict[tuple[str, str], int] = field(default_factory=dict)
    _fills_erbij: list[str] = field(default_factory=list)
    _xfs_erbij: list[str] = field(default_factory=list)
    _fonts_erbij: list[str] = field(default_factory=list)
    _randen_erbij: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.p = voorvoegsel(self.xml)
        self.fills = self._lees("fills", "fill")
        self.xfs = self._lees("cellXfs", "xf")
        self.fonts = self._lees("fonts", "font")
        self.randen = self._lees("borders", "border")

    def _lees(self, groep: str, lid: str) -> list[str]:
        p = self.p
        blok = re.search(rf"<{p}{groep}\b[^>]*>(.*?)</{p}{groep}>".encode(), self.xml, re.DOTALL)
        if blok is None:
            return []
        return re.findall(rf"<{p}{lid}\b[^>]*?/>|<{p}{lid}\b[^>]*>.*?</{p}{lid}>", blok[1].decode(), re.DOTALL)

    def voeg_vulling_toe(self, vulling: str) -> int:
        alle = self.fills + self._fills_erbij
        if vulling not in alle:
            self._fills_erbij.append(vulling)
            alle.append(vulling)
        return alle.index(vulling)

    def voeg_letter_toe(self, maat: int, kleur: str, extra: str = "") -> int:
        """The kit's own type in a size and colour; `extra` is what makes it bold or underlined."""
        p, rgb = self.p, kleur.removeprefix("#")
        letter = f'<{p}font>{extra}<{p}sz val="{maat}"/><{p}color rgb="FF{rgb}"/><{p}name val="{LETTERTYPE}"/></{p}font>'
        self._fonts_erbij.append(letter)
        return len(self.fonts) + len(self._fonts_erbij) - 1

    def voeg_rand_toe(self, rand: str) -> int:
        self._randen_erbij.append(rand)
        return len(self.randen) + len(self._randen_erbij) - 1

    def voeg_xf_toe(self, xf: str) -> int:
        alle = self.xfs + self._xfs_erbij
        if xf not in self._xfs_erbij:
            self._xfs_erbij.append(xf)
            alle.append(xf)
        return len(self.xfs) + self._xfs_erbij.index(xf)

    def met_vulling(self, stijl: str | None, vulling: str) -> str:
        """Number of the format that is `stijl` with another fill."""
        sleutel = (stijl or "0", vulling)
        if sleutel not in self._nieuw:
            nummer = int(stijl or 0)
            basis = (
                self.xfs[nummer] if nummer < len(self.xfs) else f'<{self.p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
            )
            fill = self.voeg_vulling_toe(vulling)
            einde = basis.index(">")
            open_ = re.sub(r'\s(?:fillId|applyFill)="\w*"', "", basis[:einde])
            slot = "/" if open_.endswith("/") else ""
            open_ = f'{open_.removesuffix("/").rstrip()} fillId="{fill}" applyFill="1"{slot}'
            self._nieuw[sleutel] = self.voeg_xf_toe(open_ + basis[einde:])
        return str(self._nieuw[sleutel])

    def onze_stijlen(self, voorbeelden: Iterable[str] = ()) -> set[int]:
        """Numbers of the formats that carry one of the painter's fills.

        `voorbeelden`: styles that surely carry one (of the list sheet): another program may have changed the fills.
        """
        onze = {_kern(vulling_xml(e, "")) for e in Ernst} | {_kern(self.vulling_van(v)) for v in voorbeelden}
        fills = {i for i, f in enumerate(self.fills) if _kern(f) in onze and _kern(f) != ("none",)}
        uit = set()
        for i, xf in enumerate(self.xfs):
            m = re.search(r'fillId="(\d+)"', xf[: xf.index(">")])
            if m and int(m[1]) in fills:
                uit.add(i)
        return uit

    def vulling_van(self, stijl: str | None) -> str:
        """The fill element of a format (its text), to be able to give it back later."""
        nummer = int(stijl or 0)
        m = re.search(r'fillId="(\d+)"', self.xfs[nummer][: self.xfs[nummer].index(">")]) if nummer < len(self.xfs) else None
        fill = int(m[1]) if m else 0
        return (
            self.fills[fill]
            if fill < len(self.fills)
            else f'<{self.p}fill><{self.p}patternFill patternType="none"/></{self.p}fill>'
        )

    def klaar(self) -> bytes:
        """The part with everything that was added."""
        xml = self.xml
        for groep, erbij, oud in (
            ("fonts", self._fonts_erbij, len(self.fonts)),
            ("fills", self._fills_erbij, len(self.fills)),
            ("borders", self._randen_erbij, len(self.randen)),
            ("cellXfs", self._xfs_erbij, len(self.xfs)),
        ):
            if erbij:
                xml = self._tel(xml, groep, oud + len(erbij))
                slot = f"</{self.p}{groep}>".encode()
                plek = xml.index(slot)
                xml = xml[:plek] + "".join(erbij).encode() + xml[plek:]
        return xml

    def _tel(self, xml: bytes, groep: str, aantal: int) -> bytes:
        patroon = rf'(<{self.p}{groep}\b[^>]*?\bcount=")\d+(")'.encode()
        return re.sub(patroon, lambda m: m[1] + str(aantal).encode() + m[2], xml, count=1)

    def zonder_staart(self, fonts: int, fills: int, xfs: int) -> bytes:
        """The part as it was when it had only so many fonts, fills and formats."""
        xml = self.xml
        for groep, leden, houden in (("fonts", self.fonts, fonts), ("fills", self.fills, fills), ("cellXfs", self.xfs, xfs)):
            staart = "".join(leden[houden:]).encode()
            slot = f"</{self.p}{groep}>".encode()
            if staart:
                xml = self._tel(xml.replace(staart + slot, slot, 1), groep, houden)
        return xml
