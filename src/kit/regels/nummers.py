"""Rules for numbers with a check digit: INSZ, KBO-nummer, IBAN, and the vCode."""

import re

import polars as pl

from kit.regels import excel
from kit.regels.kern import Aard, Cel, Ernst, Vak, registreer
from kit.schema.model import Kolom, Schema


def kaal(waarde: str) -> str:
    """Without anything that people put between the digits and letters of a number."""
    return re.sub(r"[^0-9A-Za-z]", "", waarde)


def _eindigt_op_controle(cijfers: str, laatste: int = 2, voorvoegsel: str = "") -> bool:
    return 97 - int(voorvoegsel + cijfers[:-laatste]) % 97 == int(cijfers[-laatste:])


# --- INSZ -----------------------------------------------------------------------------------------------------------

_INSZ_VORM = r"^(?:[0-9]{11}|[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2})$"


def insz_kaal(x: pl.Expr) -> pl.Expr:
    """The eleven digits, however they were punctuated."""
    return x.str.replace_all("[^0-9]", "")


def insz_klopt(cijfers: str) -> bool:
    """Is the check number of these eleven digits right, for somebody born before or from 2000 on (not both)?"""
    return len(cijfers) == 11 and _eindigt_op_controle(cijfers) != _eindigt_op_controle(cijfers, 2, "2")


def _insz_vorm(c: Cel) -> pl.Expr:
    return c.x.str.contains(_INSZ_VORM)


def _insz_som(c: Cel) -> pl.Expr:
    s = insz_kaal(c.x)
    basis = s.str.slice(0, 9).cast(pl.Int64, strict=False)
    controle = s.str.slice(9, 2).cast(pl.Int64, strict=False)
    return (97 - basis % 97 == controle) != (97 - (basis + 2_000_000_000) % 97 == controle)


def _insz_s(v: Vak) -> str:
    return excel.zonder(v.x, ".-")


def _insz_vorm_formule(v: Vak) -> str:
    s = _insz_s(v)
    met_punten = f'MID({s},1,2)&"."&MID({s},3,2)&"."&MID({s},5,2)&"-"&MID({s},7,3)&"."&MID({s},10,2)'
    return excel.en(excel.alleen_cijfers(s, 11), excel.of(f"LEN({v.x})=11", f'{v.x}&""={met_punten}'))


def _insz_som_formule(v: Vak) -> str:
    s = _insz_s(v)
    voor, na = (f"(97-MOD(--({p}LEFT({s},9)),97)=--RIGHT({s},2))" for p in ("", '"2"&'))
    return excel.als_geldig(_insz_vorm_formule(v), f"{voor}<>{na}")


def _insz_herstel(waarde: str, _kolom: Kolom, _schema: Schema) -> str | None:
    cijfers = kaal(waarde)
    if not cijfers.isascii() or not cijfers.isdigit() or not 9 <= len(cijfers) <= 11:
        return None
    cijfers = cijfers.zfill(11)
    return cijfers if insz_klopt(cijfers) else None


registreer(
    code="INSZ-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("insz",),
    eis="Een INSZ telt 11 cijfers: 00.00.00-000.00 of 00000000000.",
    melding="Dit is geen INSZ. Vul 11 cijfers in, met of zonder punten en streepje: 00.00.00-000.00.",
    check=_insz_vorm,
    formule=_insz_vorm_formule,
    exact=True,
    herstel=_insz_herstel,
    bron="register.md 1.2.3 en 3.1 (Insz.cs)",
    goed=("71432512346", "71.43.25-123.46"),
    slecht=("012345678", "01.23.45--678.90", "714325 12346", "7143251234", "A1432512346"),
)

registreer(
    code="INSZ-02",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("insz",),
    eis="Het controlegetal (de laatste twee cijfers) klopt.",
    melding="Dit INSZ bestaat niet: het controlegetal achteraan klopt niet met de rest. Kijk de cijfers na.",
    check=lambda c: ~_insz_vorm(c) | _insz_som(c),
    formule=_insz_som_formule,
    exact=True,
    bron="register.md 3.1: modulo 97, met of zonder voorloop-2 (niet beide)",
    goed=("71232512303",),
    slecht=("00000000000", "71432512347", "01.23.45-678.90"),
)

registreer(
    code="INSZ-03",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    namen=("insz",),
    eis="De eerste zes cijfers zijn een geboortedatum (jjmmdd), of een BIS-nummer met 20 of 40 bij de maand.",
    melding="De eerste zes cijfers van dit INSZ zijn geen geboortedatum. De Kruispuntbank zal het vermoedelijk weigeren.",
    check=lambda c: (
        ~_insz_vorm(c)
        | (
            (insz_kaal(c.x).str.slice(2, 2).cast(pl.Int32, strict=False) % 20 <= 12)
            & (insz_kaal(c.x).str.slice(2, 2).cast(pl.Int32, strict=False) < 60)
            & (insz_kaal(c.x).str.slice(4, 2).cast(pl.Int32, strict=False) <= 31)
        )
    ),
    formule=lambda v: excel.als_geldig(
        _insz_vorm_formule(v),
        excel.en(f"MOD(--MID({_insz_s(v)},3,2),20)<=12", f"--MID({_insz_s(v)},3,2)<60", f"--MID({_insz_s(v)},5,2)<=31"),
    ),
    exact=True,
    bron="register.md 1.2.3: KSZ weigert onbekende nummers; geen datumcontrole in het register zelf (3.1)",
    goed=("71232512303", "71432512346"),
    slecht=("71152512310", "71014012335"),
)

# --- KBO ------------------------------------------------------------------------------------------------------------


def kbo_kaal(x: pl.Expr) -> pl.Expr:
    """A KBO-nummer as the register stores it: without dots and spaces."""
    return x.str.replace_all("[. ]", "")


def _kbo_vorm(c: Cel) -> pl.Expr:
    return (c.x.str.len_chars() >= 10) & kbo_kaal(c.x).str.contains("^[0-9]{10}$")


def _kbo_vorm_formule(v: Vak) -> str:
    return excel.en(f"LEN({v.x})>=10", excel.alleen_cijfers(excel.zonder(v.x, ". "), 10))


def _kbo_som(c: Cel) -> pl.Expr:
    s = kbo_kaal(c.x)
    return 97 - s.str.slice(0, 8).cast(pl.Int64, strict=False) % 97 == s.str.slice(8, 2).cast(pl.Int64, strict=False)


def _kbo_som_formule(v: Vak) -> str:
    s = excel.zonder(v.x, ". ")
    return excel.als_geldig(_kbo_vorm_formule(v), f"97-MOD(--LEFT({s},8),97)=--RIGHT({s},2)")


def _kbo_herstel(waarde: str, _kolom: Kolom, _schema: Schema) -> str | None:
    cijfers = kaal(waarde).upper().removeprefix("BTW").removeprefix("BE")
    if not cijfers.isascii() or not cijfers.isdigit() or not 8 <= len(cijfers) <= 10:
        return None
    c = cijfers.zfill(10)
    return f"{c[:4]}.{c[4:7]}.{c[7:]}" if _eindigt_op_controle(c) else None


registreer(
    code="KBO-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("kbo_nummer",),
    eis="Een KBO-nummer telt 10 cijfers, zonder BE ervoor.",
    melding="{waarde} is geen KBO-nummer. Vul 10 cijfers in zoals 0123.456.749: zonder BE, en met de nul vooraan.",
    check=_kbo_vorm,
    formule=_kbo_vorm_formule,
    exact=True,
    herstel=_kbo_herstel,
    bron="register.md 1.3 en 3.2 (KboNummer.cs)",
    goed=("0123456749", "1234.123.179"),
    slecht=("BE0123456749", "123456749", "0123-456-749", "1234.123.5123"),
)

registreer(
    code="KBO-02",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("kbo_nummer",),
    eis="Het controlegetal (de laatste twee cijfers) klopt.",
    melding="{waarde} bestaat niet: het controlegetal achteraan klopt niet met de rest. Kijk de cijfers na.",
    check=lambda c: ~_kbo_vorm(c) | _kbo_som(c),
    formule=_kbo_som_formule,
    exact=True,
    bron="register.md 3.2: modulo 97",
    goed=("0000000097",),
    slecht=("0000000096", "1234123175"),
)

registreer(
    code="KBO-03",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    namen=("kbo_nummer",),
    eis="Het eerste cijfer is 0 of 1.",
    melding="Een KBO-nummer begint met 0 of 1; {waarde} niet. Kijk het na: de KBO kent het vermoedelijk niet.",
    check=lambda c: ~_kbo_vorm(c) | kbo_kaal(c.x).str.contains("^[01]"),
    formule=lambda v: excel.als_geldig(_kbo_vorm_formule(v), f"--LEFT({excel.zonder(v.x, '. ')},1)<2"),
    exact=True,
    bron="register.md 3.2: geen eis in het register, wel in de KBO; kitbeleid",
    goed=("1234123179",),
    slecht=("2000000018",),
)

# --- IBAN -----------------------------------------------------------------------------------------------------------


def iban_kaal(x: pl.Expr) -> pl.Expr:
    """An IBAN as the register compares it: without dots and spaces."""
    return x.str.replace_all("[. ]", "")


def _iban_vorm(c: Cel) -> pl.Expr:
    return c.x.str.starts_with("BE") & iban_kaal(c.x).str.contains("^BE[0-9]{14}$")


def _iban_vorm_formule(v: Vak) -> str:
    s = excel.zonder(v.x, ". ")
    return excel.en(f'EXACT(LEFT({v.x},2),"BE")', excel.alleen_cijfers(f"MID({s},3,99)", 14))


def _iban_som(c: Cel) -> pl.Expr:
    s = iban_kaal(c.x)
    # Fifteen digits at most at a time: the remainder of the first part goes before the next.
    rest = s.str.slice(4, 12).cast(pl.Int64, strict=False) % 97
    return (rest * 1_000_000 + 111400 + s.str.slice(2, 2).cast(pl.Int64, strict=False)) % 97 == 1


def _iban_som_formule(v: Vak) -> str:
    s = excel.zonder(v.x, ". ")
    rest = f"MOD(--MID({s},5,12),97)"
    return excel.als_geldig(_iban_vorm_formule(v), f"MOD({rest}*1000000+111400+MID({s},3,2),97)=1")


def iban_klopt(iban: str) -> bool:
    return re.fullmatch(r"BE\d{14}", iban) is not None and int(iban[4:] + "1114" + iban[2:4]) % 97 == 1


def _iban_herstel(waarde: str, _kolom: Kolom, _schema: Schema) -> str | None:
    s = kaal(waarde).upper().removeprefix("IBAN")
    if s.isascii() and s.isdigit() and len(s) == 12 and (int(s[:10]) % 97 or 97) == int(s[10:]):
        s = f"BE{98 - int(s + '111400') % 97:02d}{s}"  # an account number of before IBAN
    return " ".join(s[i : i + 4] for i in range(0, 16, 4)) if iban_klopt(s) else None


registreer(
    code="IBAN-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("iban",),
    eis="Een Belgisch IBAN: BE in hoofdletters en 14 cijfers.",
    melding="{waarde} is geen Belgisch IBAN. Vul BE en 14 cijfers in, zoals BE68 5390 0754 7034.",
    check=_iban_vorm,
    formule=_iban_vorm_formule,
    exact=True,
    herstel=_iban_herstel,
    bron="register.md 1.2.4 en 3.3 (IbanNummer.cs)",
    goed=("BE68 5390 0754 7034", "BE68539007547034"),
    slecht=("be68539007547034", "BE68-5390-0754-7034", "NL91ABNA0417164300", "539-0075470-34"),
)

registreer(
    code="IBAN-02",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("iban",),
    eis="Het controlegetal van het IBAN klopt.",
    melding="{waarde} bestaat niet: het controlegetal klopt niet. Kijk de cijfers na.",
    check=lambda c: ~_iban_vorm(c) | _iban_som(c),
    formule=_iban_som_formule,
    exact=True,
    bron="register.md 3.3: ISO 7064 modulo 97",
    goed=("BE68539007547034",),
    slecht=("BE68539007547035", "BE00000000000000"),
)

# --- vCode ----------------------------------------------------------------------------------------------------------


def _vcode_vorm(c: Cel) -> pl.Expr:
    return c.x.str.contains("^[Vv][0-9]{7}$")


def _vcode_vorm_formule(v: Vak) -> str:
    return excel.en(
        excel.of(f'EXACT(LEFT({v.x},1),"V")', f'EXACT(LEFT({v.x},1),"v")'), excel.alleen_cijfers(f"MID({v.x},2,99)", 7)
    )


def _vcode_herstel(waarde: str, _kolom: Kolom, _schema: Schema) -> str | None:
    s = kaal(waarde).upper()
    return s if re.fullmatch(r"V\d{7}", s, re.ASCII) else None


registreer(
    code="VCODE-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("vcode",),
    eis="Een vCode is V en 7 cijfers.",
    melding="{waarde} is geen vCode. Vul V en 7 cijfers in, zoals V0001001. U vindt hem in het Verenigingsloket.",
    check=_vcode_vorm,
    formule=_vcode_vorm_formule,
    exact=True,
    herstel=_vcode_herstel,
    bron="register.md 1.4 en 2.4",
    goed=("V0001001", "v0458565"),
    slecht=("12345678", "V12345678", "V-0001001", "0746889508"),
)

registreer(
    code="VCODE-02",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("vcode",),
    eis="Een vCode is V0001001 of hoger.",
    melding="{waarde} bestaat niet: de eerste vCode is V0001001.",
    check=lambda c: ~_vcode_vorm(c) | (c.x.str.slice(1).cast(pl.Int64, strict=False) > 1000),
    formule=lambda v: excel.als_geldig(_vcode_vorm_formule(v), f"--MID({v.x},2,99)>1000"),
    exact=True,
    bron="register.md 1.4: VCode moet groter zijn dan 1000",
    goed=("V0001001",),
    slecht=("V0001000", "V0000001"),
)
