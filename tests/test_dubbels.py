"""Probable duplicates: the register's own examples, planted variants, the distributed engine, and what the register will flag."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from kit.cli.hulp import uitvoeren
from kit.dubbels.kandidaat import Kandidaat
from kit.dubbels.motor import Dask, Lokaal
from kit.dubbels.plaatsen import Plaatsen, plaatsen_van
from kit.dubbels.registernet import Registernet, voorspel, zonder_gemeente
from kit.dubbels.vergelijk import vergelijk, vergelijk_namen
from kit.dubbels.zoek import REGISTER, zoek
from kit.schema import Schema
from kit.voorbeeld.dubbelgangers import SOORTEN, Proef, maak_proef

VECTOREN = Path(__file__).parent / "vectoren" / "dubbels.csv"


@pytest.fixture(scope="module")
def plaatsen(schema: Schema) -> Plaatsen:
    return plaatsen_van(schema)


def namenparen() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(registered, must be a double) and (registered, must not be) of the register's own test set."""
    with VECTOREN.open(encoding="utf-8", newline="") as f:
        rijen = list(csv.DictReader(f))
    dubbel, anders = (
        [(r["geregistreerd"], naam) for r in rijen for naam in r[kolom].split(";") if naam.strip()]
        for kolom in ("dubbel", "geen_dubbel")
    )
    return dubbel, anders


def test_de_namen_van_het_register_zelf(plaatsen: Plaatsen) -> None:
    dubbel, anders = namenparen()
    gemist = [p for p in dubbel if not vergelijk_namen(*p, plaatsen).dubbel]
    vals = [p for p in anders if vergelijk_namen(*p, plaatsen).dubbel]
    assert (len(dubbel), len(anders)) == (31, 124)
    assert len(gemist) <= 1, gemist
    assert len(vals) <= 3, vals


@pytest.fixture(scope="module")
def proef(schema: Schema) -> Proef:
    return maak_proef(schema, 20_000)


def test_geplante_varianten_in_twintigduizend(proef: Proef, plaatsen: Plaatsen) -> None:
    gevonden = {(p.a, p.b) for p in zoek(proef.kandidaten, plaatsen)}
    goed = gevonden & proef.geplant.keys()
    gemist = Counter(soort for paar, soort in proef.geplant.items() if paar not in gevonden)
    assert set(proef.geplant.values()) == set(SOORTEN)
    assert len(goed) / len(proef.geplant) >= 0.98, gemist
    assert len(goed) / len(gevonden) >= 0.95


def test_een_cluster_vindt_dezelfde_paren(schema: Schema, plaatsen: Plaatsen) -> None:
    kandidaten = maak_proef(schema, 3_000, zaad=4, aandeel=0.2).kandidaten
    hier = zoek(kandidaten, plaatsen, motor=Lokaal(1))
    assert len(hier) > 400
    assert zoek(kandidaten, plaatsen, motor=Lokaal(2)) == hier
    assert zoek(kandidaten, plaatsen, motor=Dask()) == hier


def test_twee_verenigingen_van_het_register_zijn_geen_vraag(plaatsen: Plaatsen) -> None:
    a, b, c = (
        Kandidaat(s, bron, "Turnkring De Wulp", plaatsen=("kortrijk",))
        for s, bron in (("V1", REGISTER), ("V2", REGISTER), ("x", "y"))
    )
    assert {(p.a, p.b) for p in zoek([a, b, c], plaatsen)} == {("V1", "x"), ("V2", "x")}


@pytest.mark.parametrize(
    ("a", "b", "dubbel"),
    [
        ("Chiro Sint-Jozef", "Chiro St. Jozef", True),
        ("KSA Roodkapje Kortrijk", "K.S.A. Roodkapje", True),
        ("Koninklijke Harmonie De Eendracht vzw", "Harmonie De Eendracht", True),
        ("De Vrienden van het Museum / Les Amis du Musée", "Vrienden van het Museum", True),
        ("Okra Kortrijk", "Okra trefpunt Kortrijk", True),
        ("Scouts 1ste Kortrijk", "Scouts 2de Kortrijk", False),
        ("Chirojongens Kortrijk", "Chiromeisjes Kortrijk", False),
        ("Wandelclub De Wulp", "Turnkring De Wulp", False),
        ("KWB Kortrijk", "KSA Kortrijk", False),
    ],
)
def test_namen(a: str, b: str, dubbel: bool, plaatsen: Plaatsen) -> None:
    oordeel = vergelijk_namen(a, b, plaatsen)
    assert oordeel.dubbel is dubbel, oordeel
    assert vergelijk_namen(b, a, plaatsen).score == oordeel.score
    assert oordeel.redenen


def test_initialen_als_korte_naam_zeggen_niets(plaatsen: Plaatsen) -> None:
    a = Kandidaat("1", "x", "Bezoekgroep De Kastanje Wetteren", ("BDKW",), ("wetteren",))
    b = Kandidaat("2", "x", "Buurtcomité De IJsvogel Wetteren", ("BDIW",), ("wetteren",))
    assert not vergelijk(a, b, plaatsen).dubbel


def test_redenen_noemen_nooit_wie_of_welk_nummer(plaatsen: Plaatsen) -> None:
    samen = {"personen": ("80010100184",), "rekeningen": ("BE68539007547034",), "e_mails": ("jan@example.org",)}
    a = Kandidaat("1", "x", "Turnkring De Wulp", plaatsen=("kortrijk",), **samen)
    b = Kandidaat("2", "x", "De Wulp", plaatsen=("kortrijk",), **samen)
    oordeel = vergelijk(a, b, plaatsen)
    assert oordeel.dubbel
    assert "dezelfde vertegenwoordiger" in oordeel.redenen
    assert not any(w in str(oordeel.redenen) for ws in samen.values() for w in ws)


@pytest.mark.parametrize(
    ("geregistreerd", "gezocht"),
    [
        *(
            ("Grote Vereniging", n)
            for n in ("GROTE VERENIGING", "Grote-Vereniging!", "   Grote    Vereniging ", "Grote Veréniging")
        ),
        ("Grote Vereniging", "De Grote van de Vereniging"),
        ("Grote Vereniging", "Gorte Veregigning"),
        ("Sint-Servaas", "Sint Servaas!"),
        ("Cafésport", "Cafesport"),
        ("De pottestampers", "pottestampers met het"),
        ("De pottestampers", "De potenstampers"),
    ],
)
def test_het_net_van_het_register_vangt_wat_het_register_vangt(geregistreerd: str, gezocht: str) -> None:
    net = Registernet()
    # As in the register's own test, among the names of its data set.
    for n, naam in enumerate(dict.fromkeys((geregistreerd, *(r for p in namenparen() for r, _ in p)))):
        net.voeg_toe(f"V{n}", naam, ["8500"], ["Kortrijk"])
    assert "V0" in [s for s, _ in net.zoek(gezocht, ["8500"], ["Kortrijk"])]
    assert not net.zoek(gezocht, ["9000"], ["Gent"])


@pytest.mark.parametrize(
    ("naam", "gemeenten", "over"),
    [
        ("Spurs kortrijk", ["KortrIjk"], "spurs"),
        ("FC halle Spurs in buizingen", ["Halle", "Buizingen"], "fc spurs in"),
        ("FC halle Spurs in buizingen", ["Buizingen (Halle)"], "fc spurs in"),
        ("FC halLe-buiZIngen Spurs", ["Halle"], "fc halle-buizingen spurs"),
        ("De haan haantjes", ["de haan"], "haantjes"),
        ("De haantjes (de haan)", ["de haan"], "de haantjes ()"),
        ("Halse vereniging", ["halle"], "halse vereniging"),
    ],
)
def test_zo_haalt_het_register_de_gemeente_uit_de_naam(naam: str, gemeenten: list[str], over: str) -> None:
    assert zonder_gemeente(naam, gemeenten) == over


def test_de_voorspelling_ziet_ook_wat_eerder_in_de_partij_zit() -> None:
    vast = [(Kandidaat("V1", REGISTER, "Koor Cantate", postcodes=("8500",)), ["Kortrijk"])]
    vulling = [
        (Kandidaat(f"V{n}", REGISTER, f"Vulsel nummer{n} groep{n}", postcodes=("8500",)), ["Kortrijk"]) for n in range(2, 9)
    ]
    a, b = (Kandidaat(s, "x", n, postcodes=("8500",)) for s, n in (("a", "Koor Kantate"), ("b", "Dansgroep Roerdomp")))
    c = Kandidaat("c", "x", "Dansgroep De Roerdomp", postcodes=("8500",))
    assert voorspel([(k, ["Kortrijk"]) for k in (a, b, c)], vast + vulling) == {"a": ["V1"], "c": ["b"]}


def test_het_commando(capsys: pytest.CaptureFixture[str]) -> None:
    assert uitvoeren(["dubbels", "Chiro Sint-Jozef", "Chiro St-Jozef Kortrijk", "--gemeente", "Kortrijk", "--json"]) == 0
    uit = json.loads(capsys.readouterr().out)
    assert set(uit) == {"score", "dubbel", "redenen"}
    assert uit["dubbel"] is True
    assert uitvoeren(["dubbels", "", "x"]) == 2
    assert uitvoeren(["dubbels", "Chiro", "Turnkring De Wulp"]) == 0
    assert "twee verenigingen" in capsys.readouterr().out
