"""Rules for code lists and yes/no."""

import polars as pl
from rapidfuzz import fuzz, process, utils

from kit.regels.kern import Aard, Cel, Ernst, Vak, registreer
from kit.schema.model import Codelijst, Kolom, Schema


def _in_lijst(c: Cel) -> pl.Expr:
    return c.x.str.to_lowercase().is_in(c.lijst.toegelaten_laag.implode())


def _formule(v: Vak) -> str:
    if not v.reeks:
        return f'SUMPRODUCT(--({v.lijst}={v.x}&""))>0'
    # For a whole column MATCH does it, with its wildcards taken literally.
    letterlijk = v.x
    for teken in "~*?":
        letterlijk = f'SUBSTITUTE({letterlijk},"{teken}","~{teken}")'
    return f"ISNUMBER(MATCH({letterlijk},{v.lijst},0))"


def _voorstel(waarde: str, kolom: Kolom, schema: Schema) -> str | None:
    lijst = schema.codelijst(kolom)
    return lijst.voorstel(waarde) if lijst else None


def lijkt_op(waarde: str, lijst: Codelijst) -> str | None:
    """The list value that looks most like this one, to name in the message; too uncertain to be a repair."""
    labels = [k.label for k in lijst.keuzes]
    beste = process.extractOne(waarde, labels, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=75)
    return beste[0] if beste else None


registreer(
    code="KEUZE-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    voor=lambda k: k.codelijst is not None and k.streng,
    eis="Kies een waarde uit de lijst.",
    melding="{waarde} staat niet in de lijst. Kies een waarde uit de keuzelijst van deze cel.{lijkt_op}",
    check=_in_lijst,
    formule=_formule,
    exact=True,
    herstel=_voorstel,
    bron="register.md 2: vaste lijsten; ongekende waarden worden geweigerd",
    slecht=("Zomaar iets", "????"),
)

registreer(
    code="KEUZE-02",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    voor=lambda k: k.codelijst is not None and not k.streng,
    eis="Liefst een waarde uit de lijst.",
    melding="{waarde} staat niet in de lijst van {kop}. Het mag, maar kijk de schrijfwijze na: "
    "het register kan het adres anders niet koppelen.{lijkt_op}",
    check=_in_lijst,
    formule=_formule,
    exact=True,
    herstel=_voorstel,
    bron="register.md 5 en 10.7: postcode of gemeente buiten de lijst wordt aanvaard, maar niet gekoppeld",
    slecht=("9999", "Nergenshuizen"),
)
