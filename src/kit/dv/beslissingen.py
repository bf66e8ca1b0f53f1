"""Read the decisions of a GI back from its feedback workbook. A decision holds only for the content it was taken on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from kit.bestanden import Bron
from kit.dv import tabellen as t
from kit.dv.dossier import Dossier, nu
from kit.dv.stand import Besluit
from kit.dv.terugkoppeling import BESLISSING, BESLISSINGEN, DUBBELS, REDEN
from kit.fouten import KitFout
from kit.werkboek.beslisblad import Antwoordrij, lees

_TOEGELATEN = {
    BESLISSINGEN: {Besluit.VERBETEREN, Besluit.NIET},
    DUBBELS: {Besluit.ZELFDE, Besluit.ANDERE, Besluit.NIET},
}


@dataclass
class Gelezen:
    """How many decisions of each kind; rows left open; and what could not be taken over, with sheet and row."""

    ovo: str = ""
    telling: Counter[str] = field(default_factory=Counter)
    open: int = 0
    problemen: list[str] = field(default_factory=list)


def neem_over(dossier: Dossier, bron: Bron, *, ovo: str | None = None) -> Gelezen:
    """Take the decisions of one workbook over, in one transaction; a row that does not fit anymore is told, not taken.

    Raises KitFout for a file without our sheets, of another workspace, GI or round.
    """
    gevonden = {naam: blad for naam in (BESLISSINGEN, DUBBELS) if (blad := lees(bron, naam)) is not None}
    if not gevonden:
        raise KitFout(
            f"In {bron.name} staat geen blad {BESLISSINGEN} of {DUBBELS} van Digitaal Vlaanderen. "
            "Geef het werkboek uit de terugkoppeling, zoals de gemeente het terugstuurde."
        )
    uit = Gelezen()
    beslist: list[dict[str, Any]] = []
    for naam, (over, rijen) in gevonden.items():
        _hoort_hier(dossier, bron.name, over, ovo)
        uit.ovo = str(over["ovo"])
        for rij in rijen:
            _een_rij(dossier, naam, rij, uit, beslist)
    with dossier.in_een_keer() as c:
        for b in beslist:
            v = t.beslissing.c
            zelfde = (
                v.vereniging == b["vereniging"],
                v.ander.is_not_distinct_from(b["ander"]),
                v.vcode.is_not_distinct_from(b["vcode"]),
            )
            c.execute(t.beslissing.delete().where(*zelfde))
            c.execute(t.beslissing.insert().values(**b))
    return uit


def _hoort_hier(dossier: Dossier, naam: str, over: dict[str, object], ovo: str | None) -> None:
    if over.get("werkmap") != dossier.kenmerk:
        raise KitFout(f"{naam} hoort bij een andere werkmap. Er is niets overgenomen. Wijs de juiste aan met --werkmap.")
    if ovo is not None and over.get("ovo") != ovo:
        raise KitFout(f"{naam} is van {over.get('ovo')}, niet van {ovo}. Er is niets overgenomen.")
    if over.get("ronde") != dossier.ronde:
        raise KitFout(
            f"{naam} hoort bij {_ronde(over.get('ronde'))}, en we zijn in {_ronde(dossier.ronde)}. Er is niets overgenomen. "
            "Vraag de gemeente om het werkboek van de laatste terugkoppeling in te vullen."
        )


def _ronde(nummer: object) -> str:
    return f"ronde {nummer}" if nummer else "het nakijken vóór ronde 1"


def _een_rij(dossier: Dossier, naam: str, rij: Antwoordrij, uit: Gelezen, beslist: list[dict[str, Any]]) -> None:
    plek = f"{naam}, rij {rij.rij}"
    gekozen = " ".join(rij.teksten.get(BESLISSING, "").lower().split())
    if not gekozen:
        uit.open += 1
        return
    if gekozen not in _TOEGELATEN[naam]:
        mag = ", ".join(sorted(_TOEGELATEN[naam]))
        uit.problemen.append(f"{plek}: deze beslissing ken ik niet. Kies uit: {mag}.")
        return
    v = t.vereniging.c
    o = rij.over
    wie = dossier.rijen(sa.select(v.id, v.nr, v.hash, v.aanwezig).where(v.id == o.get("v")))
    if not wie or not wie[0].aanwezig:
        uit.problemen.append(f"{plek}: deze vereniging staat niet meer in de laatste levering. De beslissing is niet nodig.")
        return
    ander = dossier.rijen(sa.select(v.hash).where(v.id == o["a"])) if o.get("a") is not None else []
    if wie[0].hash != o.get("h") or (ander and ander[0].hash != o.get("ah")):
        uit.problemen.append(f"{plek}: Nr {wie[0].nr} of de andere is intussen gewijzigd. Deze vraag wordt opnieuw gesteld.")
        return
    uit.telling[gekozen] += 1
    beslist.append(
        {
            "vereniging": o["v"], "hash": o["h"], "ander": o.get("a"), "ander_hash": o.get("ah"), "vcode": o.get("c"),
            "wat": gekozen, "reden": rij.teksten.get(REDEN, ""), "op": nu(),
        }
    )  # fmt: skip
