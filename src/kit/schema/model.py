"""The pydantic model of a schema: every sheet, column and code list of the kit, once.

Reader, generator, rules, painter, export and documents all ask this model; none of them knows a column by itself.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cached_property
from typing import Any, Literal, Self

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, model_validator

Belang = Literal["verplicht", "voorwaardelijk", "gewenst", "optioneel"]
Soort = Literal["tekst", "getal", "datum", "ja_nee", "lijst"]


def normaliseer_kop(tekst: str) -> str:
    """Bring a heading, sheet name or list value to the form in which two spellings of one thing are equal.

    Lower case, without accents, and without anything that is not a letter or digit: `E-mail *` and `e mail` meet.
    """
    plat = unicodedata.normalize("NFKD", tekst).casefold()
    return re.sub(r"[^a-z0-9]", "", "".join(c for c in plat if not unicodedata.combining(c)))


class Streng(BaseModel):
    """Base of all parts: an unknown or misspelt key in a schema file is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))


class Keuze(Streng):
    """One entry of a code list: `code` goes to the register, `label` is what the clerk picks, `bij` goes with it."""

    code: str
    label: str
    bij: tuple[str, ...] = ()


class Codelijst(Streng):
    """A list of allowed values with its source and date.

    `aliassen` maps other spellings to a label, `oud` names that are no longer in use to the one of today.
    """

    sleutel: str
    titel: str
    bron: str
    datum: dt.date
    keuzes: tuple[Keuze, ...]
    ook: tuple[str, ...] = ()
    aliassen: dict[str, str] = {}
    oud: dict[str, str] = {}
    in_werkboek: bool = True

    @cached_property
    def toegelaten(self) -> list[str]:
        """Everything a cell may hold, labels first: the very list behind the drop-down."""
        waarden = [k.label for k in self.keuzes] + [k.code for k in self.keuzes] + list(self.ook)
        uniek: dict[str, str] = {}
        for waarde in waarden:
            uniek.setdefault(waarde.lower(), waarde)
        return list(uniek.values())

    @cached_property
    def codes(self) -> dict[str, str]:
        """Accepted text in lower case -> code (an extra spelling in `ook` stands for itself)."""
        tabel = {waarde.lower(): waarde for waarde in self.ook}
        tabel |= {k.label.lower(): k.code for k in reversed(self.keuzes)}
        return tabel | {k.code.lower(): k.code for k in self.keuzes}

    @cached_property
    def labels(self) -> dict[str, str]:
        """Code -> label."""
        return {k.code: k.label for k in self.keuzes}

    @cached_property
    def toegelaten_laag(self) -> pl.Series:
        """`toegelaten` in lower case, ready for a check."""
        return pl.Series([w.lower() for w in self.toegelaten], dtype=pl.String)

    @cached_property
    def codetabel(self) -> tuple[pl.Series, pl.Series]:
        """`codes` as two columns, ready for a check."""
        return pl.Series(list(self.codes), dtype=pl.String), pl.Series(list(self.codes.values()), dtype=pl.String)

    def __hash__(self) -> int:
        return hash((self.sleutel, self.datum, len(self.keuzes)))

    @cached_property
    def _spellingen(self) -> dict[str, str]:
        spellingen = {normaliseer_kop(w): w for w in reversed(self.toegelaten)}
        return spellingen | {normaliseer_kop(a): naam for a, naam in (self.oud | self.aliassen).items()}

    def code(self, waarde: str) -> str | None:
        """The code of a cell's text, or None when the list does not hold it."""
        return self.codes.get(waarde.lower())

    def voorstel(self, waarde: str) -> str | None:
        """The allowed spelling that is meant for certain (other case, accents, spaces, an alias), or None."""
        if (schoon := normaliseer_kop(waarde)) and (gevonden := self._spellingen.get(schoon)) != waarde:
            return gevonden
        return None

    def nieuwe_naam(self, waarde: str) -> str | None:
        """The name of today for one that is no longer in use."""
        return {normaliseer_kop(oud): nieuw for oud, nieuw in self.oud.items()}.get(normaliseer_kop(waarde))


class Toepassing(Streng):
    """A rule name on a column (`als`: only where another column holds this code) or on several (`op`)."""

    regel: str
    als: dict[str, str] = {}
    op: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _kort(cls, waarde: Any) -> Any:
        return {"regel": waarde} if isinstance(waarde, str) else waarde


class Kolom(Streng):
    """One column. `pad` is its place in the register's request, `groep` the key before `herhaal` numbered it."""

    sleutel: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kop: str
    uitleg: str = Field(max_length=190)
    voorbeeld: str
    aliassen: tuple[str, ...] = ()
    belang: Belang = "optioneel"
    soort: Soort = "tekst"
    codelijst: str | None = None
    streng: bool = True
    max: int | None = None
    van: int | None = None
    tot: int | None = None
    regels: tuple[Toepassing, ...] = ()
    breedte: int = 16
    sinds: str = "2026.1"
    herhaal: int = 1
    groep: str = ""
    pad: str | None = None
    met: dict[str, str] = {}
    persoonsgegeven: Literal["insz"] | None = None

    @property
    def verplicht(self) -> bool:
        return self.belang == "verplicht"

    @cached_property
    def herkenning(self) -> frozenset[str]:
        """All normalised headings under which a file may deliver this column."""
        return frozenset(normaliseer_kop(k) for k in (self.kop, self.sleutel, *self.aliassen))

    def uitgevouwen(self) -> list[Kolom]:
        """`Hoofdactiviteit` with `herhaal: 5` becomes the columns `Hoofdactiviteit 1` to `5`."""
        if self.herhaal == 1:
            return [self.model_copy(update={"groep": self.sleutel})]
        return [
            self.model_copy(
                update={
                    "sleutel": f"{self.sleutel}_{i}",
                    "kop": f"{self.kop} {i}",
                    "aliassen": (*(f"{a} {i}" for a in self.aliassen), *((*self.aliassen, self.kop) if i == 1 else ())),
                    "belang": self.belang if i == 1 else "optioneel",
                    "groep": self.sleutel,
                    "herhaal": 1,
                }
            )
            for i in range(1, self.herhaal + 1)
        ]


class Blad(Streng):
    """One sheet. Its rows belong to an association through the werkboek's `sleutelkolom`."""

    sleutel: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    naam: str = Field(max_length=31)
    titel: str
    kolommen: tuple[Kolom, ...]
    aliassen: tuple[str, ...] = ()
    regels: tuple[Toepassing, ...] = ()
    rijen_per_vereniging: int = 1
    oproep: str | None = None
    plaats: str = ""

    @model_validator(mode="after")
    def _uniek(self) -> Self:
        for wat, waarden in (("sleutel", [k.sleutel for k in self.kolommen]), ("kop", [k.kop for k in self.kolommen])):
            if dubbel := {w for w in waarden if waarden.count(w) > 1}:
                raise ValueError(f"{wat} komt twee keer voor op blad {self.naam}: {', '.join(sorted(dubbel))}")
        return self

    @cached_property
    def per_sleutel(self) -> dict[str, Kolom]:
        return {k.sleutel: k for k in self.kolommen}

    @cached_property
    def herkenning(self) -> frozenset[str]:
        return frozenset(normaliseer_kop(n) for n in (self.naam, self.sleutel, *self.aliassen))

    def groep(self, naam: str) -> tuple[Kolom, ...]:
        """The numbered columns that came from one `herhaal` column."""
        return tuple(k for k in self.kolommen if k.groep == naam)


class Oproep(Streng):
    """One kind of request to the register; `per_rij` makes one for each row of the sheets that name it."""

    sleutel: str
    methode: Literal["POST", "PATCH"]
    pad: str
    omslag: str | None = None
    per_rij: bool = False
    altijd: bool = False
    lijsten: tuple[str, ...] = ()


class Werkboek(Streng):
    """One workbook of the kit."""

    sleutel: str
    titel: str
    omschrijving: str
    bestand: str
    verenigingsblad: str
    sleutelkolom: str
    migreerkolom: str
    bladen: tuple[Blad, ...]
    oproepen: tuple[Oproep, ...]

    @model_validator(mode="after")
    def _samenhang(self) -> Self:
        oproepen = {o.sleutel for o in self.oproepen}
        for blad in self.bladen:
            if blad.oproep and blad.oproep not in oproepen:
                raise ValueError(f"blad {blad.naam}: oproep {blad.oproep} bestaat niet")
            if self.sleutelkolom not in blad.per_sleutel:
                raise ValueError(f"blad {blad.naam} mist de sleutelkolom {self.sleutelkolom}")
        return self

    @cached_property
    def per_sleutel(self) -> dict[str, Blad]:
        return {b.sleutel: b for b in self.bladen}

    @property
    def verenigingen(self) -> Blad:
        return self.per_sleutel[self.verenigingsblad]


class Schema(Streng):
    """One version of the whole kit."""

    versie: str = Field(pattern=r"^\d{4}\.\d+$")
    datum: dt.date
    omschrijving: str
    codelijsten: dict[str, Codelijst]
    werkboeken: tuple[Werkboek, ...]

    @cached_property
    def per_sleutel(self) -> dict[str, Werkboek]:
        return {w.sleutel: w for w in self.werkboeken}

    def codelijst(self, kolom: Kolom) -> Codelijst | None:
        return self.codelijsten[kolom.codelijst] if kolom.codelijst else None
