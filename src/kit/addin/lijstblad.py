"""Write sheets of our own into an open workbook through xlwings: a few calls, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import xlwings as xw

from kit.addin.schilderwerk import Lijstblad, adres, reeksen
from kit.lijst import BEWAARKOLOM, BREEDTES, CELKOLOM, KOPRIJ, TABEL
from kit.markering import LIJSTKOPPEN
from kit.regels import Ernst
from kit.werkboek.stijl import GESCHILDERD, INKT

Kleurder = Callable[[xw.Sheet, str | None, Sequence[str]], None]


def schrijf_lijstblad(book: xw.Book, werk: Lijstblad, kleur: Kleurder, *, punten: float) -> None:
    """Add the sheet at the end. `punten`: what one character of column width is in this host's own unit."""
    lijst = werk.lijst
    blad = book.sheets.add(werk.naam, after=book.sheets[len(book.sheets) - 1])
    einde = lijst.laatste_rij
    breed = len(LIJSTKOPPEN)
    alles = blad.range((1, 1), (einde, BEWAARKOLOM))
    alles.number_format = "@"
    rijen = [[""] * BEWAARKOLOM for _ in range(einde)]
    rijen[0][0], rijen[1][0], rijen[2][0] = lijst.titel, lijst.stand, lijst.hulp
    rijen[0][BEWAARKOLOM - 1] = werk.bewaar_algemeen
    rijen[KOPRIJ - 1][:breed] = LIJSTKOPPEN
    for n, (rij, bewaar) in enumerate(zip(lijst.rijen, werk.bewaar, strict=True), KOPRIJ):
        rijen[n][:breed] = [als_tekst(t) for t in rij.teksten]
        rijen[n][BEWAARKOLOM - 1] = bewaar
    if not lijst.rijen:
        rijen[KOPRIJ][LIJSTKOPPEN.index("Wat is er aan de hand")] = lijst.niets
    alles.value = rijen
    tabel = blad.range((KOPRIJ, 1), (einde, breed))
    blad.tables.add(tabel, name=TABEL, table_style_name="TableStyleLight1")
    if lijst.rijen:
        links = blad.range((KOPRIJ + 1, CELKOLOM), (einde, CELKOLOM))
        links.number_format = "General"  # in a text cell a formula would show as text
        links.formula = [[_link(r.blad, r.cel)] for r in lijst.rijen]
        links.font.color = "#0055CC"
        for ernst in Ernst:
            kleur(
                blad, GESCHILDERD[ernst], reeksen(adres(r, 1) for r, b in enumerate(lijst.rijen, KOPRIJ + 1) if b.ernst == ernst)
            )
    for n, breedte in enumerate(BREEDTES, 1):
        blad.range((1, n)).column_width = breedte * punten
    tabel.wrap_text = True
    tabel.vertical_alignment = "top"
    kop = blad.range((KOPRIJ, 1), (KOPRIJ, breed))
    kop.color, kop.font.color, kop.font.bold = INKT, "#FFFFFF", True
    blad.range("A1").font.size, blad.range("A1").font.bold = 20, True
    blad.range((1, BEWAARKOLOM)).columns.hidden = True
    blad.freeze_panes.freeze_at(f"1:{KOPRIJ}")


def schrijf_tekstblad(book: xw.Book, naam: str, rijen: list[list[str]], breedtes: tuple[int, ...], *, punten: float) -> None:
    """A sheet of texts at the end of the book, with a bold first row."""
    blad = book.sheets.add(naam, after=book.sheets[len(book.sheets) - 1])
    bereik = blad.range((1, 1), (len(rijen), len(rijen[0])))
    bereik.number_format = "@"
    bereik.value = [[als_tekst(t) for t in rij] for rij in rijen]
    blad.range((1, 1), (1, len(rijen[0]))).font.bold = True
    for n, breedte in enumerate(breedtes, 1):
        blad.range((1, n)).column_width = breedte * punten


def als_tekst(tekst: str) -> str:
    """A text that Excel takes as it is: what looks like a formula gets the apostrophe that Excel itself hides."""
    return f"'{tekst}" if tekst[:1] in ("=", "+", "-", "@", "'") else tekst


def _link(blad: str, cel: str) -> str:
    doel = f"#'{blad.replace(chr(39), chr(39) * 2)}'!{cel}".replace('"', '""')
    return f'=HYPERLINK("{doel}","{cel}")'
