"""Every value with a known outcome is judged as the register judges it, and repairs are proposed where there are any."""

import json
from pathlib import Path

import polars as pl
import pytest

from kit.regels.adres import adresnorm
from kit.regels.contact import telefoon_gelijk
from kit.schema import Schema
from kit.validatie import beoordeel, waarderegels

VECTOREN = json.loads((Path(__file__).parent / "vectoren" / "waarden.json").read_text("utf-8"))
WAARDEN = [
    (naam, waarde, soort == "geldig")
    for naam, groep in VECTOREN.items()
    for soort in ("geldig", "ongeldig")
    for waarde in groep.get(soort, [])
    if isinstance(waarde, str)
]


@pytest.mark.parametrize(("naam", "waarde", "geldig"), WAARDEN)
def test_waarde_wordt_beoordeeld_zoals_het_register(naam: str, waarde: str, geldig: bool, schema: Schema) -> None:
    (oordeel,) = beoordeel(naam, [waarde], schema)
    assert oordeel.geldig is geldig
    assert geldig or oordeel.melding


def test_alle_regelnamen_van_het_contract_bestaan(schema: Schema) -> None:
    contract = ["insz", "kbo_nummer", "e_mail", "telefoon", "website", "sociale_media", "iban", "vcode", "voornaam", "achternaam"]
    assert set(contract) <= set(waarderegels(schema))


@pytest.mark.parametrize(
    ("laag", "hoog", "geldig"),
    [(*paar, soort == "geldig") for soort in ("geldig", "ongeldig") for paar in VECTOREN["doelgroep"][soort]],
)
def test_doelgroep(laag: int, hoog: int, geldig: bool, boek, kijk_na) -> None:
    pad = boek(verenigingen=[{"nr": "1", "naam": "De Zwaluw", "minimumleeftijd": laag, "maximumleeftijd": hoog}])
    gevonden = {b.regel for b in kijk_na(pad) if b.kolom.endswith("leeftijd")}
    assert bool(gevonden & {"GETAL-01", "LEEFTIJD-01"}) is not geldig


@pytest.mark.parametrize("paar", VECTOREN["telefoon_gelijk"]["paren"])
def test_twee_schrijfwijzen_van_een_telefoonnummer_zijn_gelijk(paar: list[str]) -> None:
    links, rechts = pl.DataFrame({"x": paar}).select(telefoon_gelijk(pl.col("x"))).to_series()
    assert links == rechts


@pytest.mark.parametrize("paar", VECTOREN["adrescomponent_gelijk"]["paren"])
def test_twee_schrijfwijzen_van_een_adresdeel_zijn_gelijk(paar: list[str]) -> None:
    links, rechts = pl.DataFrame({"x": paar}).select(adresnorm(pl.col("x"))).to_series()
    assert links == rechts


@pytest.mark.parametrize(
    ("naam", "was", "wordt"),
    [
        ("insz", "1131500149", "01131500149"),
        ("insz", " 71.43.25-123.46 ", "71432512346"),
        ("insz", "71432512347", None),
        ("kbo_nummer", "BE0123456749", "0123.456.749"),
        ("kbo_nummer", "123456749", "0123.456.749"),
        ("iban", "be68-5390-0754-7034", "BE68 5390 0754 7034"),
        ("iban", "539-0075470-34", "BE68 5390 0754 7034"),
        ("telefoon", "0412\u00a034\u00a056\u00a078", "0412 34 56 78"),
        ("telefoon", "412345678", "0412345678"),
        ("website", "www.hello.me", "https://www.hello.me"),
        ("website", "http:/oeps.com", "http://oeps.com"),
        ("e_mail", "jos(at)club.be", "jos@club.be"),
        ("e_mail", "mailto:jos@club.be", "jos@club.be"),
        ("vcode", "V-0001001", "V0001001"),
        ("adres_id", "861019", "https://data.vlaanderen.be/id/adres/861019"),
        ("oude_gemeentenaam", "Galmaarden", "Pajottegem"),
        ("titularissen", "An Peeters;; Jan Claes", "An Peeters; Jan Claes"),
    ],
)
def test_herstel_wordt_voorgesteld_en_is_zelf_geldig(naam: str, was: str, wordt: str | None, schema: Schema) -> None:
    (oordeel,) = beoordeel(naam, [was], schema)
    assert oordeel.voorstel == wordt
    if wordt is not None:
        (opnieuw,) = beoordeel(naam, [wordt], schema)
        assert opnieuw.geldig


@pytest.mark.parametrize("naam", ["insz", "e_mail", "telefoon"])
def test_een_lange_of_lege_waarde_is_gewoon_niet_geldig(naam: str, schema: Schema) -> None:
    for waarde in ("", "a" * 40_000, "a." * 20_000):
        (oordeel,) = beoordeel(naam, [waarde], schema)
        assert not oordeel.geldig
