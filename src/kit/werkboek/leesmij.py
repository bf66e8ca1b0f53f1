"""The sheet *Lees mij*: how to fill in the workbook. Its text is a template."""

from __future__ import annotations

import xlsxwriter

from kit import __version__
from kit.knoppen import KNOPPEN
from kit.schema import Schema, Werkboek
from kit.sjablonen import vul
from kit.werkboek.stijl import BELANG, ERNST, GEEL, INKT, LETTERTYPE, TEKEN

NAAM = "Lees mij"


def schrijf_blad(boek: xlsxwriter.Workbook, werkboek: Werkboek, schema: Schema) -> None:
    """Lines of the template: `# ` title, `## ` heading, `[legende]` the colours, anything else a paragraph."""
    ws = boek.add_worksheet(NAAM)
    ws.hide_gridlines(2)
    ws.set_column(0, 0, 3)
    ws.set_column(1, 1, 24)
    ws.set_column(2, 2, 78)
    ws.set_tab_color(GEEL)
    gewoon = {"font_name": LETTERTYPE, "font_size": 11, "text_wrap": True, "valign": "top", "font_color": INKT}
    titel = boek.add_format(gewoon | {"font_size": 20, "bold": True, "valign": "vcenter"})
    kop = boek.add_format(gewoon | {"font_size": 13, "bold": True, "bottom": 2, "bottom_color": GEEL, "valign": "bottom"})
    alinea = boek.add_format(gewoon)
    stap = boek.add_format(gewoon | {"bold": True})
    r = 0
    tekst = vul("leesmij.txt.j2", werkboek=werkboek, schema=schema, kit=__version__, knoppen=KNOPPEN)
    for regel in tekst.splitlines():
        if regel.startswith("# "):
            ws.merge_range(r, 1, r, 2, regel[2:], titel)
            ws.set_row(r, 34)
        elif regel.startswith("## "):
            ws.merge_range(r, 1, r, 2, regel[3:], kop)
            ws.set_row(r, 26)
        elif regel == "[legende]":
            r = _legende(boek, ws, r, gewoon)
            continue
        elif " | " in regel:
            links, rechts = regel.split(" | ", 1)
            ws.write_string(r, 1, links, stap)
            ws.write_string(r, 2, rechts, alinea)
            ws.set_row(r, 15 * max(-(-len(rechts) // 96), -(-len(links) // 24)))
        elif regel:
            ws.merge_range(r, 1, r, 2, regel, alinea)
            ws.set_row(r, 15 * -(-len(regel) // 122))
        else:
            ws.set_row(r, 8)
        r += 1
    ws.set_paper(9)
    ws.fit_to_pages(1, 0)


def _legende(boek: xlsxwriter.Workbook, ws: xlsxwriter.worksheet.Worksheet, r: int, gewoon: dict[str, object]) -> int:
    uitleg = {
        "verplicht": "Deze kolom moet op elke rij ingevuld zijn.",
        "voorwaardelijk": "Verplicht als u een deel ervan invult: een adres is volledig, of er staat een Adres-id.",
        "gewenst": "Vul in als u het weet.",
        "optioneel": "Mag leeg blijven.",
    }
    for belang, (woord, vlak, inkt) in BELANG.items():
        ws.write_string(r, 1, woord, boek.add_format(gewoon | {"bg_color": vlak, "font_color": inkt, "bold": True}))
        ws.write_string(r, 2, "Kolomkop. " + uitleg[belang], boek.add_format(gewoon))
        r += 1
    uitleg_ernst = (
        "Cel met een fout: het register weigert ze. Verbeter ze.",
        "Cel om na te kijken: ze mag mee, maar klopt ze wel?",
    )
    for (ernst, (vlak, inkt)), zin in zip(ERNST.items(), uitleg_ernst, strict=True):
        ws.write_string(r, 1, TEKEN[ernst], boek.add_format(gewoon | {"bg_color": vlak, "font_color": inkt, "bold": True}))
        ws.write_string(r, 2, zin, boek.add_format(gewoon))
        r += 1
    return r
