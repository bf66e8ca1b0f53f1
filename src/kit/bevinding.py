"""A `Bevinding`: what is wrong with one cell, by one rule. Plain data that every host shows in its own way."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from kit.regels import Ernst

_NATIONAAL_NUMMER = re.compile(r"(?<![0-9])\d{2}[. ]?\d{2}[. ]?\d{2}[-. ]*\d{3}[-. ]*\d{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Bevinding:
    """One line of the list: `blad` and `cel` as the file names them, `rij` as Excel counts, `nr` the association.

    `voorstel` is the value that would repair the cell ("" = empty it) or None. `gevoelig`: the cell holds a national
    number. `verliest`: the repair drops part of what stands there, so it is never applied unasked.
    """

    bestand: str
    blad: str
    cel: str
    rij: int
    kolom: str
    nr: str
    regel: str
    ernst: Ernst
    waarde: str
    melding: str
    voorstel: str | None = None
    gevoelig: bool = False
    verliest: bool = False

    def als_dict(self, *, masker: bool = True) -> dict[str, Any]:
        """The contract's fields; national numbers are masked unless asked otherwise."""
        uit = asdict(self)
        del uit["gevoelig"], uit["verliest"]
        if masker:
            for veld in ("nr", "waarde", "melding", "voorstel"):
                uit[veld] = maskeer(uit[veld], geheel=self.gevoelig and veld in ("waarde", "voorstel"))
        return uit


def maskeer(tekst: str | None, *, geheel: bool = False) -> str | None:
    """Hide national numbers: all digits but the last two, in the whole text or where eleven digits stand together."""
    if not tekst:
        return tekst
    if geheel:
        return re.sub(r"\w(?=.*\w.*\w)", "•", tekst, flags=re.DOTALL)
    return _NATIONAAL_NUMMER.sub(_scherm_af, tekst)


def _scherm_af(nummer: re.Match[str]) -> str:
    """Only zeroes are the example in a message, of nobody."""
    return nummer[0] if set(re.findall(r"\d", nummer[0])) == {"0"} else re.sub(r"\d(?=.*\d.*\d)", "•", nummer[0])
