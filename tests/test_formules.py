"""Every value and row rule's Excel formula against its check, in LibreOffice, on generated values.

`pytest --proeven 10000` runs the full comparison.
"""

from __future__ import annotations

import datetime as dt
import random

import pytest
from python_calamine import CalamineWorkbook

from hulp import lo, proefbank
from kit.regels import Aard, Ernst, alle_regels
from kit.werkboek.formules import EERSTE_RIJ
from kit.werkboek.stijl import ERNST

ROOD = ERNST[Ernst.FOUT][0]
# LibreOffice's LEN counts characters, Excel's counts UTF-16 units: beyond the basic plane it is no oracle for lengths.
LENGTEREGELS = {"LENGTE-01"}
MOETEN_EXACT = {
    "INSZ-01", "INSZ-02", "KBO-01", "KBO-02", "IBAN-01", "IBAN-02", "VCODE-01", "VCODE-02", "TEL-01", "WEB-01", "SOC-01",
    "DATUM-01", "DATUM-02", "GETAL-01", "LEEFTIJD-01", "LENGTE-01", "KEUZE-01", "KEUZE-02", "NAAM-01", "VERPLICHT-01",
}  # fmt: skip


def test_wat_exact_moet_zijn_is_exact() -> None:
    assert {r.code for r in alle_regels() if r.exact} >= MOETEN_EXACT


@pytest.fixture(scope="module")
def vergelijking(schema, tmp_path_factory, request):
    """Per rule: (row, values, check, data validation, colour) of every generated value."""
    pad = tmp_path_factory.mktemp("proef") / "proef.xlsx"
    aantal = request.config.getoption("--proeven")
    # A new seed each day: the same within a day, so that a failure can be repeated.
    zaad = random.Random(dt.date.today().isoformat()).randrange(10**6)
    uit: dict[str, list[tuple[int, list, bool, bool | None, bool | None]]] = {}
    proeven = proefbank.proeven(schema, aantal)
    for groep in [proeven[i : i + 120] for i in range(0, len(proeven), 120)]:
        proefbank.maak(pad, schema, groep, zaad)
        checks = proefbank.oordelen(pad, schema, groep)
        ongeldig = lo.brug("ongeldig", pad, tijd=1800)
        kleuren = lo.kleuren(pad, pad.parent, tijd=1800)
        boek = CalamineWorkbook.from_path(str(pad))
        for p in groep:
            naam, omcirkeld = p.blad.naam, set(ongeldig[p.blad.naam])
            rijen = boek.get_sheet_by_name(naam).to_python(skip_empty_area=False)
            for i, goed in enumerate(checks[naam]):
                r = EERSTE_RIJ + i
                waarden = rijen[r - 1] if r <= len(rijen) else []
                leeg = not waarden or waarden[0] == ""
                # A validation never speaks about an empty cell, and the HTML ends with the last filled row.
                dv = None if leeg else r not in omcirkeld
                kleur = kleuren[naam][r - 1][0] != ROOD if r <= len(kleuren[naam]) else None
                uit.setdefault(p.regel.code, []).append((r, waarden, goed, dv, kleur))
    return uit


REGELS = [r for r in alle_regels() if r.formule and r.aard in (Aard.WAARDE, Aard.RIJ)]


@pytest.mark.parametrize("regel", REGELS, ids=lambda r: r.code)
def test_formule_en_controle_zeggen_hetzelfde(regel, vergelijking) -> None:
    verschillen = []
    for rij, waarden, goed, dv, kleur in vergelijking[regel.code]:
        if regel.code in LENGTEREGELS and any(ord(c) > 0xFFFF for c in str(waarden[:1])):
            continue
        for waar, formule in (("validatie", dv), ("kleur", kleur)):
            if formule is not None and (formule != goed if regel.exact else goed and not formule):
                verschillen.append((waar, rij, waarden, goed, formule))
    assert verschillen == []


@pytest.mark.parametrize("regel", REGELS, ids=lambda r: r.code)
def test_de_proefwaarden_bevatten_goede_en_slechte(regel, vergelijking) -> None:
    oordelen = [goed for _, _, goed, _, _ in vergelijking[regel.code]]
    assert 0 < sum(oordelen) < len(oordelen)
