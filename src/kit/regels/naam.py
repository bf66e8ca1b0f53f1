"""Rules for the names of people."""

from kit.regels import excel
from kit.regels.kern import Aard, Ernst, Vak, registreer
from kit.regels.tekens import CIJFERS, klasse

_CIJFER = klasse(CIJFERS)
_LEESTEKENS = "".join(chr(i) for i in range(32, 127) if not chr(i).isalpha())


def zonder_cijfers(v: Vak) -> str:
    if v.reeks:
        return f"LEN({excel.zonder(v.x, excel.ASCII_CIJFERS)})=LEN({v.x})"
    return f'SUMPRODUCT(LEN({v.x})-LEN(SUBSTITUTE({v.x},{v.tekens("cijfers")},"")))=0'


registreer(
    code="NAAM-01",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("voornaam", "achternaam"),
    eis="Geen cijfers in een naam.",
    melding="Een {kop_klein} bevat geen cijfers. Kijk de schrijfwijze na.",
    check=lambda c: ~c.x.str.contains(_CIJFER),
    formule=zonder_cijfers,
    exact=True,
    bron="register.md 1.2.3: char.IsDigit (Unicode Nd)",
    goed=("Gert-Jan", "Van den Borre", "X Æ A-Xii"),
    slecht=("n0el", "Mark the 1st"),
)

registreer(
    code="NAAM-02",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("voornaam", "achternaam"),
    eis="Minstens één letter in een naam.",
    melding="Een {kop_klein} bevat minstens één letter. Vul de echte naam in.",
    check=lambda c: c.x.str.contains(r"[\p{L}&&[\x{0}-\x{FFFF}]]"),
    # Excel has no test for a letter of any script: anything beyond digits and ASCII punctuation may be one.
    formule=lambda v: f'{excel.zonder(v.x, _LEESTEKENS)}<>""',
    bron="register.md 1.2.3: char.IsLetter",
    goed=("Jef", "王"),
    slecht=("...---...", "%%%", "-"),
)
