"""Will Excel open it without repair? Microsoft's Open XML validator, and our own lint for what that one misses."""

import datetime as dt
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from conftest import REPO
from hulp.xlsxlint import lint
from kit.export import exporteer
from kit.herstel import herstelplan
from kit.markering import markeerplan
from kit.validatie import valideer
from kit.werkboek.herstellen import herstel_bestand
from kit.werkboek.lezen import lees
from kit.werkboek.schilderen import schilder

VALIDATOR = REPO / "node_modules" / ".bin" / "ooxml-validator"
# No finding of the validator is waved through today; an entry here needs its reason.
WITTE_LIJST: dict[str, str] = {}


def microsoft(pad: Path) -> list[str]:
    uit = subprocess.run([VALIDATOR, pad], capture_output=True, text=True, timeout=120, check=False)
    fouten = json.loads(uit.stdout)["errors"]
    return [str(f) for f in fouten if not any(wit in str(f) for wit in WITTE_LIJST)]


@pytest.fixture(scope="module")
def uitvoer(schema, kitmap, geplant, foutloos, tmp_path_factory) -> dict[str, Path]:
    """Everything that leaves the kit as .xlsx."""
    map_ = tmp_path_factory.mktemp("uitvoer")
    uit = {f"kit {p.name}": p for p in kitmap.glob("*.xlsx")}
    boeken = [lees(p, schema) for p in geplant[0]]
    bevindingen, plan = valideer(boeken), herstelplan(boeken)
    for boek, pad in zip(boeken, geplant[0], strict=True):
        uit[f"gemarkeerd {pad.name}"] = map_ / f"m-{pad.name}"
        uit[f"gemarkeerd {pad.name}"].write_bytes(schilder(pad, markeerplan(bevindingen, pad.name, dt.datetime(2026, 1, 1))))
        uit[f"hersteld {pad.name}"] = map_ / f"h-{pad.name}"
        eigen = [h for h in plan.zeker if h.bestand == pad.name]
        uit[f"hersteld {pad.name}"].write_bytes(herstel_bestand(pad, eigen, boek.werkboek))
    goed = [lees(p, schema) for p in foutloos]
    export = exporteer(goed, valideer(goed), door="test", wanneer=dt.datetime(2026, 1, 1))
    for naam, inhoud in export.bestanden.items():
        if naam.endswith(".xlsx"):
            uit[f"export {naam}"] = map_ / naam
            uit[f"export {naam}"].write_bytes(inhoud)
    return uit


def test_microsofts_validator_heeft_niets_te_zeggen(uitvoer) -> None:
    assert len(uitvoer) == 8
    assert {naam: microsoft(pad) for naam, pad in uitvoer.items()} == {naam: [] for naam in uitvoer}


def test_onze_lint_heeft_niets_te_zeggen(uitvoer) -> None:
    assert {naam: lint(pad) for naam, pad in uitvoer.items()} == {naam: [] for naam in uitvoer}


@pytest.mark.parametrize(
    ("deel", "oud", "nieuw", "klacht"),
    [
        ("xl/worksheets/sheet3.xml", b'promptTitle="Nr"', b'promptTitle="' + b"x" * 33 + b'"', "promptTitle langer"),
        ("xl/worksheets/sheet3.xml", b"<formula1>lijst_ja_nee</formula1>", b"<formula1>lijst_weg</formula1>", "onbekende naam"),
        ("xl/worksheets/sheet3.xml", b'sqref="B3:B5002"><formula1>', b'sqref="A3:B5002"><formula1>', "overlapt"),
        ("xl/workbook.xml", b'name="lijst_ja_nee"', b'name="lijst_subtypes"', "bestaat twee keer"),
        ("xl/workbook.xml", b"COUNTA(", b"COUNTA((", "haakjes"),
        ("xl/tables/table1.xml", b'name="Korte naam"', b'name="Kort"', "is niet de tekst"),
        ("xl/worksheets/sheet3.xml", b'<row r="2"', b'<row r="1"', "niet op volgorde"),
    ],
)
def test_onze_lint_ziet_wat_microsoft_mist(deel, oud, nieuw, klacht, kitmap, tmp_path) -> None:
    bron = kitmap / "feitelijke-verenigingen.xlsx"
    stuk = tmp_path / "stuk.xlsx"
    with zipfile.ZipFile(bron) as z, zipfile.ZipFile(stuk, "w") as w:
        for naam in z.namelist():
            inhoud = z.read(naam)
            assert naam != deel or oud in inhoud
            w.writestr(naam, inhoud.replace(oud, nieuw, 1) if naam == deel else inhoud)
    assert any(klacht in k for k in lint(stuk))


def test_zelfde_invoer_geeft_zelfde_bytes(schema, kitmap, tmp_path) -> None:
    from kit.werkboek.genereer import genereer_kit

    for pad in genereer_kit(schema, tmp_path):
        assert pad.read_bytes() == (kitmap / pad.name).read_bytes()


def test_de_uitgereikte_kit_is_wat_de_generator_maakt(kitmap) -> None:
    for pad in kitmap.glob("*.xlsx"):
        with zipfile.ZipFile(pad) as nieuw, zipfile.ZipFile(REPO / "voorbereidingskit" / pad.name) as uitgereikt:
            # Contents, not the compressed bytes: zlib differs between builds of Python.
            assert {n: nieuw.read(n) for n in nieuw.namelist()} == {n: uitgereikt.read(n) for n in uitgereikt.namelist()}
