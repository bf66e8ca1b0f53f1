"""Cells of the LibreOffice engine: values, looks and notes, with Excel's habits (see `lo_motor`)."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import re
import sys
from collections import Counter

from xlwings import base_classes as bc
from xlwings import utils

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's UNO bridge, for the same Python minor version
import uno

EPOCH = dt.datetime(1899, 12, 30)
_WAARDE, _DATUM, _FORMULE = 1, 2, 16
AANROEPEN: Counter[str] = Counter()


class ExcelWeigert(Exception):
    """What COM raises; `hresult` as Excel gives it."""

    def __init__(self, hresult: int) -> None:
        super().__init__(hresult, "Exception occurred.", None, None)
        self.hresult = hresult


class Font(bc.Font):
    def __init__(self, x) -> None:
        self.x = x

    color = property(None, lambda self, v: setattr(self.x, "CharColor", _kleurgetal(v)))
    bold = property(None, lambda self, v: setattr(self.x, "CharWeight", 150.0 if v else 100.0))
    size = property(None, lambda self, v: setattr(self.x, "CharHeight", float(v)))


class Range(bc.Range):
    def __init__(self, sheet, a, b=None) -> None:
        self.sheet, self.options = sheet, None
        self.vakken = [_vak(deel) for deel in a.split(",")] if isinstance(a, str) else [(*_hoek(a), *_hoek(b or a, einde=True))]
        self.r1, self.c1, self.r2, self.c2 = self.vakken[0]

    @functools.cached_property
    def x(self):
        blad = self.sheet.s
        if len(self.vakken) == 1:
            return blad.getCellRangeByPosition(self.c1 - 1, self.r1 - 1, self.c2 - 1, self.r2 - 1)
        x = self.sheet.book.doc.createInstance("com.sun.star.sheet.SheetCellRanges")
        nummer = self.sheet.index - 1
        adressen = []
        for r1, c1, r2, c2 in self.vakken:
            a = uno.createUnoStruct("com.sun.star.table.CellRangeAddress")
            a.Sheet, a.StartRow, a.StartColumn, a.EndRow, a.EndColumn = nummer, r1 - 1, c1 - 1, r2 - 1, c2 - 1
            adressen.append(a)
        x.addRangeAddresses(tuple(adressen), False)
        return x

    api = property(lambda self: self.x)
    row = property(lambda self: self.r1)
    column = property(lambda self: self.c1)
    shape = property(lambda self: (self.r2 - self.r1 + 1, self.c2 - self.c1 + 1))
    coords = property(lambda self: (self.sheet.name, self.r1, self.c1, *self.shape))
    address = property(lambda self: self.get_address(True, True, False))
    font = property(lambda self: Font(self.x))
    cel = property(lambda self: self.x.getCellByPosition(0, 0))

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, rij, kolom=None):
        if kolom is None:
            rij, kolom = divmod(rij - 1, self.shape[1])
            rij, kolom = rij + 1, kolom + 1
        return Range(self.sheet, (self.r1 + rij - 1, self.c1 + kolom - 1))

    def get_address(self, rij_vast, kolom_vast, _extern=False):
        def plek(r, c):
            return f"{'$' if kolom_vast else ''}{utils.col_name(c)}{'$' if rij_vast else ''}{r}"

        van, tot = plek(self.r1, self.c1), plek(self.r2, self.c2)
        return van if van == tot else f"{van}:{tot}"

    def select(self) -> None:
        self.sheet.book.app.selectie = self

    # --- values -----------------------------------------------------------------------------------------------------

    @property
    def raw_value(self):
        AANROEPEN["waarden lezen"] += 1
        uit = [list(rij) for rij in self.x.getDataArray()]
        for r, k in self._cellen(_DATUM):
            uit[r][k] = EPOCH + dt.timedelta(days=uit[r][k])
        for r, k in self._cellen(_WAARDE):
            if uit[r][k] in (0.0, 1.0) and self.sheet.book.doc.NumberFormats.getByKey(self._cel(r, k).NumberFormat).Type & 1024:
                uit[r][k] = bool(uit[r][k])
        for r, k in self._cellen(_FORMULE):
            if self._cel(r, k).getError():
                uit[r][k] = self._cel(r, k).String
        return uit

    def _cellen(self, soort):
        for a in self.x.queryContentCells(soort).RangeAddresses:
            for r in range(a.StartRow, a.EndRow + 1):
                for k in range(a.StartColumn, a.EndColumn + 1):
                    yield r - self.r1 + 1, k - self.c1 + 1

    def _cel(self, r, k):
        return self.sheet.s.getCellByPosition(self.c1 - 1 + k, self.r1 - 1 + r)

    @raw_value.setter
    def raw_value(self, waarden) -> None:
        AANROEPEN["waarden schrijven"] += 1
        self._mag()
        if not isinstance(waarden, list | tuple):
            waarden = [[waarden] * self.shape[1]] * self.shape[0]
        tekstcel = self.x.NumberFormat == _formaat(self.sheet.book.doc, "@")
        self.x.setDataArray(tuple(tuple(_als_excel(w, tekstcel) for w in rij) for rij in waarden))

    @property
    def formula(self):
        AANROEPEN["formules lezen"] += 1
        rijen = self.x.getFormulaArray()
        return rijen[0][0] if len(self) == 1 else rijen

    @formula.setter
    def formula(self, formules) -> None:
        AANROEPEN["formules schrijven"] += 1
        self._mag()
        rijen = [[formules]] if isinstance(formules, str) else formules
        # UNO takes formulas with a semicolon between arguments.
        self.x.setFormulaArray(tuple(tuple(f.replace('","', '";"') for f in rij) for rij in rijen))

    def _mag(self) -> None:
        if self.sheet.s.isProtected():
            raise ExcelWeigert(-2146827284)

    # --- looks ------------------------------------------------------------------------------------------------------

    @property
    def color(self):
        AANROEPEN["kleur lezen"] += 1
        kleur = self.x.CellBackColor
        if len(self) + len(self.vakken) > 2 and self.x.getPropertyState("CellBackColor").value == "AMBIGUOUS_VALUE":
            return (0, 0, 0)
        return None if kleur == -1 else (kleur >> 16 & 255, kleur >> 8 & 255, kleur & 255)

    @color.setter
    def color(self, kleur) -> None:
        AANROEPEN["kleur zetten"] += 1
        self._mag()
        # One by one: for many separate cells at once LibreOffice measures every row between the first and the last.
        for r1, k1, r2, k2 in self.vakken:
            vak = self.sheet.s.getCellRangeByPosition(k1 - 1, r1 - 1, k2 - 1, r2 - 1)
            vak.CellBackColor = -1 if kleur is None else _kleurgetal(kleur)

    @property
    def merge_cells(self):
        AANROEPEN["samenvoegingen lezen"] += 1
        if len(self) == 1:
            return self.merge_area.shape != (1, 1)
        return None if self.x.getIsMerged() else False

    @property
    def merge_area(self):
        cursor = self.sheet.s.createCursorByRange(self.x)
        cursor.collapseToMergedArea()
        a = cursor.RangeAddress
        return Range(self.sheet, (a.StartRow + 1, a.StartColumn + 1), (a.EndRow + 1, a.EndColumn + 1))

    def _zet(self, naam, waarde) -> None:
        AANROEPEN["opmaak"] += 1
        setattr(self.x, naam, waarde)

    number_format = property(None, lambda self, v: self._zet("NumberFormat", _formaat(self.sheet.book.doc, v)))
    wrap_text = property(None, lambda self, v: self._zet("IsTextWrapped", v))
    vertical_alignment = property(None, lambda self, _v: self._zet("VertJustify", 1))
    column_width = property(None, lambda self, v: setattr(self.x.Columns, "Width", int(v * 190)))
    column_hidden = property(None, lambda self, v: setattr(self.x.Columns, "IsVisible", not v))

    # --- notes ------------------------------------------------------------------------------------------------------

    @property
    def note(self):
        AANROEPEN["notitie zoeken"] += 1
        notitie = Note(self, self.cel.Annotation)
        return notitie if notitie.text else None

    def add_note(self, tekst):
        AANROEPEN["notitie zetten"] += 1
        self._mag()
        assert not self.cel.Annotation.String, "one note per cell"
        self.sheet.s.Annotations.insertNew(self.cel.CellAddress, tekst)
        return Note(self, self.cel.Annotation)


class Note(bc.Note):
    def __init__(self, bereik, notitie) -> None:
        self.bereik, self.n = bereik, notitie
        if not notitie.String:  # LibreOffice makes the text of a note from a file only when it is first shown
            notitie.setIsVisible(True)
            notitie.setIsVisible(False)
            self.n = bereik.cel.Annotation

    location = property(lambda self: self.bereik)

    @property
    def text(self):
        return self.n.String

    @text.setter
    def text(self, tekst) -> None:
        AANROEPEN["notitie zetten"] += 1
        self.n.setString(tekst)

    def delete(self) -> None:
        AANROEPEN["notitie weg"] += 1
        plek, alle = self.n.Position, self.bereik.sheet.s.Annotations
        for i in range(alle.Count):
            p = alle.getByIndex(i).Position
            if (p.Row, p.Column) == (plek.Row, plek.Column):
                alle.removeByIndex(i)
                return


def _hoek(a, *, einde=False):
    if isinstance(a, Range):
        return (a.r2, a.c2) if einde else (a.r1, a.c1)
    return tuple(a)


def _vak(adres):
    van, _, tot = adres.replace("$", "").partition(":")

    def plek(a):
        letters = re.sub(r"\d", "", a)
        nummer = 0
        for c in letters:
            nummer = nummer * 26 + ord(c) - 64
        return int(a[len(letters) :]), nummer

    return (*plek(van), *plek(tot or van))


def _kleurgetal(kleur) -> int:
    r, g, b = utils.hex_to_rgb(kleur) if isinstance(kleur, str) else kleur
    return r << 16 | g << 8 | b


def _formaat(doc, code) -> int:
    formaten, taal = doc.NumberFormats, uno.createUnoStruct("com.sun.star.lang.Locale")
    if code == "General":
        return 0
    sleutel = formaten.queryKey(code, taal, False)
    return formaten.addNew(code, taal) if sleutel == -1 else sleutel


def _als_excel(waarde, tekstcel):
    """What Excel makes of a value that is put in a cell."""
    if waarde is None:
        return ""
    if isinstance(waarde, bool | int | float):
        return str(waarde) if tekstcel else float(waarde)
    if waarde.startswith("'"):
        return waarde[1:]
    if tekstcel:
        return waarde
    assert not waarde.startswith("="), "a value became a formula"
    with contextlib.suppress(ValueError):
        return float(waarde)
    return waarde
