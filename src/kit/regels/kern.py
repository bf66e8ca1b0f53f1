"""What a rule is: one block with code, severity, check, Excel formula, message, repair and source.

The check is a polars expression, the formula is Excel text; both are written against the same small view of a row
(`Cel` for the check, `Vak` for the formula), so that a reader sees that they say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

import polars as pl

from kit.schema.model import Blad, Codelijst, Kolom, Schema, Toepassing, Werkboek

if TYPE_CHECKING:
    from kit.voorbeeld.planten import Plantbed


class Ernst(StrEnum):
    """`fout`: the register (or the export) refuses it for sure. `waarschuwing`: accepted, but look at it."""

    FOUT = "fout"
    WAARSCHUWING = "waarschuwing"


class Aard(StrEnum):
    """What a rule looks at."""

    WAARDE = "waarde"
    RIJ = "rij"
    GROEP = "groep"
    VERWIJZING = "verwijzing"
    BESTAND = "bestand"
    STRUCTUUR = "structuur"


class Celsoort(IntEnum):
    """How Excel stored a value. A frame has a column `<sleutel>§` with these where a column is not all text."""

    LEEG = 0
    TEKST = 1
    GETAL = 2
    DATUM = 3
    LOGISCH = 4
    FOUTWAARDE = 5


SOORT = "§"


@dataclass(frozen=True)
class Context:
    """What a check may know beyond its own row: the other sheets, the other workbooks, and today.

    `frames`: blad -> frame with one String column for each schema column (null = empty).
    `andere`: for each other workbook in this run, its werkboek and frames.
    """

    schema: Schema
    werkboek: Werkboek
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    andere: Sequence[tuple[Werkboek, Mapping[str, pl.DataFrame]]] = ()
    vandaag: dt.date = field(default_factory=dt.date.today)
    onthouden: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Cel:
    """The cell under judgement, for a check. `op` names the columns that the schema gave the rule, its own first."""

    kolom: Kolom
    blad: Blad
    ctx: Context
    op: tuple[str, ...] = ()

    @property
    def x(self) -> pl.Expr:
        """The cell's text: a number without `.0`, a date as yyyy-mm-dd; null when empty."""
        return pl.col(self.kolom.sleutel)

    @property
    def soort(self) -> pl.Expr:
        naam = self.kolom.sleutel + SOORT
        frame = self.ctx.frames.get(self.blad.sleutel)
        if frame is not None and naam in frame.columns:
            return pl.col(naam)
        return pl.when(self.x.is_null()).then(Celsoort.LEEG).otherwise(Celsoort.TEKST)

    @property
    def lijst(self) -> Codelijst:
        assert self.kolom.codelijst
        return self.ctx.schema.codelijsten[self.kolom.codelijst]

    @property
    def code(self) -> pl.Expr:
        """The register's code for the cell's text; the text itself when the code list does not hold it."""
        teksten, codes = self.lijst.codetabel
        return self.x.str.to_lowercase().replace_strict(teksten, codes, default=self.x, return_dtype=pl.String)

    def ander(self, i: int) -> Cel:
        return Cel(self.blad.per_sleutel[self.op[i]], self.blad, self.ctx, self.op)

    @property
    def anderen(self) -> list[Cel]:
        return [self.ander(i) for i in range(1, len(self.op))]

    @property
    def broers(self) -> list[Cel]:
        """The other numbered columns of the same kind: for `Hoofdactiviteit 2` the four others."""
        return [
            Cel(k, self.blad, self.ctx, self.op) for k in self.blad.groep(self.kolom.groep) if k.sleutel != self.kolom.sleutel
        ]

    def op_blad(self, blad: str) -> pl.DataFrame | None:
        return self.ctx.frames.get(blad)


@dataclass(frozen=True)
class Vak:
    """The cell under judgement, for a formula: `x` is a reference to one cell, or to a whole column (`reeks`)."""

    kolom: Kolom
    blad: Blad
    schema: Schema
    verwijs: Callable[[Blad, Kolom], str]
    bereik: Callable[[str, str], str]
    reeks: bool = False
    op: tuple[str, ...] = ()

    @property
    def x(self) -> str:
        return self.verwijs(self.blad, self.kolom)

    @property
    def lijst(self) -> str:
        """Range with everything that the column's code list accepts."""
        assert self.kolom.codelijst
        return self.bereik("lijst", self.kolom.codelijst)

    def tekens(self, naam: str) -> str:
        """Range with one character per cell (see `tekens.py`)."""
        return self.bereik("tekens", naam)

    def ander(self, i: int) -> Vak:
        return Vak(self.blad.per_sleutel[self.op[i]], self.blad, self.schema, self.verwijs, self.bereik, self.reeks, self.op)

    @property
    def anderen(self) -> list[Vak]:
        return [self.ander(i) for i in range(1, len(self.op))]

    @property
    def broers(self) -> list[Vak]:
        return [
            Vak(k, self.blad, self.schema, self.verwijs, self.bereik, self.reeks, self.op)
            for k in self.blad.groep(self.kolom.groep)
            if k.sleutel != self.kolom.sleutel
        ]


@dataclass(frozen=True, kw_only=True)
class Regel:
    """One rule.

    `namen`: under which names a schema column asks for it (`insz` may bring several codes); `voor`: or the columns
    that it takes by itself. `check` gives True where the cell is right; it only judges filled cells, unless `leeg`.
    `exact`: the formula says exactly what the check says; otherwise it is weaker and never refuses a good value.
    `aanwijzing`: for rules that point at another row, the position of each broken row and what to say of it (`{aanwijzing}` in
    the message); the check follows from it. `groep`: for group rules, the expressions that must be unique together (then too).
    `herstel(waarde, kolom, schema)` proposes a value or None; `verliest(was, wordt)`: does that drop something?
    `slecht` are values that break it, `plant` breaks a row.
    """

    code: str
    ernst: Ernst
    aard: Aard
    eis: str
    melding: str
    bron: str
    namen: tuple[str, ...] = ()
    voor: Callable[[Kolom], bool] | None = None
    check: Callable[[Cel], pl.Expr] | None = None
    groep: Callable[[Cel], list[pl.Expr]] | None = None
    aanwijzing: Callable[[Cel], Mapping[int, str]] | None = None
    formule: Callable[[Vak], str] | None = None
    exact: bool = False
    herstel: Callable[[str, Kolom, Schema], str | None] | None = None
    verliest: Callable[[str, str], bool] | None = None
    leeg: bool = False
    goed: tuple[str, ...] = ()
    slecht: tuple[str, ...] = ()
    plant: Callable[[Plantbed], None] | None = None

    def oordeel(self, cel: Cel) -> pl.Expr:
        """Boolean expression over the sheet's frame: True where this rule has nothing to say."""
        if self.groep is not None:
            sleutels = self.groep(cel)
            uit = pl.any_horizontal(s.is_null() for s in sleutels) | (pl.len().over(sleutels) == 1)
        elif self.aanwijzing is not None:
            gebroken = self.aanwijzing(cel)
            uit = pl.lit(pl.Series([i not in gebroken for i in range(cel.ctx.frames[cel.blad.sleutel].height)], dtype=pl.Boolean))
        else:
            assert self.check is not None
            uit = self.check(cel)
        # A null verdict would pass silently in pandera: it counts as broken.
        uit = uit.fill_null(False)
        return uit if self.leeg else cel.x.is_null() | uit


_REGELS: dict[str, Regel] = {}


def registreer(**velden: Any) -> Regel:
    """Make a rule and enter it in the register of rules. Raises ValueError when the code is taken."""
    regel = Regel(**velden)
    if regel.code in _REGELS:
        raise ValueError(f"Regelcode {regel.code} bestaat al")
    _REGELS[regel.code] = regel
    return regel


def vergeet(code: str) -> None:
    """Take a rule out again (for trying out a rule)."""
    _REGELS.pop(code)


def alle_regels() -> tuple[Regel, ...]:
    return tuple(_REGELS.values())


def regelnamen() -> set[str]:
    """The names that a schema may use."""
    return {naam for regel in _REGELS.values() for naam in regel.namen}


@dataclass(frozen=True)
class Toegepast:
    """A rule on a column of a sheet, with the other columns that it looks at and the condition under which."""

    regel: Regel
    blad: Blad
    kolom: Kolom
    op: tuple[str, ...] = ()
    als: tuple[tuple[str, str], ...] = ()

    @property
    def sleutel(self) -> str:
        return f"{self.regel.code} {self.kolom.sleutel}"

    def oordeel(self, ctx: Context) -> pl.Expr:
        uit = self.regel.oordeel(Cel(self.kolom, self.blad, ctx, self.op))
        for sleutel, code in self.als:
            uit = uit | (Cel(self.blad.per_sleutel[sleutel], self.blad, ctx).code != code).fill_null(True)
        return uit

    def formule(self, vak: Callable[[Blad, Kolom, tuple[str, ...]], Vak]) -> str | None:
        """The Excel formula (1 or TRUE = right), or None when the rule has none."""
        if self.regel.formule is None:
            return None
        uit = self.regel.formule(vak(self.blad, self.kolom, self.op))
        for sleutel, code in self.als:
            ander = vak(self.blad, self.blad.per_sleutel[sleutel], ())
            lijst = ander.schema.codelijsten[ander.kolom.codelijst or ""]
            namen = dict.fromkeys(k for keuze in lijst.keuzes if keuze.code == code for k in (keuze.label, keuze.code))
            gelijk = "+".join(f'({ander.x}="{n}")' for n in namen)
            uit = f"IF(({gelijk})>0,{uit},1)"
        return uit


def toegepast(blad: Blad) -> list[Toegepast]:
    """Every rule on every column of a sheet: asked by the schema, or taken by the rule itself."""
    uit: list[Toegepast] = []

    def voeg_toe(t: Toepassing, kolom: Kolom) -> None:
        uit.extend(Toegepast(r, blad, kolom, t.op, tuple(t.als.items())) for r in _REGELS.values() if t.regel in r.namen)

    for kolom in blad.kolommen:
        uit.extend(Toegepast(r, blad, kolom) for r in _REGELS.values() if r.voor is not None and r.voor(kolom))
        for t in kolom.regels:
            voeg_toe(t, kolom)
    for t in blad.regels:
        voeg_toe(t, blad.per_sleutel[t.op[0]])
    return uit
