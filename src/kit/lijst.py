"""The list of findings as every host shows it: texts of the sheet *Bevindingen*, without any format or host."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kit.markering import BLADNAAM, KENMERK, LIJSTKOPPEN, TEKEN, Markeerplan
from kit.regels import Ernst

KOPRIJ = 5  # row of the headings; the findings follow
CELKOLOM = 3  # column that links to the cell
BEWAARKOLOM = len(LIJSTKOPPEN) + 2  # hidden: how cells looked before they were painted
BREEDTES = (11, 20, 9, 24, 14, 30, 64, 30, 16)  # in characters, one per heading
TABEL = "t_kit_bevindingen"


@dataclass(frozen=True)
class Lijstrij:
    """One finding: its texts in the order of `LIJSTKOPPEN`, and the cell it is about."""

    ernst: Ernst
    blad: str
    cel: str
    teksten: tuple[str, ...]


@dataclass(frozen=True)
class Lijst:
    """What stands above the list, and its rows. `niets`: what to say when there are none."""

    titel: str
    stand: str
    hulp: str
    rijen: tuple[Lijstrij, ...]
    niets: str = "Niets gevonden. Alles klopt."

    @property
    def laatste_rij(self) -> int:
        return KOPRIJ + max(1, len(self.rijen))


def maak_lijst(plan: Markeerplan) -> Lijst:
    """The list that belongs to a marking plan."""
    som = plan.samenvatting
    fouten = _aantal(som.fouten, "fout", "fouten")
    kijken = _aantal(som.waarschuwingen, "opmerking om na te kijken", "opmerkingen om na te kijken")
    rijen = []
    for b in plan.lijst:
        voorstel = "" if b.voorstel is None else b.voorstel or "(leegmaken)"
        teksten = (TEKEN[b.ernst], b.blad, b.cel, b.kolom, b.nr, b.waarde, b.melding, voorstel, b.regel)
        rijen.append(Lijstrij(b.ernst, b.blad, b.cel, teksten))
    return Lijst(
        titel=f"{KENMERK}: bevindingen",
        stand=f"Nagekeken op {som.wanneer_tekst}: {fouten} en {kijken}.",
        hulp="Klik op een blauwe cel om ernaartoe te gaan. Met de pijltjes in de kop filtert u per vereniging, blad of regel.",
        rijen=tuple(rijen),
    )


def _aantal(n: int, een: str, meer: str) -> str:
    return f"geen {meer}" if n == 0 else f"1 {een}" if n == 1 else f"{n} {meer}"


def is_ons(titel: str) -> bool:
    """Is this first cell that of our own list sheet? (The user may have a sheet of that name.)"""
    return titel.startswith(f"{KENMERK}: bevindingen")


def vrije_naam(bestaand: Collection[str], naam: str = BLADNAAM) -> str:
    """The name for a sheet of ours that no sheet of the user has."""
    laag = {n.lower() for n in bestaand}
    return next(n for n in (naam, *(f"{naam} {i}" for i in range(2, 100))) if n.lower() not in laag)
