"""Sets of characters that checks and formulas share: digits, numbers and white space as .NET sees them.

The register judges UTF-16 units one by one (`char.IsDigit`, `char.IsNumber`), so only the basic plane counts.
"""

import unicodedata

_BASIS = [chr(i) for i in range(0x10000) if not 0xD800 <= i <= 0xDFFF]

CIJFERS = [c for c in _BASIS if unicodedata.category(c) == "Nd"]
GETALTEKENS = [c for c in _BASIS if unicodedata.category(c) in ("Nd", "Nl", "No")]
WITRUIMTE = [c for c in _BASIS if c.isspace() and c not in "\x1c\x1d\x1e\x1f"]
ONZICHTBAAR = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"]

# Lists that a formula needs as a range in the workbook.
TEKENLIJSTEN = {"cijfers": CIJFERS, "getaltekens": GETALTEKENS}


def klasse(tekens: list[str]) -> str:
    """A regular-expression class with these characters."""
    return "[" + "".join(f"\\x{{{ord(c):X}}}" for c in tekens) + "]"
