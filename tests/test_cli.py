"""The commands as a clerk and a script see them: exit codes, messages, JSON, and docs that cannot lie."""

from __future__ import annotations

import json

import pytest

from conftest import REPO
from kit.regeldocs import kolommen_md, regels_md
from test_slechte_invoer import kit


def test_afsluitcodes(boek) -> None:
    goed = boek(verenigingen=[{"nr": "1", "naam": "A"}])
    assert kit("valideer", goed).returncode == 0
    fout = boek(verenigingen=[{"nr": "1"}])
    assert kit("valideer", fout).returncode == 1
    assert kit("valideer").returncode == 2


def test_json_volgt_het_contract(boek) -> None:
    pad = boek(verenigingen=[{"nr": "1", "naam": "A"}], contactgegevens=[{"nr": "1", "type": "Website", "waarde": "www.x.be"}])
    data = json.loads(kit("valideer", pad, "--json").stdout)
    assert data["bestanden"] == [{"bestand": pad.name, "werkboek": "fv", "schema": "2026.1", "rijen": 2}]
    assert data["samenvatting"]["fouten"] == 1
    (fout,) = [b for b in data["bevindingen"] if b["ernst"] == "fout"]
    assert list(fout) == ["bestand", "blad", "cel", "rij", "kolom", "nr", "regel", "ernst", "waarde", "melding", "voorstel"]
    assert (fout["cel"], fout["rij"], fout["nr"], fout["regel"], fout["voorstel"]) == ("C3", 3, "1", "WEB-01", "https://www.x.be")


def test_json_schermt_nationale_nummers_af_tenzij_gevraagd(boek) -> None:
    insz = "71432512347"
    rij = {"nr": "1", "insz": insz, "voornaam": "An", "achternaam": "Peeters"}
    pad = boek(verenigingen=[{"nr": "1", "naam": "A"}], vertegenwoordigers=[rij])
    assert insz not in kit("valideer", pad, "--json").stdout
    assert insz not in kit("valideer", pad).stdout
    assert insz in kit("valideer", pad, "--json", "--toon-nummers").stdout


def test_rapport_schermt_nummers_af_en_haalt_niets_van_buiten(boek, tmp_path) -> None:
    rij = {"nr": "1", "insz": "71432512347", "voornaam": "<script>alert(1)</script>", "achternaam": "Peeters"}
    pad = boek(verenigingen=[{"nr": "1", "naam": "A"}], vertegenwoordigers=[rij])
    kit("valideer", pad, "--rapport", tmp_path / "r.html")
    html = (tmp_path / "r.html").read_text("utf-8")
    assert "71432512347" not in html
    assert "<script>" not in html
    assert "http://" not in html.replace("http://,", "").split("<main>")[0]


def test_regel_als_json() -> None:
    klaar = kit("regel", "insz", "01.13.15-001.48", "71432512346", "--json")
    data = json.loads(klaar.stdout)
    assert [list(d) for d in data] == [["regel", "waarde", "geldig", "melding", "voorstel"]] * 2
    assert [d["geldig"] for d in data] == [False, True]
    assert klaar.returncode == 1


@pytest.mark.parametrize(
    ("argumenten", "verwacht"),
    [
        (["inz"], "Dit commando ken ik niet"),
        (["regel", "inz", "1"], "Bedoelt u insz?"),
        (["valideer", "--foo", "x"], "De optie --foo bestaat niet"),
        (["valideer"], "Er ontbreekt iets"),
        (["voorbeeld", "--uit", "x", "--aantal", "nul"], "De waarde van --aantal klopt niet"),
        (["schema", "vergelijk", "2026.1", "1999.1"], "Er is geen schema 1999.1"),
        (["codelijsten", "toon", "kleuren"], "Er is geen codelijst kleuren"),
    ],
)
def test_verkeerd_gebruik_geeft_een_nederlandse_zin(argumenten, verwacht) -> None:
    klaar = kit(*argumenten)
    assert klaar.returncode == 2
    assert verwacht in klaar.stderr
    assert "Traceback" not in klaar.stderr


def test_schema_exporteren_geeft_geldige_schemas(tmp_path) -> None:
    assert kit("schema", "exporteer", "--uit", tmp_path).returncode == 0
    schema = json.loads((tmp_path / "fv.schema.json").read_text("utf-8"))
    assert schema["properties"]["vertegenwoordigers"]["items"]["required"] == ["nr", "insz", "voornaam", "achternaam"]
    tabel = json.loads((tmp_path / "kbo-locaties.tableschema.json").read_text("utf-8"))
    assert tabel["foreignKeys"][0]["reference"]["fields"] == "KBO-nummer"
    assert len(list(tmp_path.iterdir())) == 16


def test_codelijst_vernieuwen_zonder_nieuwe_versie_van_de_kit(tmp_path, boek) -> None:
    bron = tmp_path / "nieuw.json"
    bron.write_text(json.dumps({"werkingsgebieden": [{"code": "BE99999999", "naam": "Nergensgem"}]}))
    nieuw = tmp_path / "schema"
    klaar = kit("codelijsten", "vernieuw", "werkingsgebieden", bron, "--uit", nieuw)
    assert klaar.returncode == 0, klaar.stderr
    pad = boek(verenigingen=[{"nr": "1", "naam": "A", "werkingsgebied_1": "Nergensgem"}])
    assert kit("valideer", pad).returncode == 1
    assert kit("valideer", pad, "--schema", nieuw).returncode == 0


def test_documenten_zijn_wat_de_code_zegt(schema) -> None:
    assert (REPO / "docs" / "regels.md").read_text("utf-8") == regels_md(schema)
    assert (REPO / "docs" / "kolommen.md").read_text("utf-8") == kolommen_md(schema)


def test_elk_commando_heeft_hulp_met_een_voorbeeld() -> None:
    for commando in ["genereer", "voorbeeld", "valideer", "herstel", "wis", "exporteer", "actualiseer", "regel"]:
        klaar = kit(commando, "--help", COLUMNS="200", NO_COLOR="1")
        assert klaar.returncode == 0
        assert f"Voorbeeld: kit {commando}" in klaar.stdout
