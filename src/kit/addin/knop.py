"""What the macros of the classic add-in call: run an entry point on the calling book and show how it went, in dialogs.

No exception leaves this module: xlwings would show and log it with the values of cells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import xlwings as xw

from kit.fouten import KitFout
from kit.markering import KENMERK

if TYPE_CHECKING:
    from kit.addin.uitkomst import Uitkomst

# What Excel answers while a cell is being edited or a dialog is open.
_BEZET = {-2146777998, -2147418111}
_IN_DIALOOG = 12


def valideer() -> None:
    _druk(lambda book: _addin().valideer(book))


def naar_volgende() -> None:
    _druk(lambda book: _addin().naar_volgende(book))


def wis_markeringen() -> None:
    _druk(lambda book: _addin().wis_markeringen(book))


def maak_ongedaan() -> None:
    _druk(lambda book: _addin().maak_ongedaan(book))


def over() -> None:
    _druk(lambda book: _addin().over(book))


def herstel() -> None:
    """Show "was -> wordt", ask, and repair; with a copy of the old values when the user wants one."""
    _druk(_herstel)


def exporteer() -> None:
    """Write the export to a new folder beside the workbook."""
    _druk(_exporteer)


def _addin() -> ModuleType:
    """Late, so that a click is answered before polars and pandera are loaded."""
    from kit import addin

    return addin


def _druk(handeling: Callable[[xw.Book], Uitkomst]) -> None:
    book = xw.Book.caller()
    try:
        uitkomst = handeling(book)
    except KitFout as fout:
        _meld(book, "Dat lukt nog niet", str(fout), "warning")
    except MemoryError:
        _meld(book, "Te groot", "Dit werkboek is te groot voor het geheugen van deze computer.", "critical")
    except Exception as fout:
        if getattr(fout, "hresult", None) in _BEZET:
            tekst = "Excel is nog bezig met een cel. Druk op Enter of Esc en klik opnieuw. Er is niets gewijzigd."
            _meld(book, "Excel is bezig", tekst, "warning")
        else:
            tekst = (
                f"Er ging iets mis dat we niet voorzagen ({type(fout).__name__}). Bewaar uw werk, sluit het werkboek en probeer "
                "opnieuw. Blijft het misgaan, geef dan de naam tussen haakjes door aan uw IT-dienst."
            )
            _meld(book, "Er ging iets mis", tekst, "critical")
    else:
        _meld(book, uitkomst.titel, uitkomst.boodschap, "info" if uitkomst.soort != "fout" else "warning")


def _meld(book: xw.Book, titel: str, tekst: str, soort: str, knoppen: str = "ok") -> str | None:
    return book.app.alert(tekst, title=f"{KENMERK}: {titel}", buttons=knoppen, mode=soort)


def _herstel(book: xw.Book) -> Uitkomst:
    from kit.addin.uitkomst import Uitkomst
    from kit.bevinding import maskeer

    uitkomst: Uitkomst = _addin().herstel(book)
    if not uitkomst.voorstellen:
        return uitkomst
    regels = [
        f"{h.blad} {h.cel}: “{maskeer(h.was, geheel=h.gevoelig)}” → “{maskeer(h.wordt, geheel=h.gevoelig)}”"
        for h in uitkomst.voorstellen[:_IN_DIALOOG]
    ]
    if len(uitkomst.voorstellen) > _IN_DIALOOG:
        regels.append(f"… en nog {len(uitkomst.voorstellen) - _IN_DIALOOG}")
    vraag = (
        f"{uitkomst.boodschap}\n\n" + "\n".join(regels) + "\n\nWilt u de oude waarden bewaren op een blad, zodat u terug kunt?\n"
        "Ja: herstellen en bewaren.  Nee: herstellen zonder te bewaren.  Annuleren: niets doen."
    )
    antwoord = _meld(book, uitkomst.titel, vraag, "info", "yes_no_cancel")
    if antwoord not in ("yes", "no"):
        return Uitkomst("Herstellen", "Er is niets gewijzigd.")
    hersteld: Uitkomst = _addin().herstel(book, [(h.blad, h.cel) for h in uitkomst.voorstellen], bewaar=antwoord == "yes")
    return hersteld


def _exporteer(book: xw.Book) -> Uitkomst:
    from dataclasses import replace

    from kit.bestanden import schrijf_alle

    uitkomst: Uitkomst = _addin().exporteer(book)
    if not uitkomst.bestanden:
        return uitkomst
    pad = Path(book.fullname)
    thuis = pad.parent if pad.is_absolute() else Path.home()
    map_ = thuis / f"export {pad.stem} {dt.datetime.now():%Y-%m-%d %Hu%M%S}"
    schrijf_alle(map_, uitkomst.bestanden)
    return replace(uitkomst, boodschap=f"{uitkomst.boodschap} Ze staat in de map:\n{map_}")
