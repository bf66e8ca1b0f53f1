"""The rehearsal from start to end: its numbers add up, nothing personal leaks, and what people get to see is good to look at."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from pathlib import Path

import openpyxl
import pytest

from hulp.browser import axe, chromium
from hulp.dv import kit
from hulp.xlsxlint import lint
from kit.dv.oefengegevens import maak_besturen
from kit.schema import Schema


@pytest.fixture(scope="module")
def oefening(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a rehearsal, and all that it printed."""
    map_ = tmp_path_factory.mktemp("oefening")
    uit = kit("dv", "oefening", "--uit", map_ / "alles", "--aantal", "40", tijd=900)
    assert uit.returncode == 0, uit.stdout[-3000:] + uit.stderr[-3000:]
    return map_ / "alles", uit.stdout + uit.stderr


def test_de_getallen_tellen_op(oefening: tuple[Path, str]) -> None:
    map_, tekst = oefening
    m = re.search(
        r"Geleverd: (\d+)\. (\d+) geregistreerd \+ (\d+) geweigerd \+ (\d+) weggelaten \+ (\d+) onbeslist = (\d+)\.", tekst
    )
    assert m, tekst[-2000:]
    geleverd, *delen, samen = map(int, m.groups())
    assert geleverd == samen == sum(delen)
    assert all(delen)
    assert "Alles klopt." in tekst
    boek = openpyxl.load_workbook(map_ / "dv/rapport/rapport.xlsx")
    assert [c.value for c in boek["Samenvatting"][7]][2:7] == [geleverd, *delen]
    for blad, n in zip(boek.sheetnames[1:], delen, strict=True):
        assert boek[blad].max_row - 1 == n
    with sqlite3.connect(map_ / "register.sqlite") as db:
        (daar,) = db.execute("SELECT count(*) FROM vereniging").fetchone()
        kbo_al_daar = 1
    with sqlite3.connect(map_ / "dv/dossier.sqlite") as db:
        (nieuw,) = db.execute("SELECT count(*) FROM registratie WHERE wijze = 'nieuw'").fetchone()
    assert daar == nieuw + 6 + kbo_al_daar


def test_de_oefening_begint_niet_in_een_map_met_iets_anders(tmp_path: Path) -> None:
    (tmp_path / "eigen.txt").write_text("van mij")
    uit = kit("dv", "oefening", "--uit", tmp_path)
    assert (uit.returncode, "staat al iets anders" in uit.stderr) == (2, True)
    assert [p.name for p in tmp_path.iterdir()] == ["eigen.txt"]


def _geheimen(schema: Schema, map_: Path) -> tuple[set[str], set[str]]:
    """National numbers (in every way of writing) and full names of everybody in the deliveries; and secrets."""
    nummers: set[str] = set()
    namen: set[str] = set()
    for bestuur in maak_besturen(schema, 40):
        for rijen in bestuur.rijen.values():
            for r in rijen["vertegenwoordigers"]:
                cijfers = re.sub(r"\D", "", str(r.get("insz")))
                if len(cijfers) == 11:
                    nummers |= {cijfers, f"{cijfers[:2]}.{cijfers[2:4]}.{cijfers[4:6]}-{cijfers[6:9]}.{cijfers[9:]}"}
                if len(str(r.get("achternaam") or "")) > 5:
                    namen.add(str(r["achternaam"]))
    verenigingen = " ".join(
        str(v["naam"]) for b in maak_besturen(schema, 40) for r in b.rijen.values() for v in r["verenigingen"]
    )
    # A family name that is also the name of an association would be found everywhere.
    namen -= {n for n in namen if n in verenigingen}
    geheim = {r for r in (map_ / "sleutels/dv-geheime-sleutel.txt").read_text().split() if r}
    assert len(nummers) > 200
    assert len(namen) > 10
    return nummers | geheim, namen


def test_geen_nummer_geen_geheim_en_geen_naam_van_iemand_lekt(oefening: tuple[Path, str], schema: Schema) -> None:
    """In what is printed, logged, named, asked in a URL, or written in a page; only delivered workbooks hold their data."""
    map_, tekst = oefening
    nummers, namen = _geheimen(schema, map_)
    with sqlite3.connect(map_ / "dv/dossier.sqlite") as db:
        paden = [p for (p,) in db.execute("SELECT pad || ' ' || coalesce(melding, '') FROM oproep")]
        dubbels = [f"{a} {b}" for a, b in db.execute("SELECT redenen, coalesce(getoond, '') FROM dubbel")]
    assert len(paden) > 300
    teksten = {
        "wat geprint werd": tekst,
        "het log van het register": (map_ / "oefenregister.log").read_text("utf-8"),
        "bestandsnamen": "\n".join(str(p.relative_to(map_)) for p in map_.rglob("*")),
        "oproepen": "\n".join(paden),
        "dubbels": "\n".join(dubbels),
    }
    teksten |= {str(p): p.read_text("utf-8") for p in map_.rglob("*.html")}
    for p in map_.rglob("rapport.xlsx"):
        with zipfile.ZipFile(p) as z:
            teksten[str(p)] = "\n".join(z.read(n).decode("utf-8", "replace") for n in z.namelist())
    assert sum(n.endswith(".html") for n in teksten) > 8
    for waar, inhoud in teksten.items():
        gevonden = [s for s in nummers if s in inhoud]
        assert not gevonden, f"{len(gevonden)} nummers of geheimen in {waar}"
        wie = [n for n in namen if re.search(rf"\b{re.escape(n)}\b", inhoud)]
        assert not wie, f"namen in {waar}: {wie}"


def test_het_blad_dubbels_toont_niets_van_personen(oefening: tuple[Path, str], schema: Schema) -> None:
    map_, _ = oefening
    nummers, namen = _geheimen(schema, map_)
    vragen = 0
    for p in (map_ / "dv/uit").glob("*/ronde-1/*.xlsx"):
        boek = openpyxl.load_workbook(p, read_only=True)
        if "Dubbels" not in boek.sheetnames:
            continue
        rijen = [[str(c) for c in rij if c] for rij in boek["Dubbels"].iter_rows(values_only=True)]
        vragen += len(rijen)
        inhoud = json.dumps(rijen, ensure_ascii=False)
        assert not [s for s in nummers if s in inhoud]
        assert not [n for n in namen if re.search(rf"\b{re.escape(n)}\b", inhoud)]
    assert vragen > 20


def test_werkboeken_van_de_terugkoppeling_zijn_goed_van_vorm(oefening: tuple[Path, str]) -> None:
    map_, _ = oefening
    boeken = [*(map_ / "dv/uit").glob("*/*/*.xlsx")]
    assert len(boeken) > 15
    for p in boeken:
        assert lint(p) == [], p


@pytest.mark.parametrize(
    "pagina",
    ["dv/rapport/rapport.html", "dv/uit/*/rapport/rapport.html", "dv/uit/*/rapport/brieven.html", "dv/uit/*/*/brief.html"],
)
def test_de_paginas_zijn_toegankelijk(oefening: tuple[Path, str], pagina: str) -> None:
    map_, _ = oefening
    paden = sorted(map_.glob(pagina))
    assert paden
    with chromium() as browser:
        for breed in (1280, 400):
            page = browser.new_page(viewport={"width": breed, "height": 900})
            for pad in paden[:3]:
                page.goto(pad.as_uri())
                assert axe(page) == [], pad
            page.close()
