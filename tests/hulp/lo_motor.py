"""An xlwings engine on a running LibreOffice Calc, for the tests: the add-in's entry points paint a real spreadsheet.

It takes over Excel's habits that matter here: "'" hides, "=" begins a formula unless the cell is text, digits become a
number unless the cell is text, a range of mixed colours says black, a protected sheet refuses, one note per cell.
It proves our functions and xlwings' front, not xlwings' own COM engine and not Excel.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import xlwings as xw
from xlwings import base_classes as bc

# This one knows where the UNO bridge is, so it comes before `uno` itself.
from .lo_bereik import AANROEPEN, EPOCH, ExcelWeigert, Note, Range  # isort: split

import uno

from . import lo_brug

__all__ = ["AANROEPEN", "ExcelWeigert", "excel"]


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
        return (x - EPOCH) / dt.timedelta(days=1) if isinstance(x, dt.datetime) else x


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
