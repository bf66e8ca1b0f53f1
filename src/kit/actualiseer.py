"""Carry a filled-in workbook over into another schema version without losing a cell.

Columns are found by heading or alias; what the new schema does not know goes along as a column or sheet of the user's own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from python_calamine import CalamineWorkbook

from kit.bestanden import Bron
from kit.gelezen import RIJ, Gelezen, GelezenBlad
from kit.regels import SOORT, Celsoort
from kit.schema import Schema
from kit.werkboek.genereer import genereer
from kit.werkboek.lezen import lees

_VAN_DE_KIT = {"Lees mij", "Overzicht", "Lijsten", "_lijsten"}


@dataclass(frozen=True)
class Overgezet:
    """The new workbook and what happened: rows per sheet, columns that became the user's own, new columns, own sheets."""

    inhoud: bytes
    van: str | None
    naar: str
    rijen: dict[str, int]
    eigen_kolommen: dict[str, list[str]]
    nieuwe_kolommen: dict[str, list[str]]
    eigen_bladen: list[str]


def actualiseer(oud: Bron, schema: Schema) -> Overgezet:
    """Read a workbook of another version and make it anew with `schema`. Raises KitFout when it cannot be read."""
    gelezen = lees(oud, schema, volledig=False)
    eigen = {
        naam: CalamineWorkbook.from_filelike(oud.open("rb")).get_sheet_by_name(naam).to_python(skip_empty_area=False)
        for naam in gelezen.overige_bladen
        if naam not in _VAN_DE_KIT
    }
    rijen = {sleutel: _rijen(blad) for sleutel, blad in gelezen.bladen.items()}
    extra = {sleutel: blad.extra for sleutel, blad in gelezen.bladen.items()}
    return Overgezet(
        inhoud=genereer(gelezen.werkboek, schema, rijen, extra, eigen),
        van=gelezen.versie,
        naar=schema.versie,
        rijen={b.naam: b.frame.height for b in gelezen.bladen.values()},
        eigen_kolommen={gelezen.bladen[s].naam: [k.kop for k in kolommen] for s, kolommen in extra.items() if kolommen},
        nieuwe_kolommen=_nieuw(gelezen),
        eigen_bladen=list(eigen),
    )


def _nieuw(gelezen: Gelezen) -> dict[str, list[str]]:
    uit = {b.blad.naam: [k.kop for k in b.blad.kolommen if k.sleutel not in b.kolommen] for b in gelezen.bladen.values()}
    return {naam: koppen for naam, koppen in uit.items() if koppen}


def _rijen(blad: GelezenBlad) -> list[dict[str, object]]:
    """The rows with their values as Excel stored them, at the same distance from the headings (empty rows stay)."""
    laatste = max([*blad.frame[RIJ].to_list(), *(blad.koprij + len(k.waarden) for k in blad.extra)], default=blad.koprij)
    uit: list[dict[str, object]] = [{} for _ in range(laatste - blad.koprij)]
    for rij in blad.frame.iter_rows(named=True):
        uit[rij[RIJ] - blad.koprij - 1] = {
            k.sleutel: celwaarde(rij[k.sleutel], rij.get(k.sleutel + SOORT, Celsoort.TEKST)) for k in blad.blad.kolommen
        }
    return uit


def celwaarde(tekst: str | None, soort: int) -> object:
    """The value behind a cell's text, by how Excel stored it."""
    if tekst is None:
        return None
    match soort:
        case Celsoort.GETAL:
            return float(tekst)
        case Celsoort.DATUM:
            moment = dt.datetime.fromisoformat(tekst)
            return moment if moment.time() != dt.time() else moment.date()
        case Celsoort.LOGISCH:
            return tekst == "WAAR"
    return tekst
