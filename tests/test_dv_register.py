"""The client against a real HTTP server: headers, statuses, what is tried again and what is not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hulp.dv import HAAST, OVO, Register, fv_boek, kit, oefenregister
from kit.bestanden import InGeheugen
from kit.dubbels.motor import Lokaal
from kit.dv import tabellen as t
from kit.dv.dossier import Dossier, open_dossier
from kit.dv.instellingen import Instellingen
from kit.dv.nakijken import kijk_na
from kit.dv.oefengegevens import maak_besturen, zaad_voor_register
from kit.dv.ontvangst import Inzending, ontvang
from kit.dv.paren import lees_registerlijst, zoek_dubbels
from kit.dv.register import Antwoord, Onzeker
from kit.dv.register import Register as Klant
from kit.dv.ronde import begin_ronde, voer_uit
from kit.dv.stand import Uitkomst, standen
from kit.fouten import KitFout
from kit.schema import Schema
from kit.voorbeeld import maak_voorbeeld
from kit.werkboek.genereer import genereer

LOCATIE = {
    "locatietype": "Activiteiten",
    "adres": {"straatnaam": "Dorp", "huisnummer": "1", "postcode": "8500", "gemeente": "Kortrijk", "land": "België"},
}


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with oefenregister(tmp_path / "register") as r:
        yield r


def roep(register: Register, doe: Callable[[Klant], Coroutine[Any, Any, Any]], **instellingen: Any) -> Any:
    async def samen() -> Any:
        async with Klant(Instellingen.uit(HAAST, url=register.adres, **instellingen)) as klant:
            return await doe(klant)

    return asyncio.run(samen())


def vzer(naam: str, **body: Any) -> Callable[[Klant], Coroutine[Any, Any, Antwoord]]:
    return lambda k: k.roep("POST", "/v1/verenigingen/vzer", ovo=OVO, body={"naam": naam, **body})


def test_registreren_en_terugvinden(register: Register) -> None:
    antwoord = roep(register, vzer("Turnkring De Wulp", locaties=[LOCATIE]))
    assert (antwoord.status, antwoord.vcode, antwoord.versie) == (202, "V0001001", 1)
    daar = roep(register, lambda k: k.haal("V0001001", OVO))
    assert (daar.status, daar.versie, daar.inhoud["naam"]) == (200, 1, "Turnkring De Wulp")
    assert roep(register, lambda k: k.haal("V0001002", OVO)).status == 404
    register.stop()
    register.start()
    assert roep(register, lambda k: k.haal("V0001001", OVO)).inhoud == daar.inhoud


@pytest.mark.parametrize(
    ("body", "zegt"),
    [
        ({"naam": " "}, "'Naam' mag niet leeg zijn."),
        ({"naam": "A <b>"}, "niet toegestane tekens"),
        ({"naam": "A", "startdatum": "2999-01-01"}, "Startdatum mag niet in de toekomst liggen."),
        ({"naam": "A", "hoofdactiviteitenVerenigingsloket": ["jgdw"]}, "hoofdactiviteit is niet gekend"),
        ({"naam": "A", "werkingsgebieden": ["NVT", "BE25"]}, "kan niet gecombineerd worden"),
        (
            {"naam": "A", "contactgegevens": [{"contactgegeventype": "Email", "waarde": "a@b.be"}]},
            "geen gekend contactgegeven type",
        ),
        ({"naam": "A", "contactgegevens": [{"contactgegeventype": "Website", "waarde": "www.x.be"}]}, "moet beginnen met"),
        ({"naam": "A", "locaties": [LOCATIE, LOCATIE]}, "Identieke locaties zijn niet toegelaten."),
        ({"naam": "A", "locaties": [{"locatietype": "Activiteiten"}]}, "moet of een adres of een adresId bevatten"),
        ({"naam": "A", "vertegenwoordigers": [{"insz": "01234567890", "voornaam": "A", "achternaam": "B"}]}, "foutieve checksum"),
        ({"naam": "A", "bankrekeningnummers": [{"iban": "BE68539007547034"}]}, "'Titularissen' mag niet leeg zijn."),
        (
            {"naam": "A", "bankrekeningnummers": [{"iban": "DE68539007547034", "titularissen": ["A"]}]},
            "geen geldig Belgisch IBAN",
        ),
    ],
)
def test_wat_het_register_weigert_komt_terug_in_zijn_woorden(body: dict[str, Any], zegt: str, register: Register) -> None:
    antwoord = roep(register, lambda k: k.roep("POST", "/v1/verenigingen/vzer", ovo=OVO, body=body))
    assert antwoord.status == 400
    assert zegt in antwoord.melding
    assert register.verenigingen == []


def test_een_dubbel_geeft_een_token_dat_alleen_bij_die_inhoud_past(register: Register) -> None:
    namen = ["Feestcomité Dorp", "Koor Cantate", "Wijk Noord", "Jeugdhuis Zolder", "Harmonie Sint-Jan", "Schaakclub Toren"]
    for naam in [*namen, "Turnkring De Wulp"]:
        assert roep(register, vzer(naam, locaties=[LOCATIE])).status == 202
    nee = roep(register, vzer("Turnkring De Wulpen", locaties=[LOCATIE]))
    assert nee.status == 409
    assert [d["vCode"] for d in nee.inhoud["mogelijkeDuplicateVerenigingen"]] == ["V0001007"]
    token = nee.inhoud["bevestigingsToken"]

    def met_token(naam: str) -> Any:
        body = {"naam": naam, "locaties": [LOCATIE]}
        return roep(register, lambda k: k.roep("POST", "/v1/verenigingen/vzer", ovo=OVO, body=body, token=token))

    assert "bevestigingstoken is niet geldig" in met_token("Turnkring De Wulpe").melding
    assert met_token("Turnkring De Wulpen").status == 202
    # Without a location the register does not look for doubles.
    assert roep(register, vzer("Turnkring De Wulpen")).status == 202


def test_een_oude_versie_wordt_niet_overschreven(register: Register) -> None:
    register.zaai(kbo={"0746889508": {"naam": "Vzw De Wulp"}})
    kbo = {"kboNummer": "0746.889.508"}
    nieuw = roep(register, lambda k: k.roep("POST", "/v1/verenigingen/kbo", ovo=OVO, body=kbo))
    nog_eens = roep(register, lambda k: k.roep("POST", "/v1/verenigingen/kbo", ovo=OVO, body=kbo))
    assert (nieuw.status, nog_eens.status, nog_eens.vcode) == (202, 200, nieuw.vcode)

    def patch(versie: int) -> Antwoord:
        pad = f"/v1/verenigingen/{nieuw.vcode}/kbo"
        return roep(register, lambda k: k.roep("PATCH", pad, ovo=OVO, body={"roepnaam": "Wulp"}, versie=versie))  # type: ignore[no-any-return]

    assert patch(7).status == 412
    assert (patch(1).status, patch(2).status) == (202, 200)


def test_druk_en_fouten_worden_opnieuw_geprobeerd_waar_dat_mag(register: Register) -> None:
    register.storing(druk=0.9)
    assert roep(register, vzer("Koor"), pogingen=30).status == 202
    register.storing(fout=0.5, zaad=3)
    assert roep(register, lambda k: k.haal("V0001001", OVO), pogingen=30).status == 200
    register.storing(fout=1.0)
    with pytest.raises(Onzeker):
        roep(register, vzer("Harmonie"))
    register.storing(weg_na=1.0)
    with pytest.raises(Onzeker):
        roep(register, vzer("Fanfare"))
    assert [v["naam"] for v in register.verenigingen] == ["Koor", "Fanfare"]
    assert register.vraag("storing")["gebeurd"]["druk"] > 0


def test_zonder_verbinding_of_met_eeuwige_druk_stopt_het_met_een_boodschap(register: Register) -> None:
    register.storing(druk=1.0)
    with pytest.raises(KitFout, match="te druk"):
        roep(register, vzer("Koor"), pogingen=2)
    register.stop()
    with pytest.raises(KitFout, match="niet bereikbaar"):
        roep(register, vzer("Koor"), pogingen=2)


def test_een_verlopen_token_wordt_een_keer_vernieuwd(register: Register) -> None:
    register.zeg("sleutels", ["iets anders"])
    oauth = {"client": "dv", "geheim": "zeer-geheim", "token_url": f"{register.adres}/oauth/token"}

    async def twee_keer(k: Klant) -> list[int]:
        eerst = await k.haal("V0001001", OVO)
        register.zeg("verlopen")
        return [eerst.status, (await k.haal("V0001001", OVO)).status]

    assert roep(register, twee_keer, **oauth) == [404, 404]
    with pytest.raises(KitFout, match="aanmelding") as nee:
        roep(register, lambda k: k.haal("V0001001", OVO), sleutel="zeer-geheim")
    assert "zeer-geheim" not in str(nee.value)
    assert roep(register, lambda k: k.haal("V0001001", OVO), sleutel="iets anders").status == 404
    assert "zeer-geheim" not in repr(Instellingen.uit({}, url=register.adres, **oauth))


def test_de_koppen_zijn_verplicht(register: Register) -> None:
    import httpx

    pad = f"{register.adres}/v1/verenigingen/V0001001"
    assert "VR-Initiator is verplicht" in httpx.get(pad).json()["detail"]
    assert "X-Correlation-Id" in httpx.get(pad, headers={"VR-Initiator": OVO}).json()["detail"]


@pytest.mark.parametrize("aantal", [0, 1, 2, 7, 40])
def test_de_hoogste_vcode_wordt_gevonden(aantal: int, register: Register) -> None:
    leeg = {
        n: []
        for n in ("locaties", "contactgegevens", "vertegenwoordigers", "bankrekeningnummers", "lidmaatschappen", "erkenningen")
    }
    register.zaai(verenigingen=[{"naam": f"Koor {n}", **leeg} for n in range(aantal)])
    assert roep(register, lambda k: k.hoogste(1000, OVO)) == 1000 + aantal


# --- a round ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def dossier(tmp_path: Path) -> Iterator[Dossier]:
    with open_dossier(tmp_path / "dv", nieuw=True) as d:
        yield d


def lever(dossier: Dossier, bestand: str, inhoud: bytes, **wie: str) -> None:
    ontvang(dossier, Inzending("werkboek", [InGeheugen(bestand, inhoud)]), wie.get("ovo", OVO), "Aarbeek", wie.get("dienst", ""))
    kijk_na(dossier, [wie.get("ovo", OVO)], processen=1)


def ronde(dossier: Dossier, register: Register, nummer: int = 1, **kw: Any) -> dict[str, int]:
    begin_ronde(dossier, nummer)
    return dict(asyncio.run(voer_uit(dossier, Instellingen.uit(HAAST, url=register.adres), **kw)).telling)


def test_alles_van_een_kbo_vereniging_komt_in_het_register(dossier: Dossier, register: Register, schema: Schema) -> None:
    rijen = maak_voorbeeld(schema, 12, 5).rijen["kbo"]
    for r in rijen["lidmaatschappen"]:
        r["andere_vereniging"] = "V0009999"
    kbo = {}
    for v in rijen["verenigingen"]:
        wie = [r["insz"] for r in rijen["vertegenwoordigers"] if r["kbo_nummer"] == v["kbo_nummer"]]
        kbo[str(v["kbo_nummer"]).replace(".", "")] = {
            "naam": v["naam"],
            "vertegenwoordigers": [{"insz": i.replace(".", "").replace("-", "")} for i in wie],
        }
    register.zaai(kbo=kbo)
    lever(dossier, "kbo.xlsx", genereer(schema.per_sleutel["kbo"], schema, rijen))
    assert ronde(dossier, register) == {"geregistreerd": 12}
    daar = register.verenigingen
    for blad, lijst in (
        ("locaties", "locaties"),
        ("contactgegevens", "contactgegevens"),
        ("bankrekeningen", "bankrekeningnummers"),
    ):
        assert sum(len(v[lijst]) for v in daar) == len(rijen[blad]), blad
    assert sum("rol" in p for v in daar for p in v["vertegenwoordigers"]) == sum(
        bool(r.get("rol")) for r in rijen["vertegenwoordigers"]
    )
    assert ronde(dossier, register) == {}
    assert len(register.verenigingen) == 12


def test_wat_geweigerd_is_wordt_niet_nog_eens_gevraagd_tot_het_verandert(
    dossier: Dossier, register: Register, schema: Schema
) -> None:
    rijen = [{"nr": "1", "naam": "Turnkring De Wulp"}, {"nr": "2", "naam": "Koor Cantate"}]
    boek = fv_boek(schema, rijen)
    lever(dossier, "fv.xlsx", boek)
    insz = maak_voorbeeld(schema, 30, 7).rijen["fv"]["vertegenwoordigers"][0]["insz"]
    register.zaai(ksz={str(insz).replace(".", "").replace("-", ""): "overleden"})
    assert ronde(dossier, register) == {"geweigerd": 1, "geregistreerd": 1}
    een = standen(dossier)[0]
    assert (een.uitkomst, "overleden" in een.waarom) == (Uitkomst.GEWEIGERD, True)
    assert ronde(dossier, register) == {}
    lever(dossier, "fv.xlsx", fv_boek(schema, [rijen[0] | {"naam": "Turnkring De Wulpen"}, rijen[1]]))
    assert ronde(dossier, register) == {"geweigerd": 1}


def test_een_partij_is_niet_groter_dan_gevraagd(dossier: Dossier, register: Register, schema: Schema) -> None:
    namen = ("Koor Cantate", "Turnkring Wulp", "Schaakclub Toren", "Jeugdhuis Zolder", "Heemkring Molen")
    lever(dossier, "fv.xlsx", fv_boek(schema, [{"nr": str(n), "naam": v} for n, v in enumerate(namen)]))
    assert ronde(dossier, register, hoogstens=2) == {"geregistreerd": 2}
    assert len(register.verenigingen) == 2
    assert ronde(dossier, register) == {"geregistreerd": 3}


def test_een_ronde_zonder_register_of_in_de_verkeerde_volgorde(tmp_path: Path, schema: Schema) -> None:
    pad = tmp_path / "fv.xlsx"
    pad.write_bytes(fv_boek(schema, [{"nr": "1", "naam": "Turnkring De Wulp"}]))
    werkmap = ("--werkmap", tmp_path / "dv")
    kit("dv", "ontvang", pad, "--gi", OVO, "--naam", "Aarbeek", *werkmap)
    ergens = {"KIT_REGISTER_URL": "http://127.0.0.1:1", "KIT_REGISTER_POGINGEN": "2"}
    for argumenten, omgeving, zegt in (
        (("ronde", "1"), ergens, "nog niets nagekeken"),
        (("valideer",), {}, ""),
        (("ronde", "2"), ergens, "begin met ronde 1"),
        (("ronde", "1"), {}, "KIT_REGISTER_URL"),
        (("ronde", "1"), {"KIT_REGISTER_URL": "register.be"}, "https://"),
        (("ronde", "1", "--proef"), ergens, "niet bereikbaar"),
        (("ronde", "1"), ergens, "niet bereikbaar"),
        (("ronde", "3"), ergens, "ronde 1 is bezig"),
        (("migreer",), ergens, "niet bereikbaar"),
    ):
        uit = kit("dv", *argumenten, *werkmap, omgeving=omgeving)
        assert zegt in uit.stderr, (argumenten, uit.stderr)
        assert uit.returncode == (2 if zegt else 0), argumenten
        assert "Traceback" not in uit.stderr


def test_elke_oproep_staat_in_het_dossier(dossier: Dossier, register: Register, schema: Schema) -> None:
    lever(dossier, "fv.xlsx", fv_boek(schema, [{"nr": "1", "naam": "Turnkring De Wulp"}]))
    ronde(dossier, register)
    (oproep,) = dossier.rijen(sa.select(t.oproep))
    assert (oproep.methode, oproep.status, oproep.stand, len(oproep.correlatie)) == ("POST", 202, "gelukt", 36)


def test_ronde_een_houdt_geen_verrassingen_in(dossier: Dossier, register: Register, schema: Schema, tmp_path: Path) -> None:
    """What the register flags in round 1 was foretold: of three GI's with each 80 associations in one municipality."""
    besturen = maak_besturen(schema, 40)
    register.zaai(**zaad_voor_register(besturen))
    for b in besturen:
        for naam, inhoud in b.werkboeken.items():
            lever(dossier, naam, inhoud, ovo=b.ovo, dienst=naam if b.diensten else "")
    lijst = tmp_path / "register.jsonl"
    lijst.write_text("".join(json.dumps(v) + "\n" for v in register.verenigingen), "utf-8")
    assert lees_registerlijst(dossier, schema, lijst) == 7
    zoek_dubbels(dossier, schema, Lokaal(1))
    d = t.dubbel.c
    voorspeld = {r.vereniging for r in dossier.rijen(sa.select(d.vereniging))}
    ronde(dossier, register)
    gevraagd = {r.vereniging for r in dossier.rijen(sa.select(d.vereniging).where(d.herkomst == "register"))}
    geprobeerd = {r.vereniging for r in dossier.rijen(sa.select(t.oproep.c.vereniging))}
    assert len(gevraagd) > 40
    assert len(gevraagd & voorspeld) >= 0.95 * len(gevraagd)
    assert len((voorspeld & geprobeerd) - gevraagd) <= 0.2 * len(voorspeld)


def test_een_kapotte_registerlijst_verandert_niets(dossier: Dossier, schema: Schema, tmp_path: Path) -> None:
    lijst = tmp_path / "register.jsonl"
    lijst.write_text('{"vCode": "V0001001", "naam": "Koor", "locaties": []}\n', "utf-8")
    assert lees_registerlijst(dossier, schema, lijst) == 1
    lijst.write_text('{"vCode": "V0001002", "naam": "Koor"}\nzomaar\n', "utf-8")
    with pytest.raises(KitFout, match="Regel 2"):
        lees_registerlijst(dossier, schema, lijst)
    assert [r.vcode for r in dossier.rijen(sa.select(t.registerlijst.c.vcode))] == ["V0001001"]


def test_wat_zonder_antwoord_verstuurd_is_mag_niet_veranderen(dossier: Dossier, register: Register, schema: Schema) -> None:
    """Else it would be looked for with another content than was sent, and be registered twice."""
    rijen = [{"nr": "1", "naam": "Turnkring De Wulp"}, {"nr": "2", "naam": "Koor Cantate"}]
    lever(dossier, "fv.xlsx", fv_boek(schema, rijen))
    begin_ronde(dossier, 1)
    register.storing(weg_na=1.0)
    haastig = Instellingen.uit(HAAST, url=register.adres, pogingen=1, gelijktijdig=1)
    assert asyncio.run(voer_uit(dossier, haastig)).telling == {"wacht": 2}
    anders = fv_boek(schema, [rijen[0] | {"naam": "Turnkring De Kievit"}, rijen[1]])
    for boek in (anders, fv_boek(schema, rijen[:1])):
        with pytest.raises(KitFout, match="Maak eerst de ronde af"):
            lever(dossier, "fv.xlsx", boek)
    register.storing()
    assert ronde(dossier, register) == {"geregistreerd": 2}
    lever(dossier, "fv.xlsx", anders)
    assert [v["naam"] for v in register.verenigingen] == ["Turnkring De Wulp", "Koor Cantate"]


def test_een_verkeerd_adres_is_geen_weigering(dossier: Dossier, register: Register, schema: Schema) -> None:
    lever(dossier, "fv.xlsx", fv_boek(schema, [{"nr": "1", "naam": "Turnkring De Wulp"}]))
    begin_ronde(dossier, 1)
    with pytest.raises(KitFout, match="KIT_REGISTER_URL"):
        asyncio.run(voer_uit(dossier, Instellingen.uit(HAAST, url=f"{register.adres}/elders")))
    assert standen(dossier)[0].klaar
    assert ronde(dossier, register) == {"geregistreerd": 1}
