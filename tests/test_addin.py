"""The buttons on an open workbook: what they refuse, repair, put back, export and say; always kindly and never half."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from hulp import lo_motor
from kit import addin
from kit.addin import knop
from kit.addin.beeld import Beeld, Bladbeeld, werkboek_van
from kit.addin.handelingen import volgende
from kit.addin.schilderwerk import reeksen
from kit.fouten import KitFout


@pytest.fixture(scope="module")
def excel() -> Iterator[lo_motor.App]:
    with lo_motor.excel() as app:
        yield app


@pytest.fixture
def open_boek(excel, monkeypatch):
    """Open a file in LibreOffice and let it be the calling workbook; everything is closed again."""
    open_ = []
    excel.gemeld.clear()
    excel.antwoorden.clear()

    def doe(pad: Path) -> xw.Book:
        book = xw.Book(str(pad))
        open_.append(book)
        monkeypatch.setattr(xw.Book, "caller", classmethod(lambda _cls: book))
        return book

    yield doe
    for book in open_:
        book.close()


# --- refusals --------------------------------------------------------------------------------------------------------


def afdruk(book: xw.Book) -> list[tuple[str, object, object]]:
    """Values and colours of all sheets: what must not change when a button refuses."""
    return [(b.name, b.used_range.value, b.range("A1:H9").color) for b in book.sheets if not b.name.startswith("_")]


def weigert(book: xw.Book, wat: str) -> str:
    voor = afdruk(book)
    with pytest.raises(KitFout) as fout:
        getattr(addin, wat)(book)
    assert afdruk(book) == voor
    return str(fout.value)


@pytest.mark.parametrize("wat", ["valideer", "herstel", "wis_markeringen", "exporteer"])
def test_een_werkboek_dat_niet_van_de_kit_is(open_boek, tmp_path, wat) -> None:
    pad = tmp_path / "ledenlijst.xlsx"
    werkmap = openpyxl.Workbook()
    werkmap.active.append(["Naam", "Adres"])
    werkmap.save(pad)
    assert "lijkt geen werkboek van de voorbereidingskit" in weigert(open_boek(pad), wat)


@pytest.mark.parametrize(("versie", "woorden"), [("2025.1", "oudere kit"), ("2031.4", "nieuwere kit")])
def test_een_andere_schemaversie(open_boek, fout_boek, versie, woorden) -> None:
    werkmap = openpyxl.load_workbook(fout_boek)
    werkmap.defined_names["kit_schemaversie"].value = f'"{versie}"'
    werkmap.save(fout_boek)
    assert woorden in weigert(open_boek(fout_boek), "valideer")


def test_een_beveiligd_blad(open_boek, fout_boek) -> None:
    book = open_boek(fout_boek)
    book.sheets["Contactgegevens"].impl.s.protect("")
    assert "Het blad Contactgegevens is beveiligd" in weigert(book, "valideer")


def test_een_werkmap_waarvan_de_bladen_vastliggen(open_boek, fout_boek) -> None:
    book = open_boek(fout_boek)
    book.impl.doc.protect("")
    assert "kan geen blad bij komen" in weigert(book, "valideer")


def test_een_werkboek_dat_nooit_bewaard_is(open_boek, fout_boek, monkeypatch) -> None:
    book = open_boek(fout_boek)
    monkeypatch.setattr(lo_motor.Book, "fullname", property(lambda _self: "Map1"))
    assert "nog nooit bewaard" in weigert(book, "valideer")


def test_exporteren_vraagt_eerst_te_bewaren(open_boek, boek) -> None:
    book = open_boek(boek(verenigingen=[{"nr": "1", "naam": "De Zwaluw"}]))
    book.sheets["Verenigingen"].range("B3").value = "De Mees"
    assert "Ctrl+S" in weigert(book, "exporteer")


def test_een_cel_die_nog_bewerkt_wordt(open_boek, fout_boek, excel, monkeypatch) -> None:
    open_boek(fout_boek)
    monkeypatch.setattr(lo_motor.Sheets, "__iter__", lambda _self: (_ for _ in ()).throw(lo_motor.ExcelWeigert(-2146777998)))
    knop.valideer()
    assert excel.gemeld[-1][0].endswith("Excel is bezig") and "Druk op Enter of Esc" in excel.gemeld[-1][1]


def test_een_onverwachte_fout_toont_geen_waarden(open_boek, fout_boek, excel, monkeypatch) -> None:
    open_boek(fout_boek)
    monkeypatch.setattr(addin, "valideer", lambda _book: {}["00000000000"])
    knop.valideer()
    assert "(KeyError)" in excel.gemeld[-1][1] and "00000000000" not in str(excel.gemeld)


# --- repair ----------------------------------------------------------------------------------------------------------


def test_herstel_toont_eerst_was_en_wordt_en_vraagt(open_boek, fout_boek, excel) -> None:
    book = open_boek(fout_boek)
    voor = afdruk(book)
    excel.antwoorden[:] = ["cancel"]
    knop.herstel()
    vraag = excel.gemeld[0][1]
    assert "“www.x.be” → “https://www.x.be”" in vraag and "Ja:" in vraag
    assert excel.gemeld[-1][1] == "Er is niets gewijzigd." and afdruk(book) == voor


def test_herstel_met_kopie_kan_teruggedraaid_worden(open_boek, fout_boek, excel) -> None:
    book = open_boek(fout_boek)
    voor = afdruk(book)
    excel.antwoorden[:] = ["yes"]
    knop.herstel()
    assert book.sheets["Contactgegevens"].range("C3").value == "https://www.x.be"
    assert book.sheets["Verenigingen"].range("B3").value == "De Zwaluw"
    assert "Hersteld" in book.sheet_names
    knop.maak_ongedaan()
    assert "Hersteld" not in book.sheet_names
    assert [v for v in afdruk(book) if v[0] != "Overzicht"] == [v for v in voor if v[0] != "Overzicht"]


def test_wat_de_gebruiker_na_het_herstel_zelf_wijzigde_blijft(open_boek, fout_boek) -> None:
    book = open_boek(fout_boek)
    addin.herstel(book, [("Contactgegevens", "C3"), ("Verenigingen", "B3")], bewaar=True)
    book.sheets["Contactgegevens"].range("C3").value = "https://anders.be"
    uitkomst = addin.maak_ongedaan(book)
    assert book.sheets["Contactgegevens"].range("C3").value == "https://anders.be"
    assert book.sheets["Verenigingen"].range("B3").value == " De Zwaluw "
    assert "1 hebt u intussen zelf gewijzigd" in uitkomst.boodschap


def test_zonder_bewaarde_waarden_valt_er_niets_terug_te_draaien(open_boek, fout_boek) -> None:
    assert "geen herstel om ongedaan te maken" in weigert(open_boek(fout_boek), "maak_ongedaan")


def test_een_formule_komt_terug_als_formule(open_boek, fout_boek) -> None:
    book = open_boek(fout_boek)
    cel = book.sheets["Contactgegevens"].range("C3")
    cel.number_format = "General"
    cel.formula = '="www"&".x.be"'
    addin.herstel(book, [("Contactgegevens", "C3")], bewaar=True)
    assert cel.value == "https://www.x.be"
    addin.maak_ongedaan(book)
    assert cel.formula == '="www"&".x.be"'


def test_een_getal_komt_terug_als_getal(open_boek, fout_boek, schema) -> None:
    """A repair makes a text cell of it; a number put back in a text cell would become text."""
    book = open_boek(fout_boek)
    blad = schema.per_sleutel["fv"].verenigingen
    kolom = next(n for n, k in enumerate(blad.kolommen, 1) if k.sleutel == "startdatum")
    cel = book.sheets["Verenigingen"].range((3, kolom))
    cel.number_format = "General"
    cel.value = 36526
    addin.herstel(book, [("Verenigingen", cel.get_address(False, False))], bewaar=True)
    assert cel.value == "2000-01-01"
    addin.maak_ongedaan(book)
    assert cel.value == 36526 and cel.impl.cel.Type.value == "VALUE"


def test_een_waarde_die_op_een_formule_lijkt_blijft_tekst(open_boek, boek) -> None:
    book = open_boek(boek(verenigingen=[{"nr": "1", "naam": " =1+1 "}]))
    addin.valideer(book)
    addin.herstel(book, [("Verenigingen", "B3")])
    cel = book.sheets["Verenigingen"].range("B3")
    assert cel.value == "=1+1" and cel.impl.cel.Type.value == "TEXT"
    assert any("=1+1" in str(rij[5]) for rij in book.sheets["Bevindingen"].range("A6:I20").value if rij[0])


# --- export, next, about ---------------------------------------------------------------------------------------------


def test_export_met_fouten_schrijft_niets(open_boek, fout_boek, excel) -> None:
    open_boek(fout_boek)
    knop.exporteer()
    assert "niets geëxporteerd" in excel.gemeld[-1][0]
    assert [p for p in fout_boek.parent.iterdir() if not p.name.startswith(".~lock")] == [fout_boek]


def test_export_komt_in_een_nieuwe_map_naast_het_werkboek(open_boek, foutloos, tmp_path, excel) -> None:
    pad = tmp_path / foutloos[0].name
    pad.write_bytes(foutloos[0].read_bytes())
    open_boek(pad)
    knop.exporteer()
    map_ = next(p for p in tmp_path.iterdir() if p.is_dir())
    assert {p.suffix for p in map_.iterdir()} == {".xlsx", ".jsonl", ".json"} and str(map_) in excel.gemeld[-1][1]


def test_volgende_gaat_van_bevinding_naar_bevinding_en_begint_dan_opnieuw(open_boek, fout_boek) -> None:
    book = open_boek(fout_boek)
    addin.valideer(book)
    gezien = []
    for _ in range(50):
        addin.naar_volgende(book)
        gezien.append((book.app.selection.sheet.name, book.app.selection.address))
        if gezien.count(gezien[0]) == 2:
            break
    assert len(set(gezien)) == len(gezien) - 1 >= 3


def test_volgende_slaat_een_tweede_bevinding_in_dezelfde_cel_over() -> None:
    plekken = [("A", "B3"), ("A", "B3"), ("A", "C3"), ("B", "A4")]
    assert volgende(plekken, ("A", "B3"), ["A", "B"]) == 2
    assert volgende(plekken, ("A", "Z9"), ["A", "B"]) == 3
    assert volgende(plekken, ("B", "A4"), ["A", "B"]) == 0


def test_volgende_zonder_lijst(open_boek, fout_boek) -> None:
    assert "Klik eerst op Valideer" in weigert(open_boek(fout_boek), "naar_volgende")


def test_over_zegt_versies_en_waar_de_gegevens_heen_gaan(open_boek, fout_boek) -> None:
    tekst = addin.over(open_boek(fout_boek)).boodschap
    assert "2026.1" in tekst and "Nergens: alles gebeurt op deze computer" in tekst


# --- rows that moved -------------------------------------------------------------------------------------------------


def test_markering_volgt_een_rij_die_verschoof(open_boek, fout_boek) -> None:
    """The clerk puts a row in above; the mark moves along in Excel, and is found by its note."""
    book = open_boek(fout_boek)
    addin.valideer(book)
    book.sheets["Contactgegevens"].impl.s.Rows.insertByIndex(2, 1)
    assert book.sheets["Contactgegevens"].range("C4").note is not None
    addin.wis_markeringen(book)
    blad = book.sheets["Contactgegevens"]
    assert blad.range("C4").note is None and blad.range("C4").color is None


def test_status_toont_wat_er_gebeurt_en_verdwijnt(open_boek, fout_boek, excel) -> None:
    excel.statussen.clear()
    addin.valideer(open_boek(fout_boek))
    assert any("nakijken" in str(s) for s in excel.statussen) and excel.status_bar is False


# --- plain data ------------------------------------------------------------------------------------------------------


def test_reeksen_vat_cellen_onder_elkaar_samen() -> None:
    assert reeksen(["B5", "B3", "B4", "C9", "A1"]) == ("A1", "B3:B5", "C9")


def test_datum_uit_excel_leest_als_in_een_bestand(schema) -> None:
    """Excel hands out a date as midnight of that day."""
    from kit.addin.beeld import gelezen_van

    w = schema.per_sleutel["fv"]
    bladen = {b.naam: Bladbeeld(b.naam, [[k.kop for k in b.kolommen]]) for b in w.bladen}
    kolom = next(k for k in w.bladen[0].kolommen if k.soort == "datum")
    rij: list[object] = [None] * len(w.bladen[0].kolommen)
    rij[0], rij[w.bladen[0].kolommen.index(kolom)] = "1", dt.datetime(2024, 3, 1)
    bladen[w.bladen[0].naam].waarden.append(rij)
    beeld = Beeld("x.xlsx", bladen, tuple(bladen), werkboek="fv", versie=schema.versie)
    assert werkboek_van(beeld, schema) is w
    assert gelezen_van(beeld, schema).bladen[w.bladen[0].sleutel].frame[kolom.sleutel].to_list() == ["2024-03-01"]
