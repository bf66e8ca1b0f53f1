"""The classic add-in: its bytes, its text, its ribbon, and its macros run in LibreOffice down to a coloured cell."""

from __future__ import annotations

import ast
import io
import re
import zipfile
from pathlib import Path

import pytest
import xlwings as xw
from lxml import etree
from oletools.olevba import VBA_Parser

from kit.addin import knop, xlam
from kit.fouten import KitFout
from kit.knoppen import KNOPPEN
from test_geldigheid import microsoft

REPO = Path(__file__).parents[1]
# Stands in for xlwings' macros, which LibreOffice cannot compile: remembers the command instead of starting Python.
STUB = (
    'Attribute VB_Name = "xlwings"\r\nPublic Opdracht As String\r\n'
    "Public Function RunPython(PythonCommand As String)\r\n    Opdracht = PythonCommand\r\nEnd Function\r\n"
    "Public Function Klik(naam As String) As String\r\n    Opdracht = \"\"\r\n    Select Case naam\r\n"
    + "".join(f'    Case "{k.macro}": {k.macro} Nothing\r\n' for k in KNOPPEN)
    + "    End Select\r\n    Klik = Opdracht\r\nEnd Function\r\n"
)  # fmt: skip


@pytest.fixture(scope="module")
def gebouwd() -> bytes:
    return xlam.bouw()


def macros(inhoud: bytes) -> dict[str, str]:
    return {naam: tekst for _, _, naam, tekst in VBA_Parser("x.xlam", data=inhoud).extract_macros()}


def test_twee_keer_bouwen_geeft_dezelfde_bytes(gebouwd) -> None:
    assert xlam.bouw() == gebouwd


def test_een_onafhankelijke_lezer_vindt_precies_onze_modules(gebouwd) -> None:
    gevonden = macros(gebouwd)
    for naam, tekst in xlam.modules().items():
        assert gevonden.get(f"{naam}.bas", gevonden.get(f"{naam}.cls")) == tekst
    assert set(gevonden) == {"ThisWorkbook.cls", "Sheet1.cls", "xlwings.bas", "Knoppen.bas", "Dictionary.cls"}


def test_de_tekst_in_de_map_addin_is_die_van_de_bouw() -> None:
    """An IT department reads the text; it must be what the add-in holds."""
    assert (REPO / "addin/klassiek/Knoppen.bas").read_bytes().decode("cp1252") == xlam.modules()["Knoppen"]
    assert (REPO / "addin/klassiek/lint.xml").read_text("utf-8") == xlam.lint()
    assert (REPO / "addin/klassiek" / xlam.BESTAND).read_bytes() == xlam.bouw()


def test_elke_knop_op_het_lint_roept_een_bestaande_macro_en_die_een_bestaande_functie(gebouwd) -> None:
    with zipfile.ZipFile(io.BytesIO(gebouwd)) as z:
        lint = etree.fromstring(z.read("customUI/customUI14.xml"))
        beelden = {n.removeprefix("customUI/images/").removesuffix(".png") for n in z.namelist() if n.endswith(".png")}
    knoppen = list(lint.iter("{*}button"))
    assert len(knoppen) == len(KNOPPEN)
    tekst = macros(gebouwd)["Knoppen.bas"]
    for k in knoppen:
        module, macro = k.get("onAction").split(".")
        assert f'Attribute VB_Name = "{module}"' in tekst
        opdracht = re.search(rf'Public Sub {macro}\(control As IRibbonControl\)\r\n    Druk "(.+)"', tekst)[1]
        functie = ast.parse(opdracht).body[1].value.func
        assert callable(getattr(knop, functie.attr))
        assert k.get("image") in beelden and k.get("supertip")


def test_een_geopend_werkboek_kan_niet_kiezen_welk_programma_start() -> None:
    """xlwings reads settings from the active workbook, from a file beside it, and code from its sheets; ours does not."""
    tekst = xlam.modules()["xlwings"]
    assert "GetConfigFromSheet(ActiveWorkbook)" in tekst  # still there, but behind a condition that never holds
    voor = tekst.split("GetConfigFromSheet(ActiveWorkbook)")[0].rstrip().splitlines()[-1]
    assert voor.strip().startswith("If") and "If False Then" in tekst.split("GetConfigFromSheet(ActiveWorkbook)")[0][-120:]
    assert "FileExists(GetDirectoryConfigFilePath()) = True" not in tekst
    assert '".py" Then' not in tekst


def test_microsofts_validator_vindt_niets(gebouwd, tmp_path) -> None:
    pad = tmp_path / xlam.BESTAND
    pad.write_bytes(gebouwd)
    assert microsoft(pad) == []


def test_elke_lintmacro_geeft_in_libreoffice_haar_opdracht(tmp_path) -> None:
    from hulp import lo_motor

    with lo_motor.excel() as app:
        klik = stub(app, tmp_path)
        assert {k.macro: klik(k.macro) for k in KNOPPEN} == {
            k.macro: f"from kit.addin import knop; knop.{k.naam}()" for k in KNOPPEN
        }


def stub(app, map_: Path):
    from hulp import lo_brug

    pad = map_ / xlam.BESTAND
    pad.write_bytes(xlam.bouw({"xlwings": STUB, "Knoppen": xlam.modules()["Knoppen"]}))
    filter_ = (("Hidden", True), ("MacroExecutionMode", 4), ("FilterName", "Calc MS Excel 2007 VBA XML"))
    invoegtoepassing = app.bureau.loadComponentFromURL(pad.as_uri(), "_blank", 0, tuple(lo_brug.eigenschap(*p) for p in filter_))
    script = invoegtoepassing.ScriptProvider.getScript(
        "vnd.sun.star.script:VBAProject.xlwings.Klik?language=Basic&location=document"
    )
    return lambda macro: script.invoke((macro,), (), ())[0]


def test_van_klik_op_het_lint_tot_kleur_in_de_cel(boek, tmp_path, monkeypatch) -> None:
    """Macro in LibreOffice -> its command -> run in Python -> a coloured cell in the same LibreOffice."""
    from hulp import lo_motor

    pad = boek(
        verenigingen=[{"nr": "1", "naam": "De Zwaluw"}], contactgegevens=[{"nr": "1", "type": "Website", "waarde": "www.x.be"}]
    )
    with lo_motor.excel() as app:
        klik = stub(app, tmp_path)
        werkboek = xw.Book(str(pad))
        monkeypatch.setattr(xw.Book, "caller", classmethod(lambda _cls: werkboek))
        exec(klik("KitValideer"), {})
        assert werkboek.sheets["Contactgegevens"]["C3"].color == (255, 193, 193)
        assert "WEB-01" in werkboek.sheets["Contactgegevens"]["C3"].note.text
        assert app.gemeld[0][0] == "Voorbereidingskit: Nagekeken" and "te verbeteren" in app.gemeld[0][1]


# --- putting it in place ---------------------------------------------------------------------------------------------


def test_plaatsen_status_en_weghalen_op_windows(tmp_path) -> None:
    from kit.addin import installeren

    python = tmp_path / "env" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    python.touch()
    python.with_name("pythonw.exe").touch()
    eigen = tmp_path / "AppData/Microsoft/Excel/XLSTART/van-mij.xlsm"
    eigen.parent.mkdir(parents=True)
    eigen.touch()
    p = installeren.plaatsen("win32", {"APPDATA": str(tmp_path / "AppData"), "USERPROFILE": str(tmp_path)}, tmp_path, python)
    assert not any(goed for _, goed in installeren.status(p)[:2])
    geplaatst = installeren.installeer(p)
    assert p.invoegtoepassing.read_bytes() == xlam.bouw() and all(goed for _, goed in installeren.status(p))
    instellingen = p.instellingen.read_text("cp1252")
    assert "pythonw.exe" in instellingen and '"ADD_WORKBOOK_TO_PYTHONPATH","False"' in instellingen
    assert sorted(installeren.verwijder(p)) == sorted(geplaatst)
    assert eigen.exists() and not p.instellingen.parent.exists()


def test_plaatsen_op_mac_zet_ook_het_script_dat_excel_mag_starten(tmp_path) -> None:
    from kit.addin import installeren

    python = tmp_path / "bin/python"
    python.parent.mkdir()
    python.touch()
    p = installeren.plaatsen("darwin", {}, tmp_path, python)
    assert len(installeren.installeer(p)) == 3
    assert "VbaHandler" in p.script.read_text("utf-8") and all(goed for _, goed in installeren.status(p))


def test_zonder_excel_zegt_de_kit_wat_wel_kan(tmp_path) -> None:
    from kit.addin import installeren

    with pytest.raises(KitFout, match="webpagina"):
        installeren.plaatsen("linux", {}, tmp_path, tmp_path)
