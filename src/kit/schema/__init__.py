"""What a workbook holds: schema > werkboek > blad > kolom > codelijst, as data in `versies/` and a pydantic model over it."""

from kit.schema.laden import STANDAARDVERSIE, laad_schema, schemaversies
from kit.schema.model import Blad, Codelijst, Kolom, Oproep, Schema, Werkboek

__all__ = [
    "STANDAARDVERSIE",
    "Blad",
    "Codelijst",
    "Kolom",
    "Oproep",
    "Schema",
    "Werkboek",
    "laad_schema",
    "schemaversies",
]
