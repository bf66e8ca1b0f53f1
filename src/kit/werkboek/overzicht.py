"""The sheet *Overzicht*: live counts per sheet and per column and a chart, by formulas alone."""

from __future__ import annotations

from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from kit.regels import Ernst
from kit.schema import Blad, Werkboek
from kit.werkboek.formules import Formules, bladnaam
from kit.werkboek.stijl import ERNST, GEEL, INKT, LETTERTYPE, ZACHT

NAAM = "Overzicht"
CONTROLENAMEN = ("kit_controle_wanneer", "kit_controle_fouten", "kit_controle_waarschuwingen")
NOG_NIET = "nog niet gebeurd"
_BLADEN_VANAF = 11  # first row (from 1) of the table per sheet


def rijenteller(werkboek: Werkboek, blad: Blad) -> str:
    """The cell that knows how many rows of a sheet are in use."""
    return f"{bladnaam(NAAM)}!$H${_BLADEN_VANAF + werkboek.bladen.index(blad)}"


def schrijf_blad(
    boek: xlsxwriter.Workbook, ws: Worksheet, werkboek: Werkboek, formules: Formules, aantallen: dict[str, int]
) -> None:
    """`aantallen`: rows already filled in, for the values that show before Excel recalculates."""
    ws.hide_gridlines(2)
    ws.set_tab_color(GEEL)
    for n, breedte in enumerate((3, 24, 46, 14, 14, 14, 3, 9)):
        ws.set_column(n, n, breedte)
    basis = {"font_name": LETTERTYPE, "font_size": 11, "font_color": INKT, "valign": "vcenter"}
    ws.set_column(7, 7, 9, None, {"hidden": True})  # how many rows of each sheet are in use: for the formulas only
    titel = boek.add_format(basis | {"font_size": 20, "bold": True})
    kopstijl = basis | {"bold": True, "bg_color": INKT, "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
    kop, kop_getal = boek.add_format(kopstijl), boek.add_format(kopstijl | {"align": "right"})
    tekst, getal = (
        boek.add_format(basis | {"bottom": 1, "bottom_color": ZACHT}),
        boek.add_format(basis | {"bottom": 1, "bottom_color": ZACHT, "num_format": "#,##0", "align": "right"}),
    )
    ws.write_string("B1", f"Overzicht: {werkboek.titel}", titel)
    ws.set_row(0, 34)
    ws.write_string(
        "B2",
        "Deze tellingen volgen vanzelf wat u invult. Werk de fouten weg tot er overal 0 staat; kijk de rest na.",
        boek.add_format(basis),
    )
    _laatste_controle(boek, ws, basis)

    for n, naam in enumerate(("Blad", "Wat erop staat", "Rijen", "Fouten", "Na te kijken")):
        ws.write_string(_BLADEN_VANAF - 2, 1 + n, naam, kop_getal if n > 1 else kop)
    ws.write_string(_BLADEN_VANAF - 2, 7, "laatste rij", boek.add_format(basis | {"font_size": 8, "font_color": "#8A929C"}))
    eerste_kolomrij = _BLADEN_VANAF + len(werkboek.bladen) + 20
    bereik_bladen = f"$B${eerste_kolomrij}:$B${eerste_kolomrij + sum(len(b.kolommen) for b in werkboek.bladen) - 1}"
    for i, blad in enumerate(werkboek.bladen):
        r = _BLADEN_VANAF - 1 + i
        sleutel = blad.per_sleutel[werkboek.sleutelkolom]
        naam = bladnaam(blad.naam)
        ws.write_url(r, 1, f"internal:{naam}!A3", boek.add_format(basis | {"underline": 1, "font_color": "#0055CC"}), blad.naam)
        ws.write_string(r, 2, blad.titel, boek.add_format(basis | {"bottom": 1, "bottom_color": ZACHT, "text_wrap": True}))
        ws.write_formula(r, 3, f"=COUNTA({naam}!{formules.bereik(blad, sleutel)})", getal, aantallen[blad.sleutel])
        for n, letter in ((4, "D"), (5, "E")):
            waarden = bereik_bladen.replace("$B", f"${letter}")
            ws.write_formula(r, n, f"=SUMIF({bereik_bladen},B{r + 1},{waarden})", getal, 0)
        heel = (
            formules.bereik(blad, blad.kolommen[0]).split(":")[0] + ":" + formules.bereik(blad, blad.kolommen[-1]).split(":")[1]
        )
        teller = f'=MAX(1,SUMPRODUCT(MAX(({naam}!{heel}<>"")*(ROW({naam}!{heel})-2))))'
        ws.write_formula(
            r, 7, teller, boek.add_format(basis | {"font_size": 8, "font_color": "#8A929C"}), max(1, aantallen[blad.sleutel])
        )
        ws.set_row(r, 30)
    _grafiek(boek, ws, werkboek)
    _per_kolom(ws, werkboek, formules, eerste_kolomrij, (kop, kop_getal), tekst, getal)
    laatste_blad, laatste_kolom = _BLADEN_VANAF + len(werkboek.bladen) - 1, int(bereik_bladen.rsplit("$", 1)[1])
    for per_blad, per_kolom, ernst in (("E", "D", Ernst.FOUT), ("F", "E", Ernst.WAARSCHUWING)):
        _boven_nul(boek, ws, f"{per_blad}{_BLADEN_VANAF}:{per_blad}{laatste_blad}", ernst)
        _boven_nul(boek, ws, f"{per_kolom}{eerste_kolomrij}:{per_kolom}{laatste_kolom}", ernst)
    ws.freeze_panes(2, 0)
    ws.set_paper(9)
    ws.fit_to_pages(1, 0)


def _laatste_controle(boek: xlsxwriter.Workbook, ws: Worksheet, basis: dict[str, Any]) -> None:
    """Three cells that a validation run fills in; found again by their defined names."""
    ws.write_string("B4", "Laatste controle met de kit", boek.add_format(basis | {"bold": True}))
    vak = boek.add_format(basis | {"bg_color": ZACHT, "align": "left"})
    for r, (label, naam) in enumerate(zip(("Wanneer", "Fouten", "Na te kijken"), CONTROLENAMEN, strict=True), 4):
        ws.write_string(r, 1, label, boek.add_format(basis | {"indent": 1}))
        ws.write_string(r, 2, NOG_NIET, vak)
        boek.define_name(naam, f"={bladnaam(NAAM)}!$C${r + 1}")


def _grafiek(boek: xlsxwriter.Workbook, ws: Worksheet, werkboek: Werkboek) -> None:
    grafiek = boek.add_chart({"type": "bar", "subtype": "stacked"})
    eind = _BLADEN_VANAF + len(werkboek.bladen) - 2
    for n, naam, ernst in ((4, "Fouten", Ernst.FOUT), (5, "Na te kijken", Ernst.WAARSCHUWING)):
        _, inkt = ERNST[ernst]
        vulling: dict[str, Any] = {"fill": {"color": inkt}}
        if ernst == Ernst.WAARSCHUWING:
            vulling = {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#B87700", "bg_color": "#FFF0C2"}}
        grafiek.add_series(
            {
                "name": naam,
                "categories": [NAAM, _BLADEN_VANAF - 1, 1, eind, 1],
                "values": [NAAM, _BLADEN_VANAF - 1, n, eind, n],
                "gap": 60,
                "data_labels": {
                    "value": True,
                    "num_format": "0;;",
                    "font": {"color": "#FFFFFF" if ernst == Ernst.FOUT else INKT},
                },
                **vulling,
            }
        )
    grafiek.set_title({"name": "Nog te doen per blad", "name_font": {"name": LETTERTYPE, "size": 13, "color": INKT}})
    grafiek.set_y_axis({"reverse": True, "num_font": {"name": LETTERTYPE}})
    # Counts stand on the bars; an axis would show halves.
    grafiek.set_x_axis({"min": 0, "visible": False, "major_gridlines": {"visible": False}})
    grafiek.set_legend({"position": "bottom"})
    grafiek.set_size({"width": 700, "height": 320})
    ws.insert_chart(
        _BLADEN_VANAF + len(werkboek.bladen) - 1,
        1,
        grafiek,
        {"y_offset": 10, "description": "Staafdiagram: fouten en na te kijken cellen per blad"},
    )


def _per_kolom(
    ws: Worksheet, werkboek: Werkboek, formules: Formules, rij: int, koppen: tuple[Any, Any], tekst: Any, getal: Any
) -> None:
    kop, kop_getal = koppen
    for n, naam in enumerate(("Blad", "Kolom", "Fouten", "Na te kijken")):
        ws.write_string(rij - 2, 1 + n, naam, kop_getal if n > 1 else kop)
    r = rij - 1
    for blad in werkboek.bladen:
        sleutel = blad.per_sleutel[werkboek.sleutelkolom]
        for kolom in blad.kolommen:
            ws.write_string(r, 1, blad.naam, tekst)
            ws.write_string(r, 2, kolom.kop, tekst)
            for n, ernst in ((3, Ernst.FOUT), (4, Ernst.WAARSCHUWING)):
                formule = formules.aantal_mis(blad, kolom, sleutel, ernst)
                if formule:
                    ws.write_array_formula(r, n, r, n, "{=" + formule + "}", getal, 0)
                else:
                    ws.write_number(r, n, 0, getal)
            r += 1


def _boven_nul(boek: xlsxwriter.Workbook, ws: Worksheet, bereik: str, ernst: Ernst) -> None:
    vlak, inkt = ERNST[ernst]
    opmaak = boek.add_format({"bg_color": vlak, "font_color": inkt, "bold": True})
    ws.conditional_format(bereik, {"type": "cell", "criteria": ">", "value": 0, "format": opmaak})
