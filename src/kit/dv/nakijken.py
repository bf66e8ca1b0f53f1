"""The same rules over everything received, several GI's at the same time; findings go to the dossier."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from kit.bestanden import InGeheugen
from kit.bevinding import Bevinding
from kit.dubbels.kandidaat import eigen_nr
from kit.dv import tabellen as t
from kit.dv.dossier import Dossier, nu
from kit.dv.ontvangst import schema_voor
from kit.gelezen import Gelezen
from kit.regels import Ernst

Werk = TypeVar("Werk")
Uit = TypeVar("Uit")


@dataclass(frozen=True)
class Leverdeel:
    """One delivered workbook: id of the levering, the file, and the schema that it was made with."""

    levering: int
    bestand: str
    inhoud: bytes
    schema: str


@dataclass(frozen=True)
class Uitslag:
    """Per levering: findings, and the number of fouten of each association by its number (see `ontvangst.verenigingen_van`)."""

    levering: int
    bevindingen: list[tuple[str, Bevinding]]
    fouten: dict[str, int]
    nrs: list[str]


def naam_in_lijst(dienst: str, bestand: str) -> str:
    """How a file is called among those of one GI: with its service, or two could have one name."""
    return f"{dienst}: {bestand}" if dienst and not bestand.lower().startswith(dienst.lower()) else bestand


def te_doen(dossier: Dossier, *, alles: bool = False) -> list[str]:
    """OVO-codes of the GI's that sent something that was not validated yet."""
    vraag = sa.select(t.levering.c.ovo).where(t.levering.c.actueel).distinct().order_by(t.levering.c.ovo)
    if not alles:
        vraag = vraag.where(t.levering.c.nagekeken.is_(None))
    return [r.ovo for r in dossier.rijen(vraag)]


def kijk_na(
    dossier: Dossier, ovos: list[str], *, processen: int = 0, voortgang: Callable[[int, int], None] = lambda _n, _m: None
) -> Counter[str]:
    """Validate all current workbooks of these GI's; returns the number of findings by severity."""
    telling: Counter[str] = Counter()
    delen = (_delen(dossier, ovo) for ovo in ovos)
    for n, uitslagen in enumerate(samen(_een_gi, delen, processen), 1):
        with dossier.in_een_keer() as c:
            for uitslag in uitslagen:
                _bewaar(c, uitslag)
        telling.update(b.ernst.value for u in uitslagen for _, b in u.bevindingen)
        voortgang(n, len(ovos))
    return telling


def samen(functie: Callable[[Werk], Uit], werk: Iterable[Werk], processen: int = 0) -> Iterator[Uit]:
    """Apply a function in several processes, never more than a few pieces of work ahead, so that memory stays flat."""
    aantal = processen or os.cpu_count() or 1
    werk = iter(werk)
    eerste = next(werk, None)
    tweede = next(werk, None)
    if eerste is not None and (aantal == 1 or tweede is None):
        yield functie(eerste)
        yield from map(functie, [tweede] if tweede is not None else [])
        yield from map(functie, werk)
        return
    if eerste is None:
        return
    assert tweede is not None
    with ProcessPoolExecutor(aantal, mp_context=multiprocessing.get_context("spawn")) as groep:
        open_: set[Future[Uit]] = {groep.submit(functie, eerste), groep.submit(functie, tweede)}
        while open_:
            while len(open_) < aantal + 1 and (volgende := next(werk, None)) is not None:
                open_.add(groep.submit(functie, volgende))
            klaar, open_ = wait(open_, return_when=FIRST_COMPLETED)
            for f in klaar:
                yield f.result()


def _delen(dossier: Dossier, ovo: str) -> list[Leverdeel]:
    v = t.levering.c
    vraag = sa.select(v.id, v.dienst, v.bestand, v.inhoud, v.schema).where(v.ovo == ovo, v.actueel).order_by(v.id)
    return [Leverdeel(r.id, naam_in_lijst(r.dienst, r.bestand), r.inhoud, r.schema) for r in dossier.rijen(vraag)]


def _een_gi(delen: list[Leverdeel]) -> list[Uitslag]:
    """All workbooks of one GI together: some rules look in the other one too."""
    from kit.dv.ontvangst import verenigingen_van
    from kit.validatie import valideer
    from kit.werkboek.lezen import lees

    boeken = [lees(InGeheugen(d.bestand, d.inhoud), schema_voor(d.schema)) for d in delen]
    bevindingen = valideer(boeken)
    uit = []
    for deel, boek in zip(delen, boeken, strict=True):
        eigen = [b for b in bevindingen if b.bestand == boek.bestand]
        per_rij = {v.rij: v.nr for v in verenigingen_van(boek, "")}
        nrs = list(per_rij.values())
        van_wie = [(_nr_van(b, boek, per_rij), b) for b in eigen]
        fouten = Counter(nr for nr, b in van_wie if b.ernst == Ernst.FOUT and nr)
        # Something wrong with the sheet itself (a column that is missing) holds for every association on it.
        fouten.update(nr for nr in nrs for _ in range(sum(b.ernst == Ernst.FOUT and _van_het_blad(b, boek) for b in eigen)))
        uit.append(Uitslag(deel.levering, van_wie, dict(fouten), nrs))
    return uit


def _van_het_blad(b: Bevinding, boek: Gelezen) -> bool:
    return any(b.blad == blad.naam and b.rij <= blad.koprij for blad in boek.bladen.values())


def _nr_van(b: Bevinding, boek: Gelezen, per_rij: dict[int, str]) -> str:
    if b.blad == boek.bladen[boek.werkboek.verenigingsblad].naam:
        return per_rij.get(b.rij, "")
    return eigen_nr(b.nr)


def _bewaar(c: sa.Connection, u: Uitslag) -> None:
    c.execute(t.bevinding.delete().where(t.bevinding.c.levering == u.levering))
    if u.bevindingen:
        rijen = [
            {"levering": u.levering, "nr": nr, "regel": b.regel, "ernst": b.ernst.value, "inhoud": asdict(b)}
            for nr, b in u.bevindingen
        ]
        c.execute(t.bevinding.insert(), rijen)
    hier = t.vereniging.c.levering == u.levering
    c.execute(t.vereniging.update().where(hier).values(fouten=0))
    if u.fouten:
        zet = t.vereniging.update().where(hier, t.vereniging.c.nr == sa.bindparam("b_nr")).values(fouten=sa.bindparam("b_fouten"))
        c.execute(zet, [{"b_nr": nr, "b_fouten": n} for nr, n in u.fouten.items()])
    c.execute(t.levering.update().where(t.levering.c.id == u.levering).values(nagekeken=nu()))


def bevindingen_van(dossier: Dossier, levering: int) -> list[tuple[str, Bevinding]]:
    """What was found in one workbook, with the number of the association."""
    vraag = sa.select(t.bevinding.c.nr, t.bevinding.c.inhoud).where(t.bevinding.c.levering == levering).order_by(t.bevinding.c.id)
    return [(r.nr, _terug(r.inhoud)) for r in dossier.rijen(vraag)]


def _terug(inhoud: dict[str, Any]) -> Bevinding:
    return Bevinding(**inhoud | {"ernst": Ernst(inhoud["ernst"])})
