"""Building blocks of Excel formulas. All of them work on one cell and on a whole column (array) alike.

Hence products and sums in place of AND and OR, which would collapse a column into one value.
"""

from kit.regels.tekens import WITRUIMTE

ASCII_CIJFERS = "0123456789"


def tekst(waarde: str) -> str:
    """A string constant; control characters cannot stand in a formula and become CHAR()."""
    stukken: list[str] = []
    for c in waarde:
        if ord(c) < 32:
            stukken.append(f"CHAR({ord(c)})")
        elif stukken and stukken[-1].startswith('"'):
            stukken[-1] = stukken[-1][:-1] + c.replace('"', '""') + '"'
        else:
            stukken.append('"' + c.replace('"', '""') + '"')
    return "&".join(stukken) or '""'


def zonder(x: str, tekens: str) -> str:
    """`x` as text with all these characters taken out."""
    for c in tekens:
        x = f'SUBSTITUTE({x},{tekst(c)},"")'
    return x


def en(*delen: str) -> str:
    return "*".join(f"({d})" for d in delen)


def of(*delen: str) -> str:
    return "((" + "+".join(f"({d})" for d in delen) + ")>0)"


def alleen_cijfers(x: str, aantal: int) -> str:
    return en(f"LEN({x})={aantal}", f'{zonder(x, ASCII_CIJFERS)}=""')


def niet_leeg(x: str) -> str:
    """False for a cell with nothing but white space."""
    return f'{zonder(x, "".join(WITRUIMTE))}<>""'


def als_geldig(voorwaarde: str, dan: str) -> str:
    """Judge only where the condition holds: another rule speaks about the rest."""
    return f"IF({voorwaarde},{dan},1)"


def leeg(x: str) -> str:
    return f'{x}=""'


def gevuld(x: str) -> str:
    return f'{x}<>""'


def is_een(x: str, *waarden: str) -> str:
    """Is the cell one of these texts? Excel compares without regard for case."""
    return of(*(f"{x}={tekst(w)}" for w in waarden))


def zelfde(x: str, y: str) -> str:
    """The same text; a blank is not the same as zero."""
    return f'{x}&""={y}&""'
