"""An xlwings engine on a running LibreOffice Calc, for the tests: the add-in's entry points paint a real spreadsheet.

It takes over Excel's habits that matter here: "'" hides, "=" begins a formula unless the cell is text, digits become a
number unless the cell is text, a range of mixed colours says black, a protected sheet refuses, one note per cell.
It proves our functions and xlwings' front, not xlwings' own COM engine and not Excel.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import re
import sys
from collections import Counter
from pathlib import Path

import xlwings as xw
from xlwings import base_classes as bc
from xlwings import utils

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's UNO bridge, for the same Python minor version
import uno

from . import lo_brug

_EPOCH = dt.datetime(1899, 12, 30)
_WAARDE, _DATUM, _FORMULE = 1, 2, 16
AANROEPEN: Counter[str] = Counter()


class ExcelWeigert(Exception):
    """What COM raises; `hresult` as Excel gives it."""

    def __init__(self, hresult: int) -> None:
        super().__init__(hresult, "Exception occurred.", None, None)
        self.hresult = hresult


class Engine:
    name, type = "libreoffice", "desktop"

    def __init__(self) -> None:
        self.apps = Apps(None)

    @staticmethod
    def clean_value_data(data, datetime_builder, empty_as, number_builder, err_to_str):
        def schoon(c):
            if c in ("", None):
                return empty_as
            return number_builder(c) if number_builder and isinstance(c, float) else c

        return [[schoon(c) for c in rij] for rij in data]

    @staticmethod
    def prepare_xl_data_element(x, options):
        return (x - _EPOCH) / dt.timedelta(days=1) if isinstance(x, dt.datetime) else x


class Apps(bc.Apps):
    def __init__(self, bureau) -> None:
        self._apps = [App(self, bureau)] if bureau else []

    def keys(self):
        return [a.pid for a in self._apps]

    def __iter__(self):
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, _i):
        return self._apps[0]


class App(bc.App):
    visible = display_alerts = True
    calculation, pid, version = "automatic", -1, 16
    antwoorden: list[str]

    def __init__(self, apps, bureau) -> None:
        self.apps, self.bureau = apps, bureau
        self.gemeld: list[tuple[str, str]] = []
        self.statussen: list[object] = []
        self.antwoorden = []
        self.selectie = None

    engine = property(lambda self: MOTOR)
    books = property(lambda self: Books(self))
    selection = property(lambda self: self.selectie)

    def activate(self, steal_focus=None) -> None:
        pass

    def alert(self, prompt, title, buttons, mode, callback):
        self.gemeld.append((title, prompt))
        return self.antwoorden.pop(0) if self.antwoorden else "ok"

    @property
    def screen_updating(self) -> bool:
        return not any(d.hasControllersLocked() for d in self.books._documenten())

    @screen_updating.setter
    def screen_updating(self, aan) -> None:
        for d in self.books._documenten():
            (d.unlockControllers if aan else d.lockControllers)()
            d.enableAutomaticCalculation(aan)

    @property
    def status_bar(self):
        return self.statussen[-1] if self.statussen else False

    @status_bar.setter
    def status_bar(self, tekst) -> None:
        self.statussen.append(tekst)


class Books(bc.Books):
    def __init__(self, app) -> None:
        self.app = app

    def _documenten(self):
        alle = self.app.bureau.Components.createEnumeration()
        while alle.hasMoreElements():
            d = alle.nextElement()
            if d.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                yield d

    active = property(lambda self: list(self)[-1])

    def __len__(self) -> int:
        return len(list(self._documenten()))

    def __iter__(self):
        return (Book(self, d) for d in self._documenten())

    def __call__(self, k):
        try:
            return list(self)[k - 1] if isinstance(k, int) else next(b for b in self if k in (b.name, b.fullname))
        except StopIteration:
            raise KeyError(k) from None

    def open(self, fullname, *_rest, **_ook):
        return Book(self, lo_brug.laad(self.app.bureau, fullname))


class Api:
    """The few native properties that the add-in asks for, under COM's names."""

    def __init__(self, **eigenschappen) -> None:
        self.__dict__.update(eigenschappen)


class Book(bc.Book):
    def __init__(self, books, doc) -> None:
        self.books, self.doc = books, doc

    app = property(lambda self: self.books.app)
    sheets = property(lambda self: Sheets(self))
    names = property(lambda self: Names(self))
    name = property(lambda self: Path(self.fullname).name)
    fullname = property(lambda self: uno.fileUrlToSystemPath(self.doc.URL) if self.doc.URL else "Map1")
    api = property(lambda self: Api(Saved=not self.doc.isModified(), ProtectStructure=self.doc.isProtected()))

    def activate(self) -> None:
        pass

    def close(self) -> None:
        self.doc.close(True)

    def save(self, path=None, password=None) -> None:
        filter_ = lo_brug.eigenschap("FilterName", "Calc MS Excel 2007 XML")
        self.doc.storeToURL(Path(path).resolve().as_uri(), (filter_,))


class Names(bc.Names):
    def __init__(self, book) -> None:
        self.book, self.alle = book, book.doc.NamedRanges
        self.namen = self.alle.ElementNames

    def __len__(self) -> int:
        return len(self.namen)

    def __call__(self, k):
        naam = self.namen[k - 1] if isinstance(k, int) else k
        return Name(self.book, self.alle.getByName(naam))

    def contains(self, k):
        return k in self.namen


class Name(bc.Name):
    def __init__(self, book, naam) -> None:
        self.book, self.n = book, naam

    name = property(lambda self: self.n.Name)
    refers_to = property(lambda self: "=" + self.n.Content)

    @property
    def refers_to_range(self):
        plek = self.n.getReferredCells().RangeAddress
        return Range(Sheets(self.book)(plek.Sheet + 1), (plek.StartRow + 1, plek.StartColumn + 1))


class Sheets(bc.Sheets):
    def __init__(self, book) -> None:
        self.book = book

    api = property(lambda self: self.book.doc.Sheets)

    active = property(lambda self: Sheet(self.book, self.book.doc.CurrentController.ActiveSheet))

    def __len__(self) -> int:
        return self.api.Count

    def __iter__(self):
        return (Sheet(self.book, self.api.getByIndex(i)) for i in range(len(self)))

    def __call__(self, k):
        if isinstance(k, str) and not self.api.hasByName(k):
            raise xw.NoSuchObjectError(k)
        return Sheet(self.book, self.api.getByName(k) if isinstance(k, str) else self.api.getByIndex(k - 1))

    def add(self, before=None, after=None, name=None):
        AANROEPEN["blad erbij"] += 1
        self.api.insertNewByName(name, after.index)
        return self(name)


class Sheet(bc.Sheet):
    def __init__(self, book, s) -> None:
        self._book, self.s = book, s

    book = property(lambda self: self._book)
    name = property(lambda self: self.s.Name)
    index = property(lambda self: self.s.RangeAddress.Sheet + 1)
    api = property(lambda self: Api(ProtectContents=self.s.isProtected()))
    comments = property(lambda self: [])
    cells = property(lambda self: Range(self, (1, 1), (1048576, 16384)))
    tables = property(lambda self: Tables(self))
    freeze_panes = property(lambda self: FreezePanes(self))

    def range(self, a, b=None):
        return Range(self, a, b)

    def activate(self) -> None:
        self.book.doc.CurrentController.setActiveSheet(self.s)

    def delete(self) -> None:
        AANROEPEN["blad weg"] += 1
        self.book.doc.Sheets.removeByName(self.name)

    @property
    def used_range(self):
        AANROEPEN["gebruikt bereik"] += 1
        cursor = self.s.createCursor()
        cursor.gotoEndOfUsedArea(False)
        return Range(self, (1, 1), (cursor.RangeAddress.EndRow + 1, cursor.RangeAddress.EndColumn + 1))

    @property
    def notes(self):
        AANROEPEN["notities lezen"] += 1
        return [Note(Range(self, (a.Position.Row + 1, a.Position.Column + 1)), a) for a in self.s.Annotations]


class FreezePanes(bc.FreezePanes):
    def __init__(self, sheet) -> None:
        self.sheet = sheet

    def freeze_at(self, adres) -> None:
        controller = self.sheet.book.doc.CurrentController
        controller.setActiveSheet(self.sheet.s)
        controller.freezeAtPosition(0, int(adres.split(":")[1]))


class Tables(bc.Tables):
    def __init__(self, sheet) -> None:
        self.sheet = sheet

    def add(self, source_type=None, source=None, link_source=None, has_headers=None, destination=None,
            table_style_name=None, name=None):  # fmt: skip
        alle = self.sheet.book.doc.DatabaseRanges
        if alle.hasByName(name):
            alle.removeByName(name)
        alle.addNewByName(name, source.impl.x.RangeAddress)
        alle.getByName(name).AutoFilter = True
        return bc.Table()


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
            uit[r][k] = _EPOCH + dt.timedelta(days=uit[r][k])
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
        return float(waarde)
    if waarde.startswith("'"):
        return waarde[1:]
    if tekstcel:
        return waarde
    assert not waarde.startswith("="), "a value became a formula"
    with contextlib.suppress(ValueError):
        return float(waarde)
    return waarde


MOTOR = Engine()


@contextlib.contextmanager
def excel():
    """xlwings with a LibreOffice of its own as the active engine."""
    with lo_brug.kantoor() as (_ctx, bureau):
        MOTOR.apps = Apps(bureau)
        motor = xw.main.Engine(impl=MOTOR)
        if MOTOR.name not in [e.name for e in xw.engines]:
            xw.engines.add(motor)
        xw.engines.active = xw.engines[MOTOR.name]
        yield MOTOR.apps[0]
