"""Read any workbook file that a clerk hands in, xlsx or xlsm: bytes -> grids -> `Gelezen`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from kit.bestanden import Bron
from kit.fouten import KitFout
from kit.gelezen import Gelezen
from kit.rooster import Rooster, koppen_van, lees_roosters, vind_bladen, welk_werkboek
from kit.schema import Schema, laad_schema
from kit.schema.model import normaliseer_kop
from kit.werkboek.pakket import lees_structuur
from kit.werkboek.veilig import MAX_CELLEN, lees_deel, leesbaar

EIGENSCHAP_WERKBOEK, EIGENSCHAP_SCHEMA, EIGENSCHAP_KIT = "werkboek", "schemaversie", "kitversie"


def lees(pad: Bron, schema: Schema | None = None, *, volledig: bool = True) -> Gelezen:
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
        with pad.open("rb") as f:
            boek = CalamineWorkbook.from_filelike(f)
        eigenschappen = pakket.eigenschappen()
        koppen = (
            {}
            if eigenschappen.get(EIGENSCHAP_WERKBOEK) in schema.per_sleutel
            else {b: koppen_van(boek.get_sheet_by_name(b).to_python(skip_empty_area=False, nrows=30)) for b in bladdelen}
        )
        werkboek = welk_werkboek(schema, eigenschappen.get(EIGENSCHAP_WERKBOEK), koppen, naam)
        gevonden = vind_bladen(werkboek, list(bladdelen), naam, volledig=volledig)
        roosters = {s: _rooster(boek.get_sheet_by_name(b), bijzonder[b]) if b else None for s, b in gevonden.items()}
        return lees_roosters(naam, schema, werkboek, roosters, eigenschappen.get(EIGENSCHAP_SCHEMA), list(bladdelen))
    except CalamineError as fout:
        raise KitFout(f"{naam} is beschadigd en kan niet gelezen worden. Open en bewaar het in Excel.") from fout


def _rooster(bron: CalamineSheet, bijzonder: _Bijzonder) -> Rooster:
    rijen = cast("list[list[object]]", bron.to_python(skip_empty_area=False))
    for (rij, kolom), tekst in bijzonder.foutwaarden.items():
        if rij <= len(rijen) and kolom <= len(rijen[rij - 1]):
            rijen[rij - 1][kolom - 1] = tekst
    samengevoegd = [(r1 + 1, k1 + 1, r2 + 1, k2 + 1) for (r1, k1), (r2, k2) in bron.merged_cell_ranges or ()]
    return Rooster(bron.name, rijen, samengevoegd, bijzonder.zonder_waarde)


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
