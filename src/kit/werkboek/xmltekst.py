"""Change a part of a package as text, so that everything not touched stays byte for byte what it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from kit.gelezen import kolomletter

_ONGELDIG_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_RIJ = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(/?)>")
_CEL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>.*?</(?:\w+:)?c>)", re.DOTALL)
_TAG = re.compile(rb"<!--.*?-->|<(/?)(?:\w+:)?(\w+)[^>]*?(/?)>", re.DOTALL)

# What may stand after sheetData, in the order that the format demands.
_VOLGORDE = (
    *("sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate"),
    *("customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks"),
    *("printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties"),
    *("cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF"),
    *("picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"),
)


def tekst(waarde: str) -> str:
    """Escaped text content; characters that XML cannot hold become a question mark in a diamond."""
    return escape(_ONGELDIG_IN_XML.sub("\ufffd", waarde))


def kenmerk(waarde: str) -> str:
    """Escaped attribute value."""
    return escape(_ONGELDIG_IN_XML.sub("\ufffd", waarde), {'"': "&quot;"})


def voorvoegsel(xml: bytes) -> str:
    """The namespace prefix of the part's elements (`x:`), mostly empty."""
    m = re.search(rb"<(?![?!])(?:(\w+):)?\w+", xml)
    return f"{m[1].decode()}:" if m and m[1] else ""


@dataclass(frozen=True)
class Celtekst:
    """One cell as it stands in the XML: `bron` is None when the row has no such cell yet."""

    adres: str
    bron: bytes | None

    @property
    def stijl(self) -> str | None:
        """The `s` attribute, or None when there is none."""
        if self.bron is None:
            return None
        m = re.search(rb'\ss="(\d+)"', self.bron[: self.bron.index(b">")])
        return m[1].decode() if m else None

    def met_stijl(self, stijl: str | None, p: str) -> bytes:
        """The same cell with another style; None takes the attribute away."""
        if self.bron is None:
            return f'<{p}c r="{self.adres}" s="{stijl}"/>'.encode()
        einde = self.bron.index(b">")
        open_, rest = self.bron[:einde], self.bron[einde:]
        if stijl is None:
            return re.sub(rb'\ss="\d+"', b"", open_, count=1) + rest
        if self.stijl is not None:
            return re.sub(rb'\ss="\d+"', f' s="{stijl}"'.encode(), open_, count=1) + rest
        slot = b"/" if open_.endswith(b"/") else b""
        return open_.removesuffix(b"/") + f' s="{stijl}"'.encode() + slot + rest


def tekstcel(cel: Celtekst, waarde: str, p: str) -> bytes:
    """The cell with this text in it, always as text, in its old style."""
    stijl = f' s="{cel.stijl}"' if cel.stijl else ""
    inhoud = f'<{p}is><{p}t xml:space="preserve">{tekst(waarde)}</{p}t></{p}is>'
    return f'<{p}c r="{cel.adres}"{stijl} t="inlineStr">{inhoud}</{p}c>'.encode()


def kolomnummer(letters: str) -> int:
    uit = 0
    for c in letters:
        uit = uit * 26 + ord(c) - 64
    return uit


def splits(adres: str) -> tuple[int, int]:
    """B5 -> (row 5, column 2)."""
    m = re.fullmatch(r"([A-Z]+)(\d+)", adres)
    assert m
    return int(m[2]), kolomnummer(m[1])


def wijzig_cellen(xml: bytes, adressen: set[str], wijzig: Callable[[Celtekst], bytes | None]) -> bytes:
    """Rewrite these cells of a sheet; `wijzig` returns the new text, or None to take the cell away.

    A cell in a row that the sheet does not have is left out: every finding is on a row with data or headings.
    """
    per_rij: dict[int, dict[int, str]] = {}
    for adres in adressen:
        rij, kolom = splits(adres)
        per_rij.setdefault(rij, {})[kolom] = adres
    stukken: list[bytes] = []
    vorige, rij = 0, 0
    for m in _RIJ.finditer(xml):
        nummer = re.search(rb'\br="(\d+)"', m[1])
        rij = int(nummer[1]) if nummer else rij + 1
        doelen = per_rij.get(rij)
        if not doelen:
            continue
        p = voorvoegsel(m[0])
        if m[2]:
            nieuw = _rij_inhoud(b"", doelen, wijzig)
            stukken += [xml[vorige : m.start()], m[0][:-2].rstrip() + b">", nieuw, f"</{p}row>".encode()]
            vorige = m.end()
        else:
            einde = xml.index(f"</{p}row>".encode(), m.end())
            stukken += [xml[vorige : m.end()], _rij_inhoud(xml[m.end() : einde], doelen, wijzig)]
            vorige = einde
    return b"".join([*stukken, xml[vorige:]])


def _rij_inhoud(inhoud: bytes, doelen: Mapping[int, str], wijzig: Callable[[Celtekst], bytes | None]) -> bytes:
    uit: list[bytes] = []
    vorige, kolom = 0, 0
    rest = dict(sorted(doelen.items()))
    for m in _CEL.finditer(inhoud):
        adres = re.search(rb'\br="([A-Z]+)\d+"', m[1])
        kolom = kolomnummer(adres[1].decode()) if adres else kolom + 1
        uit.append(inhoud[vorige : m.start()])
        for k in [k for k in rest if k < kolom]:
            uit.append(wijzig(Celtekst(rest.pop(k), None)) or b"")
        uit.append((wijzig(Celtekst(rest.pop(kolom), m[0])) or b"") if kolom in rest else m[0])
        vorige = m.end()
    uit += [wijzig(Celtekst(a, None)) or b"" for a in rest.values()]
    return b"".join([*uit, inhoud[vorige:]])


def alle_cellen(xml: bytes) -> dict[str, str]:
    """Address -> style of every cell that has one, also where the writer left the addresses out."""
    uit: dict[str, str] = {}
    rij = kolom = 0
    for m in re.finditer(rb"<(?:\w+:)?(row|c)\b([^>]*)>", xml):
        plek = re.search(rb'\br="([A-Z]*)(\d+)"', m[2])
        if m[1] == b"row":
            rij, kolom = int(plek[2]) if plek else rij + 1, 0
            continue
        kolom = kolomnummer(plek[1].decode()) if plek else kolom + 1
        if stijl := re.search(rb'\ss="(\d+)"', m[2]):
            uit[f"{kolomletter(kolom)}{rij}"] = stijl[1].decode()
    return uit


def voeg_in_na_gegevens(xml: bytes, naam: str, element: bytes) -> bytes:
    """Put a top-level element of a worksheet in its place after sheetData."""
    p = voorvoegsel(xml)
    begin = max(xml.rfind(f"</{p}sheetData>".encode()), xml.rfind(f"<{p}sheetData/>".encode()))
    begin = xml.index(b">", begin) + 1
    later = set(_VOLGORDE[_VOLGORDE.index(naam) + 1 :])
    diepte = 0
    for m in _TAG.finditer(xml, begin):
        if m[2] is None:
            continue
        if diepte == 0 and (m[1] or m[2].decode() in later):
            return xml[: m.start()] + element + xml[m.start() :]
        diepte += 0 if m[3] else -1 if m[1] else 1
    raise ValueError("geen einde van het blad")


def voeg_voor(xml: bytes, slot: str, element: str) -> bytes:
    """Put text before the last closing tag of this name (with whatever prefix the part uses)."""
    p = voorvoegsel(xml)
    merk = f"</{p}{slot}>".encode()
    if merk not in xml:
        # An empty element: <authors/> becomes <authors>…</authors>.
        leeg = re.compile(rf"<{p}{slot}\b([^>]*)/>".encode())
        return leeg.sub(lambda m: f"<{p}{slot}".encode() + m[1] + b">" + element.encode() + merk, xml, count=1)
    plek = xml.rindex(merk)
    return xml[:plek] + element.encode() + xml[plek:]
