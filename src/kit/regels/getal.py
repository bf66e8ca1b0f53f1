"""Rules for numbers and dates."""

import datetime as dt
import re

import polars as pl

from kit.regels import excel
from kit.regels.kern import Aard, Cel, Celsoort, Ernst, Vak, registreer
from kit.schema.model import Kolom, Schema

EPOCH = dt.date(1899, 12, 30)
_MAX_SERIE = 2958465
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def getal(c: Cel) -> pl.Expr:
    """The whole number in a cell within the column's limits, or null."""
    n = pl.when(c.x.str.contains("^[0-9]{1,3}$")).then(c.x).cast(pl.Int32, strict=False)
    return pl.when(n.is_between(c.kolom.van or 0, c.kolom.tot or 999)).then(n)


def getal_formule(v: Vak) -> str:
    laag, hoog = v.kolom.van or 0, v.kolom.tot or 999
    cijfers = excel.leeg(excel.zonder(v.x, excel.ASCII_CIJFERS))
    getal_ = f'--({v.x}&"")'
    grenzen = excel.en(cijfers, f"LEN({v.x})>0", f"LEN({v.x})<4", f"{getal_}>={laag}", f"{getal_}<={hoog}")
    return f"IFERROR({grenzen},0)"


def datum(c: Cel) -> pl.Expr:
    """The date in a cell (a real date, an Excel serial number or yyyy-mm-dd text), or null."""
    iso = pl.when(c.soort == Celsoort.DATUM).then(c.x.str.slice(0, 10)).when(c.x.str.contains(_ISO)).then(c.x)
    tekst = iso.str.to_date("%Y-%m-%d", strict=False)
    serie = pl.when(c.soort == Celsoort.GETAL).then(c.x).cast(pl.Float64, strict=False)
    serie = pl.when((serie >= 1) & (serie < _MAX_SERIE + 1)).then(serie.floor().cast(pl.Int32))
    return pl.coalesce(pl.when(tekst.dt.year() > 0).then(tekst), pl.lit(EPOCH) + pl.duration(days=serie)).cast(pl.Date)


def _datumdelen(x: str) -> tuple[str, str, str]:
    return f"--LEFT({x},4)", f"--MID({x},6,2)", f"--MID({x},9,2)"


def datum_formule(v: Vak) -> str:
    x = v.x
    jaar, maand, dag = _datumdelen(x)
    # The calendar repeats every 400 years, and DATE() only knows years from 1900.
    datum_ = f"DATE(MOD({jaar},400)+2000,{maand},{dag})"
    vorm = excel.en(
        f"LEN({x})=10",
        f'MID({x},5,1)&MID({x},8,1)="--"',
        f'LEN(SUBSTITUTE({x},"-",""))=8',
        f'{excel.zonder(x, "-" + excel.ASCII_CIJFERS)}=""',
        f"{jaar}>0",
        f"MONTH({datum_})={maand}",
        f"DAY({datum_})={dag}",
    )
    return f"IF(ISNUMBER({x}),IFERROR(({x}>=1)*({x}<{_MAX_SERIE + 1}),0),IFERROR({vorm},0))"


def datum_volgorde(v: Vak) -> str:
    """A valid date as the number yyyymmdd, so that real dates and text can be compared."""
    x = v.x
    return f'IF(ISNUMBER({x}),YEAR({x})*10000+MONTH({x})*100+DAY({x}),IFERROR(--SUBSTITUTE({x},"-",""),0))'


_VANDAAG = "(YEAR(TODAY())*10000+MONTH(TODAY())*100+DAY(TODAY()))"


def lees_datum(waarde: str) -> str | None:
    """yyyy-mm-dd for a date as people write it (day first), or for an Excel serial number; else None."""
    w = waarde.strip().replace("\u00a0", " ")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?(\.\d+)?", w):
        w = w[:10]
    if re.fullmatch(r"[1-9]\d{3,4}", w) and 10000 <= int(w) < 80000:
        return (EPOCH + dt.timedelta(days=int(w))).isoformat()
    maanden = ["jan", "feb", "maa|mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
    for i, naam in enumerate(maanden, 1):
        w = re.sub(rf"\s*\b(?:{naam})[a-z]*\.?\s*", f"/{i}/", w, count=1, flags=re.IGNORECASE)
    if m := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", w):
        dag, maand, jaar = m.groups()
    elif m := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", w):
        jaar, maand, dag = m.groups()
    else:
        return None
    try:
        return dt.date(int(jaar), int(maand), int(dag)).isoformat()
    except ValueError:
        return None


def _herstel_datum(waarde: str, _kolom: Kolom, _schema: Schema) -> str | None:
    return lees_datum(waarde)


registreer(
    code="GETAL-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    voor=lambda k: k.soort == "getal",
    eis="Een geheel getal van {van} tot {tot}.",
    melding="{waarde} is geen geheel getal van {van} tot {tot}. Vul alleen het getal in.",
    check=lambda c: getal(c).is_not_null(),
    formule=getal_formule,
    exact=True,
    herstel=lambda w, _k, _s: (
        m[1].lstrip("0") or "0" if (m := re.fullmatch(r"\s*0*(\d{1,3})(?:[.,]0+)?\s*(?:jaar|j\.?)?\s*", w)) else None
    ),
    bron="register.md 1.1: doelgroep 0 tot 150",
    goed=("0", "6", "150"),
    slecht=("160", "-5", "zes", "6,5", "6-18"),
)

registreer(
    code="DATUM-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    voor=lambda k: k.soort == "datum",
    eis="Een datum zoals 31/12/2025.",
    melding="{waarde} is geen datum die Excel of het register begrijpt. Typ ze als dag/maand/jaar, zoals 31/12/2025.",
    check=lambda c: datum(c).is_not_null(),
    formule=datum_formule,
    exact=True,
    herstel=_herstel_datum,
    bron="register.md 3.7: yyyy-MM-dd; een Excel-datum zet de kit zelf om",
    goed=("1998-09-01",),
    slecht=("2001-02-30", "31/13/2020", "vorig jaar", "01.09.98"),
)

registreer(
    code="DATUM-02",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("niet_in_de_toekomst",),
    eis="Niet in de toekomst.",
    melding="{kop} ligt in de toekomst ({waarde}). Het register aanvaardt alleen een dag tot en met vandaag.",
    check=lambda c: datum(c).is_null() | (datum(c) <= c.ctx.vandaag),
    formule=lambda v: excel.als_geldig(datum_formule(v), f"{datum_volgorde(v)}<={_VANDAAG}"),
    exact=True,
    bron="register.md 1.1: StartdatumIsInFuture",
    goed=("1998-09-01",),
    slecht=("2199-01-01", "2099-12-31"),
)

registreer(
    code="DATUM-03",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    namen=("niet_in_de_toekomst_kit",),
    eis="Een dag die al voorbij is.",
    melding="{kop} ligt in de toekomst ({waarde}). Vul hier in wat al gebeurd is.",
    check=lambda c: datum(c).is_null() | (datum(c) <= c.ctx.vandaag),
    formule=lambda v: excel.als_geldig(datum_formule(v), f"{datum_volgorde(v)}<={_VANDAAG}"),
    exact=True,
    bron="kitbeleid: een bevestiging of melding is een feit uit het verleden",
    slecht=("2199-01-01",),
)

registreer(
    code="DATUM-04",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    voor=lambda k: k.soort == "datum",
    eis="Een datum van na 1800.",
    melding="{waarde} is wel heel lang geleden. Kijk het jaartal na.",
    check=lambda c: datum(c).is_null() | (datum(c) >= dt.date(1800, 1, 1)),
    formule=lambda v: excel.als_geldig(datum_formule(v), f"{datum_volgorde(v)}>=18000101"),
    exact=True,
    bron="register.md 1.1: geen ondergrens; kitbeleid",
    goed=("1850-01-01",),
    slecht=("0198-09-01", "1098-09-01"),
)

registreer(
    code="DATUM-05",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    voor=lambda k: k.soort == "datum",
    eis="Een cel met datumopmaak.",
    melding="Hier staat het getal {waarde}. Excel bedoelt er een datum mee; geef de cel de opmaak Datum en kijk ze na.",
    check=lambda c: (c.soort != Celsoort.GETAL) | datum(c).is_null(),
    herstel=_herstel_datum,
    bron="proces.md: Excel-volgnummers als datum komen voor in echte bestanden",
    plant=lambda bed: bed.zet(0, 36526),
)
