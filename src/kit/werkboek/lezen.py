"""Read any workbook that a clerk hands in: xlsx or xlsm -> `Gelezen`, each value with its row and column.

Headings may have moved or have another name; columns may be missing, doubled or extra; rows may be empty.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

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
from kit.schema import Blad, Kolom, Schema, Werkboek, laad_schema
from kit.schema.model import normaliseer_kop
from kit.werkboek.formules import KOPRIJ
from kit.werkboek.pakket import Pakket, lees_structuur
from kit.werkboek.veilig import MAX_CELLEN, lees_deel, leesbaar

EIGENSCHAP_WERKBOEK, EIGENSCHAP_SCHEMA, EIGENSCHAP_KIT = "werkboek", "schemaversie", "kitversie"
_KOP_BINNEN = 30


def lees(pad: Path, schema: Schema | None = None, *, volledig: bool = True) -> Gelezen:
    """Read one workbook with a schema (the newest when none is given). `volledig=False`: sheets may be missing.

    Raises KitFout when the file cannot be read, is no workbook of the kit, misses a sheet or has no headings.
    """
    schema = schema or laad_schema()
    naam = pad.name
    with leesbaar(pad) as z:
        pakket = lees_structuur(z, naam)
        bladdelen = pakket.bladdelen()
        bekend = {n for w in schema.werkboeken for b in w.bladen for n in b.herkenning}
        bijzonder = {
            blad: _bekijk(lees_deel(z, deel, naam), naam, blad)
            for blad, deel in bladdelen.items()
            if normaliseer_kop(blad) in bekend
        }
    try:
        boek = CalamineWorkbook.from_path(str(pad))
        werkboek = _welk_werkboek(schema, pakket, boek, naam)
        namen = {normaliseer_kop(b): b for b in reversed(bladdelen)}
        gevonden = {b.sleutel: _vind_blad(b, namen, naam, volledig) for b in werkboek.bladen}
        structuur: list[Bevinding] = []
        bladen = {}
        for blad in werkboek.bladen:
            bladnaam = gevonden[blad.sleutel]
            if bladnaam is None:
                bladen[blad.sleutel] = leeg_blad(blad)
                continue
            lezer = _Bladlezer(naam, blad, werkboek, boek.get_sheet_by_name(bladnaam), bijzonder[bladnaam])
            bladen[blad.sleutel] = lezer.lees()
            structuur += lezer.bevindingen
    except CalamineError as fout:
        raise KitFout(f"{naam} is beschadigd en kan niet gelezen worden. Open en bewaar het in Excel.") from fout
    eigenschappen = pakket.eigenschappen()
    return Gelezen(
        bestand=naam,
        schema=schema,
        werkboek=werkboek,
        bladen=bladen,
        versie=eigenschappen.get(EIGENSCHAP_SCHEMA),
        structuur=tuple(structuur),
        overige_bladen=tuple(b for b in bladdelen if b not in gevonden.values()),
    )


@dataclass(frozen=True)
class _Bijzonder:
    """What calamine does not tell: cells with an error value, and formulas without a stored value."""

    foutwaarden: dict[tuple[int, int], str]
    zonder_waarde: list[tuple[int, int]]


_CEL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)


def _bekijk(xml: bytes, bestand: str, blad: str) -> _Bijzonder:
    """Look through a sheet's XML once: its size, error values and formulas without value."""
    verste = max((m for m in re.findall(rb' r="([A-Z]{2,3})\d', xml[-200_000:] + xml[:2_000_000])), key=len, default=b"")
    rij = max((int(m) for m in re.findall(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"', xml[-200_000:])), default=0)
    if re.search(rb' r="[A-Z]{3}\d', xml):
        verste = b"XFD"
    if rij * _kolomnummer(verste.decode()) > MAX_CELLEN:
        raise KitFout(
            f"Blad {blad} van {bestand} gebruikt cellen ver buiten de gegevens. Verwijder de lege rijen en kolommen "
            "onderaan en rechts (selecteer ze, rechtsklik, Verwijderen) en bewaar opnieuw."
        )
    fouten: dict[tuple[int, int], str] = {}
    leeg: list[tuple[int, int]] = []
    if b't="e"' in xml or re.search(rb"<(?:\w+:)?f\b", xml):
        for m in _CEL.finditer(xml):
            kenmerken, inhoud = m[1], m[2] or b""
            plek = re.search(rb'\br="([A-Z]+)(\d+)"', kenmerken)
            if plek is None:
                continue
            waar = (int(plek[2]), _kolomnummer(plek[1].decode()))
            waarde = re.search(rb"<(?:\w+:)?v[^>]*>(.*?)</(?:\w+:)?v>", inhoud, re.DOTALL)
            if b't="e"' in kenmerken and waarde:
                fouten[waar] = waarde[1].decode()
            elif (waarde is None or not waarde[1]) and b"<is>" not in inhoud and re.search(rb"<(?:\w+:)?f\b", inhoud):
                leeg.append(waar)
    return _Bijzonder(fouten, leeg)


def _kolomnummer(letters: str) -> int:
    uit = 0
    for c in letters:
        uit = uit * 26 + ord(c) - 64
    return uit or 26


def _welk_werkboek(schema: Schema, pakket: Pakket, boek: CalamineWorkbook, naam: str) -> Werkboek:
    """By the kit's own document property, else the workbook of the schema whose headings the file holds most of."""
    if (werkboek := schema.per_sleutel.get(pakket.eigenschappen().get(EIGENSCHAP_WERKBOEK, ""))) is not None:
        return werkboek
    koppen: dict[str, set[str]] = {}
    for bladnaam in pakket.bladdelen():
        rijen = boek.get_sheet_by_name(bladnaam).to_python(skip_empty_area=False, nrows=_KOP_BINNEN)
        koppen[normaliseer_kop(bladnaam)] = {normaliseer_kop(str(c)) for rij in rijen for c in rij if c != ""}

    def punten(werkboek: Werkboek) -> int:
        return sum(
            any(h in koppen.get(n, ()) for n in b.herkenning for h in k.herkenning) for b in werkboek.bladen for k in b.kolommen
        )

    beste = max(schema.werkboeken, key=punten)
    if punten(beste) < 3:
        raise KitFout(
            f"{naam} lijkt geen werkboek van de voorbereidingskit: de bladen en kolomkoppen van de kit staan er niet in."
        )
    return beste


def _vind_blad(blad: Blad, namen: dict[str, str], bestand: str, moet: bool) -> str | None:
    for n in (normaliseer_kop(blad.naam), *sorted(blad.herkenning)):
        if n in namen:
            return namen[n]
    if not moet:
        return None
    raise KitFout(
        f"In {bestand} ontbreekt het blad {blad.naam}. Zet het terug (het mag leeg zijn, met de kolomkoppen erop) "
        "of begin vanuit een nieuw werkboek van de kit."
    )


def leeg_blad(blad: Blad) -> GelezenBlad:
    """A sheet without any row."""
    vorm = {RIJ: pl.Int64, **{k.sleutel: pl.String for k in blad.kolommen}}
    return GelezenBlad(blad, blad.naam, KOPRIJ, {}, pl.DataFrame(schema=vorm))


class _Bladlezer:
    """Reads one sheet; `bevindingen` collects what is odd about its layout."""

    def __init__(self, bestand: str, blad: Blad, werkboek: Werkboek, bron: CalamineSheet, bijzonder: _Bijzonder) -> None:
        self.bestand, self.blad, self.werkboek, self.bron, self.bijzonder = bestand, blad, werkboek, bron, bijzonder
        self.bevindingen: list[Bevinding] = []

    def lees(self) -> GelezenBlad:
        rijen = cast("list[list[object]]", self.bron.to_python(skip_empty_area=False))
        kop_index = self._vind_kop(rijen)
        koprij = kop_index + 1
        kolommen, extra_koppen = self._deel_in(rijen[kop_index], koprij)
        gegevens = rijen[koprij:]
        del rijen
        self._spreid_samengevoegde(gegevens, koprij, set(kolommen.values()))
        self._zet_bijzondere(gegevens, koprij, kolommen)
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
        del gegevens
        return GelezenBlad(self.blad, self.bron.name, koprij, kolommen, frame.filter(gevuld), extra)

    def _vind_kop(self, rijen: list[list[object]]) -> int:
        """The row among the first thirty that holds most of the sheet's headings."""
        bekend = {h for k in self.blad.kolommen for h in k.herkenning}

        def punten(rij: list[object]) -> int:
            return len({normaliseer_kop(c) for c in rij if isinstance(c, str)} & bekend)

        beste = max(range(min(_KOP_BINNEN, len(rijen))), key=lambda i: (punten(rijen[i]), -i), default=None)
        if beste is None or punten(rijen[beste]) < min(2, len(self.blad.kolommen)):
            raise KitFout(
                f"Op blad {self.bron.name} van {self.bestand} staan geen kolomkoppen van de kit. "
                f"Zet de koppen ({', '.join(k.kop for k in self.blad.kolommen[:3])} …) terug op één rij boven de gegevens."
            )
        return beste

    def _deel_in(self, koppen: list[object], rij: int) -> tuple[dict[str, int], list[tuple[str, int]]]:
        """Column key -> number, and the headings that the schema does not know. Exact headings go before aliases."""
        teksten = {i: str(k).strip() for i, k in enumerate(koppen, 1) if str(k).strip()}
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
        for (r1, k1), (r2, _k2) in self.bron.merged_cell_ranges or ():
            if r1 < koprij or k1 + 1 not in nummers:
                continue
            self._meld(SAMENGEVOEGD, r1 + 1, k1 + 1, "")
            while len(gegevens) <= r2 - koprij:
                gegevens.append([])
            waarde = gegevens[r1 - koprij][k1] if len(gegevens[r1 - koprij]) > k1 else ""
            for r in range(r1 - koprij + 1, r2 - koprij + 1):
                gegevens[r] += [""] * (k1 + 1 - len(gegevens[r]))
                gegevens[r][k1] = waarde

    def _zet_bijzondere(self, gegevens: list[list[object]], koprij: int, kolommen: dict[str, int]) -> None:
        nummers = set(kolommen.values())
        for (rij, nummer), tekst in self.bijzonder.foutwaarden.items():
            if nummer in nummers and koprij < rij <= koprij + len(gegevens):
                gegevens[rij - koprij - 1][nummer - 1] = tekst
        for rij, nummer in self.bijzonder.zonder_waarde:
            if nummer in nummers and rij > koprij:
                self._meld(FORMULE_ZONDER_WAARDE, rij, nummer, "")

    def _meld(self, regel: Regel, rij: int, nummer: int, kop: str) -> None:
        self.bevindingen.append(
            Bevinding(
                bestand=self.bestand,
                blad=self.bron.name,
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
