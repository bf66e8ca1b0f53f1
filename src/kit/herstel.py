"""Proposed repairs, applied only when asked: findings -> "was -> wordt" per cell, until nothing more can be repaired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from kit.bevinding import Bevinding
from kit.gelezen import RIJ, Gelezen
from kit.validatie import valideer

_RONDES = 4


@dataclass(frozen=True)
class Herstelling:
    """One cell: what stood there, what will stand there ("" = empty), and by which rules."""

    bestand: str
    blad: str
    cel: str
    kolom: str
    was: str
    wordt: str
    regels: tuple[str, ...]
    gevoelig: bool = False


@dataclass(frozen=True)
class Herstelplan:
    """`zeker` can be applied as it is; `met_de_hand` would drop part of a cell, so a person decides."""

    zeker: tuple[Herstelling, ...]
    met_de_hand: tuple[Bevinding, ...]


def herstelplan(werkboeken: Sequence[Gelezen], *, vandaag: dt.date | None = None) -> Herstelplan:
    """Validate, apply proposals to the data in memory, and validate again: one repair may uncover the next."""
    plan: dict[tuple[str, str, str], Herstelling] = {}
    met_de_hand: list[Bevinding] = []
    for _ in range(_RONDES):
        bevindingen = valideer(werkboeken, vandaag=vandaag)
        met_de_hand = [b for b in bevindingen if b.voorstel is not None and b.verliest]
        open_ = {(b.bestand, b.blad, b.cel) for b in met_de_hand}
        keuze: dict[tuple[str, str, str], Bevinding] = {}
        for b in sorted(bevindingen, key=lambda b: (b.ernst, b.regel)):
            plek = (b.bestand, b.blad, b.cel)
            if b.voorstel is not None and not b.verliest and plek not in open_:
                keuze.setdefault(plek, b)
        if not keuze:
            break
        for plek, b in keuze.items():
            eerder = plan.get(plek)
            was, regels = (eerder.was, eerder.regels) if eerder else (b.waarde, ())
            plan[plek] = Herstelling(*plek, b.kolom, was, b.voorstel or "", (*regels, b.regel), b.gevoelig)
        werkboeken = [_pas_toe(boek, list(keuze.values())) for boek in werkboeken]
    return Herstelplan(tuple(plan.values()), tuple(met_de_hand))


def _pas_toe(boek: Gelezen, bevindingen: list[Bevinding]) -> Gelezen:
    """The workbook with these proposals in its frames."""
    bladen = dict(boek.bladen)
    for sleutel, blad in boek.bladen.items():
        per_kolom: dict[str, dict[int, str | None]] = {}
        koppen = {k.kop: k.sleutel for k in blad.blad.kolommen}
        for b in bevindingen:
            if (b.bestand, b.blad) == (boek.bestand, blad.naam):
                per_kolom.setdefault(koppen[b.kolom], {})[b.rij] = b.voorstel or None
        frame = blad.frame
        for kolom, nieuw in per_kolom.items():
            waarden = [nieuw.get(rij, oud) for rij, oud in zip(frame[RIJ].to_list(), frame[kolom].to_list(), strict=True)]
            frame = frame.with_columns(pl.Series(kolom, waarden, dtype=pl.String))
            soort = f"{kolom}§"
            if soort in frame.columns:
                frame = frame.with_columns(
                    pl.when(pl.col(RIJ).is_in(list(nieuw))).then(pl.lit(1, pl.UInt8)).otherwise(pl.col(soort)).alias(soort)
                )
        bladen[sleutel] = blad.met_frame(frame)
    return replace(boek, bladen=bladen)
