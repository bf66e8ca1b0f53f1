"""An open workbook as plain data: what a host shows, read once, before anything is decided.

The adapters in `gastheer` fill it; validation, painting and repair look at nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from kit.fouten import KitFout
from kit.gelezen import Gelezen
from kit.lijst import is_ons
from kit.markering import BLADNAAM
from kit.rooster import Rooster, koppen_van, lees_roosters, vind_bladen, welk_werkboek
from kit.schema import Schema, Werkboek
from kit.schema.model import normaliseer_kop

GEHEUGENBLAD = "Hersteld"  # where a repair leaves what stood there


@dataclass(frozen=True)
class Bladbeeld:
    """One sheet. Cells are told by address (`B3`).

    `waarden`: rows from A1 on. `gesprekken`: cells with a threaded comment, where no note can be put.
    `samengevoegd`: (first row, first column, last row, last column), from 1. `formules`: only when asked for.
    """

    naam: str
    waarden: list[list[object]]
    notities: Mapping[str, str] = field(default_factory=dict)
    gesprekken: frozenset[str] = frozenset()
    samengevoegd: Sequence[tuple[int, int, int, int]] = ()
    beveiligd: bool = False
    formules: Mapping[str, str] = field(default_factory=dict)

    def tekst(self, rij: int, kolom: int) -> str:
        """The text in a cell (from 1), "" when there is none."""
        if rij > len(self.waarden) or kolom > len(self.waarden[rij - 1]):
            return ""
        waarde = self.waarden[rij - 1][kolom - 1]
        return "" if waarde is None else str(waarde)


@dataclass(frozen=True)
class Beeld:
    """One open workbook. `controle`: name of a totals cell -> (sheet, cell). `selectie`: (sheet, cell) where the user is."""

    bestand: str
    bladen: Mapping[str, Bladbeeld]
    bladnamen: tuple[str, ...]
    werkboek: str | None = None
    versie: str | None = None
    ooit_bewaard: bool = True
    alles_bewaard: bool = True
    structuur_beveiligd: bool = False
    controle: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    selectie: tuple[str, str] = ("", "A1")

    @property
    def lijstblad(self) -> Bladbeeld | None:
        """Our own list sheet, told by its title: the user may have a sheet of that name."""
        return next((b for n, b in self.bladen.items() if n.startswith(BLADNAAM) and is_ons(b.tekst(1, 1))), None)


def te_lezen(bladnaam: str, schema: Schema) -> Literal["gegevens", "van_ons"] | None:
    """Which sheets a host reads: with all their looks (sheets that the kit fills), only their texts, or not at all."""
    if normaliseer_kop(bladnaam) in {n for w in schema.werkboeken for b in w.bladen for n in b.herkenning}:
        return "gegevens"
    return "van_ons" if bladnaam.startswith((BLADNAAM, GEHEUGENBLAD)) else None


def werkboek_van(beeld: Beeld, schema: Schema) -> Werkboek:
    """Which workbook of the kit this is. Raises KitFout when it is none, or one of another schema version."""
    koppen = {} if beeld.werkboek else {n: koppen_van(b.waarden) for n, b in beeld.bladen.items()}
    werkboek = welk_werkboek(schema, beeld.werkboek, koppen, beeld.bestand)
    if beeld.versie is not None and beeld.versie != schema.versie:
        raise KitFout(_andere_versie(beeld.versie, schema.versie))
    return werkboek


def _andere_versie(werkboek: str, kit: str) -> str:
    if _orde(werkboek) < _orde(kit):
        return (
            f"Dit werkboek is van een oudere kit (versie {werkboek}); deze invoegtoepassing werkt met versie {kit}. "
            "Zet het eerst over: op de webpagina van de kit met “Overzetten”, of met de opdracht kit actualiseer. "
            "Alles wat u invulde gaat mee."
        )
    return (
        f"Dit werkboek is van een nieuwere kit (versie {werkboek}) dan deze invoegtoepassing (versie {kit}). "
        "Vraag uw IT-dienst om de nieuwe invoegtoepassing te plaatsen."
    )


def _orde(versie: str) -> tuple[int, ...]:
    return tuple(int(deel) for deel in versie.split(".") if deel.isdigit())


def gelezen_van(beeld: Beeld, schema: Schema) -> Gelezen:
    """The workbook as the file reader would deliver it. Raises KitFout as that one does."""
    werkboek = werkboek_van(beeld, schema)
    gevonden = vind_bladen(werkboek, list(beeld.bladen), beeld.bestand)
    roosters: dict[str, Rooster | None] = {
        sleutel: _rooster(beeld.bladen[naam]) for sleutel, naam in gevonden.items() if naam is not None
    }
    return lees_roosters(beeld.bestand, schema, werkboek, roosters, beeld.versie, beeld.bladnamen)


def _rooster(blad: Bladbeeld) -> Rooster:
    return Rooster(blad.naam, [[_zuiver(w) for w in rij] for rij in blad.waarden], blad.samengevoegd)


def _zuiver(waarde: object) -> object:
    """A live value as the file reader gives it: Excel hands out a date as a moment, and money as a decimal number."""
    if isinstance(waarde, str) or waarde is None:
        return waarde
    if isinstance(waarde, dt.datetime) and waarde.time() == dt.time():
        return waarde.date()
    return float(waarde) if isinstance(waarde, Decimal) else waarde
