"""Rules between columns, rows, sheets and workbooks, on the least workbook that shows them."""

import datetime as dt

import pytest

from kit.regels import Aard, Ernst, alle_regels

V1 = {"nr": "1", "naam": "De Zwaluw"}
ADRES = {"straatnaam": "Kerkstraat", "huisnummer": "1", "postcode": "2800", "gemeente": "Mechelen", "land": "België"}


def codes(bevindingen, kolom: str | None = None) -> set[str]:
    return {b.regel for b in bevindingen if b.ernst == Ernst.FOUT and (kolom is None or b.kolom == kolom)}


def test_een_vereniging_met_alleen_nr_en_naam_mag(boek, kijk_na) -> None:
    assert codes(kijk_na(boek(verenigingen=[V1]))) == set()


@pytest.mark.parametrize("leeg", ["", "   ", "\u2003", "NULL", "null"])
def test_verplichte_cel_leeg(leeg: str, boek, kijk_na) -> None:
    pad = boek(verenigingen=[{"nr": "1", "naam": leeg or None, "korte_naam": "Z"}])
    assert "VERPLICHT-01" in codes(kijk_na(pad), "Naam")


def test_identieke_locaties_ook_met_andere_leestekens(boek, kijk_na) -> None:
    a = {"nr": "1", "locatietype": "Activiteiten", **ADRES}
    b = a | {"straatnaam": "KERK-straat!", "land": "Belgie"}
    assert codes(kijk_na(boek(verenigingen=[V1], locaties=[a, b]))) == {"LOCATIE-02"}


def test_twee_correspondentieadressen(boek, kijk_na) -> None:
    a = {"nr": "1", "locatietype": "Correspondentie", **ADRES}
    assert codes(kijk_na(boek(verenigingen=[V1], locaties=[a, a | {"huisnummer": "2"}]))) == {"LOCATIE-01"}


def test_adres_en_adres_id_samen_of_geen_van_beide(boek, kijk_na) -> None:
    puri = "https://data.vlaanderen.be/id/adres/1"
    beide = {"nr": "1", "locatietype": "Activiteiten", **ADRES, "adres_id": puri}
    geen = {"nr": "1", "locatietype": "Activiteiten", "naam": "Zaal"}
    alleen_id = {"nr": "1", "locatietype": "Activiteiten", "adres_id": puri}
    gevonden = [b.rij for b in kijk_na(boek(verenigingen=[V1], locaties=[beide, geen, alleen_id])) if b.regel == "ADRES-01"]
    assert gevonden == [3, 4]


def test_maatschappelijke_zetel_wordt_geweigerd(boek, kijk_na) -> None:
    rij = {"nr": "1", "locatietype": "Maatschappelijke zetel volgens KBO", **ADRES}
    assert codes(kijk_na(boek(verenigingen=[V1], locaties=[rij]))) == {"KEUZE-01"}


def test_zelfde_telefoon_anders_geschreven_is_dubbel(boek, kijk_na) -> None:
    rijen = [{"nr": "1", "type": "Telefoon", "waarde": w} for w in ("0412 34 56 78", "+32 412 34 56 78")]
    assert codes(kijk_na(boek(verenigingen=[V1], contactgegevens=rijen))) == {"CONTACT-01"}


def test_zelfde_waarde_met_andere_beschrijving_mag(boek, kijk_na) -> None:
    rijen = [{"nr": "1", "type": "E-mail", "waarde": "a@b.be", "beschrijving": b} for b in ("leden", "pers")]
    assert codes(kijk_na(boek(verenigingen=[V1], contactgegevens=rijen))) == set()


def test_de_regel_volgt_het_type_van_het_contactgegeven(boek, kijk_na) -> None:
    rijen = [{"nr": "1", "type": t, "waarde": "www.x.be"} for t in ("E-mail", "Telefoon", "Website", "Sociale media")]
    gevonden = [(b.rij, b.regel) for b in kijk_na(boek(verenigingen=[V1], contactgegevens=rijen)) if b.ernst == Ernst.FOUT]
    assert gevonden == [(3, "EMAIL-01"), (4, "TEL-01"), (5, "WEB-01"), (6, "SOC-01")]


def test_insz_twee_keer_in_een_vereniging_met_en_zonder_punten(boek, kijk_na) -> None:
    p = {"nr": "1", "voornaam": "An", "achternaam": "Peeters"}
    rijen = [p | {"insz": "71432512346"}, p | {"insz": "71.43.25-123.46"}]
    assert codes(kijk_na(boek(verenigingen=[V1], vertegenwoordigers=rijen))) == {"INSZ-04"}


def test_lidmaatschappen_die_overlappen(boek, kijk_na) -> None:
    a = {"nr": "1", "andere_vereniging": "V0001001", "van": dt.date(2020, 1, 1)}
    b = a | {"van": dt.date(2021, 1, 1), "tot": dt.date(2021, 6, 1)}
    assert codes(kijk_na(boek(verenigingen=[V1], lidmaatschappen=[a, b]))) == {"PERIODE-03"}
    na_elkaar = [a | {"tot": dt.date(2020, 12, 31)}, b]
    assert codes(kijk_na(boek(verenigingen=[V1], lidmaatschappen=na_elkaar))) == set()


def test_verwijzing_naar_een_vereniging_die_er_niet_is(boek, kijk_na) -> None:
    rij = {"nr": "2", "type": "E-mail", "waarde": "a@b.be"}
    assert codes(kijk_na(boek(verenigingen=[V1], contactgegevens=[rij]))) == {"VERWIJZING-01"}


def test_kbo_nummer_met_en_zonder_punten_verwijst_naar_dezelfde(boek, kijk_na) -> None:
    pad = boek(
        "kbo",
        verenigingen=[{"kbo_nummer": "0123.456.749"}],
        contactgegevens=[{"kbo_nummer": "0123456749", "type": "E-mail", "waarde": "a@b.be"}],
    )
    assert codes(kijk_na(pad)) == set()


def test_nvt_met_een_ander_werkingsgebied(boek, kijk_na) -> None:
    rij = V1 | {"werkingsgebied_1": "Niet van toepassing", "werkingsgebied_2": "Mechelen"}
    assert codes(kijk_na(boek(verenigingen=[rij]))) == {"GEBIED-02"}


def test_naam_en_code_van_dezelfde_activiteit_zijn_dubbel(boek, kijk_na) -> None:
    assert codes(kijk_na(boek(verenigingen=[V1 | {"hoofdactiviteit_1": "Sport", "hoofdactiviteit_2": "SPRT"}]))) == {
        "ACTIVITEIT-01"
    }


def test_startdatum_vandaag_mag_morgen_niet(boek, kijk_na) -> None:
    vandaag = dt.date(2026, 5, 4)
    pad = boek(verenigingen=[V1 | {"startdatum": vandaag}, {"nr": "2", "naam": "B", "startdatum": dt.date(2026, 5, 5)}])
    assert [(b.rij, b.regel) for b in kijk_na(pad, vandaag=vandaag) if b.ernst == Ernst.FOUT] == [(4, "DATUM-02")]


def test_dezelfde_vereniging_in_beide_werkboeken(boek, kijk_na) -> None:
    fv = boek(verenigingen=[{"nr": "1", "naam": "De Zwaluw"}])
    kbo = boek("kbo", verenigingen=[{"kbo_nummer": "0123.456.749", "naam": "Zwaluw VZW"}])
    assert sorted(b.bestand for b in kijk_na(fv, kbo) if b.regel == "DUBBEL-02") == [fv.name, kbo.name]


@pytest.mark.parametrize("regel", [r for r in alle_regels() if r.aard == Aard.WAARDE], ids=lambda r: r.code)
def test_elke_waarderegel_volgt_haar_eigen_voorbeelden(regel, schema) -> None:
    import polars as pl

    from kit.regels import Context, toegepast

    w, t = next((w, t) for w in schema.werkboeken for b in w.bladen for t in toegepast(b) if t.regel is regel)
    frame = pl.DataFrame({t.kolom.sleutel: [*regel.goed, *(s for s in regel.slecht if s)]}, schema={t.kolom.sleutel: pl.String})
    from kit.regels import Cel

    oordelen = frame.select(regel.oordeel(Cel(t.kolom, t.blad, Context(schema, w)))).to_series().to_list()
    assert oordelen == [True] * len(regel.goed) + [False] * (len(oordelen) - len(regel.goed))


def test_elke_regel_heeft_een_bron_en_een_unieke_code() -> None:
    assert all(r.bron and r.eis and r.melding for r in alle_regels())
    assert len({r.code for r in alle_regels()}) == len(alle_regels())


def test_nationale_nummers_zijn_afgeschermd_in_json(boek, kijk_na) -> None:
    insz = "71432512347"
    rij = {"nr": "1", "insz": insz, "voornaam": "An", "achternaam": f"Peeters {insz}"}
    for b in kijk_na(boek(verenigingen=[V1], vertegenwoordigers=[rij])):
        assert insz not in str(b.als_dict())
        assert insz not in b.melding


def test_twee_diensten_met_dezelfde_vereniging(boek, kijk_na) -> None:
    """Two workbooks of one kind, each of a service: the double is told in both, with where it is."""
    adres = {"locatietype": "Activiteiten", "postcode": "8500", "gemeente": "Kortrijk"}
    paden = []
    for dienst, naam in (("jeugd", "Turnkring De Wulp"), ("sport", "Koninklijke Turnkring De Wulp vzw")):
        pad = boek(verenigingen=[{"nr": "7", "naam": naam}], locaties=[{"nr": "7", **adres}])
        paden.append(pad.rename(pad.with_name(f"{dienst}.xlsx")))
    meldingen = {b.bestand: b.melding for b in kijk_na(*paden) if b.regel == "DUBBEL-02"}
    assert set(meldingen) == {"jeugd.xlsx", "sport.xlsx"}
    assert all("Feitelijke verenigingen, Nr 7" in m for m in meldingen.values())
