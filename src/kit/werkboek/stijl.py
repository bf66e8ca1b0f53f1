"""Colours and formats of the kit, for the generator and the painter alike. Never by colour alone: word, note or pattern too."""

from kit.regels import Ernst
from kit.schema.model import Belang

LETTERTYPE = "Calibri"
INKT, GRIJS, GEEL, ZACHT = "#333332", "#687483", "#FFE615", "#E8EBEE"

# The word above a heading and its colours (background, text).
BELANG: dict[Belang, tuple[str, str, str]] = {
    "verplicht": ("● verplicht", INKT, "#FFFFFF"),
    "voorwaardelijk": ("◐ soms verplicht", GRIJS, "#FFFFFF"),
    "gewenst": ("◑ gewenst", GEEL, INKT),
    "optioneel": ("○ mag leeg", ZACHT, INKT),
}

# Background and text of a cell that a rule speaks about: in the live colours of the kit and in the painted copy.
ERNST: dict[Ernst, tuple[str, str]] = {
    Ernst.FOUT: ("#FFC2C2", "#8A0F0F"),
    Ernst.WAARSCHUWING: ("#FFF0C2", "#6B4500"),
}
# What the painters use. Nearly the same, but their own, so that their marks can be told from all other colours in a file.
GESCHILDERD: dict[Ernst, str] = {Ernst.FOUT: "#FFC1C1", Ernst.WAARSCHUWING: "#FFF0C1"}
TEKEN: dict[Ernst, str] = {Ernst.FOUT: "✖ FOUT", Ernst.WAARSCHUWING: "▲ LET OP"}

GETALFORMAAT = {"tekst": "@", "lijst": "@", "ja_nee": "@", "getal": "0", "datum": "dd/mm/yyyy"}
