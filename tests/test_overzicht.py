"""The sheet *Overzicht* counts by formulas alone: recalculated in LibreOffice, it says what validation says."""

from collections import Counter

from hulp import lo
from kit.regels import Aard, Ernst, alle_regels


def test_tellingen_op_overzicht_zijn_die_van_de_validatie(geplant, kijk_na) -> None:
    in_excel = {r.code for r in alle_regels() if r.formule and r.aard in (Aard.WAARDE, Aard.RIJ) and r.exact}
    alleen_hier = {r.code for r in alle_regels()} - in_excel
    for pad in geplant[0]:
        bevindingen = kijk_na(pad)
        onzeker = {(b.blad, b.kolom) for b in bevindingen if b.regel in alleen_hier}
        verwacht = Counter(
            (blad, kolom) for blad, kolom, _ in {(b.blad, b.kolom, b.rij) for b in bevindingen if b.ernst == Ernst.FOUT}
        )
        rijen = lo.brug("waarden", pad, "Overzicht")
        begin = next(i for i, r in enumerate(rijen) if r[1:5] == ["Blad", "Kolom", "Fouten", "Na te kijken"])
        geteld = {(r[1], r[2]): int(r[3]) for r in rijen[begin + 1 :] if r[2]}
        assert len(geteld) > 60
        verschil = {k: (n, verwacht[k]) for k, n in geteld.items() if k not in onzeker and n != verwacht[k]}
        assert verschil == {}
        per_blad = {r[1]: int(r[3]) for r in rijen[:begin] if r[2] and len(r) > 5 and r[3].isdigit()}
        assert per_blad["Verenigingen"] >= 500
