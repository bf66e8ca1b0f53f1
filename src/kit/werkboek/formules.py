"""Rules as Excel formulas: as defined names for one cell (validation, live colours) and over a whole column (counts).

A name with a relative row ("this row") keeps every validation far below Excel's 255 characters.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.gelezen import kolomletter
from kit.regels import Aard, Ernst, Toegepast, Vak, toegepast
from kit.regels.excel import en, gevuld, of
from kit.schema import Blad, Kolom, Schema

BELANGRIJ, KOPRIJ, EERSTE_RIJ = 1, 2, 3
MAX_FORMULE = 8192


def bladnaam(naam: str) -> str:
    return "'" + naam.replace("'", "''") + "'"


@dataclass(frozen=True)
class Formules:
    """Writes formulas for one workbook; `capaciteit` gives the number of data rows of each sheet."""

    schema: Schema
    capaciteit: dict[str, int]

    def letter(self, blad: Blad, kolom: Kolom) -> str:
        return kolomletter(blad.kolommen.index(kolom) + 1)

    def bereik(self, blad: Blad, kolom: Kolom) -> str:
        """The column's data cells, without sheet: $B$3:$B$5002."""
        k = self.letter(blad, kolom)
        return f"${k}${EERSTE_RIJ}:${k}${EERSTE_RIJ + self.capaciteit[blad.sleutel] - 1}"

    def _in_deze_rij(self, blad: Blad, kolom: Kolom) -> str:
        # Relative to A1, so in any cell: this column, the row of that cell.
        return f"{bladnaam(blad.naam)}!${self.letter(blad, kolom)}1"

    def _bereiknaam(self, soort: str, naam: str) -> str:
        return f"{soort}_{naam}"

    def vak(self, blad: Blad, kolom: Kolom, op: tuple[str, ...] = ()) -> Vak:
        return Vak(kolom, blad, self.schema, self._in_deze_rij, self._bereiknaam, op=op)

    def reeksvak(self, blad: Blad, kolom: Kolom, op: tuple[str, ...] = ()) -> Vak:
        return Vak(kolom, blad, self.schema, reeksnaam, self._bereiknaam, reeks=True, op=op)

    def goed(self, toepassingen: list[Toegepast], *, reeks: bool = False) -> str | None:
        """1 where a cell meets all these rules (those that have a formula), or None when none has."""
        maak = self.reeksvak if reeks else self.vak
        delen = [f for t in toepassingen if (f := t.formule(maak)) is not None]
        return en(*delen) if delen else None

    def mis(self, blad: Blad, kolom: Kolom, ernst: Ernst) -> str | None:
        """TRUE where a cell breaks a rule of this severity; an empty cell only if its row holds something."""
        x = self._in_deze_rij(blad, kolom)
        eerste, laatste = blad.kolommen[0], blad.kolommen[-1]
        rij = f"{self._in_deze_rij(blad, eerste)}:${self.letter(blad, laatste)}1"
        waarde, leeg = (self.goed(t) for t in regels_met_formule(blad, kolom, ernst))
        delen = [
            *([en(gevuld(x), f"NOT(IFERROR({waarde},FALSE))")] if waarde else []),
            *([en(f"COUNTA({rij})>0", f"NOT(IFERROR({leeg},FALSE))")] if leeg else []),
        ]
        return of(*delen) if delen else None

    def aantal_mis(self, blad: Blad, kolom: Kolom, sleutelkolom: Kolom, ernst: Ernst) -> str | None:
        """Array formula: in how many rows the column breaks a rule of this severity."""
        x = reeksnaam(blad, kolom)
        waarde, leeg = (self.goed(t, reeks=True) for t in regels_met_formule(blad, kolom, ernst))
        rij = of(gevuld(reeksnaam(blad, sleutelkolom)), gevuld(x))
        delen = [
            *([en(gevuld(x), f"1-IFERROR(--({waarde}),0)")] if waarde else []),
            *([en(rij, f"1-IFERROR(--({leeg}),0)")] if leeg else []),
        ]
        return f"SUM(--({of(*delen)}))" if delen else None


def reeksnaam(blad: Blad, kolom: Kolom) -> str:
    """Name of the filled part of a column."""
    return f"reeks_{blad.sleutel}_{kolom.sleutel}"


def regels_met_formule(blad: Blad, kolom: Kolom, ernst: Ernst) -> tuple[list[Toegepast], list[Toegepast]]:
    """The column's rules that can live in a sheet: those for filled cells, and those that also judge empty ones."""
    alle = [
        t
        for t in toegepast(blad)
        if t.kolom == kolom and t.regel.ernst == ernst and t.regel.formule and t.regel.aard in (Aard.WAARDE, Aard.RIJ)
    ]
    return [t for t in alle if not t.regel.leeg], [t for t in alle if t.regel.leeg]
