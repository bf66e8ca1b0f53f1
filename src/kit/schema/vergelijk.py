"""The difference between two schema versions, as plain lines."""

from __future__ import annotations

from dataclasses import dataclass

from kit.schema.model import Blad, Kolom, Schema, Werkboek


@dataclass(frozen=True)
class Verschil:
    """One difference: `soort` is erbij, weg or anders; `waar` a workbook, sheet, column or code list."""

    soort: str
    waar: str
    wat: str = ""


def vergelijk(oud: Schema, nieuw: Schema) -> list[Verschil]:
    """What the new version adds, drops and changes."""
    uit = _verzameling("codelijst", set(oud.codelijsten), set(nieuw.codelijsten))
    for s in sorted(oud.codelijsten.keys() & nieuw.codelijsten.keys()):
        voor, na = ({k.code for k in x.codelijsten[s].keuzes} for x in (oud, nieuw))
        if voor != na:
            uit.append(Verschil("anders", f"codelijst {s}", f"{len(na - voor)} codes erbij, {len(voor - na)} weg"))
    uit += _verzameling("werkboek", set(oud.per_sleutel), set(nieuw.per_sleutel))
    for s in oud.per_sleutel.keys() & nieuw.per_sleutel.keys():
        uit += _werkboek(oud.per_sleutel[s], nieuw.per_sleutel[s])
    return uit


def _verzameling(soort: str, voor: set[str], na: set[str]) -> list[Verschil]:
    return [
        *(Verschil("erbij", f"{soort} {s}") for s in sorted(na - voor)),
        *(Verschil("weg", f"{soort} {s}") for s in sorted(voor - na)),
    ]


def _werkboek(oud: Werkboek, nieuw: Werkboek) -> list[Verschil]:
    uit = _verzameling(f"{nieuw.titel}: blad", set(oud.per_sleutel), set(nieuw.per_sleutel))
    for s in [b.sleutel for b in nieuw.bladen if b.sleutel in oud.per_sleutel]:
        uit += _blad(oud.per_sleutel[s], nieuw.per_sleutel[s], f"{nieuw.titel} > {nieuw.per_sleutel[s].naam}")
    return uit


def _blad(oud: Blad, nieuw: Blad, waar: str) -> list[Verschil]:
    uit = _verzameling(f"{waar}: kolom", set(oud.per_sleutel), set(nieuw.per_sleutel))
    for k in nieuw.kolommen:
        vorige = oud.per_sleutel.get(k.sleutel)
        if vorige is not None and (wat := _kolom(vorige, k)):
            uit.append(Verschil("anders", f"{waar}: kolom {k.kop}", ", ".join(wat)))
    if oud.regels != nieuw.regels:
        uit.append(Verschil("anders", f"{waar}: regels", "de regels tussen kolommen"))
    return uit


def _kolom(oud: Kolom, nieuw: Kolom) -> list[str]:
    return [
        f"{veld}: {getattr(oud, veld)} -> {getattr(nieuw, veld)}" if veld in ("kop", "belang", "soort", "codelijst") else veld
        for veld in Kolom.model_fields
        if getattr(oud, veld) != getattr(nieuw, veld)
    ]
