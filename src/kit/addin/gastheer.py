"""What an entry point asks of the Excel that it runs in, and which adapter answers.

`bureaublad` (Excel for Windows and Mac) reads and writes at once; `op_afstand` (Office.js) got everything in one request
and answers with a list of actions. Both go through xlwings, so an entry point takes any `xw.Book`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import xlwings as xw

from kit.addin.beeld import Beeld
from kit.addin.schilderwerk import Plek, Schilderwerk
from kit.fouten import KitFout
from kit.schema import Schema

# What to write in a cell: text, a number, nothing, or a formula that stood there.
Inhoud = str | float | None


class Gastheer(Protocol):
    """One open workbook in one Excel. Every method raises KitFout when Excel does not let it."""

    def beeld(self, schema: Schema, *, formules: bool = False) -> Beeld:
        """Read what `beeld.te_lezen` says of every sheet."""
        ...

    def kleuren(self, cellen: Mapping[str, Sequence[str]]) -> Mapping[str, Mapping[str, str]]:
        """Sheet -> cells; gives sheet -> cell -> colour of the cell's own fill, for those that have one."""
        ...

    def bezig(self, wat: str) -> AbstractContextManager[None]:
        """Show what is going on as long as it lasts."""
        ...

    def schilder(self, werk: Schilderwerk) -> None: ...

    def zet(self, inhoud: Mapping[Plek, Inhoud]) -> None:
        """Write cells: text stays text, "=..." is a formula only when it is a `Formule`."""
        ...

    def ga_naar(self, blad: str, cel: str) -> None: ...

    def schrijf_blad(self, naam: str, rijen: list[list[str]], *, breedtes: tuple[int, ...]) -> None:
        """Put a plain sheet of texts (the memory of a repair) at the end, instead of one of that name."""
        ...

    def verwijder_blad(self, naam: str) -> None: ...


class Formule(str):
    """A formula to put back, as Excel writes it."""


class Datum(float):
    """A date to put back, as Excel counts it: days since 30 December 1899."""


def formaat_voor(inhoud: Inhoud) -> str | None:
    """The number format a cell must have before this is written in it; None = as it is.

    In a text cell a number or a formula would become text; in any other cell a text like 0470 a number.
    """
    if inhoud is None:
        return None
    if isinstance(inhoud, Formule):
        return "General"
    if isinstance(inhoud, str):
        return "@"
    return "dd/mm/yyyy" if isinstance(inhoud, Datum) else "General"


def gastheer_van(book: xw.Book) -> Gastheer:
    """The adapter for this book's engine."""
    if book.app.engine.type == "remote":
        from kit.addin.op_afstand import OpAfstand

        return OpAfstand(book)
    from kit.addin.bureaublad import Bureaublad

    return Bureaublad(book)


def constante(naam: xw.Name | None) -> str | None:
    """The text in a defined name such as ="fv"."""
    return naam.refers_to.lstrip("=").strip('"') if naam is not None and naam.refers_to else None


def plek_van(naam: xw.Name) -> Plek:
    """The cell that a defined name points to."""
    bereik = naam.refers_to_range
    return bereik.sheet.name, bereik.get_address(False, False)


def weiger(beeld: Beeld, bladen: set[str], *, nieuw_blad: bool = True) -> None:
    """Raises KitFout when the workbook cannot be changed as asked; then nothing has been."""
    if not beeld.ooit_bewaard:
        raise KitFout(
            "Dit werkboek is nog nooit bewaard. Bewaar het eerst (Bestand > Opslaan als) en klik dan opnieuw: "
            "zo kan er niets verloren gaan."
        )
    if beeld.structuur_beveiligd and nieuw_blad:
        raise KitFout(
            "De bladen van dit werkboek zijn beveiligd, dus er kan geen blad bij komen. Hef dat op met Controleren > "
            "Werkmap beveiligen en klik opnieuw. Er is niets gewijzigd."
        )
    if op_slot := [n for n in beeld.bladnamen if n in bladen and n in beeld.bladen and beeld.bladen[n].beveiligd]:
        raise KitFout(
            f"Het blad {op_slot[0]} is beveiligd. Hef de beveiliging op met Controleren > Blad beveiligen opheffen "
            "en klik opnieuw. Er is niets gewijzigd."
        )
