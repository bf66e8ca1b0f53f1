"""The reader takes any workbook that a clerk hands in, and every value keeps its own cell address."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
import xlsxwriter

from kit.schema import Schema
from kit.werkboek.lezen import lees


@pytest.fixture
def vreemd(tmp_path, schema: Schema):
    """A workbook in somebody's own layout: `vreemd(verenigingen=rows)`; other sheets get only their headings."""

    def maak(verenigingen: list[list[object]], naam: str = "Verenigingen", werk=None) -> object:
        pad = tmp_path / "vreemd.xlsx"
        boek = xlsxwriter.Workbook(pad)
        datum = boek.add_format({"num_format": "dd/mm/yyyy"})
        for blad in schema.per_sleutel["fv"].bladen:
            eerste = blad.sleutel == "verenigingen"
            ws = boek.add_worksheet(naam if eerste else blad.naam)
            rijen = verenigingen if eerste else [[k.kop for k in blad.kolommen]]
            for r, rij in enumerate(rijen):
                for k, waarde in enumerate(rij):
                    if isinstance(waarde, dt.date):
                        ws.write_datetime(r, k, waarde, datum)
                    elif waarde is not None:
                        ws.write(r, k, waarde)
            if eerste and werk:
                werk(ws)
        boek.close()
        return pad

    return maak


def waarden(gelezen, kolom: str) -> dict[int, str | None]:
    blad = gelezen.bladen["verenigingen"]
    return dict(zip(blad.frame["_rij"], blad.frame[kolom], strict=True))


def test_koppen_verplaatst_hernoemd_en_lager_op_het_blad(vreemd, schema) -> None:
    pad = vreemd([[], ["Mijn lijst"], [None, "Naam vereniging", "NUMMER", "Afkorting"], [None, "De Zwaluw", 7, "DZ"]])
    gelezen = lees(pad, schema)
    assert waarden(gelezen, "naam") == {4: "De Zwaluw"}
    assert waarden(gelezen, "nr") == {4: "7"}
    assert gelezen.bladen["verenigingen"].cel("naam", 4) == "B4"


def test_lege_rijen_verschuiven_geen_adressen(vreemd, schema) -> None:
    pad = vreemd([["Nr", "Naam"], ["1", "A"], [], [], ["2", "B"]])
    assert waarden(lees(pad, schema), "naam") == {2: "A", 5: "B"}


def test_ontbrekende_dubbele_en_extra_kolommen_worden_gemeld(vreemd, schema) -> None:
    gelezen = lees(vreemd([["Nr", "Naam", "Naam", "Lokaal nummer"], ["1", "A", "B", "x"]]), schema)
    gevonden = {(b.regel, b.cel) for b in gelezen.structuur if b.blad == "Verenigingen"}
    assert {("STRUCTUUR-03", "C1"), ("STRUCTUUR-04", "D1")} <= gevonden
    assert ("STRUCTUUR-02", "A1") in gevonden
    assert waarden(gelezen, "naam") == {2: "A"}
    assert [(e.kop, e.waarden) for e in gelezen.bladen["verenigingen"].extra] == [("Naam", ["B"]), ("Lokaal nummer", ["x"])]


def test_verplichte_kolom_weg_is_een_fout_op_de_koprij(vreemd, kijk_na) -> None:
    bevindingen = [b for b in kijk_na(vreemd([["Nr", "Korte naam"], ["1", "A"]])) if b.ernst == "fout"]
    assert [(b.regel, b.kolom, b.rij) for b in bevindingen] == [("STRUCTUUR-01", "Naam", 1)]


def test_getallen_datums_en_booleans_zoals_excel_ze_bewaart(vreemd, schema) -> None:
    rij = [2000, "A", dt.date(1998, 9, 1), 6.0, 12.5, True]
    gelezen = lees(vreemd([["Nr", "Naam", "Startdatum", "Minimumleeftijd", "Maximumleeftijd", "Migreren"], rij]), schema)
    (rij_,) = (
        gelezen.bladen["verenigingen"].frame.select("nr", "startdatum", "minimumleeftijd", "maximumleeftijd", "migreren").rows()
    )
    assert rij_ == ("2000", "1998-09-01", "6", "12.5", "WAAR")


def test_samengevoegde_cellen_gelden_voor_elke_rij(vreemd, schema) -> None:
    pad = vreemd([["Nr", "Naam"], [None, "A"], [None, "B"]], werk=lambda ws: ws.merge_range("A2:A3", "9"))
    gelezen = lees(pad, schema)
    assert waarden(gelezen, "nr") == {2: "9", 3: "9"}
    assert [b.cel for b in gelezen.structuur if b.regel == "STRUCTUUR-05"] == ["A2"]


def test_verborgen_en_gefilterde_rijen_tellen_mee(vreemd, schema) -> None:
    def verberg(ws) -> None:
        ws.set_row(1, None, None, {"hidden": True})
        ws.set_column(1, 1, None, None, {"hidden": True})
        ws.autofilter("A1:B3")

    assert waarden(lees(vreemd([["Nr", "Naam"], ["1", "A"], ["2", "B"]], werk=verberg), schema), "naam") == {2: "A", 3: "B"}


def test_formules_geven_hun_waarde_en_fouten_blijven_zichtbaar(vreemd, schema) -> None:
    def formules(ws) -> None:
        ws.write_formula("B2", '="De "&"Zwaluw"', None, "De Zwaluw")
        ws.write_formula("B3", "=1/0", None, "#DIV/0!")

    gelezen = lees(vreemd([["Nr", "Naam"], ["1"], ["2"]], werk=formules), schema)
    assert waarden(gelezen, "naam") == {2: "De Zwaluw", 3: "#DIV/0!"}


def test_formule_zonder_bewaarde_waarde_is_een_fout_en_geen_stille_leegte(boek, kijk_na) -> None:
    pad = boek(verenigingen=[{"nr": "1", "naam": "x"}])
    werkmap = openpyxl.load_workbook(pad)
    werkmap["Verenigingen"]["B3"] = '="De "&"Zwaluw"'
    werkmap.save(pad)  # openpyxl keeps no calculated values
    assert ("STRUCTUUR-06", "B3") in {(b.regel, b.cel) for b in kijk_na(pad)}


def test_bladnaam_met_andere_hoofdletters_of_alias(vreemd, schema) -> None:
    assert waarden(lees(vreemd([["Nr", "Naam"], ["1", "A"]], naam="VERENIGING"), schema), "naam") == {2: "A"}


def test_extra_bladen_worden_genoemd_en_niet_gelezen(boek, schema) -> None:
    pad = boek(verenigingen=[{"nr": "1", "naam": "x"}])
    assert "Overzicht" in lees(pad, schema).overige_bladen
