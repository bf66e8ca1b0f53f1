"""Rules for e-mail, telephone, website and social media."""

import re

import polars as pl

from kit.regels import excel
from kit.regels.kern import Aard, Cel, Ernst, Vak, registreer
from kit.regels.tekens import GETALTEKENS, klasse
from kit.regels.tekst import schoon
from kit.schema.model import Kolom, Schema

# --- E-mail ---------------------------------------------------------------------------------------------------------

# The linear form of the register's expression (register.md 3.5): the original one takes exponential time.
_TEKEN = r"[.!#$%&'*+/=?^_`{|}~-]"
EMAIL = (
    rf"^[_-]*[A-Za-z0-9]+(?:{_TEKEN}[A-Za-z0-9]+)*{_TEKEN}?[_-]*"
    r"@[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*\.[A-Za-z]{2,}$"
)
_EMAIL = re.compile(EMAIL.removesuffix("$"))


def _email_formule(v: Vak) -> str:
    """Weaker: one @ with something before it, a dot with something around it after it, and no spaces."""
    na = f'MID({v.x},FIND("@",{v.x})+1,999)'
    return excel.en(
        f'LEN({v.x})-LEN(SUBSTITUTE({v.x},"@",""))=1',
        f'IFERROR(FIND("@",{v.x})>1,FALSE)',
        f'IFERROR(FIND(".",{na})>1,FALSE)',
        f'RIGHT({v.x},1)<>"."',
        f'ISERROR(FIND(" ",{v.x}))',
    )


def emailadressen(waarde: str) -> list[str]:
    """The valid addresses in a cell, in order: from `Jan <jan@x.be>; an@y.be` the two addresses."""
    w = _BIJWERK_MAIL.sub(lambda m: "" if m[0].lower() == "mailto:" else "@", schoon(waarde))
    w = re.sub(r"\s*@\s*", "@", w)
    stukken = (s.strip(".,:") for s in re.split(r"[;,<>()\s\"/]+|\ben\b", w))
    return [s for s in stukken if _EMAIL.fullmatch(s)]


def _email_herstel(waarde: str, _kolom: Kolom, _schema: Schema) -> str | None:
    return next(iter(emailadressen(waarde)), None)


_BIJWERK_MAIL = re.compile(r"mailto:|\s*[\[(]\s*(?:at|apenstaart)\s*[\])]\s*", re.IGNORECASE)


def _email_verliest(was: str, wordt: str) -> bool:
    return re.sub(r"\W", "", _BIJWERK_MAIL.sub("", was)) != re.sub(r"\W", "", wordt)


registreer(
    code="EMAIL-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("e_mail",),
    eis="Eén e-mailadres, zoals naam@domein.be, zonder spaties of accenten.",
    melding="{waarde} is geen e-mailadres dat het register aanvaardt. Eén adres per cel, zoals naam@domein.be, "
    "zonder spaties, accenten of iets erbij.",
    check=lambda c: c.x.str.contains(EMAIL),
    formule=_email_formule,
    herstel=_email_herstel,
    verliest=_email_verliest,
    bron="register.md 3.5 (Email.cs)",
    goed=("conan_sonya@barbarian.com", "17.70@liedekerke.be"),
    slecht=("jos@club", ".jos@club.be", "jos(at)club.be", "fons de spons@club.be", "a@b.be; c@d.be", "jos@club.be."),
)

# --- Telefoon -------------------------------------------------------------------------------------------------------

_TUSSENTEKENS = " .()/-+"
_TUSSEN = r"[ .()/\-+]"


def telefoon_gelijk(x: pl.Expr) -> pl.Expr:
    """A phone number as the register compares it: two spellings of one number become equal (register.md 3.4)."""
    met_nullen = x.str.replace_all("+", "00", literal=True)
    cijfers = met_nullen.str.replace_all("[^0-9]", "")
    getal = cijfers.str.strip_chars_start("0")
    voor_spatie = met_nullen.str.extract("^([^ ]*) ").str.replace_all("[^0-9]", "")
    na_spatie = met_nullen.str.extract("^[^ ]* (.*)$").str.replace_all("[^0-9]", "").str.strip_chars_start("0")
    return (
        pl.when(getal.str.len_chars() <= 9)
        .then(pl.lit("0032") + getal)
        .when(voor_spatie.is_null())
        .then(cijfers)
        .otherwise(voor_spatie + na_spatie)
    )


def _tel_geldig(c: Cel) -> pl.Expr:
    return c.x.str.replace_all(_TUSSEN, "").str.contains(f"^{klasse(GETALTEKENS)}+$")


def _tel_formule(v: Vak) -> str:
    s = excel.zonder(v.x, _TUSSENTEKENS)
    if v.reeks:
        return excel.en(f"LEN({s})>0", f'{excel.zonder(s, excel.ASCII_CIJFERS)}=""')
    return excel.en(f"LEN({s})>0", f'SUMPRODUCT(LEN({s})-LEN(SUBSTITUTE({s},{v.tekens("getaltekens")},"")))=LEN({s})')


def _tel_lengte(c: Cel) -> pl.Expr:
    return c.x.str.replace_all(_TUSSEN, "").str.len_chars()


_BIJWERK_TEL = re.compile(r"^(?:tel|gsm|t|m|fax)\s*[.:]*\s*", re.IGNORECASE)


def _tel_verliest(was: str, wordt: str) -> bool:
    return re.sub(r"\W", "", _BIJWERK_TEL.sub("", schoon(was))).lstrip("0") != re.sub(r"\W", "", wordt).lstrip("0")


def _tel_herstel(waarde: str, _kolom: Kolom, _schema: Schema) -> str | None:
    w = _BIJWERK_TEL.sub("", schoon(waarde))
    w = re.sub(r"[‐‑‒–—−]", "-", w)
    w = re.sub(r"\s*\([^()0-9]*\)\s*|\s+[a-zA-Z]+$", "", w)
    cijfers = re.sub(r"\D", "", w)
    if w == cijfers and ((len(cijfers) == 9 and w[0] == "4") or (len(cijfers) == 8 and w[0] != "0")):
        w = "0" + w  # Excel took the number as a number and dropped the zero
    return w


registreer(
    code="TEL-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("telefoon",),
    eis="Alleen cijfers, spaties en . / ( ) - +",
    melding="{waarde} is geen telefoonnummer dat het register aanvaardt. Gebruik alleen cijfers, gewone spaties "
    "en de tekens . / ( ) - + en zet uitleg in een andere kolom.",
    check=_tel_geldig,
    formule=_tel_formule,
    exact=True,
    herstel=_tel_herstel,
    verliest=_tel_verliest,
    bron="register.md 3.4 (TelefoonNummer.cs)",
    goed=("0412 34 56 78", "(+32) 0412 34 56 78", "+4989 9982804-50"),
    slecht=("0412 34 56 78 (home)", "********", "0412\u00a034\u00a056\u00a078", "tel: 015 12 34 56", "()"),
)

registreer(
    code="TEL-02",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    namen=("telefoon",),
    eis="Tussen 9 en 15 cijfers.",
    melding="{waarde} telt wel erg weinig of veel cijfers. Ontbreekt de nul vooraan?",
    check=lambda c: ~_tel_geldig(c) | _tel_lengte(c).is_between(9, 15) & ~c.x.str.contains("^4[0-9]{8}$"),
    formule=lambda v: excel.als_geldig(
        _tel_formule(v),
        excel.en(
            f"LEN({excel.zonder(v.x, _TUSSENTEKENS)})>=9",
            f"LEN({excel.zonder(v.x, _TUSSENTEKENS)})<=15",
            f"1-{excel.en(excel.is_een(f'LEFT({v.x},1)', '4'), excel.alleen_cijfers(v.x, 9))}",
        ),
    ),
    exact=True,
    herstel=_tel_herstel,
    bron="register.md 3.4: geen minimum of maximum; kitbeleid",
    goed=("015 12 34 56",),
    slecht=("12345", "412345678", "+32 412 34 56 78 0412 34 56 78"),
)

# --- Website en sociale media ---------------------------------------------------------------------------------------


def _url_geldig(c: Cel) -> pl.Expr:
    return c.x.str.contains("^(?i-u:https?)://") & c.x.str.contains(".", literal=True)


def _url_formule(v: Vak) -> str:
    return excel.en(
        excel.of(f'EXACT(LOWER(LEFT({v.x},7)),"http://")', f'EXACT(LOWER(LEFT({v.x},8)),"https://")'),
        f'ISNUMBER(FIND(".",{v.x}))',
    )


def _url_herstel(waarde: str, _kolom: Kolom, _schema: Schema) -> str | None:
    w = schoon(waarde).replace("\\", "/")
    w = re.sub(r"^(?:website|site|url)\s*:\s*", "", w, flags=re.IGNORECASE)
    rest = re.sub(r"^(?:https?)?\s*[:;]*\s*/*\s*", "", w, flags=re.IGNORECASE)
    schema = "http" if re.match(r"http[^s]", w, re.IGNORECASE) else "https"
    if re.fullmatch(r"(?:[\w-]+\.)+[A-Za-z]{2,}(?:[/?#:]\S*)?", rest):
        return f"{schema}://{rest}"
    return None


def _url_verdacht(c: Cel) -> pl.Expr:
    return ~_url_geldig(c) | c.x.str.contains(r"^(?i-u:https?)://[^\s/?#.]+(\.[^\s/?#.]+)+([/?#:]\S*)?$")


for _code, _naam, _kop, _bron in (
    ("WEB", "website", "website", "Website.cs"),
    ("SOC", "sociale_media", "link naar sociale media", "SocialMedia.cs"),
):
    registreer(
        code=f"{_code}-01",
        ernst=Ernst.FOUT,
        aard=Aard.WAARDE,
        namen=(_naam,),
        eis="Een link die begint met https:// of http:// en een punt bevat.",
        melding="{waarde} is geen link die het register aanvaardt. "
        f"Een {_kop} begint met https:// of http:// en bevat een punt.",
        check=_url_geldig,
        formule=_url_formule,
        exact=True,
        herstel=_url_herstel,
        bron=f"register.md 3.6 ({_bron})",
        goed=("https://www.sub.domain.be", "HTTP://x.be"),
        slecht=("www.hello.me", "https://gibberish", "http:/oeps.com"),
    )
    registreer(
        code=f"{_code}-02",
        ernst=Ernst.WAARSCHUWING,
        aard=Aard.WAARDE,
        namen=(_naam,),
        eis="Een link zonder spaties, naar een bestaand domein.",
        melding="{waarde} ziet er niet uit als een werkende link. Open ze eens in uw browser.",
        check=_url_verdacht,
        formule=lambda v: excel.als_geldig(_url_formule(v), f'ISERROR(FIND(" ",TRIM({v.x})))'),
        bron="register.md 3.6: het register aanvaardt ook spaties en onbestaande domeinen; kitbeleid",
        goed=("https://www.domain.be/pagina",),
        slecht=("https://www. domein.be", "https://.be"),
    )
