"""A workbook as plain data: what the reader delivers and all else works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from kit.bevinding import Bevinding
from kit.schema import Blad, Schema, Werkboek

RIJ = "_rij"


def kolomletter(nummer: int) -> str:
    """1 -> A, 27 -> AA."""
    uit = ""
    while nummer:
        nummer, rest = divmod(nummer - 1, 26)
        uit = chr(65 + rest) + uit
    return uit


@dataclass(frozen=True)
class ExtraKolom:
    """A column that the schema does not know; kept so that nothing of the user's is lost."""

    kop: str
    nummer: int
    waarden: list[object]


@dataclass(frozen=True)
class GelezenBlad:
    """One sheet. `frame`: Int64 `_rij` (Excel's row number) and, per schema column, its text (null = empty).

    A column with values that are not text also has `<sleutel>§` (UInt8, see `Celsoort`). `kolommen` gives the column
    number (1 = A) of every column that the file has; rows without any value are left out of the frame.
    """

    blad: Blad
    naam: str
    koprij: int
    kolommen: Mapping[str, int]
    frame: pl.DataFrame
    extra: tuple[ExtraKolom, ...] = ()

    def cel(self, kolom: str, rij: int) -> str:
        """The address of a cell, also for a column that the file lacks (then the start of its row)."""
        return f"{kolomletter(self.kolommen.get(kolom, 1))}{rij}"

    def met_frame(self, frame: pl.DataFrame) -> GelezenBlad:
        return replace(self, frame=frame)


@dataclass(frozen=True)
class Gelezen:
    """One workbook. `structuur` holds what the reader itself found (missing or doubled columns, merged cells)."""

    bestand: str
    schema: Schema
    werkboek: Werkboek
    bladen: Mapping[str, GelezenBlad]
    versie: str | None = None
    structuur: tuple[Bevinding, ...] = ()
    overige_bladen: tuple[str, ...] = field(default=())

    @property
    def frames(self) -> dict[str, pl.DataFrame]:
        return {sleutel: blad.frame for sleutel, blad in self.bladen.items()}

    @property
    def rijen(self) -> int:
        return sum(blad.frame.height for blad in self.bladen.values())
