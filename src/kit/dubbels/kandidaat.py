"""One association as the search for duplicates sees it, from a workbook of the kit or from a list of the register."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from kit.dubbels.plaatsen import Plaatsen, plaatsen_van
from kit.schema import Blad, Schema, Werkboek


@dataclass(frozen=True, slots=True)
class Kandidaat:
    """`sleutel` tells it apart from all others; `bron` is the delivery or "register". Places are municipalities of today.

    Contact values are normalised, so that equal means the same; nothing of them ever stands in a reason.
    """

    sleutel: str
    bron: str
    naam: str
    andere_namen: tuple[str, ...] = ()
    plaatsen: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    kbo: str = ""
    personen: tuple[str, ...] = ()
    e_mails: tuple[str, ...] = ()
    telefoons: tuple[str, ...] = ()
    rekeningen: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()


def kandidaten(
    werkboek: Werkboek, schema: Schema, frames: Mapping[str, pl.DataFrame], bron: str
) -> Iterator[tuple[int, Kandidaat]]:
    """Position on the sheet and candidate of every association with a name, found by what the schema says of each column.

    `frames` as in `Gelezen`. An association without a place gets the most frequent place of its workbook.
    """
    plaatsen = plaatsen_van(schema)
    sleutelkolom = werkboek.sleutelkolom
    eigenschappen: dict[str, dict[str, list[str]]] = {}
    for sleutel, frame in frames.items():
        blad = werkboek.per_sleutel[sleutel]
        hoofd = sleutel == werkboek.verenigingsblad
        bekeken = [(k.sleutel, soort) for k in blad.kolommen if (soort := _soort(blad, k.sleutel, hoofd))]
        if not bekeken:
            continue
        for rij in frame.select(sleutelkolom, *(k for k, _ in bekeken if k != sleutelkolom)).iter_rows(named=True):
            eigen = eigenschappen.setdefault(eigen_nr(rij[sleutelkolom]), {})
            for kolom, soort in bekeken:
                if rij[kolom]:
                    eigen.setdefault(soort, []).append(rij[kolom])
    waar = {nr: _plaatsen(e, plaatsen) for nr, e in eigenschappen.items()}
    telling = Counter(p for gevonden in waar.values() for p in gevonden)
    gewoon = tuple(p for p, _ in telling.most_common(1))
    is_kbo = _soort(werkboek.verenigingen, sleutelkolom, True) == "kbo"
    for plek, rij in enumerate(frames[werkboek.verenigingsblad].select(sleutelkolom, "naam").iter_rows(named=True)):
        if not rij["naam"]:
            continue
        nr = eigen_nr(rij[sleutelkolom])
        e = eigenschappen.get(nr, {})
        waarden = e.get("waarde", ())
        yield (
            plek,
            Kandidaat(
                sleutel=f"{bron}:{nr}" if nr else f"{bron}:#{plek}",
                bron=bron,
                naam=rij["naam"],
                andere_namen=tuple(e.get("anders", ())),
                plaatsen=waar.get(nr) or gewoon,
                postcodes=_uniek(p.strip() for p in e.get("postcode", ())),
                kbo=_cijfers(rij[sleutelkolom] or "") if is_kbo else "",
                personen=_uniek(_cijfers(p) for p in e.get("persoon", ())),
                e_mails=_uniek(c.strip().lower() for c in (*waarden, *e.get("e_mail", ())) if "@" in c),
                telefoons=_uniek(_telefoon(c) for c in (*e.get("telefoon", ()), *filter(_is_telefoon, waarden))),
                rekeningen=_uniek(re.sub(r"[\s.]", "", r).upper() for r in e.get("rekening", ())),
                websites=_uniek(_website(w) for w in waarden if "://" in w or w.startswith("www.")),
            ),
        )


def _soort(blad: Blad, kolom: str, hoofd: bool) -> str | None:
    """What a column tells about identity, by the rules that the schema puts on it."""
    k = blad.per_sleutel[kolom]
    regels = {t.regel for t in k.regels}
    if "insz" in regels:
        return "persoon"
    if "iban" in regels:
        return "rekening"
    if hoofd and "kbo_nummer" in regels:
        return "kbo"
    if hoofd and k.sleutel in ("korte_naam", "roepnaam"):
        return "anders"
    if any(t.als for t in k.regels):
        return "waarde"
    if "e_mail" in regels:
        return "e_mail"
    if "telefoon" in regels:
        return "telefoon"
    return {"postcodes": "postcode", "gemeenten": "gemeente"}.get(k.codelijst or "")


def _plaatsen(e: dict[str, list[str]], plaatsen: Plaatsen) -> tuple[str, ...]:
    codes, namen = e.get("postcode", []), e.get("gemeente", [])
    langste = max(len(codes), len(namen))
    paren = zip(codes + [""] * (langste - len(codes)), namen + [""] * (langste - len(namen)), strict=True)
    return _uniek(p for code, naam in paren if (p := plaatsen.gemeente(code, naam)))


def van_register(schema: Schema, gegevens: dict[str, object]) -> Kandidaat:
    """A candidate from the register's own detail (see `GET /v1/verenigingen/{vCode}`) or a line of its export."""

    def lijst(naam: str) -> list[dict[str, str]]:
        waarde = gegevens.get(naam)
        return [r for r in waarde if isinstance(r, dict)] if isinstance(waarde, list) else []

    plaatsen = plaatsen_van(schema)
    adressen = [adres if isinstance(adres := loc.get("adres"), dict) else loc for loc in lijst("locaties")]
    contacten = lijst("contactgegevens")
    return Kandidaat(
        sleutel=str(gegevens["vCode"]),
        bron="register",
        naam=str(gegevens.get("naam") or ""),
        andere_namen=tuple(str(gegevens[n]) for n in ("korteNaam", "roepnaam") if gegevens.get(n)),
        plaatsen=_uniek(p for a in adressen if (p := plaatsen.gemeente(a.get("postcode", ""), a.get("gemeente", "")))),
        postcodes=_uniek(a.get("postcode", "") for a in adressen),
        kbo=_cijfers(str(gegevens.get("kboNummer") or "")),
        personen=_uniek(_cijfers(v.get("insz", "")) for v in lijst("vertegenwoordigers")),
        e_mails=_uniek(c["waarde"].strip().lower() for c in contacten if "@" in c.get("waarde", "")),
        telefoons=_uniek(_telefoon(c["waarde"]) for c in contacten if c.get("contactgegeventype") == "Telefoon"),
        rekeningen=_uniek(re.sub(r"[\s.]", "", r.get("iban", "")).upper() for r in lijst("bankrekeningnummers")),
        websites=_uniek(_website(c["waarde"]) for c in contacten if "://" in c.get("waarde", "")),
    )


def _uniek(waarden: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(w for w in waarden if w))


def eigen_nr(waarde: str | None) -> str:
    """The own number in comparable form: a KBO-nummer may be written with dots."""
    tekst = (waarde or "").strip()
    return _cijfers(tekst) if re.fullmatch(r"[0-9. ]{10,}", tekst) else tekst


def _cijfers(tekst: str) -> str:
    return re.sub(r"\D", "", tekst)


def _is_telefoon(tekst: str) -> bool:
    return "@" not in tekst and re.fullmatch(r"[0-9+ ./()\-]{8,}", tekst.strip()) is not None


def _telefoon(tekst: str) -> str:
    """The last eight digits: country code and leading zero do not tell two numbers apart."""
    return _cijfers(tekst)[-8:]


def _website(tekst: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", tekst.strip().lower()).rstrip("/")
