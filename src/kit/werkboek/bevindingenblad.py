"""The sheet *Bevindingen* in a marked copy: summary, and the list with a link to every cell, as sheet XML.

Hidden columns keep what each cell looked like before, so that the marks can be taken away even after Excel saved the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from kit.gelezen import kolomletter
from kit.lijst import BEWAARKOLOM, BREEDTES, CELKOLOM, KOPRIJ, TABEL, Lijst
from kit.markering import LIJSTKOPPEN
from kit.regels import Ernst
from kit.werkboek.pakket import MAIN, REL
from kit.werkboek.stijl import INKT
from kit.werkboek.stijlen import Stijlen, vulling_xml
from kit.werkboek.xmltekst import kenmerk, tekst


@dataclass(frozen=True)
class Oud:
    """How a cell was before painting: its style number (None = no attribute, "-" = no cell) and its fill."""

    stijl: str | None
    vulling: str


def _stijlen(stijlen: Stijlen) -> dict[str, int]:
    p, letter = stijlen.p, stijlen.voeg_letter_toe

    gewoon, vet, groot = letter(11, INKT), letter(11, "FFFFFF", f"<{p}b/>"), letter(20, INKT, f"<{p}b/>")
    link = letter(11, "0055CC", f"<{p}u/>")
    zwart = f'<{p}fgColor rgb="FF{INKT[1:]}"/><{p}bgColor indexed="64"/>'
    kop = stijlen.voeg_vulling_toe(f'<{p}fill><{p}patternFill patternType="solid">{zwart}</{p}patternFill></{p}fill>')
    ernst = {e: stijlen.voeg_vulling_toe(vulling_xml(e, p)) for e in Ernst}

    def xf(font: int, fill: int = 0, omloop: bool = True) -> int:
        uitlijning = f'<{p}alignment vertical="top"{" wrapText=" + chr(34) + "1" + chr(34) if omloop else ""}/>'
        return stijlen.voeg_xf_toe(
            f'<{p}xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="0" applyNumberFormat="1" applyFont="1" '
            f'applyFill="1" applyAlignment="1">{uitlijning}</{p}xf>'
        )

    return {
        "titel": xf(groot, omloop=False),
        "zin": xf(gewoon, omloop=False),
        "kop": xf(vet, kop),
        "tekst": xf(gewoon),
        "link": xf(link),
        **{e.value: xf(gewoon, f) for e, f in ernst.items()},
    }


def maak(lijst: Lijst, stijlen: Stijlen, oud: Mapping[tuple[str, str], Oud], bewaar: Mapping[str, object]) -> tuple[str, str]:
    """The sheet part and its table part. `bewaar` is kept as JSON for the day the marks are taken away."""
    s = _stijlen(stijlen)
    breedte = len(LIJSTKOPPEN)
    laatste = kolomletter(breedte)

    def cel(kolom: int, rij: int, waarde: str, stijl: int) -> str:
        return (
            f'<c r="{kolomletter(kolom)}{rij}" s="{stijl}" t="inlineStr"><is><t xml:space="preserve">{tekst(waarde)}</t></is></c>'
        )

    koppen = "".join(cel(n, KOPRIJ, k, s["kop"]) for n, k in enumerate(LIJSTKOPPEN, 1))
    kop = [
        _rij(1, cel(1, 1, lijst.titel, s["titel"]) + cel(BEWAARKOLOM, 1, json.dumps(bewaar), s["zin"]), 30),
        _rij(2, cel(1, 2, lijst.stand, s["zin"])),
        _rij(3, cel(1, 3, lijst.hulp, s["zin"])),
        _rij(KOPRIJ, koppen, 20),
    ]
    rijen, links, gezien = [], [], set()
    for r, b in enumerate(lijst.rijen, KOPRIJ + 1):
        stijl = {1: s[b.ernst.value], CELKOLOM: s["link"]}
        cellen = "".join(cel(n, r, w, stijl.get(n, s["tekst"])) for n, w in enumerate(b.teksten, 1))
        vroeger = oud.get((b.blad, b.cel))
        if vroeger is not None and (b.blad, b.cel) not in gezien:
            gezien.add((b.blad, b.cel))
            bewaarde = json.dumps([b.blad, b.cel, vroeger.stijl, vroeger.vulling])
            cellen += cel(BEWAARKOLOM, r, bewaarde, s["zin"])
        rijen.append(_rij(r, cellen))
        doel = "'" + b.blad.replace("'", "''") + "'!" + b.cel
        links.append(f'<hyperlink ref="{kolomletter(CELKOLOM)}{r}" location="{kenmerk(doel)}" display="{b.cel}"/>')
    einde = lijst.laatste_rij
    if not lijst.rijen:
        rijen.append(_rij(KOPRIJ + 1, cel(7, KOPRIJ + 1, lijst.niets, s["tekst"])))
    kolommen = "".join(f'<col min="{n}" max="{n}" width="{b}" customWidth="1"/>' for n, b in enumerate(BREEDTES, 1))
    kolommen += f'<col min="{BEWAARKOLOM}" max="{BEWAARKOLOM}" width="9" hidden="1" customWidth="1"/>'
    blad = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}" xmlns:r="{REL}">'
        '<sheetPr><tabColor rgb="FF8A0F0F"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0">'
        f'<pane ySplit="{KOPRIJ}" topLeftCell="A{KOPRIJ + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{kolommen}</cols><sheetData>{"".join(kop)}{"".join(rijen)}</sheetData>'
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        '<tableParts count="1"><tablePart r:id="rId1"/></tableParts></worksheet>'
    )
    tabelkoppen = "".join(f'<tableColumn id="{n}" name="{kenmerk(k)}"/>' for n, k in enumerate(LIJSTKOPPEN, 1))
    tabel = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<table xmlns="{MAIN}" id="{{tabelnummer}}" '
        f'name="{TABEL}" displayName="{TABEL}" ref="A{KOPRIJ}:{laatste}{einde}" totalsRowShown="0">'
        f'<autoFilter ref="A{KOPRIJ}:{laatste}{einde}"/><tableColumns count="{breedte}">{tabelkoppen}</tableColumns>'
        '<tableStyleInfo name="TableStyleLight1" showFirstColumn="0" showLastColumn="0" showRowStripes="1" '
        'showColumnStripes="0"/></table>'
    )
    return blad, tabel


def _rij(nummer: int, cellen: str, hoogte: int | None = None) -> str:
    maat = f' ht="{hoogte}" customHeight="1"' if hoogte else ""
    return f'<row r="{nummer}"{maat}>{cellen}</row>'
