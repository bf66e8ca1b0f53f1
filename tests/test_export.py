"""Export, repair and carrying over: on real files, through the same functions as the command line."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import shutil
import zipfile

import openpyxl
import pyrage
import pytest

from kit.actualiseer import actualiseer
from kit.export import exporteer
from kit.herstel import herstelplan
from kit.regels import Ernst
from kit.schema import laad_schema
from kit.schema.laden import VERSIES
from kit.validatie import valideer
from kit.werkboek.herstellen import herstel_bestand
from kit.werkboek.lezen import lees
from test_slechte_invoer import kit
from test_uitbreiden import wijzig

WANNEER = dt.datetime(2026, 11, 23, 9, 30)
VOORBEELD = {  # register.md 8.1, with a place, number and name of our own
    "verenigingen": [
        {"nr": "1", "naam": "Jeugdclub De Zwaluw", "korte_naam": "JDZ", "startdatum": dt.date(1998, 9, 1), "minimumleeftijd": 6,
         "maximumleeftijd": 18, "hoofdactiviteit_1": "Jeugdwerk", "werkingsgebied_1": "Mechelen", "uitgeschreven": "nee",
         "subtype": "Subvereniging", "moedervereniging": "V0001001"},
    ],
    "locaties": [
        {"nr": "1", "locatietype": "Correspondentie", "naam": "Lokaal", "straatnaam": "Zilverlindedreef", "huisnummer": "9",
         "postcode": "2800", "gemeente": "Mechelen", "land": "België", "primair": "ja"},
        {"nr": "1", "locatietype": "Activiteiten", "adres_id": "https://data.vlaanderen.be/id/adres/861019"},
    ],
    "contactgegevens": [{"nr": "1", "type": "Sociale media", "waarde": "https://sociaal.example/jdz"}],
    "vertegenwoordigers": [{"nr": "1", "insz": "71.43.25-123.46", "voornaam": "An", "achternaam": "Peeters",
                           "e_mail": "an@post.example"}],
    "bankrekeningen": [{"nr": "1", "iban": "BE68 5390 0754 7034", "doel": "Lidgeld", "titularissen": "An Peeters; Jan Claes"}],
    "lidmaatschappen": [{"nr": "1", "andere_vereniging": "V0001002", "van": dt.date(2024, 1, 1)}],
    "erkenningen": [{"nr": "1", "ipdc_productnummer": "14542"}],
}  # fmt: skip


def maak_export(schema, *paden):
    boeken = [lees(p, schema) for p in paden]
    return exporteer(boeken, valideer(boeken), door="An", wanneer=WANNEER)


def test_verzoeken_van_een_feitelijke_vereniging(boek, schema) -> None:
    export = maak_export(schema, boek(**VOORBEELD))
    regel = json.loads(export.bestanden["feitelijke-verenigingen.jsonl"])
    registratie, subtype, lidmaatschap, erkenning = regel["verzoeken"]
    assert (registratie["methode"], registratie["pad"]) == ("POST", "/v1/verenigingen/vzer")
    assert registratie["body"] == {
        "naam": "Jeugdclub De Zwaluw",
        "korteNaam": "JDZ",
        "startdatum": "1998-09-01",
        "doelgroep": {"minimumleeftijd": 6, "maximumleeftijd": 18},
        "hoofdactiviteitenVerenigingsloket": ["JGDW"],
        "werkingsgebieden": ["BE21212025"],
        "isUitgeschrevenUitPubliekeDatastroom": False,
        "locaties": [
            {
                "locatietype": "Correspondentie",
                "naam": "Lokaal",
                "isPrimair": True,
                "adres": {
                    "straatnaam": "Zilverlindedreef",
                    "huisnummer": "9",
                    "postcode": "2800",
                    "gemeente": "Mechelen",
                    "land": "België",
                },
            },
            {
                "locatietype": "Activiteiten",
                "adresId": {"broncode": "AR", "bronwaarde": "https://data.vlaanderen.be/id/adres/861019"},
            },
        ],
        "contactgegevens": [{"contactgegeventype": "SocialMedia", "waarde": "https://sociaal.example/jdz"}],
        "vertegenwoordigers": [
            {"insz": "71.43.25-123.46", "voornaam": "An", "achternaam": "Peeters", "e-mail": "an@post.example"}
        ],
        "bankrekeningnummers": [{"iban": "BE68 5390 0754 7034", "doel": "Lidgeld", "titularissen": ["An Peeters", "Jan Claes"]}],
    }
    assert subtype["body"] == {"subtype": "SUB", "andereVereniging": "V0001001"}
    assert lidmaatschap["body"] == {"andereVereniging": "V0001002", "van": "2024-01-01"}
    assert erkenning["body"] == {"erkenning": {"ipdcProductNummer": "14542"}}


def test_kleinste_vereniging_stuurt_lege_lijsten_geen_null(boek, schema) -> None:
    export = maak_export(schema, boek(verenigingen=[{"nr": "1", "naam": "A"}]))
    (call,) = json.loads(export.bestanden["feitelijke-verenigingen.jsonl"])["verzoeken"]
    assert call["body"]["naam"] == "A"
    assert all(v == [] for k, v in call["body"].items() if k != "naam")


def test_oproepen_van_een_kbo_vereniging_in_volgorde(boek, schema) -> None:
    s = {"kbo_nummer": "0123.456.749"}
    pad = boek(
        "kbo",
        verenigingen=[s | {"naam": "Turnkring", "roepnaam": "TK"}],
        vertegenwoordigers=[s | {"insz": "71432512346", "rol": "Voorzitter"}],
        contactgegevens=[{"kbo_nummer": "0123456749", "type": "Telefoon", "waarde": "015 00 00 00"}],
        locaties=[s | {k: v for k, v in VOORBEELD["locaties"][0].items() if k not in ("nr", "primair")}],
    )  # fmt: skip
    regel = json.loads(maak_export(schema, pad).bestanden["kbo-verenigingen.jsonl"])
    assert [(v["methode"], v["pad"].rsplit("/", 1)[-1]) for v in regel["verzoeken"]] == [
        ("POST", "kbo"),
        ("PATCH", "kbo"),
        ("POST", "contactgegevens"),
        ("POST", "locaties"),
        ("PATCH", "{vertegenwoordigerId}"),
    ]
    assert regel["verzoeken"][0]["body"] == {"kboNummer": "0123.456.749"}
    assert regel["verzoeken"][-1] | {"zoek": {"insz": "71432512346"}} == regel["verzoeken"][-1]
    assert "naam" not in regel["verzoeken"][1]["body"]


def test_fouten_houden_de_export_tegen(boek, schema) -> None:
    export = maak_export(schema, boek(verenigingen=[{"nr": "1", "naam": "<b>A</b>"}]))
    assert export.bestanden == {}
    assert [f.regel for f in export.fouten] == ["TEKST-01"]


def test_migreren_nee_blijft_achter_ook_met_fouten(boek, schema) -> None:
    pad = boek(
        verenigingen=[{"nr": "1", "naam": "A"}, {"nr": "2", "naam": "<b>B</b>", "migreren": "nee", "reden": "gestopt"}],
        contactgegevens=[
            {"nr": "2", "type": "E-mail", "waarde": "fout"},
            {"nr": "1", "type": "E-mail", "waarde": "a@post.example"},
        ],
    )
    export = maak_export(schema, pad)
    assert [(a.nr, a.reden) for a in export.achtergelaten] == [("2", "gestopt")]
    assert export.bestanden["feitelijke-verenigingen.jsonl"].count(b"\n") == 1
    blad = openpyxl.load_workbook(io.BytesIO(export.bestanden["feitelijke-verenigingen.xlsx"]))["Contactgegevens"]
    assert [c.value for c in blad["A"]] == ["Nr", "1"]


def test_manifest_klopt_met_de_bestanden(foutloos, schema) -> None:
    export = maak_export(schema, *foutloos)
    manifest = json.loads(export.bestanden["manifest.json"])
    assert {b["naam"]: b["sha256"] for b in manifest["bestanden"]} == {
        n: hashlib.sha256(i).hexdigest() for n, i in export.bestanden.items() if n != "manifest.json"
    }
    assert (manifest["door"], manifest["gemaakt"], manifest["schema"]) == ("An", "2026-11-23T09:30:00", schema.versie)
    assert manifest["rijen"]["feitelijke-verenigingen.xlsx"]["Verenigingen"] == 500


def test_exportwerkboek_is_weer_te_lezen_zonder_fouten(foutloos, schema, tmp_path) -> None:
    """Sheet -> export -> sheet: the same rows, and nothing new to say."""
    export = maak_export(schema, *foutloos)
    for pad in foutloos:
        (tmp_path / pad.name).write_bytes(export.bestanden[pad.name])
        voor, na = lees(pad, schema), lees(tmp_path / pad.name, schema)
        assert [b for b in valideer([na]) if b.ernst == Ernst.FOUT] == []
        for sleutel in voor.frames:
            kolommen = [k.sleutel for k in voor.bladen[sleutel].blad.kolommen]
            assert na.frames[sleutel].select(kolommen).equals(voor.frames[sleutel].select(kolommen))


def test_spaties_verdwijnen_uit_de_export(boek, schema) -> None:
    export = maak_export(schema, boek(verenigingen=[{"nr": "1", "naam": " De\u00a0 Zwaluw\n"}]))
    assert json.loads(export.bestanden["feitelijke-verenigingen.jsonl"])["verzoeken"][0]["body"]["naam"] == "De Zwaluw"


def test_versleuteld_pakket_gaat_alleen_open_met_de_sleutel_van_dv(foutloos, tmp_path) -> None:
    sleutel = pyrage.x25519.Identity.generate()
    publiek = tmp_path / "dv.txt"
    publiek.write_text(f"# sleutel van DV\n{sleutel.to_public()}\n")
    klaar = kit("exporteer", *foutloos, "--uit", tmp_path / "uit", "--versleutel", "--sleutel", publiek)
    assert klaar.returncode == 0, klaar.stderr
    (pakket,) = (tmp_path / "uit").iterdir()
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(pakket.read_bytes(), [sleutel]))) as z:
        assert sorted(z.namelist()) == ["feitelijke-verenigingen.jsonl", "feitelijke-verenigingen.xlsx", "kbo-verenigingen.jsonl",
                                        "kbo-verenigingen.xlsx", "manifest.json"]  # fmt: skip
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(pakket.read_bytes(), [pyrage.x25519.Identity.generate()])


@pytest.mark.parametrize(
    ("inhoud", "verwacht"), [("onzin", "geen geldige publieke sleutel"), ("", "leeg"), (None, "kan niet gelezen")]
)
def test_slechte_sleutel(inhoud, verwacht, foutloos, tmp_path) -> None:
    publiek = tmp_path / "dv.txt"
    if inhoud is not None:
        publiek.write_text(inhoud)
    klaar = kit("exporteer", *foutloos, "--uit", tmp_path / "uit", "--versleutel", "--sleutel", publiek)
    assert (klaar.returncode, verwacht in klaar.stderr) == (2, True)
    assert not (tmp_path / "uit").exists()


def test_herstel_verandert_alleen_de_herstelde_cellen(boek, schema, tmp_path) -> None:
    pad = boek(
        verenigingen=[
            {"nr": "1", "naam": " De  Zwaluw", "startdatum": "1/9/1998", "minimumleeftijd": "6 jaar", "korte_naam": "NULL"}
        ],
        contactgegevens=[
            {"nr": "1", "type": "Website", "waarde": "www.x.be"},
            {"nr": "1", "type": "E-mail", "waarde": "a@b.be; c@d.be"},
        ],
    )
    gelezen = lees(pad, schema)
    plan = herstelplan([gelezen])
    assert {(h.cel, h.was, h.wordt) for h in plan.zeker} == {
        ("B3", " De  Zwaluw", "De Zwaluw"),
        ("C3", "NULL", ""),
        ("E3", "1/9/1998", "1998-09-01"),
        ("F3", "6 jaar", "6"),
        ("C3", "www.x.be", "https://www.x.be"),
    }
    assert [b.waarde for b in plan.met_de_hand] == ["a@b.be; c@d.be"]  # the second address would be lost
    uit = tmp_path / "h.xlsx"
    uit.write_bytes(herstel_bestand(pad, plan.zeker, gelezen.werkboek))
    na = lees(uit, schema)
    assert {b.regel for b in valideer([na]) if b.ernst == Ernst.FOUT} == {"EMAIL-01"}
    assert herstelplan([na]).zeker == ()
    with zipfile.ZipFile(pad) as a, zipfile.ZipFile(uit) as b:
        anders = {n for n in a.namelist() if a.read(n) != b.read(n)}
    assert anders == {"xl/worksheets/sheet3.xml", "xl/worksheets/sheet5.xml"}


def test_actualiseren_verliest_geen_cel(boek, schema, tmp_path) -> None:
    """A newer schema renames a column, drops one and adds a sheet; the user has a column and a sheet of his own."""
    pad = boek(
        verenigingen=[
            {"nr": "1", "naam": "A", "dienst": "Jeugd", "startdatum": dt.date(2000, 1, 2)},
            {},
            {"nr": "2", "naam": "=B"},
        ]
    )
    werkmap = openpyxl.load_workbook(pad)
    werkmap["Verenigingen"]["Z2"], werkmap["Verenigingen"]["Z5"] = "Mijn kolom", "mijn waarde"
    werkmap.create_sheet("Mijn blad")["B2"] = "iets"
    werkmap.save(pad)
    nieuw = tmp_path / "schema"
    shutil.copytree(VERSIES / "2026.1", nieuw)
    wijzig(nieuw / "schema.yaml", 'versie: "2026.1"', 'versie: "2026.2"')
    wijzig(nieuw / "fv.yaml", "      - *dienst\n", "")
    wijzig(nieuw / "fv.yaml", "kop: Startdatum\n", "kop: Begindatum\n")
    wijzig(nieuw / "fv.yaml", "aliassen: [Oprichtingsdatum,", "aliassen: [Startdatum, Oprichtingsdatum,")

    klaar = actualiseer(pad, laad_schema(nieuw))
    assert (klaar.van, klaar.naar) == ("2026.1", "2026.2")
    uit = tmp_path / "nieuw.xlsx"
    uit.write_bytes(klaar.inhoud)
    na = openpyxl.load_workbook(uit)
    blad = na["Verenigingen"]
    koppen = {c.value: c.column for c in blad[2]}
    assert blad.cell(3, koppen["Begindatum"]).value == dt.datetime(2000, 1, 2)
    assert blad.cell(3, koppen["Dienst"]).value == "Jeugd"
    assert blad.cell(5, koppen["Mijn kolom"]).value == "mijn waarde"
    assert (blad.cell(5, koppen["Naam"]).value, blad.cell(5, koppen["Naam"]).data_type) == ("=B", "s")
    assert na["Mijn blad"]["B2"].value == "iets"
    assert lees(uit, laad_schema(nieuw)).versie == "2026.2"
