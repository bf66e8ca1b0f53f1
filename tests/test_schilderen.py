"""Painting a copy: everything of the user's own survives, twice is once, and wis restores."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from hulp import lo
from kit.markering import KENMERK, markeerplan
from kit.regels import Ernst
from kit.validatie import valideer
from kit.werkboek.lezen import lees
from kit.werkboek.schilderen import schilder, wis
from kit.werkboek.stijl import GESCHILDERD

TOEN = dt.datetime(2026, 11, 23, 12, 0)
ROOD = "FF" + GESCHILDERD[Ernst.FOUT][1:]


def delen(pad: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(pad) as z:
        return {n: z.read(n) for n in z.namelist()}


def markeer(pad: Path, uit: Path, schema) -> Path:
    boek = lees(pad, schema)
    uit.write_bytes(schilder(pad, markeerplan(valideer([boek]), pad.name, TOEN)))
    return uit


def wis_naar(pad: Path, uit: Path) -> Path:
    uit.write_bytes(wis(pad))
    return uit


@pytest.fixture
def fout_boek(boek):
    """One association with a bad name row: an INSZ that does not exist (B3) and a website without https (C3)."""
    return boek(
        verenigingen=[{"nr": "1", "naam": "De Zwaluw"}],
        vertegenwoordigers=[{"nr": "1", "insz": "00000000000", "voornaam": "An", "achternaam": "Peeters"}],
        contactgegevens=[{"nr": "1", "type": "Website", "waarde": "www.x.be"}],
    )


def test_foute_cel_krijgt_kleur_notitie_en_een_regel_met_link(fout_boek, tmp_path, schema) -> None:
    werkmap = openpyxl.load_workbook(markeer(fout_boek, tmp_path / "m.xlsx", schema))
    cel = werkmap["Contactgegevens"]["C3"]
    assert cel.fill.fgColor.rgb == ROOD
    assert cel.comment.text.startswith(f"{KENMERK}\n✖ fout (WEB-01):")
    assert "Voorstel: https://www.x.be" in cel.comment.text
    lijst = werkmap["Bevindingen"]
    rij = next(r for r in lijst.iter_rows(min_row=6) if r[8].value == "WEB-01")
    assert (rij[0].value, rij[1].value, rij[2].value) == ("✖ fout", "Contactgegevens", "C3")
    assert rij[2].hyperlink.location == "'Contactgegevens'!C3"
    assert werkmap["Overzicht"]["C5"].value == "23/11/2026 12:00"


def test_waarschuwing_heeft_een_andere_kleur_en_een_ander_teken_dan_een_fout(fout_boek, tmp_path, schema) -> None:
    werkmap = openpyxl.load_workbook(markeer(fout_boek, tmp_path / "m.xlsx", schema))
    let_op, fout = werkmap["Verenigingen"]["E3"], werkmap["Vertegenwoordigers"]["B3"]
    assert let_op.fill.fgColor.rgb == "FF" + GESCHILDERD[Ernst.WAARSCHUWING][1:] != fout.fill.fgColor.rgb == ROOD
    assert "▲" in let_op.comment.text and "✖" in fout.comment.text


def test_twee_keer_is_een_keer(geplant, tmp_path, schema) -> None:
    for pad in geplant[0]:
        een = markeer(pad, tmp_path / pad.name, schema)
        twee = markeer(een, tmp_path / f"2-{pad.name}", schema)
        # The second reading has the marked file's name in its findings; the painted result is the same.
        assert delen(een) == delen(twee)


def test_wis_geeft_elk_deel_byte_voor_byte_terug(geplant, tmp_path, schema) -> None:
    for pad in geplant[0]:
        terug = wis_naar(markeer(pad, tmp_path / pad.name, schema), tmp_path / f"w-{pad.name}")
        assert delen(terug) == delen(pad)


def test_wis_op_een_bestand_zonder_markeringen_verandert_niets(fout_boek) -> None:
    assert wis(fout_boek) == fout_boek.read_bytes()


@pytest.fixture
def eigen_boek(fout_boek, tmp_path) -> Path:
    """The workbook after a user with habits: own colour, note, column, chart, cross-sheet (x14) validation, formula."""
    werkmap = openpyxl.load_workbook(fout_boek)
    blad = werkmap["Contactgegevens"]
    blad["C3"].fill = PatternFill("solid", fgColor="FF00FF00")
    blad["C3"].comment = Comment("nog bellen", "An")
    blad["D3"].comment = Comment("eigen notitie", "An")
    blad["H2"] = "Mijn kolom"
    blad["H3"] = "=1+1"
    grafiek = openpyxl.chart.BarChart()
    grafiek.add_data(openpyxl.chart.Reference(blad, min_col=8, min_row=3, max_row=4))
    blad.add_chart(grafiek, "J5")
    pad = tmp_path / "eigen.xlsx"
    werkmap.save(pad)
    inhoud = delen(pad)
    naam = next(n for n in inhoud if n.endswith("sheet5.xml"))
    x14 = (
        b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        b'<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
        b'<x14:dataValidation type="list">'
        b"<x14:formula1><xm:f>Lijsten!$A$4:$A$9</xm:f></x14:formula1><xm:sqref>H3:H9</xm:sqref></x14:dataValidation></x14:dataValidations>"
        b"</ext></extLst>"
    )
    inhoud[naam] = inhoud[naam].replace(b"</worksheet>", x14 + b"</worksheet>")
    inhoud[naam] = re.sub(rb'(<c r="H3"[^>]*><f>1\+1</f>)<v ?/?>(</v>)?', rb"\1<v>2</v>", inhoud[naam])
    assert b"<f>1+1</f><v>2</v>" in inhoud[naam]
    with zipfile.ZipFile(pad, "w", zipfile.ZIP_DEFLATED) as z:
        for deel, bytes_ in inhoud.items():
            z.writestr(deel, bytes_)
    return pad


def test_wat_van_de_gebruiker_is_blijft(eigen_boek, tmp_path, schema) -> None:
    voor, na = delen(eigen_boek), delen(markeer(eigen_boek, tmp_path / "m.xlsx", schema))
    blad = na["xl/worksheets/sheet5.xml"]
    assert b"x14:dataValidation" in blad and b"<f>1+1</f><v>2</v>" in blad and b"<drawing " in blad
    assert re.findall(rb"<dataValidations.*</dataValidations>", blad) == re.findall(
        rb"<dataValidations.*</dataValidations>", voor["xl/worksheets/sheet5.xml"]
    )
    ongemoeid = [
        n for n in voor if "chart" in n or ("drawing" in n and n.endswith(".xml")) or "theme" in n or "sharedStrings" in n
    ]
    assert ongemoeid and all(na[n] == voor[n] for n in ongemoeid)
    werkmap = openpyxl.load_workbook(tmp_path / "m.xlsx")
    assert werkmap["Contactgegevens"]["D3"].comment.text == "eigen notitie"
    eigen_notitie = werkmap["Contactgegevens"]["C3"].comment.text
    assert eigen_notitie.startswith("nog bellen") and "WEB-01" in eigen_notitie
    assert werkmap["Contactgegevens"]["H2"].value == "Mijn kolom"


def test_wis_geeft_eigen_kleur_en_notitie_terug(eigen_boek, tmp_path, schema) -> None:
    terug = wis_naar(markeer(eigen_boek, tmp_path / "m.xlsx", schema), tmp_path / "w.xlsx")
    assert delen(terug) == delen(eigen_boek)


def test_bestand_dat_libreoffice_bewaarde(fout_boek, tmp_path, schema) -> None:
    """Another writer's habits: other order, other styles, its own notes."""
    map_ = tmp_path / "lo"
    pad = lo.zet_om(fout_boek, "xlsx:Calc MS Excel 2007 XML", map_)
    gemarkeerd = markeer(pad, tmp_path / "m.xlsx", schema)
    assert openpyxl.load_workbook(gemarkeerd)["Contactgegevens"]["C3"].fill.fgColor.rgb == ROOD
    assert delen(wis_naar(gemarkeerd, tmp_path / "w.xlsx")) == delen(pad)


def test_gemarkeerd_bestand_dat_een_ander_programma_bewaarde_kan_toch_gewist_worden(eigen_boek, tmp_path, schema) -> None:
    """The clerk opens the marked copy, works in it and saves: all numbers of styles change."""
    gemarkeerd = markeer(eigen_boek, tmp_path / "m.xlsx", schema)
    opnieuw = lo.zet_om(gemarkeerd, "xlsx:Calc MS Excel 2007 XML", tmp_path / "lo")
    werkmap = openpyxl.load_workbook(wis_naar(opnieuw, tmp_path / "w.xlsx"))
    blad = werkmap["Contactgegevens"]
    assert "Bevindingen" not in werkmap.sheetnames
    assert blad["C3"].fill.fgColor.rgb == "FF00FF00"
    assert blad["C3"].comment.text.strip() == "nog bellen"
    assert werkmap["Vertegenwoordigers"]["B3"].comment is None
    assert werkmap["Vertegenwoordigers"]["B3"].fill.fgColor.rgb != ROOD
    assert werkmap["Overzicht"]["C5"].value == "nog niet gebeurd"


def test_eigen_blad_met_de_naam_bevindingen_blijft(fout_boek, tmp_path, schema) -> None:
    werkmap = openpyxl.load_workbook(fout_boek)
    werkmap.create_sheet("Bevindingen")["A1"] = "van mij"
    werkmap.save(fout_boek)
    na = openpyxl.load_workbook(markeer(fout_boek, tmp_path / "m.xlsx", schema))
    assert na["Bevindingen"]["A1"].value == "van mij"
    assert na["Bevindingen 2"]["A1"].value.startswith(KENMERK)


def test_blad_met_voorvoegsel_en_cellen_zonder_adres(tmp_path, schema, boek) -> None:
    """Some exporters write <x:c> and leave out the addresses."""
    pad = boek(
        verenigingen=[{"nr": "1", "naam": "De Zwaluw"}], contactgegevens=[{"nr": "1", "type": "Website", "waarde": "www.x.be"}]
    )
    inhoud = delen(pad)
    naam = "xl/worksheets/sheet5.xml"
    blad = re.sub(rb"(</?)(?=[a-zA-Z])", rb"\1x:", inhoud[naam]).replace(b"<worksheet", b"<x:worksheet")
    blad = blad.replace(b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
                        b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"')  # fmt: skip
    inhoud[naam] = re.sub(rb'(<x:c) r="[A-Z]+3"', rb"\1", blad)
    with zipfile.ZipFile(pad, "w", zipfile.ZIP_DEFLATED) as z:
        for deel, bytes_ in inhoud.items():
            z.writestr(deel, bytes_)
    gemarkeerd = markeer(pad, tmp_path / "m.xlsx", schema)
    cellen = re.findall(rb'<x:c\b[^>]*s="(\d+)"', delen(gemarkeerd)[naam])
    assert cellen != re.findall(rb'<x:c\b[^>]*s="(\d+)"', inhoud[naam])
    assert delen(wis_naar(gemarkeerd, tmp_path / "w.xlsx")) == inhoud


def test_werkboek_met_macros_houdt_ze(fout_boek, tmp_path, schema) -> None:
    import xlwings

    bron = next(Path(xlwings.__file__).parent.glob("quickstart.xlsm"))
    with zipfile.ZipFile(bron) as z:
        vba = tmp_path / "vbaProject.bin"
        vba.write_bytes(z.read("xl/vbaProject.bin"))
    pad = tmp_path / "met.xlsm"
    w = xlsxwriter.Workbook(pad)
    w.add_vba_project(str(vba))
    for blad in schema.per_sleutel["fv"].bladen:
        ws = w.add_worksheet(blad.naam)
        ws.write_row(0, 0, [k.kop for k in blad.kolommen])
        if blad.sleutel == "contactgegevens":
            ws.write_row(1, 0, ["1", "Website", "www.x.be"])
    w.close()
    na = delen(markeer(pad, tmp_path / "m.xlsm", schema))
    assert na["xl/vbaProject.bin"] == vba.read_bytes()
