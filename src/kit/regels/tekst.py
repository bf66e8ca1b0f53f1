"""Rules for any text: required, wanted, HTML, white space, control characters, NULL, length."""

import datetime as dt
import re

import polars as pl

from kit.regels import excel
from kit.regels.kern import Aard, Cel, Celsoort, Ernst, Vak, registreer
from kit.regels.tekens import ONZICHTBAAR, WITRUIMTE, klasse
from kit.schema.model import Kolom, Schema

_WIT = klasse(WITRUIMTE)
_VREEMD_WIT = klasse([c for c in WITRUIMTE if c != " "])
_ONZICHTBAAR = klasse(ONZICHTBAAR)
_NULWOORDEN = (
    "null",
    "#n/a",
    "#n/b",
    "#ref!",
    "#verw!",
    "#value!",
    "#waarde!",
    "#name?",
    "#naam?",
    "#div/0!",
    "#deel/0!",
)


_ONZICHTBARE_TEKENS = str.maketrans("", "", "".join(ONZICHTBAAR))


def schoon(waarde: str) -> str:
    """Text without invisible characters, with single ordinary spaces, and nothing around it."""
    return " ".join(waarde.translate(_ONZICHTBARE_TEKENS).split())


def _schoon(waarde: str, kolom: Kolom, _schema: Schema) -> str | None:
    return schoon(waarde) or (None if kolom.verplicht else "")


def _is_tekst(kolom: Kolom) -> bool:
    return kolom.soort in ("tekst", "lijst") and kolom.codelijst is None


def _nul(x: pl.Expr) -> pl.Expr:
    return x.str.strip_chars().str.to_lowercase().is_in(_NULWOORDEN)


def _verplicht(c: Cel) -> pl.Expr:
    return c.x.is_not_null() & ~c.x.str.contains(f"^{_WIT}*$") & ~_nul(c.x)


def _verplicht_formule(v: Vak) -> str:
    nul = excel.of(*(f"LOWER(TRIM({v.x}))={excel.tekst(w)}" for w in _NULWOORDEN))
    return excel.en(excel.niet_leeg(v.x), f"1-{nul}")


registreer(
    code="VERPLICHT-01",
    ernst=Ernst.FOUT,
    aard=Aard.RIJ,
    voor=lambda k: k.verplicht,
    leeg=True,
    eis="Deze cel moet ingevuld zijn.",
    melding="{kop} is nog leeg. Vul deze cel in: zonder {kop} kan de rij niet naar het register.",
    check=_verplicht,
    formule=_verplicht_formule,
    exact=True,
    bron="register.md 1.1 en 1.2: NotEmpty telt witruimte als leeg; de tekst NULL telt als ontbrekend (9)",
    slecht=("", "   ", "NULL"),
)

registreer(
    code="WENS-01",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.RIJ,
    voor=lambda k: k.belang == "gewenst",
    leeg=True,
    eis="Liefst ingevuld.",
    melding="{kop} is leeg. Dat mag, maar vul het aan als u het weet.",
    check=lambda c: c.x.is_not_null(),
    formule=lambda v: f'{v.x}<>""',
    exact=True,
    bron="register.md 10.7: startdatum en hoofdactiviteit zijn gewenst; proces.md stap 2: de melding is wettelijk verplicht",
    slecht=("",),
)

registreer(
    code="NULL-01",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    voor=lambda k: not k.verplicht,
    eis="Geen woord als NULL of #N/B: laat de cel leeg.",
    melding="Hier staat {waarde}: dat is geen gegeven. Maak de cel leeg of vul het juiste gegeven in.",
    check=lambda c: ~_nul(c.x),
    formule=lambda v: f"1-{excel.of(*(f'LOWER(TRIM({v.x}))={excel.tekst(w)}' for w in _NULWOORDEN))}",
    herstel=lambda _w, _k, _s: "",
    bron="register.md 9: DV leest de tekst NULL als ontbrekend; proces.md: komt voor in echte bestanden",
    slecht=("NULL", "null"),
)

registreer(
    code="TEKST-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    voor=lambda k: _is_tekst(k) and k.persoonsgegeven is None,
    eis="Geen tekst tussen < en >.",
    melding="Er staat iets tussen < en >. Het register weigert dat. Haal de tekens < en > weg.",
    check=lambda c: ~c.x.str.contains("<.*?>"),
    # Only the first line is certain in Excel: text with a line break is left to the check.
    formule=lambda v: (
        f'IF(ISNUMBER(FIND(CHAR(10),{v.x})),1,IF(ISNUMBER(FIND("<",{v.x})),ISERROR(FIND(">",{v.x},FIND("<",{v.x}))),1))'
    ),
    herstel=lambda w, _k, _s: schoon(re.sub("<.*?>", " ", w)) or None,
    verliest=lambda _was, _wordt: True,
    bron="register.md 6: regex <.*?> op één regel",
    goed=("Jan & Piet", "a < b", "<3"),
    slecht=("<b>Feest</b>", "lid <nieuw>"),
)

registreer(
    code="TEKST-02",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    voor=lambda _k: True,
    eis="Geen spaties vooraan of achteraan, geen dubbele spaties, geen onzichtbare tekens.",
    melding="Er staan spaties of onzichtbare tekens te veel. Haal ze weg; de export doet dat ook.",
    check=lambda c: ~c.x.str.contains(f"^ | $|  |{_VREEMD_WIT}|{_ONZICHTBAAR}"),
    formule=lambda v: f'EXACT({v.x}&"",TRIM({v.x}))',
    herstel=_schoon,
    bron="register.md 6 en 10.8: het register trimt nergens, de kit moet dat doen",
    goed=("De Zwaluw",),
    slecht=(" De Zwaluw", "De  Zwaluw", "De\u00a0Zwaluw", "De Zwaluw\n"),
)

registreer(
    code="TEKST-03",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    voor=_is_tekst,
    eis="Geen stuurtekens.",
    melding="Er staat een onleesbaar teken in. Typ de tekst opnieuw.",
    check=lambda c: ~c.x.str.contains("[\\x00-\\x08\\x0E-\\x1F\\x7F-\\x84\\x86-\\x9F\\x{FFFD}]"),
    herstel=lambda w, _k, _s: schoon(re.sub("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]", "", w)) or None,
    bron="register.md 6: het register controleert stuurtekens niet; kitbeleid",
    slecht=("Zwa\x7fluw",),
)

registreer(
    code="TEKST-04",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    voor=lambda k: k.soort == "tekst",
    eis="Tekst, geen datum.",
    melding="Excel maakte hier een datum van ({waarde}). Typ opnieuw wat u bedoelde; deze kolom is tekst.",
    check=lambda c: c.soort != Celsoort.DATUM,
    bron="kitbeleid: Excel verandert 1-3 of 12/5 (huisnummer, bus) stil in een datum",
    plant=lambda bed: bed.zet(0, dt.date(2024, 3, 1)),
)

registreer(
    code="LENGTE-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    voor=lambda k: k.max is not None and k.soort == "tekst",
    eis="Hoogstens {max} tekens.",
    melding="{kop} telt meer dan {max} tekens. Maak de tekst korter.",
    # UTF-16 units, as .NET and Excel count: a character beyond the basic plane counts twice.
    check=lambda c: c.x.str.len_chars() + c.x.str.count_matches(r"[\x{10000}-\x{10FFFF}]") <= c.kolom.max,
    formule=lambda v: f"LEN({v.x})<={v.kolom.max}",
    exact=True,
    bron="register.md 0.5 en 6: vier velden hebben hoogstens 128 UTF-16-eenheden",
    goed=("a" * 128,),
    slecht=("a" * 129,),
)
