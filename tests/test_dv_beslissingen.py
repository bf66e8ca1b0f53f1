"""Questions to a GI and back: own workbook, marked, with drop-downs; a decision holds for the content it was taken on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from hulp.dv import HAAST, OVO, Register, fv_boek, kit, oefenregister, rijen_van, vul_in
from hulp.lo import zet_om
from hulp.xlsxlint import lint
from kit.dv.dossier import open_dossier
from kit.dv.stand import standen
from kit.schema import Schema

NAMEN = ("Turnkring De Wulp", "Harmonie Cantate", "Turnkring De Wulp vzw", "Kaartersclub Troef", "Kaartersklub Troef")


class Bank:
    """A workspace with one GI that delivered `NAMEN`, validated and searched for doubles, and a register."""

    def __init__(self, map_: Path, register: Register, schema: Schema) -> None:
        self.map, self.register, self.schema = map_, register, schema
        self.werkmap = ("--werkmap", map_ / "dv")

    def kit(self, *argumenten: str | Path, code: int | None = 0) -> str:
        uit = kit("dv", *argumenten, *self.werkmap, omgeving=HAAST | {"KIT_REGISTER_URL": self.register.adres})
        assert code is None or uit.returncode == code, uit.stdout + uit.stderr
        assert "Traceback" not in uit.stderr
        return uit.stdout + uit.stderr

    def lever(self, *verenigingen: dict[str, object]) -> None:
        pad = self.map / "fv.xlsx"
        pad.write_bytes(fv_boek(self.schema, list(verenigingen)))
        self.kit("ontvang", pad, "--gi", OVO, "--naam", "Aarbeek")
        self.kit("valideer", code=None)
        self.kit("dubbels")

    def terug(self, stap: str) -> Path:
        return self.map / "dv" / "uit" / OVO / stap / "fv.xlsx"

    def uitkomsten(self) -> dict[str, str]:
        with open_dossier(self.map / "dv") as d:
            return {s.nr: s.uitkomst.value for s in standen(d)}

    def vcodes(self) -> dict[str, str | None]:
        with open_dossier(self.map / "dv") as d:
            return {s.nr: s.vcode for s in standen(d)}

    def vragen(self) -> set[str]:
        with open_dossier(self.map / "dv") as d:
            return {s.nr for s in standen(d) if s.vragen}


def boeking(*namen: str) -> list[dict[str, object]]:
    return [{"nr": str(n), "naam": naam} for n, naam in enumerate(namen, 1)]


@pytest.fixture
def bank(tmp_path: Path, schema: Schema) -> Iterator[Bank]:
    with oefenregister(tmp_path / "register") as r:
        b = Bank(tmp_path, r, schema)
        b.lever(*boeking(*NAMEN))
        yield b


def test_twee_rondes_voeren_de_beslissingen_uit(bank: Bank) -> None:
    bank.kit("ronde", "1")
    assert bank.uitkomsten() == {
        "1": "geregistreerd",
        "2": "geregistreerd",
        "3": "onbeslist",
        "4": "geregistreerd",
        "5": "onbeslist",
    }
    vragen = rijen_van(bank.terug("ronde-1"), "Dubbels")
    assert [(r["Nr"], r["Lijkt op"]) for r in vragen] == [("3", "Turnkring De Wulp"), ("5", "Kaartersclub Troef")]
    assert all(r["Waarom"] and "Kortrijk" in r["Waar"] and "V000" in r["Te vinden als"] for r in vragen)
    vul_in(bank.terug("ronde-1"), "Dubbels", {"3": "zelfde vereniging", "5": "andere vereniging"})
    bank.kit("beslissingen", bank.terug("ronde-1"), "--gi", OVO)
    bank.kit("ronde", "2")
    vcodes = bank.vcodes()
    assert vcodes["3"] == vcodes["1"]
    assert len(set(vcodes.values())) == 4
    assert len(bank.register.verenigingen) == 4
    assert bank.vragen() == set()


def test_niet_migreren_laat_weg_en_het_rapport_telt_op(bank: Bank) -> None:
    bank.kit("ronde", "1")
    vul_in(bank.terug("ronde-1"), "Dubbels", {"3": "niet migreren"})
    assert "1 nog open" in bank.kit("beslissingen", bank.terug("ronde-1"))
    bank.kit("ronde", "2")
    assert list(bank.uitkomsten().values()) == ["geregistreerd", "geregistreerd", "weggelaten", "geregistreerd", "onbeslist"]
    bank.kit("rapport")
    map_ = bank.map / "dv" / "uit" / OVO / "rapport"
    brieven = (map_ / "brieven.html").read_text("utf-8")
    assert brieven.count("<article>") == 1
    assert "Kaartersklub Troef" in brieven
    samenvatting = openpyxl.load_workbook(map_ / "rapport.xlsx")["Samenvatting"]
    assert [c.value for c in samenvatting[4]][2:] == [5, 3, 0, 1, 1, 1]
    eigen = openpyxl.load_workbook(map_ / "fv.xlsx")["Verenigingen"]
    kolom = next(c.column for rij in eigen.iter_rows(max_row=10) for c in rij if c.value == "vCode")
    gevuld = {str(rij[0].value): rij[kolom - 1].value for rij in eigen.iter_rows() if rij[kolom - 1].value not in (None, "vCode")}
    assert gevuld == {nr: v for nr, v in bank.vcodes().items() if v}


def test_een_beslissing_geldt_alleen_voor_wat_er_toen_stond(bank: Bank) -> None:
    bank.kit("ronde", "1")
    vul_in(bank.terug("ronde-1"), "Dubbels", {"*": "andere vereniging"})
    bank.kit("beslissingen", bank.terug("ronde-1"))
    assert bank.vragen() == set()
    # Nr 3 changes: only its question comes back.
    bank.lever(*boeking(*NAMEN[:2], "Turnkring De Wulpen vzw", *NAMEN[3:]))
    assert bank.vragen() == {"3"}
    bank.kit("ronde", "2")
    assert bank.uitkomsten()["5"] == "geregistreerd"
    assert [r["Nr"] for r in rijen_van(bank.terug("ronde-2"), "Dubbels")] == ["3"]


def test_een_beslissing_over_een_gewijzigde_of_verdwenen_rij(bank: Bank) -> None:
    bank.kit("ronde", "1")
    ingevuld = bank.map / "ingevuld.xlsx"
    shutil.copy(bank.terug("ronde-1"), ingevuld)
    vul_in(ingevuld, "Dubbels", {"*": "andere vereniging"})
    bank.lever(*boeking(*NAMEN[:2], "Turnkring De Wulpen vzw", NAMEN[3]))
    zegt = bank.kit("beslissingen", ingevuld, code=1)
    assert "Nr 3 of de andere is intussen gewijzigd" in zegt
    assert "staat niet meer in de laatste levering" in zegt
    assert "geen enkele beslissing" in zegt


def test_beslissingen_van_elders_worden_geweigerd(bank: Bank, tmp_path: Path) -> None:
    bank.kit("ronde", "1")
    een = bank.map / "een.xlsx"
    shutil.copy(bank.terug("ronde-1"), een)
    vul_in(een, "Dubbels", {"*": "andere vereniging"})
    assert "niet van OVO001299" in bank.kit("beslissingen", een, "--gi", "OVO001299", code=2)
    assert "staat geen blad" in bank.kit("beslissingen", bank.map / "fv.xlsx", code=2)
    bank.kit("ronde", "2")
    assert "hoort bij ronde 1" in bank.kit("beslissingen", een, code=2)
    vul_in(een, "Dubbels", {"*": "{kapot"}, kolom="Kenmerk")
    assert "verborgen kolom" in bank.kit("beslissingen", een, code=2)
    ander = kit("dv", "ontvang", bank.map / "fv.xlsx", "--gi", OVO, "--naam", "X", "--werkmap", tmp_path / "anders")
    assert ander.returncode == 0
    uit = kit("dv", "beslissingen", bank.terug("ronde-2"), "--werkmap", tmp_path / "anders")
    assert (uit.returncode, "andere werkmap" in uit.stderr) == (2, True)
    assert "bestaat niet" in bank.kit("beslissingen", bank.map / "weg.xlsx", code=2)
    assert bank.uitkomsten()["3"] == "onbeslist"


def test_een_onbekende_keuze_wordt_gezegd_de_rest_overgenomen(bank: Bank) -> None:
    bank.kit("ronde", "1")
    vul_in(bank.terug("ronde-1"), "Dubbels", {"3": "weet ik niet", "5": " Andere  Vereniging "})
    zegt = bank.kit("beslissingen", bank.terug("ronde-1"), code=1)
    assert "Dubbels, rij 6: deze beslissing ken ik niet" in zegt
    assert "1 keer andere vereniging" in zegt


def test_wat_fout_is_staat_op_beslissingen_en_mag_weg(bank: Bank) -> None:
    bank.lever(*boeking(*NAMEN[:2]), {"nr": "9", "naam": "Koor Zonder Jaren", "startdatum": "32/13/2020"})
    (rij,) = rijen_van(bank.terug("nakijken"), "Beslissingen")
    assert (rij["Nr"], "Verenigingen" in rij["Wat moet beter"]) == ("9", True)
    assert "Bevindingen" in openpyxl.load_workbook(bank.terug("nakijken")).sheetnames
    vul_in(bank.terug("nakijken"), "Beslissingen", {"9": "niet migreren"})
    bank.kit("beslissingen", bank.terug("nakijken"))
    assert bank.uitkomsten()["9"] == "weggelaten"


def test_het_werkboek_van_de_terugkoppeling_is_een_gewoon_werkboek(bank: Bank) -> None:
    """It has no faults of form, LibreOffice keeps what the kit needs, and delivered again it is the same workbook."""
    bank.kit("ronde", "1")
    pad = bank.terug("ronde-1")
    assert lint(pad) == []
    vul_in(pad, "Dubbels", {"*": "andere vereniging"})
    terug = zet_om(pad, "ods", bank.map)
    opnieuw = zet_om(terug, "xlsx:Calc MS Excel 2007 XML", bank.map / "lo")
    bank.kit("beslissingen", opnieuw)
    assert bank.vragen() == set()
    assert "niets veranderd" in bank.kit("ontvang", pad, "--gi", OVO)
    bank.kit("valideer", code=None)
    assert "Dubbels" not in openpyxl.load_workbook(bank.terug("nakijken")).sheetnames


def test_in_de_rij_en_keuzelijst_staat_wat_mag(bank: Bank) -> None:
    bank.kit("ronde", "1")
    ws = openpyxl.load_workbook(bank.terug("ronde-1"))["Dubbels"]
    (keuze,) = ws.data_validations.dataValidation
    assert keuze.formula1 == '"zelfde vereniging,andere vereniging,niet migreren"'
    assert str(keuze.sqref) == "H6:H7"
    assert ws.protection.sheet
    assert not ws["H6"].protection.locked
    assert ws["A6"].protection.locked
