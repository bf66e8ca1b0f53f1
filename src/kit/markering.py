"""Findings -> marking plan: which cell gets which severity and note, the list, the summary. No host is known here.

A file painter (`werkboek.schilderen`) and any other host carry out the same plan.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kit.bevinding import Bevinding
from kit.regels import Ernst

KENMERK = "Voorbereidingskit"
BLADNAAM = "Bevindingen"
LIJSTKOPPEN = ("Ernst", "Blad", "Cel", "Kolom", "Vereniging", "Waarde", "Wat is er aan de hand", "Voorstel", "Regel")
TEKEN = {Ernst.FOUT: "✖ fout", Ernst.WAARSCHUWING: "▲ let op"}
_MAX_NOTITIE = 1500


@dataclass(frozen=True)
class Markering:
    """One marked cell: the worst severity on it and the text of its note."""

    ernst: Ernst
    notitie: str


@dataclass(frozen=True)
class Samenvatting:
    """Totals of one validation run."""

    wanneer: dt.datetime
    fouten: int
    waarschuwingen: int

    @property
    def wanneer_tekst(self) -> str:
        return f"{self.wanneer:%d/%m/%Y %H:%M}"


@dataclass(frozen=True)
class Markeerplan:
    """What to paint on one file. `cellen`: sheet -> cell -> marking; `lijst`: all findings in order."""

    cellen: dict[str, dict[str, Markering]]
    lijst: tuple[Bevinding, ...]
    samenvatting: Samenvatting


def markeerplan(bevindingen: Sequence[Bevinding], bestand: str, wanneer: dt.datetime) -> Markeerplan:
    """The plan for one of the validated files."""
    eigen = tuple(b for b in bevindingen if b.bestand == bestand)
    per_cel: dict[tuple[str, str], list[Bevinding]] = {}
    for b in eigen:
        per_cel.setdefault((b.blad, b.cel), []).append(b)
    cellen: dict[str, dict[str, Markering]] = {}
    for (blad, cel), samen in per_cel.items():
        ernst = Ernst.FOUT if any(b.ernst == Ernst.FOUT for b in samen) else Ernst.WAARSCHUWING
        cellen.setdefault(blad, {})[cel] = Markering(ernst, _notitie(samen))
    return Markeerplan(cellen, eigen, samenvatting(eigen, wanneer))


def samenvatting(bevindingen: Sequence[Bevinding], wanneer: dt.datetime) -> Samenvatting:
    telling = Counter(b.ernst for b in bevindingen)
    return Samenvatting(wanneer, telling[Ernst.FOUT], telling[Ernst.WAARSCHUWING])


def _notitie(samen: list[Bevinding]) -> str:
    regels = [KENMERK]
    for b in sorted(samen, key=lambda b: (b.ernst, b.regel)):
        regels.append(f"{TEKEN[b.ernst]} ({b.regel}): {b.melding}")
        if b.voorstel is not None:
            regels.append(f"Voorstel: {b.voorstel}" if b.voorstel else "Voorstel: maak de cel leeg")
    tekst = "\n".join(regels)
    return tekst if len(tekst) <= _MAX_NOTITIE else tekst[: _MAX_NOTITIE - 1] + "…"
