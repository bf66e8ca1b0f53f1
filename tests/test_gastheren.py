"""One workbook, every rule broken, through every host: the same findings, colours, notes and list.

The hosts: the file painter; the entry point on xlwings over a running LibreOffice; Office.js in Chromium with xlwings' own
page script against a strict stand-in for Excel. What the clerk had (a colour, a note) is there again after wiping.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from hulp import browser, lo_motor
from kit import addin
from kit.lijst import BEWAARKOLOM, CELKOLOM, KOPRIJ
from kit.markering import LIJSTKOPPEN, markeerplan
from kit.regels import alle_regels
from kit.validatie import valideer
from kit.voorbeeld import maak_voorbeeld
from kit.werkboek.genereer import genereer
from kit.werkboek.lezen import lees
from kit.werkboek.schilderen import schilder, wis
from kit.werkboek.stijl import GESCHILDERD
from test_schilderen import TOEN

# Between two workbooks, and a formula that no program ever calculated: one open workbook in Excel cannot show them.
ALLEEN_IN_BESTANDEN = {"DUBBEL-02", "STRUCTUUR-06"}
GROEN = "#92D050"  # the clerk's own
BEKENDE_KLEUREN = {*GESCHILDERD.values(), GROEN}


@dataclass(frozen=True)
class Aanzicht:
    """What a person sees of our marks: colours and notes of all data cells, the list, the totals."""

    kleuren: dict[str, str]
    notities: dict[str, str]
    lijst: list[tuple[str, ...]]
    links: list[str]
    totalen: list[str]


@pytest.fixture(scope="module")
def proefboeken(schema, tmp_path_factory) -> dict[str, Path]:
    """200 associations per workbook with all rules broken, odd headings, a merged cell, and things of the clerk's own."""
    map_ = tmp_path_factory.mktemp("proef")
    voorbeeld = maak_voorbeeld(schema, 200, fouten=100)
    uit = {}
    for w in schema.werkboeken:
        pad = map_ / w.bestand
        pad.write_bytes(genereer(w, schema, voorbeeld.rijen[w.sleutel]))
        werkmap = openpyxl.load_workbook(pad)
        bevindingen = valideer([lees(pad, schema)])
        gemarkeerd = [next((b.blad, b.cel) for b in bevindingen if b.blad == blad) for blad in ("Verenigingen", "Locaties")]
        _maak_rommelig(werkmap, gemarkeerd, koppen=w is schema.werkboeken[1])
        werkmap.save(pad)
        uit[w.sleutel] = pad
    return uit


def _maak_rommelig(werkmap: openpyxl.Workbook, gemarkeerd: list[tuple[str, str]], *, koppen: bool) -> None:
    """`koppen`: headings too; then the rules of those columns break in the other workbook only."""
    lid = werkmap["Lidmaatschappen"]
    if koppen:
        _kop(lid, "Beschrijving").value = "Mijn notities"  # a wished column goes, an unknown one comes
        _kop(werkmap["Erkenningen"], "Startdatum").value = "Einddatum"  # twice the same heading
        _kop(werkmap["Erkenningen"], "IPDC-productnummer").value = "Mijn nummer"  # a required column goes
    werkmap["Locaties"].merge_cells("D5:D6")
    # The clerk's own, on cells that will be marked and on one that will not.
    for blad, cel in (*gemarkeerd, ("Contactgegevens", "A7")):
        werkmap[blad][cel].fill = PatternFill("solid", fgColor="FF" + GROEN[1:])
        werkmap[blad][cel].comment = Comment("nog bellen", "An")


def _kop(blad: Worksheet, tekst: str) -> Cell:
    return next(c for c in blad[2] if c.value == tekst)


def aanzicht(pad: Path) -> Aanzicht:
    werkmap = openpyxl.load_workbook(pad)
    kleuren, notities = {}, {}
    for blad in werkmap.worksheets:
        if blad.title.startswith(("Bevindingen", "Lees", "Over", "Lijst", "_")):
            continue
        for rij in blad.iter_rows():
            for c in rij:
                kleur = "#" + str(c.fill.fgColor.rgb)[2:]
                if c.fill.patternType == "solid" and kleur in BEKENDE_KLEUREN:
                    kleuren[f"{blad.title}!{c.coordinate}"] = kleur
                if c.comment:
                    notities[f"{blad.title}!{c.coordinate}"] = _regels(c.comment.text)
    if "Bevindingen" not in werkmap.sheetnames:
        return Aanzicht(kleuren, notities, [], [], _totalen(werkmap))
    lijst = werkmap["Bevindingen"]
    rijen = list(lijst.iter_rows(min_row=KOPRIJ + 1, max_col=len(LIJSTKOPPEN)))
    rijen = [r for r in rijen if r[0].value]
    links = [_doel(r[CELKOLOM - 1]) for r in rijen]
    teksten = [tuple("" if c.value is None else str(c.value) for c in r) for r in rijen]
    return Aanzicht(kleuren, notities, [_met_cel(t, d) for t, d in zip(teksten, links, strict=True)], links, _totalen(werkmap))


def _totalen(werkmap: openpyxl.Workbook) -> list[str]:
    return [str(werkmap["Overzicht"][c].value) for c in ("C6", "C7")]


def _regels(tekst: str) -> str:
    return tekst.replace("\r\n", "\n").strip()


def _doel(cel) -> str:
    """Where a link goes, whether a link of the file or a formula; LibreOffice writes its own notation."""
    formule = re.match(r'=HYPERLINK\("#(.*)","', str(cel.value))
    doel = formule[1] if formule else cel.hyperlink.location
    blad, _, plek = doel.rpartition("!")
    return f"{blad.strip(chr(39))}!{plek}"


def _met_cel(teksten: tuple[str, ...], doel: str) -> tuple[str, ...]:
    """The list's texts with the address in place of a formula."""
    return (*teksten[: CELKOLOM - 1], doel.rpartition("!")[2], *teksten[CELKOLOM:])


# --- the hosts -------------------------------------------------------------------------------------------------------


class Bestand:
    """The file painter, as `kit valideer --gemarkeerd` uses it."""

    def __init__(self, pad: Path, schema, map_: Path) -> None:
        self.pad, self.schema, self.map_ = pad, schema, map_

    def valideer(self) -> list[tuple[str, ...]]:
        bevindingen = valideer([lees(self.pad, self.schema)])
        (self.map_ / "uit.xlsx").write_bytes(schilder(self.pad, markeerplan(bevindingen, self.pad.name, TOEN)))
        self.nu = self.map_ / "uit.xlsx"
        return [(b.blad, b.cel, b.regel, b.ernst.value, b.melding) for b in bevindingen]

    def wis(self) -> None:
        (self.map_ / "gewist.xlsx").write_bytes(wis(self.nu))
        self.nu = self.map_ / "gewist.xlsx"

    def aanzicht(self) -> Aanzicht:
        return aanzicht(self.nu)


class LibreOffice:
    """The add-in's own functions on xlwings, over a LibreOffice that runs."""

    def __init__(self, pad: Path, _schema, map_: Path) -> None:
        self.map_ = map_
        self.book = xw.Book(str(pad))

    def valideer(self) -> list[tuple[str, ...]]:
        uitkomst = addin.valideer(self.book)
        return [(b.blad, b.cel, b.regel, b.ernst.value, b.melding) for b in uitkomst.bevindingen]

    def wis(self) -> None:
        addin.wis_markeringen(self.book)

    def aanzicht(self) -> Aanzicht:
        self.book.impl.save(str(self.map_ / "lo.xlsx"))
        return aanzicht(self.map_ / "lo.xlsx")


class OfficeJs:
    """The task pane in Chromium; the workbook is in the stand-in for Excel."""

    def __init__(self, venster: browser.Venster, pad: Path) -> None:
        self.venster = venster
        venster.open(pad)

    def valideer(self) -> list[tuple[str, ...]]:
        with self.venster.page.expect_response("**/excel/valideer") as antwoord:
            self.venster.klik("valideer")
        self.json = antwoord.value.json()
        return [(b["blad"], b["cel"], b["regel"], b["ernst"], b["melding"]) for b in self.json["kit"]["bevindingen"]]

    def wis(self) -> None:
        self.venster.klik("wis_markeringen")

    def aanzicht(self) -> Aanzicht:
        bladen = {b["naam"]: b for b in self.venster.model["bladen"]}
        kleuren, notities = {}, {}
        for naam, blad in bladen.items():
            if naam.startswith(("Bevindingen", "Lees", "Over", "Lijst", "_")):
                continue
            adressen = {browser.plek(c): c for c in (_adres(p) for p in blad["cellen"])}
            kleuren |= {f"{naam}!{adressen[p]}": c["vul"] for p, c in blad["cellen"].items()
                        if c.get("vul") in BEKENDE_KLEUREN}  # fmt: skip
            notities |= {f"{naam}!{c}": _regels(t) for c, t in blad["notities"].items()}
        totalen = [str(bladen["Overzicht"]["cellen"][browser.plek(c)]["v"]) for c in ("C6", "C7")]
        lijst = bladen.get("Bevindingen", {}).get("cellen", {})
        rijen, links = [], []
        for r in range(KOPRIJ, KOPRIJ + len(lijst)):
            teksten = tuple(str(lijst.get(f"{r},{k}", {}).get("v", "")) for k in range(len(LIJSTKOPPEN)))
            if not teksten[0]:
                break
            formule = re.match(r'=HYPERLINK\("#\'(.*)\'!(.*)","', lijst[f"{r},{CELKOLOM - 1}"]["f"])
            rijen.append(teksten)
            links.append(f"{formule[1]}!{formule[2]}")
        return Aanzicht(kleuren, notities, rijen, links, totalen)


def _adres(plek: str) -> str:
    r, k = map(int, plek.split(","))
    return f"{openpyxl.utils.get_column_letter(k + 1)}{r + 1}"


@pytest.fixture(scope="module")
def gastheren(schema, tmp_path_factory) -> Iterator[dict[str, Callable[[Path], Any]]]:
    with contextlib.ExitStack() as open_:
        open_.enter_context(lo_motor.excel())
        adres, _ = open_.enter_context(browser.server())
        chromium = open_.enter_context(browser.chromium())

        def officejs(pad: Path) -> OfficeJs:
            venster = browser.Venster(chromium, adres, "/taakvenster")
            open_.callback(venster.sluit)
            return OfficeJs(venster, pad)

        yield {
            "bestand": lambda pad: Bestand(pad, schema, tmp_path_factory.mktemp("b")),
            "libreoffice": lambda pad: LibreOffice(pad, schema, tmp_path_factory.mktemp("l")),
            "officejs": officejs,
        }


@pytest.fixture(scope="module")
def voorbeeldig(proefboeken, gastheren) -> dict[str, tuple[list[tuple[str, ...]], Aanzicht, Aanzicht]]:
    """What the file painter finds and shows, per workbook, and what is left after wiping: the others must do the same."""
    uit = {}
    for sleutel, pad in proefboeken.items():
        b = gastheren["bestand"](pad)
        bevindingen, na = b.valideer(), b.aanzicht()
        b.wis()
        uit[sleutel] = (bevindingen, na, b.aanzicht())
    return uit


def test_het_proefboek_breekt_elke_regel(voorbeeldig) -> None:
    gebroken = {regel for bevindingen, _, _ in voorbeeldig.values() for _, _, regel, _, _ in bevindingen}
    assert {r.code for r in alle_regels()} - gebroken == ALLEEN_IN_BESTANDEN


@pytest.mark.parametrize("werkboek", ["fv", "kbo"])
@pytest.mark.parametrize("gastheer", ["bestand", "libreoffice", "officejs"])
def test_elke_gastheer_toont_hetzelfde(gastheer, werkboek, gastheren, proefboeken, voorbeeldig) -> None:
    verwacht, aanzicht_, gewist = voorbeeldig[werkboek]
    host = gastheren[gastheer](proefboeken[werkboek])
    assert host.valideer() == verwacht
    een = host.aanzicht()
    assert een.kleuren == aanzicht_.kleuren
    assert een.notities == aanzicht_.notities
    assert any("nog bellen" in t and "✖" in t for t in een.notities.values())
    assert een.lijst == aanzicht_.lijst and een.links == aanzicht_.links
    assert een.totalen == aanzicht_.totalen
    if gastheer != "bestand":  # the file painter's own test paints twice
        assert host.valideer() == verwacht
        assert host.aanzicht() == een
    host.wis()
    assert host.aanzicht() == gewist
    assert gewist.lijst == [] and set(gewist.kleuren.values()) == {GROEN}
    assert set(gewist.notities.values()) == {"nog bellen"}


def test_de_lijst_bewaart_hoe_het_was_zodat_elke_gastheer_kan_wissen(gastheren, proefboeken, voorbeeldig, tmp_path) -> None:
    """Marked in Excel, saved, and wiped as a file: the record on the list sheet is the same for all."""
    lo = gastheren["libreoffice"](proefboeken["fv"])
    lo.valideer()
    pad = tmp_path / "bewaard.xlsx"
    lo.book.impl.save(str(pad))
    assert openpyxl.load_workbook(pad)["Bevindingen"].cell(1, BEWAARKOLOM).value
    (tmp_path / "gewist.xlsx").write_bytes(wis(pad))
    assert aanzicht(tmp_path / "gewist.xlsx") == voorbeeldig["fv"][2]


def test_gemarkeerd_als_bestand_en_gewist_in_excel(gastheren, proefboeken, voorbeeldig, tmp_path, schema) -> None:
    pad = tmp_path / "gemarkeerd.xlsx"
    bevindingen = valideer([lees(proefboeken["fv"], schema)])
    pad.write_bytes(schilder(proefboeken["fv"], markeerplan(bevindingen, proefboeken["fv"].name, TOEN)))
    lo = gastheren["libreoffice"](pad)
    lo.wis()
    assert lo.aanzicht() == voorbeeldig["fv"][2]
