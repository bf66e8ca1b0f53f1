"""Places: which municipality of today an address is in, and which words of a name only say where the association is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from kit.dubbels.woorden import plat, woorden
from kit.schema import Schema
from kit.schema.model import Codelijst


@dataclass(frozen=True)
class Plaatsen:
    """`per_postcode`: postcode -> municipality; `per_naam`: any spelling -> municipality; `namen`: municipality -> spellings.

    All in flat form (`woorden.plat`). Merged municipalities count as one, by the schema's own code lists.
    """

    per_postcode: dict[str, str]
    per_naam: dict[str, str]
    namen: dict[str, set[str]]
    _patronen: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def gemeente(self, postcode: str, naam: str) -> str:
        """The municipality of an address; a name that no list holds stands for itself."""
        if (gevonden := self.per_postcode.get(postcode.strip())) is not None:
            return gevonden
        tekst = _kaal(naam)
        return self.per_naam.get(tekst) or self.per_naam.get(plat(naam)) or tekst

    def patroon(self, gemeente: str) -> re.Pattern[str]:
        """Finds the municipality, its villages, its old and foreign names and what comes of them (`Gentse`), in flat text.

        No municipality = any place: for two names of which nobody said where they are.
        """
        if gemeente not in self._patronen:
            alle = {n for namen in self.namen.values() for n in namen}
            self._patronen[gemeente] = _patroon(self.namen.get(gemeente, {gemeente}) if gemeente else alle)
        return self._patronen[gemeente]


def _patroon(namen: set[str]) -> re.Pattern[str]:
    vormen = {v for n in namen if len(n) > 1 for v in (n, n + "s", n + "se", n + "e", n + "er", n + "naar", n[:-1] + "se")}
    keuze = "|".join(re.escape(v) for v in sorted(vormen, key=lambda v: (-len(v), v)))
    return re.compile(rf"(?<![a-z0-9])(?:{keuze})(?![a-z0-9])")


def plaatsen_van(schema: Schema) -> Plaatsen:
    """From the code lists of a schema: postcodes with their municipality and villages, and the names of before the mergers."""
    return _plaatsen(schema.codelijsten["postcodes"], schema.codelijsten["gemeenten"])


@cache
def _plaatsen(postcodes: Codelijst, gemeenten: Codelijst) -> Plaatsen:
    per_postcode: dict[str, str] = {}
    namen: dict[str, set[str]] = {}
    for keuze in postcodes.keuzes:
        gemeente = _kaal(keuze.bij[0])
        per_postcode[keuze.code] = gemeente
        namen.setdefault(gemeente, {gemeente}).update(map(_kaal, keuze.bij))
    for oud, nieuw in gemeenten.oud.items():
        namen.setdefault(_kaal(nieuw), {_kaal(nieuw)}).add(_kaal(oud))
    for vreemd, gewoon in woorden().plaatsen.items():
        for eigen in namen.values():
            if gewoon in eigen:
                eigen.add(vreemd)
    per_naam: dict[str, str] = {}
    for gemeente, eigen in namen.items():
        for naam in eigen:
            per_naam.setdefault(naam, gemeente)
    return Plaatsen(per_postcode, per_naam | {g: g for g in namen}, namen)


def _kaal(naam: str) -> str:
    return plat(re.sub(r"\(.*?\)", "", naam))
