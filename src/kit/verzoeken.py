"""The requests to the register for each association, from the paths in the schema (register.md 8.1, 8.2 and 8.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kit.schema import Blad, Oproep, Schema, Werkboek
from kit.waarden import verzoekwaarde

Rij = dict[str, Any]


def verzoeken(werkboek: Werkboek, schema: Schema, rijen: dict[str, dict[str, list[Rij]]], sleutels: list[str]) -> Iterator[Rij]:
    """One dict per association: `nr` and its `verzoeken` (methode, pad, body) in the order in which they must go.

    `rijen`: blad -> key -> rows (column key -> text). A call without content is left out, unless the schema says `altijd`.
    """
    for sleutel in sleutels:
        eigen = {blad: per.get(sleutel, []) for blad, per in rijen.items()}
        calls = [c for oproep in werkboek.oproepen for c in _van_oproep(oproep, werkboek, schema, eigen)]
        yield {"nr": sleutel, "verzoeken": calls}


def _van_oproep(oproep: Oproep, werkboek: Werkboek, schema: Schema, rijen: dict[str, list[Rij]]) -> Iterator[Rij]:
    if oproep.per_rij:
        for blad in werkboek.bladen:
            if blad.oproep == oproep.sleutel:
                for rij in rijen[blad.sleutel]:
                    inhoud, zoek = _body(blad, oproep, schema, rij)
                    if inhoud:
                        yield _call(oproep, {oproep.omslag: inhoud} if oproep.omslag else inhoud, zoek)
        return
    body: Rij = {naam: [] for naam in oproep.lijsten}
    for blad in werkboek.bladen:
        eigen = blad.oproep == oproep.sleutel
        if blad.sleutel == werkboek.verenigingsblad:
            for rij in rijen[blad.sleutel]:
                body |= _body(blad, oproep, schema, rij, body)[0]
        elif eigen and blad.plaats:
            body[blad.plaats] = [_body(blad, oproep, schema, rij)[0] for rij in rijen[blad.sleutel]]
    if oproep.altijd or any(v not in (None, []) for v in body.values()):
        yield _call(oproep, body, {})


def _call(oproep: Oproep, body: Rij, zoek: Rij) -> Rij:
    uit = {"methode": oproep.methode, "pad": oproep.pad, "body": body}
    # The id in the path is only known after a look-up in the register, by these values.
    return uit | {"zoek": zoek} if zoek else uit


def _body(blad: Blad, oproep: Oproep, schema: Schema, rij: Rij, basis: Rij | None = None) -> tuple[Rij, Rij]:
    """The part of a body that one row gives, and what must be looked up first (`@` paths)."""
    body, zoek = dict(basis or {}), {}
    for kolom in blad.kolommen:
        if kolom.pad is None:
            continue
        van, _, pad = kolom.pad.rpartition("!")
        if (van or blad.oproep) != oproep.sleutel:
            continue
        waarde = verzoekwaarde(rij.get(kolom.sleutel), kolom, schema)
        if waarde is None:
            continue
        if pad.startswith("@"):
            zoek[pad[1:]] = waarde
            continue
        _zet(body, pad, waarde)
        for vast, inhoud in kolom.met.items():
            _zet(body, vast, inhoud)
    return body, zoek


def _zet(body: Rij, pad: str, waarde: object) -> None:
    *voor, laatste = pad.split(".")
    plek = body
    for stap in voor:
        plek = plek.setdefault(stap, {})
    if laatste.endswith("[]"):
        plek.setdefault(laatste[:-2], []).append(waarde)
    else:
        plek[laatste] = waarde
