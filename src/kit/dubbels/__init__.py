"""Probable duplicates: two rows that are one association. Pure functions over plain data; a host brings the rows.

`naam` takes a name apart, `vergelijk` judges a pair, `zoek` finds the pairs worth judging, `motor` spreads the work,
`registernet` foretells what the register itself will flag.
"""

from kit.dubbels.kandidaat import Kandidaat
from kit.dubbels.vergelijk import DREMPEL, Oordeel, vergelijk, vergelijk_namen
from kit.dubbels.zoek import Paar, zoek

__all__ = ["DREMPEL", "Kandidaat", "Oordeel", "Paar", "vergelijk", "vergelijk_namen", "zoek"]
