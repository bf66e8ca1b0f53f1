"""Schema -> workbook: drop-downs, input messages, error alerts, live colours, tables, overview, protected lists.

The same input gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kit import __version__
from kit.bestanden import schrijf
from kit.gelezen import ExtraKolom
from kit.regels import Ernst, toegepast
from kit.regels.tekens import TEKENLIJSTEN
from kit.rooster import NAAM_SCHEMA, NAAM_WERKBOEK
from kit.schema import Blad, Kolom, Schema, Werkboek
from kit.werkboek import leesmij, overzicht
from kit.werkboek.formules import BELANGRIJ, EERSTE_RIJ, KOPRIJ, MAX_FORMULE, Formules, bladnaam, reeksnaam, regels_met_formule
from kit.werkboek.lezen import EIGENSCHAP_KIT, EIGENSCHAP_SCHEMA, EIGENSCHAP_WERKBOEK
from kit.werkboek.stijl import BELANG, ERNST, GEEL, GETALFORMAAT, INKT, LETTERTYPE, ZACHT

VERENIGINGEN = 5_000
LIJSTEN, INTERN = "Lijsten", "_lijsten"

Rij = Mapping[str, object]


def genereer(
    werkboek: Werkboek,
    schema: Schema,
    rijen: Mapping[str, Sequence[Rij]] | None = None,
    extra: Mapping[str, Sequence[ExtraKolom]] | None = None,
    eigen_bladen: Mapping[str, Sequence[Sequence[object]]] | None = None,
) -> bytes:
    """One workbook of the kit as bytes of an .xlsx.

    `rijen`: blad -> rows (column key -> str, number, date, bool or None) to fill in; `extra`: columns of the user's
    own to carry along to the right of the kit's columns; `eigen_bladen`: sheets of the user's own, as values.
    """
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # XlsxWriter drops what is too long for Excel with only a warning.
        warnings.simplefilter("error")
        _Maker(werkboek, schema, rijen or {}, extra or {}, buffer).maak(eigen_bladen or {})
    return buffer.getvalue()


def genereer_kit(schema: Schema, map_: Path) -> list[Path]:
    """Write all workbooks of a schema to a folder and return their paths."""
    paden = []
    for werkboek in schema.werkboeken:
        pad = map_ / werkboek.bestand
        schrijf(pad, genereer(werkboek, schema))
        paden.append(pad)
    return paden


class _Maker:
    def __init__(
        self,
        werkboek: Werkboek,
        schema: Schema,
        rijen: Mapping[str, Sequence[Rij]],
        extra: Mapping[str, Sequence[ExtraKolom]],
        buffer: io.BytesIO,
    ) -> None:
        self.werkboek, self.schema, self.rijen, self.extra = werkboek, schema, rijen, extra
        self.boek = xlsxwriter.Workbook(
            buffer, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
        )
        capaciteit = {
            b.sleutel: max(VERENIGINGEN * b.rijen_per_vereniging, len(self.rijen.get(b.sleutel, ()))) for b in werkboek.bladen
        }
        self.formules = Formules(schema, capaciteit)
        self.lijsten = [schema.codelijsten[s] for s in schema.codelijsten if schema.codelijsten[s].in_werkboek]

    def maak(self, eigen_bladen: Mapping[str, Sequence[Sequence[object]]]) -> None:
        self._eigenschappen()
        leesmij.schrijf_blad(self.boek, self.werkboek, self.schema)
        overzichtsblad = self.boek.add_worksheet(overzicht.NAAM)
        for blad in self.werkboek.bladen:
            self._blad(blad)
        self._lijstenblad()
        self._internblad()
        for naam, inhoud in eigen_bladen.items():
            self._eigen_blad(naam, inhoud)
        overzicht.schrijf_blad(self.boek, overzichtsblad, self.werkboek, self.formules, self._aantallen())
        self.boek.worksheets()[0].activate()
        self.boek.close()

    def _aantallen(self) -> dict[str, int]:
        return {b.sleutel: len(self.rijen.get(b.sleutel, ())) for b in self.werkboek.bladen}

    def _eigenschappen(self) -> None:
        self.boek.set_properties(
            {
                "title": f"Voorbereidingskit Verenigingsregister: {self.werkboek.titel}",
                "subject": f"Schema {self.schema.versie}, kit {__version__}",
                "author": "Voorbereidingskit",
                "created": dt.datetime.combine(self.schema.datum, dt.time()),
            }
        )
        for naam, waarde in (
            (EIGENSCHAP_WERKBOEK, self.werkboek.sleutel),
            (EIGENSCHAP_SCHEMA, self.schema.versie),
            (EIGENSCHAP_KIT, __version__),
        ):
            self.boek.set_custom_property(naam, waarde, "text")
        # The same as names: an add-in sees names in every Excel, document properties not in all.
        self.boek.define_name(NAAM_WERKBOEK, f'="{self.werkboek.sleutel}"')
        self.boek.define_name(NAAM_SCHEMA, f'="{self.schema.versie}"')

    def _opmaak(self, **velden: Any) -> Format:
        return self.boek.add_format({"font_name": LETTERTYPE, "font_size": 11, "valign": "vcenter", **velden})

    # --- a data sheet -----------------------------------------------------------------------------------------------

    def _blad(self, blad: Blad) -> None:
        ws = self.boek.add_worksheet(blad.naam)
        rijen = self.rijen.get(blad.sleutel, ())
        for n, kolom in enumerate(blad.kolommen):
            formaat = self._opmaak(num_format=GETALFORMAAT[kolom.soort], border=1, border_color="#D5D9DE", locked=False)
            ws.set_column(n, n, kolom.breedte, formaat)
            self._kop(ws, n, kolom)
            self._validatie(ws, blad, kolom)
            self._kleuren(ws, blad, kolom)
            for r, rij in enumerate(rijen):
                waarde = rij.get(kolom.sleutel)
                schrijf_cel(ws, EERSTE_RIJ - 1 + r, n, waarde, self._afwijkend(kolom, waarde) or formaat)
        for n, eigen in enumerate(self.extra.get(blad.sleutel, ()), len(blad.kolommen)):
            self._extra_kolom(ws, n, eigen)
        ws.set_row(BELANGRIJ - 1, 16)
        ws.set_row(KOPRIJ - 1, 32)
        self._tabel(ws, blad, len(rijen))
        ws.freeze_panes(KOPRIJ, 2 if blad.sleutel == self.werkboek.verenigingsblad else 1)
        ws.set_tab_color(GEEL if blad.sleutel == self.werkboek.verenigingsblad else ZACHT)
        ws.set_landscape()
        ws.set_paper(9)
        ws.fit_to_pages(-(-sum(k.breedte for k in blad.kolommen) // 260), 0)
        ws.repeat_rows(0, KOPRIJ - 1)
        ws.repeat_columns(0, 1)
        ws.set_footer("&L&8" + blad.titel.replace("&", "&&") + "&R&8&P / &N")

    def _kop(self, ws: Worksheet, n: int, kolom: Kolom) -> None:
        woord, vlak, inkt = BELANG[kolom.belang]
        ws.write_string(BELANGRIJ - 1, n, woord, self._opmaak(font_size=8, font_color=INKT, bg_color="#FFFFFF", italic=True))
        stijl = self._opmaak(bold=True, text_wrap=True, bg_color=vlak, font_color=inkt, border=1, border_color="#FFFFFF")
        ws.write_string(KOPRIJ - 1, n, kolom.kop, stijl)

    def _extra_kolom(self, ws: Worksheet, n: int, eigen: ExtraKolom) -> None:
        ws.set_column(n, n, 18)
        ws.write_string(BELANGRIJ - 1, n, "eigen kolom", self._opmaak(font_size=8, italic=True))
        ws.write_string(KOPRIJ - 1, n, eigen.kop, self._opmaak(bold=True, text_wrap=True, bg_color="#FFFFFF", border=1))
        for r, waarde in enumerate(eigen.waarden):
            schrijf_cel(ws, EERSTE_RIJ - 1 + r, n, waarde, self._datumopmaak() if isinstance(waarde, dt.date) else None)

    def _datumopmaak(self) -> Format:
        return self._opmaak(num_format=GETALFORMAAT["datum"])

    def _afwijkend(self, kolom: Kolom, waarde: object) -> Format | None:
        """A format for a value of another kind than its column: a date stays a date, a number a number."""
        if isinstance(waarde, dt.date) and kolom.soort != "datum":
            return self._datumopmaak()
        if isinstance(waarde, int | float) and kolom.soort == "datum":
            return self._opmaak(num_format="General")
        return None

    def _eigen_blad(self, naam: str, inhoud: Sequence[Sequence[object]]) -> None:
        ws = self.boek.add_worksheet(naam)
        for r, rij in enumerate(inhoud):
            for n, waarde in enumerate(rij):
                schrijf_cel(ws, r, n, waarde, self._datumopmaak() if isinstance(waarde, dt.date) else None)

    def _tabel(self, ws: Worksheet, blad: Blad, aantal: int) -> None:
        koppen = [k.kop for k in blad.kolommen]
        einde = KOPRIJ - 1 + max(1, aantal)
        ws.add_table(
            KOPRIJ - 1,
            0,
            einde,
            len(koppen) - 1,
            {
                "name": f"t_{blad.sleutel}",
                "style": None,
                "columns": [
                    {"header": kop, "header_format": self._kopopmaak(k)} for kop, k in zip(koppen, blad.kolommen, strict=True)
                ],
            },
        )

    def _kopopmaak(self, kolom: Kolom) -> Format:
        _, vlak, inkt = BELANG[kolom.belang]
        return self._opmaak(bold=True, text_wrap=True, bg_color=vlak, font_color=inkt, border=1, border_color="#FFFFFF")

    def _validatie(self, ws: Worksheet, blad: Blad, kolom: Kolom) -> None:
        bereik = self.formules.bereik(blad, kolom)
        eisen = " ".join(
            dict.fromkeys(
                _vul_eis(t.regel.eis, kolom)
                for t in toegepast(blad)
                if t.kolom == kolom and t.regel.formule and t.regel.ernst == Ernst.FOUT and not t.regel.leeg
            )
        )
        opties: dict[str, Any] = {
            "ignore_blank": True,
            "input_title": kolom.kop[:32],
            "input_message": f"{kolom.uitleg}\nBv. {kolom.voorbeeld}"[:255],
            "error_title": "Dit klopt nog niet" if kolom.streng else "Even nakijken",
            "error_message": (f"Zo hoort het: {eisen}" if eisen else "Kijk deze waarde na.")[:224],
            "error_type": "stop" if kolom.streng else "warning",
        }
        goed = self.formules.goed(regels_met_formule(blad, kolom, Ernst.FOUT)[0])
        if kolom.codelijst:
            opties |= {"validate": "list", "source": f"=lijst_{kolom.codelijst}"}
            opties["error_message"] = "Kies een waarde uit de lijst (klik op het pijltje rechts van de cel)."
        elif goed:
            naam = f"goed_{blad.sleutel}_{kolom.sleutel}"
            self._naam(naam, goed)
            opties |= {"validate": "custom", "value": f"={naam}"}
        else:
            opties |= {"validate": "any"}
        if ws.data_validation(bereik.replace("$", ""), opties) not in (0, None):
            raise AssertionError(f"XlsxWriter weigert de validatie van {blad.naam}.{kolom.kop}")

    def _kleuren(self, ws: Worksheet, blad: Blad, kolom: Kolom) -> None:
        for ernst in Ernst:
            mis = self.formules.mis(blad, kolom, ernst)
            if mis is None:
                continue
            naam = f"mis_{blad.sleutel}_{kolom.sleutel}_{ernst.value}"
            self._naam(naam, mis)
            vlak, inkt = ERNST[ernst]
            opmaak = self.boek.add_format({"bg_color": vlak, "font_color": inkt})
            if ernst == Ernst.FOUT:
                opmaak.set_bold()
            regel = {"type": "formula", "criteria": f"={naam}", "format": opmaak, "stop_if_true": ernst == Ernst.FOUT}
            ws.conditional_format(self.formules.bereik(blad, kolom).replace("$", ""), regel)

    def _naam(self, naam: str, formule: str) -> None:
        assert len(formule) <= MAX_FORMULE, f"{naam} telt {len(formule)} tekens"
        self.boek.define_name(naam, "=" + formule)

    # --- code lists -------------------------------------------------------------------------------------------------

    def _lijstenblad(self) -> None:
        """The code lists for people: per list the name, and the register's code where that differs."""
        ws = self.boek.add_worksheet(LIJSTEN)
        kop = self._opmaak(bold=True, bg_color=INKT, font_color="#FFFFFF", text_wrap=True)
        klein = self._opmaak(font_size=9, font_color="#5A6470", text_wrap=True, valign="top")
        ws.merge_range(
            0,
            0,
            0,
            5,
            "De lijsten waaruit u kiest. Dit blad is beveiligd; u hoeft er niets in te vullen.",
            self._opmaak(bold=True),
        )
        n = 0
        for lijst in self.lijsten:
            met_code = any(k.code != k.label for k in lijst.keuzes)
            ws.write_string(2, n, lijst.titel, kop)
            ws.write_string(1, n, f"Bron: {lijst.bron} ({lijst.datum:%d/%m/%Y})", klein)
            for r, keuze in enumerate(lijst.keuzes, 3):
                ws.write_string(r, n, keuze.label)
                if met_code:
                    ws.write_string(r, n + 1, keuze.code)
            ws.set_column(n, n, 36 if met_code else 24)
            if met_code:
                ws.write_string(2, n + 1, "code", kop)
                ws.set_column(n + 1, n + 1, 16)
            ws.set_column(n + 1 + met_code, n + 1 + met_code, 3)
            n += 2 + met_code
        ws.set_row(1, 58)
        ws.freeze_panes(3, 0)
        ws.protect("", {"select_locked_cells": True, "format_columns": True})
        ws.set_tab_color(ZACHT)
        ws.set_landscape()
        ws.fit_to_pages(1, 0)

    def _internblad(self) -> None:
        """Everything that a drop-down accepts and the character lists of some rules, one per column; hidden."""
        ws = self.boek.add_worksheet(INTERN)
        reeksen = {f"lijst_{lijst.sleutel}": lijst.toegelaten for lijst in self.lijsten}
        reeksen |= {f"tekens_{naam}": tekens for naam, tekens in TEKENLIJSTEN.items()}
        for n, (naam, waarden) in enumerate(reeksen.items()):
            letter = xlsxwriter.utility.xl_col_to_name(n)
            for r, waarde in enumerate(waarden):
                ws.write_string(r, n, waarde)
            self.boek.define_name(naam, f"={bladnaam(INTERN)}!${letter}$1:${letter}${len(waarden)}")
        for blad in self.werkboek.bladen:
            naam, teller = bladnaam(blad.naam), overzicht.rijenteller(self.werkboek, blad)
            for kolom in blad.kolommen:
                bereik = self.formules.bereik(blad, kolom)
                begin = bereik.split(":")[0]
                self.boek.define_name(reeksnaam(blad, kolom), f"={naam}!{begin}:INDEX({naam}!{bereik},{teller})")
        ws.protect()
        ws.hide()


def _vul_eis(eis: str, kolom: Kolom) -> str:
    return eis.format(max=kolom.max, van=kolom.van, tot=kolom.tot)


def schrijf_cel(ws: Worksheet, rij: int, n: int, waarde: object, formaat: Format | None) -> None:
    """Write a value as what it is; text always as text, whatever it starts with."""
    match waarde:
        case None | "":
            return
        case bool():
            ws.write_boolean(rij, n, waarde, formaat)
        case int() | float():
            ws.write_number(rij, n, waarde, formaat)
        case dt.datetime() | dt.date() | dt.time() | dt.timedelta():
            ws.write_datetime(rij, n, waarde, formaat)
        case _:
            ws.write_string(rij, n, str(waarde), formaat)
