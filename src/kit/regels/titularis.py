"""Rules for the holders of an account: several names in one cell, with a semicolon between them."""

import re

import polars as pl

from kit.regels import excel
from kit.regels.kern import Aard, Cel, Ernst, registreer


def titularissen(waarde: str) -> list[str]:
    """The names in a cell with account holders."""
    return [deel for deel in re.split(r"\s*;\s*", waarde.strip()) if deel]


def _delen(c: Cel) -> pl.Expr:
    return c.x.str.split(";").list.eval(pl.element().str.strip_chars())


registreer(
    code="TITULARIS-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("titularissen",),
    eis="Elke naam telt hoogstens {max} tekens; zet een puntkomma tussen twee namen.",
    melding="Een van de namen telt meer dan {max} tekens. Zet een puntkomma tussen twee namen of kort de naam in.",
    check=lambda c: ~c.x.str.replace_all(r"[\x{10000}-\x{10FFFF}]", "##").str.contains(rf"[^;]{{{(c.kolom.max or 0) + 1},}}"),
    formule=lambda v: excel.of(f"LEN({v.x})<={v.kolom.max}", f'ISNUMBER(FIND(";",{v.x}))'),
    bron="register.md 1.2.4: titularis hoogstens 128 tekens elk",
    goed=("An Peeters; Jan Claes",),
    slecht=("x" * 129, "An Peeters; " + "x" * 129),
)

registreer(
    code="TITULARIS-02",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("titularissen",),
    eis="Elke naam één keer.",
    melding="Een naam staat er twee keer. Laat elke titularis één keer staan.",
    check=lambda c: (
        _delen(c).list.eval(pl.element().str.to_lowercase()).list.drop_nulls().list.n_unique() == _delen(c).list.len()
    ),
    herstel=lambda w, _k, _s: "; ".join({t.lower(): t for t in reversed(titularissen(w))}.values()),
    bron="register.md 1.2.4: de titularissen moeten uniek zijn, hoofdletterongevoelig",
    goed=("An Peeters; Jan Claes",),
    slecht=("An Peeters; an peeters",),
)

registreer(
    code="TITULARIS-03",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("titularissen",),
    eis="Minstens één naam, en niets leegs tussen de puntkomma's.",
    melding="Tussen twee puntkomma's, of vooraan of achteraan, ontbreekt een naam. Haal de puntkomma weg of vul de naam in.",
    check=lambda c: ~c.x.str.contains(r"^\s*;|;\s*;|;\s*$"),
    formule=lambda v: excel.en(f'LEFT({v.x},1)<>";"', f'RIGHT({v.x},1)<>";"', f'ISERROR(FIND(";;",{v.x}))'),
    herstel=lambda w, _k, _s: "; ".join(titularissen(w)) or None,
    bron="register.md 1.2.4: titularis mag niet null of leeg zijn",
    goed=("An Peeters",),
    slecht=("An Peeters;", "; An Peeters", "An Peeters;; Jan Claes"),
)
