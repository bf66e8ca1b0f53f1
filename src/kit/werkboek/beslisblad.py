"""A sheet with questions in somebody's own workbook: rows to read, drop-downs to answer, and hidden what each row is about.

The sheet is protected without a password, but for the cells to fill in: a row cannot lose what it is about by accident.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from kit.bestanden import Bron
from kit.fouten import KitFout
from kit.gelezen import kolomletter
from kit.lijst import vrije_naam
from kit.markering import KENMERK
from kit.werkboek import bladen
from kit.werkboek.ombouw import Ombouw
from kit.werkboek.pakket import MAIN, parseer
from kit.werkboek.stijl import INKT
from kit.werkboek.stijlen import Stijlen, effen_vulling
from kit.werkboek.veilig import leesbaar
from kit.werkboek.xmltekst import Celtekst, alle_cellen, kenmerk, splits, tekst, tekstcel, voorvoegsel, wijzig_cellen

KOPRIJ = 5
_INVUL, _STREEP = "FFF6C2", "C9D0D6"


@dataclass(frozen=True)
class Vraagkolom:
    """A column of the sheet. `keuzes` makes it a drop-down; `invul` a cell to type in. `breedte` in characters."""

    kop: str
    breedte: int
    keuzes: tuple[str, ...] = ()
    invul: bool = False


@dataclass(frozen=True)
class Vraagblad:
    """`rijen`: texts per column, and the hidden record of the row. `over`: the hidden record of the whole sheet."""

    naam: str
    titel: str
    uitleg: tuple[str, str]
    kolommen: tuple[Vraagkolom, ...]
    rijen: Sequence[tuple[tuple[str, ...], dict[str, object]]]
    over: dict[str, object]


@dataclass(frozen=True)
class Antwoordrij:
    """One row as it came back: its Excel row, the texts by heading, and its hidden record."""

    rij: int
    teksten: dict[str, str]
    over: dict[str, object]


def voeg_toe(ombouw: Ombouw, blad: Vraagblad) -> None:
    """Hang the sheet in the package."""
    titel = f"{KENMERK}: {blad.titel}"
    stijldeel = ombouw.deel_via(ombouw.nu.werkmap, "styles")
    if stijldeel is None:
        raise KitFout(f"{ombouw.naam} heeft geen opmaak. Bewaar het eerst eens in Excel.")
    stijlen = Stijlen(ombouw.delen[stijldeel])
    xml = _blad_xml(blad, titel, _stijlen(stijlen))
    ombouw.delen[stijldeel] = stijlen.klaar()
    naam = vrije_naam(set(ombouw.nu.bladdelen()), blad.naam)
    bladen.hang_aan(ombouw, naam, f"xl/worksheets/kit{blad.naam.lower()}{{}}.xml", xml, f"rIdKit{blad.naam}")


def haal_weg(ombouw: Ombouw, naam: str) -> None:
    """Take our sheet of this name out; a sheet of the user with that name stays."""
    gedeeld = bladen.gedeelde_teksten(ombouw)
    for blad, deel in ombouw.nu.bladdelen().items():
        if blad.startswith(naam):
            eerste = next((c for c in parseer(ombouw.delen[deel]).iter("{*}c")), None)
            if eerste is not None and bladen.celtekst(eerste, gedeeld).startswith(f"{KENMERK}: "):
                bladen.verwijder(ombouw, blad, deel)
                return


def lees(bron: Bron, naam: str) -> tuple[dict[str, object], list[Antwoordrij]] | None:
    """What came back on our sheet of this name: its hidden record and rows; None when the workbook has no such sheet.

    Raises KitFout when the workbook cannot be read or the hidden records are gone.
    """
    werkmap = _open(bron)
    for blad in werkmap.sheet_names:
        if not blad.startswith(naam):
            continue
        rooster = werkmap.get_sheet_by_name(blad).to_python(skip_empty_area=False)
        if not rooster or not str(rooster[0][0]).startswith(f"{KENMERK}: "):
            continue
        koppen = [str(k) for k in rooster[KOPRIJ - 1]] if len(rooster) >= KOPRIJ else []
        plek = len(koppen) - 1
        try:
            over = json.loads(str(rooster[0][plek]))
            rijen = [
                Antwoordrij(n, {k: str(w).strip() for k, w in zip(koppen, rij, strict=False) if k}, json.loads(str(rij[plek])))
                for n, rij in enumerate(rooster[KOPRIJ:], KOPRIJ + 1)
                if plek < len(rij) and str(rij[plek]).strip()
            ]
            if not all(isinstance(o, dict) for o in (over, *(r.over for r in rijen))):
                raise ValueError
        except (ValueError, IndexError):
            raise KitFout(
                f"Het blad {blad} van {bron.name} is gewijzigd: de verborgen kolom is niet meer leesbaar. "
                "Neem het werkboek dat u van Digitaal Vlaanderen kreeg en vul daar alleen de gele cellen in."
            ) from None
        return over, rijen
    return None


def voeg_kolom_toe(ombouw: Ombouw, blad: str, koprij: int, kop: str, waarden: dict[int, str]) -> None:
    """Write a column of texts (row number -> text) in the first free column of a sheet, headed `kop`."""
    deel = ombouw.nu.bladdelen()[blad]
    xml = ombouw.delen[deel]
    bezet = [c.get("r", "A1") for c in parseer(xml).iter("{*}c")]
    vrij = max((splits(a)[1] for a in bezet), default=0) + 1
    letter = kolomletter(vrij)
    teksten = {f"{letter}{koprij}": kop, **{f"{letter}{rij}": w for rij, w in waarden.items()}}
    p = voorvoegsel(xml)
    # The heading looks like its neighbours.
    stijl = alle_cellen(xml).get(f"{kolomletter(vrij - 1)}{koprij}")

    def zet(cel: Celtekst) -> bytes:
        met_tekst = Celtekst(cel.adres, tekstcel(cel, teksten[cel.adres], p))
        return met_tekst.met_stijl(stijl, p) if stijl and splits(cel.adres)[0] == koprij else met_tekst.bron or b""

    ombouw.delen[deel] = wijzig_cellen(xml, set(teksten), zet)


def _open(bron: Bron) -> CalamineWorkbook:
    try:
        with leesbaar(bron), bron.open("rb") as f:
            return CalamineWorkbook.from_filelike(f)
    except CalamineError as fout:
        raise KitFout(f"{bron.name} is beschadigd en kan niet gelezen worden. Open en bewaar het in Excel.") from fout


def _stijlen(stijlen: Stijlen) -> dict[str, int]:
    p, letter = stijlen.p, stijlen.voeg_letter_toe

    def vulling(kleur: str) -> int:
        return stijlen.voeg_vulling_toe(effen_vulling(kleur, p))

    gewoon, vet, groot = letter(11, INKT), letter(11, "FFFFFF", f"<{p}b/>"), letter(20, INKT, f"<{p}b/>")

    zijden = "".join(f"<{p}{zijde}/>" for zijde in ("left", "right", "top"))
    streep = f'<{p}bottom style="thin"><{p}color rgb="FF{_STREEP}"/></{p}bottom>'
    rand = stijlen.voeg_rand_toe(f"<{p}border>{zijden}{streep}<{p}diagonal/></{p}border>")

    def xf(font: int, fill: int = 0, *, omloop: bool = True, open_: bool = False) -> int:
        uitlijning = f'<{p}alignment vertical="top"{" wrapText=" + chr(34) + "1" + chr(34) if omloop else ""}/>'
        slot = f'<{p}protection locked="0"/>' if open_ else ""
        return stijlen.voeg_xf_toe(
            f'<{p}xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="{rand if omloop else 0}" applyNumberFormat="1" '
            f'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1">{uitlijning}{slot}</{p}xf>'
        )

    return {
        "titel": xf(groot, omloop=False),
        "zin": xf(gewoon, omloop=False),
        "kop": xf(vet, vulling(INKT[1:])),
        "tekst": xf(gewoon),
        "invul": xf(gewoon, vulling(_INVUL), open_=True),
    }


def _blad_xml(blad: Vraagblad, titel: str, s: dict[str, int]) -> str:
    bewaar = len(blad.kolommen) + 1

    def cel(kolom: int, rij: int, waarde: str, stijl: int) -> str:
        return (
            f'<c r="{kolomletter(kolom)}{rij}" s="{stijl}" t="inlineStr"><is><t xml:space="preserve">{tekst(waarde)}</t></is></c>'
        )

    koppen = [*(k.kop for k in blad.kolommen), "Kenmerk"]
    regels = [
        _rij(1, cel(1, 1, titel, s["titel"]) + cel(bewaar, 1, json.dumps(blad.over), s["zin"]), 30),
        _rij(2, cel(1, 2, blad.uitleg[0], s["zin"])),
        _rij(3, cel(1, 3, blad.uitleg[1], s["zin"])),
        _rij(KOPRIJ, "".join(cel(n, KOPRIJ, k, s["kop"]) for n, k in enumerate(koppen, 1)), 20),
    ]
    for r, (teksten, over) in enumerate(blad.rijen, KOPRIJ + 1):
        stijlen = [s["invul"] if k.invul or k.keuzes else s["tekst"] for k in blad.kolommen]
        cellen = "".join(cel(n, r, w, stijl) for n, (w, stijl) in enumerate(zip(teksten, stijlen, strict=True), 1))
        regels.append(_rij(r, cellen + cel(bewaar, r, json.dumps(over), s["zin"])))
    einde = KOPRIJ + len(blad.rijen)
    laatste = kolomletter(len(blad.kolommen))
    breedtes = "".join(f'<col min="{n}" max="{n}" width="{k.breedte}" customWidth="1"/>' for n, k in enumerate(blad.kolommen, 1))
    keuzes = [
        f'<dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1" errorTitle="Kies uit de lijst" '
        f'error="Kies een van: {kenmerk(", ".join(k.keuzes))}." sqref="{kolomletter(n)}{KOPRIJ + 1}:{kolomletter(n)}{einde}">'
        f"<formula1>{tekst(chr(34) + ','.join(k.keuzes) + chr(34))}</formula1></dataValidation>"
        for n, k in enumerate(blad.kolommen, 1)
        if k.keuzes
    ]
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'
        '<sheetPr><tabColor rgb="FFFFE615"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0">'
        f'<pane ySplit="{KOPRIJ}" topLeftCell="A{KOPRIJ + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{breedtes}<col min="{bewaar}" max="{bewaar}" width="9" hidden="1" '
        f'customWidth="1"/></cols><sheetData>{"".join(regels)}</sheetData>'
        '<sheetProtection sheet="1" formatColumns="0" formatRows="0" sort="0" autoFilter="0"/>'
        f'<autoFilter ref="A{KOPRIJ}:{laatste}{einde}"/>'
        f'<dataValidations count="{len(keuzes)}">{"".join(keuzes)}</dataValidations>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _rij(nummer: int, cellen: str, hoogte: int | None = None) -> str:
    maat = f' ht="{hoogte}" customHeight="1"' if hoogte else ""
    return f'<row r="{nummer}"{maat}>{cellen}</row>'
