"""Make sample workbooks: rows for every sheet of the schema, planted errors on request, and the answer key."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from kit.schema import Blad, Kolom, Schema, Werkboek
from kit.voorbeeld.planten import Geplant, plant
from kit.voorbeeld.verzinnen import Rij, Verzinner


@dataclass(frozen=True)
class Voorbeeld:
    """`rijen`: werkboek -> blad -> rows (column key -> value); `geplant`: the answer key."""

    rijen: dict[str, dict[str, list[Rij]]]
    geplant: list[Geplant]


def maak_voorbeeld(
    schema: Schema, aantal: int, zaad: int = 1, fouten: float = 0, *, plaatsen: tuple[str, ...] = (), reeks: int = 0
) -> Voorbeeld:
    """`aantal` associations per workbook. `fouten` is the percentage of associations that gets one planted error;
    any percentage above zero plants every rule at least once where there is room. The same seed gives the same data.
    `plaatsen` and `reeks`: see `Verzinner`.
    """
    kans = random.Random(f"{zaad} {aantal}")
    verzin = Verzinner(kans, schema, plaatsen, reeks)
    rijen = {w.sleutel: _werkboek(w, verzin, aantal) for w in schema.werkboeken}
    geplant = plant(schema, rijen, verzin, aantal, fouten) if fouten > 0 else []
    return Voorbeeld(rijen, geplant)


def _werkboek(werkboek: Werkboek, verzin: Verzinner, aantal: int) -> dict[str, list[Rij]]:
    uit: dict[str, list[Rij]] = {b.sleutel: [] for b in werkboek.bladen}
    for n in range(1, aantal + 1):
        soort, code = verzin.activiteit()
        postcode, gemeente = verzin.plaats()
        sleutel = verzin.kbo(n) if any(t.regel == "kbo_nummer" for t in _sleutelkolom(werkboek).regels) else str(n)
        thema: Rij = {
            werkboek.sleutelkolom: sleutel,
            "naam": verzin.naam(soort, gemeente, n),
            "soort": soort,
            "activiteit": code,
            "postcode": postcode,
            "gemeente": gemeente,
        }
        for blad in werkboek.bladen:
            for i in range(_hoeveel(blad, werkboek, verzin)):
                uit[blad.sleutel].append(maak_rij(blad, werkboek, thema, verzin, i))
    return uit


def _sleutelkolom(werkboek: Werkboek) -> Kolom:
    return werkboek.verenigingen.per_sleutel[werkboek.sleutelkolom]


def _hoeveel(blad: Blad, werkboek: Werkboek, verzin: Verzinner) -> int:
    """One association row; about one and a half rows on sheets with room for more, else half a row."""
    if blad.sleutel == werkboek.verenigingsblad:
        return 1
    if blad.rijen_per_vereniging > 1:
        return verzin.kans.choices(range(1, blad.rijen_per_vereniging + 1), [60, 30, 10][: blad.rijen_per_vereniging])[0]
    return int(verzin.kans.random() < 0.4)


def maak_rij(blad: Blad, werkboek: Werkboek, thema: Rij, verzin: Verzinner, i: int) -> Rij:
    """The `i`-th row of one association on a sheet, without errors."""
    rij: Rij = {werkboek.sleutelkolom: thema[werkboek.sleutelkolom]}
    for kolom in blad.kolommen:
        if kolom.sleutel not in rij and (waarde := _waarde(kolom, blad, thema, verzin, rij, i)) not in (None, ""):
            rij[kolom.sleutel] = waarde
    return rij


# Values for columns that belong together, by the column's key; any other column follows from its rules or example.
_BIJZONDER: dict[str, Callable[[Verzinner, Rij, Rij, int], object]] = {
    "korte_naam": lambda _v, t, _r, _i: "".join(w[0] for w in str(t["naam"]).split() if w[0].isalpha()).upper(),
    "korte_beschrijving": lambda _v, t, _r, _i: f"{t['soort']} voor inwoners van {t['gemeente']}",
    "startdatum": lambda v, _t, _r, _i: v.datum(1950, 2024),
    "einddatum": lambda v, _t, _r, _i: v.datum(2027, 2030),
    "hernieuwingsdatum": lambda v, _t, _r, _i: v.datum(2025, 2026),
    "van": lambda v, _t, _r, _i: v.datum(2010, 2020),
    "tot": lambda v, _t, _r, _i: v.datum(2021, 2025) if v.kans.random() < 0.3 else None,
    "minimumleeftijd": lambda v, _t, _r, _i: v.kans.choice([None, 6, 12, 16, 18, 55]),
    "maximumleeftijd": lambda v, _t, r, _i: 12 if r.get("minimumleeftijd") == 6 else v.kans.choice([None, 99, 150]),
    "straatnaam": lambda v, _t, _r, _i: v.straat(),
    "huisnummer": lambda v, _t, _r, _i: f"{v.kans.randint(1, 240)}{v.kies('', '', '', 'A', 'B')}",
    "busnummer": lambda v, _t, _r, _i: v.kies("", "", "", "1", "2", "0.1"),
    "postcode": lambda _v, t, _r, _i: t["postcode"],
    "gemeente": lambda _v, t, _r, _i: t["gemeente"],
    "land": lambda _v, _t, _r, _i: "België",
    "adres_id": lambda _v, _t, _r, _i: None,
    "primair": lambda _v, _t, _r, i: "ja" if i == 0 else "nee",
    "rol": lambda v, _t, _r, _i: v.rol(),
    "dienst": lambda v, _t, _r, _i: v.dienst(),
    "subtype": lambda _v, _t, _r, _i: None,
    "moedervereniging": lambda _v, _t, _r, _i: None,
    "migreren": lambda _v, _t, _r, _i: "ja",
    "reden": lambda _v, _t, _r, _i: None,
    "titularissen": lambda v, t, _r, _i: v.kies(str(t["naam"]), f"{t['naam']}; {' '.join(v.persoon())}"),
    "voornaam": lambda v, _t, _r, _i: v.persoon()[0],
    "achternaam": lambda v, _t, _r, _i: v.persoon()[1],
    "hoofdactiviteit": lambda _v, t, _r, _i: t["activiteit"],
    "werkingsgebied": lambda _v, t, _r, _i: t["gemeente"],
    "ipdc_productnummer": lambda v, _t, _r, _i: str(v.kans.randint(10_000, 19_999)),
    "andere_vereniging": lambda v, _t, _r, i: f"V{1001 + i + v.kans.randrange(9_000):07d}",
}

_PER_REGEL: dict[str, Callable[[Verzinner, Rij], object]] = {
    "insz": lambda v, _t: v.insz(),
    "iban": lambda v, _t: v.iban(),
    "e_mail": lambda v, t: v.email(str(t["naam"])),
    "telefoon": lambda v, _t: v.telefoon(),
    "website": lambda v, t: f"https://www.{v.email(str(t['naam'])).split('@')[0]}.example",
    "sociale_media": lambda v, t: f"https://sociaal.example/{v.email(str(t['naam'])).split('@')[0]}",
}


def _waarde(kolom: Kolom, blad: Blad, thema: Rij, verzin: Verzinner, rij: Rij, i: int) -> object:
    voorwaardelijk = [t for t in kolom.regels if t.als]
    if voorwaardelijk:
        return _bij_type(kolom, blad, thema, verzin, rij)
    if kolom.herhaal == 1 and kolom.groep != kolom.sleutel and not kolom.sleutel.endswith("_1"):
        return None  # of the numbered columns only the first is filled
    if kolom.groep in thema and kolom.codelijst is None and not kolom.regels:
        return thema[kolom.groep]
    maker = _BIJZONDER.get(kolom.groep)
    if maker is not None:
        waarde = maker(verzin, thema, rij, i)
        return _als_label(kolom, verzin, waarde)
    per_regel = next((_PER_REGEL[t.regel] for t in kolom.regels if t.regel in _PER_REGEL), None)
    if per_regel is not None:
        return per_regel(verzin, thema) if kolom.verplicht or verzin.kans.random() < 0.5 else None
    if kolom.codelijst:
        lijst = verzin.schema.codelijsten[kolom.codelijst]
        # The i-th choice: rows of one association differ in type.
        return lijst.keuzes[i % len(lijst.keuzes)].label if kolom.verplicht else None
    if kolom.soort == "datum":
        return verzin.datum(2025, 2026)
    return kolom.voorbeeld if kolom.verplicht or verzin.kans.random() < 0.3 else None


def _als_label(kolom: Kolom, verzin: Verzinner, waarde: object) -> object:
    lijst = verzin.schema.codelijst(kolom)
    if lijst is None or waarde is None or not kolom.streng:
        return waarde
    if lijst.code(str(waarde)) is None:
        return next((k.label for k in lijst.keuzes if k.code == waarde), None)
    return next(k.label for k in lijst.keuzes if k.code == lijst.code(str(waarde)))


def _bij_type(kolom: Kolom, blad: Blad, thema: Rij, verzin: Verzinner, rij: Rij) -> object:
    """A value for a column whose rule depends on another column of the row (type of contact)."""
    for t in kolom.regels:
        if all(_code(blad, sleutel, rij, verzin.schema) == code for sleutel, code in t.als.items()):
            return _PER_REGEL[t.regel](verzin, thema)
    return kolom.voorbeeld


def _code(blad: Blad, sleutel: str, rij: Rij, schema: Schema) -> str | None:
    lijst = schema.codelijst(blad.per_sleutel[sleutel])
    return lijst.code(str(rij.get(sleutel, ""))) if lijst else str(rij.get(sleutel, ""))
