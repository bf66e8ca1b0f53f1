"""What a cell's text means: the clean value that leaves the kit, for a workbook (Python value) and for the register (JSON)."""

from __future__ import annotations

import datetime as dt

from kit.regels.getal import EPOCH, lees_datum
from kit.regels.tekst import schoon
from kit.regels.titularis import titularissen
from kit.schema import Kolom, Schema


def bladwaarde(tekst: str | None, kolom: Kolom, schema: Schema) -> str | int | dt.date | None:
    """The value as it stands in an export: cleaned text, a whole number, a date, or the label of a code list."""
    if tekst is None or not (schoon_ := schoon(tekst)):
        return None
    if kolom.soort == "datum":
        return lees_iso(schoon_) or schoon_
    if kolom.soort == "getal":
        return int(schoon_) if schoon_.isascii() and schoon_.isdigit() else schoon_
    if kolom.soort == "lijst":
        return "; ".join(titularissen(schoon_))
    if (lijst := schema.codelijst(kolom)) is not None and (code := lijst.code(schoon_)) is not None:
        return lijst.labels.get(code, schoon_)
    return schoon_


def verzoekwaarde(tekst: str | None, kolom: Kolom, schema: Schema) -> object:
    """The value as the register wants it in JSON: a code, a boolean, a number, yyyy-mm-dd, or a list of names."""
    waarde = bladwaarde(tekst, kolom, schema)
    if waarde is None:
        return None
    if isinstance(waarde, dt.date):
        return waarde.isoformat()
    if kolom.soort == "lijst":
        return titularissen(str(waarde))
    lijst = schema.codelijst(kolom)
    code = (lijst.code(str(waarde)) if lijst else None) or waarde
    return code == "ja" if kolom.soort == "ja_nee" else code


def lees_iso(tekst: str) -> dt.date | None:
    """The date in a cell's text: as the reader writes it, or an Excel serial number."""
    try:
        return dt.date.fromisoformat(tekst[:10])
    except ValueError:
        pass
    try:
        return EPOCH + dt.timedelta(days=int(float(tekst)))
    except (ValueError, OverflowError):
        iso = lees_datum(tekst)
        return dt.date.fromisoformat(iso) if iso else None
