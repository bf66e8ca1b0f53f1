"""The schema for machines: JSON Schema (draft 2020-12) and Frictionless Table Schema, one per sheet."""

from __future__ import annotations

from typing import Any

from kit.schema.model import Blad, Kolom, Schema, Werkboek

_JSON = {"tekst": "string", "lijst": "string", "ja_nee": "string", "getal": "integer", "datum": "string"}
_FRICTIONLESS = {"tekst": "string", "lijst": "string", "ja_nee": "string", "getal": "integer", "datum": "date"}


def json_schema(werkboek: Werkboek, schema: Schema) -> dict[str, Any]:
    """A JSON Schema for a whole workbook: an object with per sheet an array of rows."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:voorbereidingskit:{schema.versie}:{werkboek.sleutel}",
        "title": werkboek.titel,
        "description": werkboek.omschrijving,
        "type": "object",
        "properties": {b.sleutel: {"type": "array", "title": b.naam, "items": _rij(b, schema)} for b in werkboek.bladen},
        "required": [werkboek.verenigingsblad],
    }


def _rij(blad: Blad, schema: Schema) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {k.sleutel: _eigenschap(k, schema) for k in blad.kolommen},
        "required": [k.sleutel for k in blad.kolommen if k.verplicht],
        "additionalProperties": False,
    }


def _eigenschap(kolom: Kolom, schema: Schema) -> dict[str, Any]:
    uit: dict[str, Any] = {
        "type": _JSON[kolom.soort],
        "title": kolom.kop,
        "description": kolom.uitleg,
        "examples": [int(kolom.voorbeeld) if kolom.soort == "getal" else kolom.voorbeeld],
    }
    if kolom.soort == "datum":
        uit |= {"format": "date", "examples": ["2026-01-31"]}
    if kolom.soort == "getal":
        uit |= {"minimum": kolom.van, "maximum": kolom.tot}
    if kolom.max and kolom.soort == "tekst":
        uit["maxLength"] = kolom.max
    lijst = schema.codelijst(kolom)
    if lijst is not None and kolom.streng:
        uit["enum"] = lijst.toegelaten
    return uit


def table_schema(blad: Blad, werkboek: Werkboek, schema: Schema) -> dict[str, Any]:
    """A Frictionless Table Schema for one sheet, with the reference to the sheet of associations."""
    velden = []
    for kolom in blad.kolommen:
        lijst = schema.codelijst(kolom)
        grenzen = {
            "required": kolom.verplicht,
            "minimum": kolom.van,
            "maximum": kolom.tot,
            "maxLength": kolom.max if kolom.soort == "tekst" else None,
            "enum": lijst.toegelaten if lijst and kolom.streng else None,
        }
        velden.append(
            {
                "name": kolom.kop,
                "type": _FRICTIONLESS[kolom.soort],
                "description": kolom.uitleg,
                "example": kolom.voorbeeld,
                "constraints": {k: v for k, v in grenzen.items() if v is not None and v is not False},
            }
        )
    uit: dict[str, Any] = {"fields": velden, "missingValues": ["", "NULL"]}
    sleutel = blad.per_sleutel[werkboek.sleutelkolom].kop
    if blad.sleutel == werkboek.verenigingsblad:
        return uit | {"primaryKey": sleutel}
    verwijzing = {"resource": werkboek.verenigingsblad, "fields": sleutel}
    return uit | {"foreignKeys": [{"fields": sleutel, "reference": verwijzing}]}
