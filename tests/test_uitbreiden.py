"""Adding a column, a code list, a sheet or a rule is a change in one place; everything else follows."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from kit.export import exporteer
from kit.fouten import KitFout
from kit.regeldocs import kolommen_md, regels_md
from kit.regels import Aard, Ernst, registreer, vergeet
from kit.schema import Schema, laad_schema
from kit.schema.laden import VERSIES
from kit.schema.uitvoer import json_schema
from kit.schema.vergelijk import vergelijk
from kit.validatie import beoordeel, valideer
from kit.voorbeeld import maak_voorbeeld
from kit.werkboek.genereer import genereer
from kit.werkboek.lezen import lees


@pytest.fixture
def kopie(tmp_path: Path) -> Path:
    """A schema folder to change: the second version beside the first."""
    map_ = tmp_path / "schema"
    shutil.copytree(VERSIES / "2026.1", map_)
    wijzig(map_ / "schema.yaml", 'versie: "2026.1"', 'versie: "2026.2"')
    return map_


def wijzig(pad: Path, oud: str, nieuw: str) -> None:
    tekst = pad.read_text("utf-8")
    assert oud in tekst
    pad.write_text(tekst.replace(oud, nieuw, 1), "utf-8")


KOLOM = """      - sleutel: kleur
        kop: Lievelingskleur
        uitleg: Welke kleur de vereniging draagt.
        voorbeeld: groen
        codelijst: kleuren
        pad: kleur
"""
BLAD = """  - sleutel: lokalen
    naam: Lokalen
    titel: Welke lokalen de vereniging gebruikt
    oproep: registratie
    plaats: lokalen
    kolommen:
      - *verwijskolom
      - {sleutel: lokaal, kop: Lokaal, belang: verplicht, uitleg: Naam van het lokaal., voorbeeld: Zaal 1, max: 5, pad: naam}
"""
LIJST = """  kleuren:
    bestand: codelijsten/kleuren.csv
    titel: Kleuren
    bron: de verfwinkel
    datum: 2026-10-01
"""


@pytest.fixture
def uitgebreid(kopie: Path) -> Schema:
    """One new code list, column and sheet; each in one place."""
    (kopie / "codelijsten" / "kleuren.csv").write_text("code,naam\nGRN,groen\nRD,rood\n")
    wijzig(kopie / "schema.yaml", "codelijsten:\n", "codelijsten:\n" + LIJST)
    wijzig(kopie / "fv.yaml", "      - *korte_beschrijving\n", "      - *korte_beschrijving\n" + KOLOM)
    wijzig(kopie / "fv.yaml", "  - {gebruik: lidmaatschappen}\n", BLAD + "  - {gebruik: lidmaatschappen}\n")
    return laad_schema(kopie)


def test_nieuwe_kolom_lijst_en_blad_werken_overal(uitgebreid: Schema, tmp_path: Path) -> None:
    w = uitgebreid.per_sleutel["fv"]
    rijen = {
        "verenigingen": [{"nr": "1", "naam": "A", "kleur": "groen"}, {"nr": "2", "naam": "B", "kleur": "paars"}],
        "lokalen": [{"nr": "1", "lokaal": "Zaal"}, {"nr": "1"}, {"nr": "9", "lokaal": "veel te lang"}],
    }
    pad = tmp_path / "fv.xlsx"
    pad.write_bytes(genereer(w, uitgebreid, rijen))

    werkmap = openpyxl.load_workbook(pad)  # the workbook
    assert "Lievelingskleur" in [c.value for c in werkmap["Verenigingen"][2]]
    validaties = {d.formula1 for d in werkmap["Verenigingen"].data_validations.dataValidation}
    assert "lijst_kleuren" in validaties
    assert "Kleuren" in [c.value for c in werkmap["Lijsten"][3]]
    assert "Lokalen" in [r[1].value for r in werkmap["Overzicht"].iter_rows(max_row=30)]

    boek = lees(pad, uitgebreid)  # the validation
    gevonden = {(b.blad, b.rij, b.kolom, b.regel) for b in valideer([boek]) if b.ernst == Ernst.FOUT}
    assert gevonden == {
        ("Verenigingen", 4, "Lievelingskleur", "KEUZE-01"),
        ("Lokalen", 4, "Lokaal", "VERPLICHT-01"),
        ("Lokalen", 5, "Nr", "VERWIJZING-01"),
        ("Lokalen", 5, "Lokaal", "LENGTE-01"),
    }

    assert "Lievelingskleur" in kolommen_md(uitgebreid)  # the docs
    assert "### Feitelijke verenigingen: Lokalen" in kolommen_md(uitgebreid)
    assert "kleur" in json_schema(w, uitgebreid)["properties"]["verenigingen"]["items"]["properties"]

    goed = {"verenigingen": rijen["verenigingen"][:1], "lokalen": rijen["lokalen"][:1]}  # the export
    pad.write_bytes(genereer(w, uitgebreid, goed))
    boek = lees(pad, uitgebreid)
    export = exporteer([boek], valideer([boek]), door="test", wanneer=dt.datetime(2026, 1, 1))
    body = json.loads(export.bestanden["feitelijke-verenigingen.jsonl"])["verzoeken"][0]["body"]
    assert (body["kleur"], body["lokalen"]) == ("GRN", [{"naam": "Zaal"}])

    assert all("lokalen" in r for r in [maak_voorbeeld(uitgebreid, 5).rijen["fv"]])  # the sample


def test_nieuwe_regel_in_een_blok_werkt_overal(schema: Schema, boek, kijk_na) -> None:
    registreer(
        code="PROEF-01",
        ernst=Ernst.FOUT,
        aard=Aard.WAARDE,
        voor=lambda k: k.sleutel == "korte_naam",
        eis="Geen X in de korte naam.",
        melding="Haal de X weg.",
        check=lambda c: ~c.x.str.contains("X"),
        formule=lambda v: f'ISERROR(FIND("X",{v.x}))',
        exact=True,
        herstel=lambda w, _k, _s: w.replace("X", ""),
        bron="deze test",
        slecht=("AXB",),
    )
    try:
        pad = boek(verenigingen=[{"nr": "1", "naam": "A", "korte_naam": "AXB"}])
        (b,) = [b for b in kijk_na(pad) if b.regel == "PROEF-01"]
        assert (b.cel, b.melding, b.voorstel) == ("C3", "Haal de X weg.", "AB")
        namen = openpyxl.load_workbook(pad).defined_names
        assert 'FIND("X"' in namen["goed_verenigingen_korte_naam"].attr_text
        assert "## PROEF-01" in regels_md(schema)
        export = exporteer([lees(pad, schema)], kijk_na(pad), door="test", wanneer=dt.datetime(2026, 1, 1))
        assert [f.regel for f in export.fouten] == ["PROEF-01"]
        assert "PROEF-01" in {g.regel for g in maak_voorbeeld(schema, 300, fouten=50).geplant}
    finally:
        vergeet("PROEF-01")


def test_twee_schemaversies_naast_elkaar(uitgebreid: Schema, schema: Schema) -> None:
    verschillen = {(v.soort, v.waar) for v in vergelijk(schema, uitgebreid)}
    assert ("erbij", "codelijst kleuren") in verschillen
    assert ("erbij", "Feitelijke verenigingen: blad lokalen") in verschillen
    assert ("erbij", "Feitelijke verenigingen > Verenigingen: kolom kleur") in verschillen
    assert vergelijk(schema, schema) == []


@pytest.mark.parametrize(
    ("bestand", "oud", "nieuw", "verwacht"),
    [
        ("fv.yaml", "regels: [uniek_nr]", "regels: [unik_nr]", "geen regel 'unik_nr' (bedoelde u 'uniek_nr'?)"),
        ("fv.yaml", "codelijst: subtypes", "codelijst: subtype", "onbekende codelijst 'subtype' (bedoelde u 'subtypes'?)"),
        ("fv.yaml", "op: [minimumleeftijd, maximumleeftijd]", "op: [minimumleeftijd, maxleeftijd]", "kolom 'maxleeftijd'"),
        ("fv.yaml", "{gebruik: erkenningen}", "{gebruik: erkenning}", "geen gedeeld blad 'erkenning'"),
        (
            "fv.yaml",
            "        breedte: 18\n        pad: subtype!andere",
            "        brede: 18\n        pad: subtype!andere",
            "brede",
        ),
        ("gedeeld.yaml", "regels: [iban]", "regels: [ibam]", "geen regel 'ibam'"),
        ("fv.yaml", "bladen:\n", "bladen: [\n", "geen geldige YAML"),
    ],
)
def test_fout_in_een_schemabestand_noemt_bestand_en_regel(bestand, oud, nieuw, verwacht, kopie: Path) -> None:
    wijzig(kopie / bestand, oud, nieuw)
    regel = (kopie / bestand).read_text("utf-8").split(nieuw)[0].count("\n") + 1
    with pytest.raises(KitFout) as fout:
        laad_schema(kopie)
    assert verwacht in str(fout.value)
    assert f"{bestand}, regel " in str(fout.value)
    genoemd = int(str(fout.value).split("regel ")[1].split(":")[0])
    # A column or sheet is named by the line on which it starts.
    assert regel - 12 <= genoemd <= regel + 3


def test_onbekende_versie_noemt_wat_er_is() -> None:
    with pytest.raises(KitFout, match=r"2026\.1"):
        laad_schema("1999.9")


def test_beoordelen_met_een_eigen_schema(uitgebreid: Schema) -> None:
    (o,) = beoordeel("insz", ["71432512346"], uitgebreid)
    assert o.geldig
