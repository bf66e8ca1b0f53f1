"""The memory of a repair: a sheet with what stood in every repaired cell, so that it can be put back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

from kit.addin.beeld import GEHEUGENBLAD, Beeld, Bladbeeld
from kit.addin.gastheer import Datum, Formule, Inhoud
from kit.addin.schilderwerk import Plek
from kit.herstel import Herstelling
from kit.lijst import vrije_naam
from kit.markering import KENMERK
from kit.regels.getal import EPOCH
from kit.werkboek.xmltekst import splits

KOPPEN = ("Blad", "Cel", "Kolom", "Was", "Werd", f"{KENMERK}: niet wijzigen")
BREEDTES = (20, 9, 24, 40, 40, 12)


def geheugenblad(beeld: Beeld) -> Bladbeeld | None:
    """The sheet with the memory, told by its last heading."""
    return next((b for b in beeld.bladen.values() if b.tekst(1, len(KOPPEN)) == KOPPEN[-1]), None)


def bladnaam(beeld: Beeld) -> str:
    """Where the memory goes: its own sheet again, or a name that the user has not."""
    oud = geheugenblad(beeld)
    return oud.naam if oud else vrije_naam(beeld.bladnamen, GEHEUGENBLAD)


def rijen(beeld: Beeld, herstellingen: Sequence[Herstelling]) -> list[list[str]]:
    """The sheet's texts. The last column keeps the old content exactly: text, number or formula."""
    uit = [list(KOPPEN)]
    for h in herstellingen:
        blad = beeld.bladen[h.blad]
        uit.append([h.blad, h.cel, h.kolom, h.was, h.wordt, json.dumps(_oud(blad, h.cel))])
    return uit


def _oud(blad: Bladbeeld, cel: str) -> list[object]:
    if cel in blad.formules:
        return ["formule", blad.formules[cel]]
    rij, kolom = splits(cel)
    waarde = blad.waarden[rij - 1][kolom - 1] if rij <= len(blad.waarden) and kolom <= len(blad.waarden[rij - 1]) else None
    if isinstance(waarde, dt.datetime):
        return ["datum", (waarde - dt.datetime.combine(EPOCH, dt.time())) / dt.timedelta(days=1)]
    if isinstance(waarde, str):
        return ["tekst", waarde]
    return ["waarde", waarde if waarde is None or isinstance(waarde, bool) else float(str(waarde))]


def terug(beeld: Beeld) -> tuple[dict[Plek, Inhoud], int]:
    """What to put back, and how many cells the user has changed since: those keep what they hold."""
    blad = geheugenblad(beeld)
    uit: dict[Plek, Inhoud] = {}
    gewijzigd = 0
    for rij in range(2, len(blad.waarden) + 1) if blad else ():
        assert blad is not None
        naam, cel, werd, bewaard = (blad.tekst(rij, k) for k in (1, 2, 5, 6))
        if naam not in beeld.bladen or not bewaard:
            continue
        r, k = splits(cel)
        if _als_tekst(beeld.bladen[naam].tekst(r, k)) != werd:
            gewijzigd += 1
            continue
        soort, inhoud = json.loads(bewaard)
        uit[naam, cel] = {"formule": Formule, "datum": Datum}.get(soort, lambda w: w)(inhoud)
    return uit, gewijzigd


def _als_tekst(tekst: str) -> str:
    """A number as the repair wrote it: 2000.0 -> 2000."""
    return tekst.removesuffix(".0")


def inhoud_van(herstellingen: Sequence[Herstelling], getallen: set[str]) -> Mapping[Plek, Inhoud]:
    """What the repairs write. `getallen`: headings of the columns that hold numbers."""
    return {(h.blad, h.cel): None if not h.wordt else float(h.wordt) if h.kolom in getallen else h.wordt for h in herstellingen}
