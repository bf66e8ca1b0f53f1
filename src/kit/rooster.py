"""Grid of cells -> `GelezenBlad`: find the headings, tell the columns apart, keep each value's row. No host is known here.

Headings may have moved or have another name; columns may be missing, doubled or extra; rows may be empty. A file
(`werkboek.lezen`) and an open workbook (`kit.addin`) both end here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from kit.bevinding import Bevinding
from kit.fouten import KitFout
from kit.gelezen import RIJ, ExtraKolom, Gelezen, GelezenBlad, kolomletter
from kit.regels import SOORT, Celsoort, Regel
from kit.regels.getal import EPOCH
from kit.regels.structuur import (
    FORMULE_ZONDER_WAARDE,
    KOLOM_DUBBEL,
    KOLOM_ONBEKEND,
    KOLOM_ONTBREEKT,
    SAMENGEVOEGD,
    WENSKOLOM_ONTBREEKT,
)
from kit.schema import Blad, Kolom, Schema, Werkboek
from kit.schema.model import normaliseer_kop

_KOP_BINNEN = 30
# Defined names that say what a workbook is, for hosts that do not show document properties.
NAAM_WERKBOEK, NAAM_SCHEMA = "kit_werkboek", "kit_schemaversie"


@dataclass(frozen=True)
class Rooster:
    """One sheet as a host shows it: rows of values from A1 on ("" or None = empty).

    `samengevoegd`: merged ranges as (first row, first column, last row, last column), counted from 1.
    `zonder_waarde`: cells (row, column) with a formula that was never calculated; only a file has those.
    """

    naam: str
    rijen: list[list[object]]
    samengevoegd: Sequence[tuple[int, int, int, int]] = ()
    zonder_waarde: Sequence[tuple[int, int]] = field(default=())


def koppen_van(rijen: Iterable[Sequence[object]]) -> set[str]:
    """The comparable texts in the first rows of a sheet: enough to tell which workbook it is."""
    return {
        normaliseer_kop(str(c)) for rij, _ in zip(rijen, range(_KOP_BINNEN), strict=False) for c in rij if c not in ("", None)
    }


def welk_werkboek(schema: Schema, sleutel: str | None, koppen: Mapping[str, set[str]], bestand: str) -> Werkboek:
    """By the kit's own mark in the file, else the workbook of the schema whose headings the file holds most of.

    `koppen`: sheet name -> `koppen_van`. Raises KitFout when it is no workbook of the kit.
    """
    if (werkboek := schema.per_sleutel.get(sleutel or "")) is not None:
        return werkboek
    per_blad = {normaliseer_kop(naam): k for naam, k in koppen.items()}

    def punten(werkboek: Werkboek) -> int:
        return sum(
            any(h in per_blad.get(n, ()) for n in b.herkenning for h in k.herkenning) for b in werkboek.bladen for k in b.kolommen
        )

    beste = max(schema.werkboeken, key=punten)
    if punten(beste) < 3:
        raise KitFout(
            f"{bestand} lijkt geen werkboek van de voorbereidingskit: de bladen en kolomkoppen van de kit staan er niet in."
        )
    return beste


def vind_bladen(werkboek: Werkboek, bladnamen: Sequence[str], bestand: str, *, volledig: bool = True) -> dict[str, str | None]:
    """Sheet key -> name in the file. Raises KitFout for a missing sheet, unless not `volledig` (then None)."""
    namen = {normaliseer_kop(b): b for b in reversed(bladnamen)}
    uit: dict[str, str | None] = {}
    for blad in werkboek.bladen:
        uit[blad.sleutel] = next((namen[n] for n in (normaliseer_kop(blad.naam), *sorted(blad.herkenning)) if n in namen), None)
        if volledig and uit[blad.sleutel] is None:
            raise KitFout(
                f"In {bestand} ontbreekt het blad {blad.naam}. Zet het terug (het mag leeg zijn, met de kolomkoppen erop) "
                "of begin vanuit een nieuw werkboek van de kit."
            )
    return uit


def lees_roosters(
    bestand: str,
    schema: Schema,
    werkboek: Werkboek,
    roosters: Mapping[str, Rooster | None],
    versie: str | None,
    bladnamen: Sequence[str],
) -> Gelezen:
    """All sheets of a workbook. `roosters`: sheet key -> grid (None = no such sheet); `bladnamen`: all tabs of the file."""
    bladen, structuur = {}, []
    for blad in werkboek.bladen:
        rooster = roosters[blad.sleutel]
        if rooster is None:
            bladen[blad.sleutel] = leeg_blad(blad)
            continue
        lezer = _Bladlezer(bestand, blad, rooster)
        bladen[blad.sleutel] = lezer.lees()
        structuur += lezer.bevindingen
    gebruikt = {r.naam for r in roosters.values() if r}
    return Gelezen(
        bestand=bestand,
        schema=schema,
        werkboek=werkboek,
        bladen=bladen,
        versie=versie,
        structuur=tuple(structuur),
        overige_bladen=tuple(b for b in bladnamen if b not in gebruikt),
    )


def leeg_blad(blad: Blad) -> GelezenBlad:
    """A sheet without any row."""
    vorm = {RIJ: pl.Int64, **{k.sleutel: pl.String for k in blad.kolommen}}
    return GelezenBlad(blad, blad.naam, 2, {}, pl.DataFrame(schema=vorm))


class _Bladlezer:
    """Reads one sheet; `bevindingen` collects what is odd about its layout."""

    def __init__(self, bestand: str, blad: Blad, rooster: Rooster) -> None:
        self.bestand, self.blad, self.rooster = bestand, blad, rooster
        self.bevindingen: list[Bevinding] = []

    def lees(self) -> GelezenBlad:
        rijen = self.rooster.rijen
        kop_index = self._vind_kop(rijen)
        koprij = kop_index + 1
        kolommen, extra_koppen = self._deel_in(rijen[kop_index], koprij)
        gegevens = rijen[koprij:]
        self._spreid_samengevoegde(gegevens, koprij, set(kolommen.values()))
        self._meld_zonder_waarde(koprij, kolommen)
        reeksen: dict[str, pl.Series] = {}
        for kolom in self.blad.kolommen:
            nummer = kolommen.get(kolom.sleutel)
            if nummer is None:
                reeksen[kolom.sleutel] = pl.Series(kolom.sleutel, [None] * len(gegevens), dtype=pl.String)
                continue
            waarden: list[object] = [rij[nummer - 1] if len(rij) >= nummer else "" for rij in gegevens]
            reeksen |= kolomreeksen(kolom, waarden)
        frame = pl.DataFrame([pl.Series(RIJ, range(koprij + 1, koprij + 1 + len(gegevens)), dtype=pl.Int64), *reeksen.values()])
        gevuld = pl.any_horizontal(pl.col(k.sleutel).is_not_null() for k in self.blad.kolommen)
        extra = tuple(ExtraKolom(kop, n, [rij[n - 1] if len(rij) >= n else "" for rij in gegevens]) for kop, n in extra_koppen)
        return GelezenBlad(self.blad, self.rooster.naam, koprij, kolommen, frame.filter(gevuld), extra)

    def _vind_kop(self, rijen: list[list[object]]) -> int:
        """The row among the first thirty that holds most of the sheet's headings."""
        bekend = {h for k in self.blad.kolommen for h in k.herkenning}

        def punten(rij: list[object]) -> int:
            return len({normaliseer_kop(c) for c in rij if isinstance(c, str)} & bekend)

        beste = max(range(min(_KOP_BINNEN, len(rijen))), key=lambda i: (punten(rijen[i]), -i), default=None)
        if beste is None or punten(rijen[beste]) < min(2, len(self.blad.kolommen)):
            raise KitFout(
                f"Op blad {self.rooster.naam} van {self.bestand} staan geen kolomkoppen van de kit. "
                f"Zet de koppen ({', '.join(k.kop for k in self.blad.kolommen[:3])} …) terug op één rij boven de gegevens."
            )
        return beste

    def _deel_in(self, koppen: list[object], rij: int) -> tuple[dict[str, int], list[tuple[str, int]]]:
        """Column key -> number, and the headings that the schema does not know. Exact headings go before aliases."""
        teksten = {i: str(k).strip() for i, k in enumerate(koppen, 1) if k is not None and str(k).strip()}
        schoon = {i: normaliseer_kop(t) for i, t in teksten.items()}
        kolommen: dict[str, int] = {}
        dubbel: dict[int, Kolom] = {}
        for ronde in (lambda k: {normaliseer_kop(k.kop)}, lambda k: k.herkenning):
            for kolom in self.blad.kolommen:
                for i, t in schoon.items():
                    if t not in ronde(kolom) or i in kolommen.values() or i in dubbel:
                        continue
                    if kolom.sleutel not in kolommen:
                        kolommen[kolom.sleutel] = i
                    elif t == normaliseer_kop(kolom.kop):
                        dubbel[i] = kolom
        for i, kolom in dubbel.items():
            self._meld(KOLOM_DUBBEL, rij, i, kolom.kop)
        for kolom in self.blad.kolommen:
            if kolom.sleutel not in kolommen:
                self._meld(KOLOM_ONTBREEKT if kolom.verplicht else WENSKOLOM_ONTBREEKT, rij, 1, kolom.kop)
        extra = [(t, i) for i, t in teksten.items() if i not in kolommen.values()]
        for kop, i in extra:
            if i not in dubbel:
                self._meld(KOLOM_ONBEKEND, rij, i, kop)
        return kolommen, extra

    def _spreid_samengevoegde(self, gegevens: list[list[object]], koprij: int, nummers: set[int]) -> None:
        """A value merged over several rows counts for each of them, as the reader of the sheet sees it."""
        for r1, k1, r2, _k2 in self.rooster.samengevoegd:
            if r1 <= koprij or k1 not in nummers:
                continue
            self._meld(SAMENGEVOEGD, r1, k1, "")
            begin = r1 - koprij - 1
            while len(gegevens) < r2 - koprij:
                gegevens.append([])
            waarde = gegevens[begin][k1 - 1] if len(gegevens[begin]) >= k1 else ""
            for r in range(begin + 1, r2 - koprij):
                gegevens[r] = [*gegevens[r], *[""] * (k1 - len(gegevens[r]))]
                gegevens[r][k1 - 1] = waarde

    def _meld_zonder_waarde(self, koprij: int, kolommen: dict[str, int]) -> None:
        for rij, nummer in self.rooster.zonder_waarde:
            if rij > koprij and nummer in kolommen.values():
                self._meld(FORMULE_ZONDER_WAARDE, rij, nummer, "")

    def _meld(self, regel: Regel, rij: int, nummer: int, kop: str) -> None:
        self.bevindingen.append(
            Bevinding(
                bestand=self.bestand,
                blad=self.rooster.naam,
                cel=f"{kolomletter(nummer)}{rij}",
                rij=rij,
                kolom=kop,
                nr="",
                regel=regel.code,
                ernst=regel.ernst,
                waarde="",
                melding=regel.melding.format(kop=kop),
            )
        )


def kolomreeksen(kolom: Kolom, waarden: Sequence[object]) -> dict[str, pl.Series]:
    """A column's values as text and, when not all are text, how Excel stored each (`<sleutel>§`)."""
    if all(type(w) is str for w in waarden):
        reeks = pl.Series(kolom.sleutel, waarden, dtype=pl.String)
        return {kolom.sleutel: reeks.replace("", None)}
    paren = [_tekst(w, kolom.soort == "getal") for w in waarden]
    return {
        kolom.sleutel: pl.Series(kolom.sleutel, [t for t, _ in paren], dtype=pl.String),
        kolom.sleutel + SOORT: pl.Series(kolom.sleutel + SOORT, [s for _, s in paren], dtype=pl.UInt8),
    }


def _tekst(waarde: object, als_getal: bool) -> tuple[str | None, int]:
    """A value as canonical text, and its Celsoort."""
    match waarde:
        case "" | None:
            return None, Celsoort.LEEG
        case str():
            return waarde, Celsoort.TEKST
        case bool():
            return ("WAAR" if waarde else "ONWAAR"), Celsoort.LOGISCH
        case int() | float():
            return getaltekst(float(waarde)), Celsoort.GETAL
        case dt.datetime() if als_getal:
            return getaltekst((waarde - dt.datetime.combine(EPOCH, dt.time())) / dt.timedelta(days=1)), Celsoort.GETAL
        case dt.date() if als_getal:
            return str((waarde - EPOCH).days), Celsoort.GETAL
        case dt.datetime():
            return waarde.isoformat(sep=" "), Celsoort.DATUM
        case dt.date():
            return waarde.isoformat(), Celsoort.DATUM
        case dt.timedelta():
            return getaltekst(waarde / dt.timedelta(days=1)), Celsoort.GETAL
    return str(waarde), Celsoort.TEKST


def getaltekst(getal: float) -> str:
    """A number as Excel shows it in a General cell: 2000.0 -> 2000."""
    return str(int(getal)) if getal.is_integer() and abs(getal) < 1e15 else repr(getal)
