"""Beeld + marking plan -> what a host must change: only the cells that look different from how they should.

Pure. The same work done twice is no work the second time; without a plan it takes all marks away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kit.addin.beeld import Beeld, Bladbeeld
from kit.gelezen import kolomletter
from kit.lijst import BEWAARKOLOM, Lijst, maak_lijst, vrije_naam
from kit.markering import KENMERK, TEKEN, Markeerplan
from kit.regels import Ernst
from kit.werkboek.overzicht import CONTROLENAMEN, NOG_NIET
from kit.werkboek.stijl import GESCHILDERD
from kit.werkboek.stijlen import effen_vulling, kleur_van_vulling

_ONZE_KLEUREN = frozenset(GESCHILDERD.values())
_ONZE_NOTITIE = re.compile(rf"(?:\A|\n\n){KENMERK}\n.*\Z", re.DOTALL)
Plek = tuple[str, str]


@dataclass(frozen=True)
class Lijstblad:
    """The list sheet to write: its name, content and, per row of the list, what is kept in the hidden column."""

    naam: str
    lijst: Lijst
    bewaar: tuple[str, ...]
    bewaar_algemeen: str


@dataclass(frozen=True)
class Notitie:
    """The note of one cell before and after (None = no note)."""

    was: str | None
    wordt: str | None


@dataclass(frozen=True)
class Schilderwerk:
    """`kleuren`: sheet -> colour (None = no fill) -> addresses. `notities`: sheet -> cell -> before and after.

    `oud_lijstblad`: our list sheet that goes. `lijstblad`: the one that comes. `cellen`: (sheet, cell) -> text.
    """

    kleuren: Mapping[str, Mapping[str | None, tuple[str, ...]]]
    notities: Mapping[str, Mapping[str, Notitie]]
    oud_lijstblad: str | None
    lijstblad: Lijstblad | None
    cellen: Mapping[Plek, str]

    @property
    def bladen(self) -> set[str]:
        """The sheets of the user's own that will change."""
        return {*self.kleuren, *self.notities, *(blad for blad, _ in self.cellen)}


def te_bekijken(beeld: Beeld, plan: Markeerplan | None) -> dict[str, list[str]]:
    """Sheet -> cells whose colour must be known: those to be marked, and those that may carry a mark of ours.

    A mark is found by its note, which goes along when rows are sorted, put in or taken out, or by the list sheet. Cells
    that probably look alike stand together.
    """
    uit: dict[str, list[str]] = {}
    bewaard = _bewaarde_kleuren(beeld.lijstblad)
    for naam, blad in beeld.bladen.items():
        onze = [c for c, t in blad.notities.items() if _ONZE_NOTITIE.search(t)]
        onze.sort(key=lambda c: TEKEN[Ernst.FOUT] in blad.notities[c])
        vroeger = [c for b, c in bewaard if b == naam]
        if cellen := list(dict.fromkeys([*onze, *vroeger, *(plan.cellen.get(naam, {}) if plan else ())])):
            uit[naam] = cellen
    return uit


def schilderwerk(beeld: Beeld, kleuren_nu: Mapping[str, Mapping[str, str]], plan: Markeerplan | None) -> Schilderwerk:
    """What to change to show the plan, or (None) to show the workbook as it was before any.

    `kleuren_nu`: the colours of the cells that `te_bekijken` names.
    """
    bewaard = _bewaarde_kleuren(beeld.lijstblad)
    oud: dict[Plek, str | None] = {}
    kleuren: dict[str, dict[str | None, tuple[str, ...]]] = {}
    notities: dict[str, dict[str, Notitie]] = {}
    for naam, blad in beeld.bladen.items():
        if beeld.lijstblad is not None and naam == beeld.lijstblad.naam:
            continue
        doel = plan.cellen.get(naam, {}) if plan else {}
        nu = kleuren_nu.get(naam, {})
        onder = {c: bewaard.get((naam, c)) if k in _ONZE_KLEUREN else k for c, k in nu.items()}
        gewenst: dict[str, str | None] = {c: onder[c] for c, k in nu.items() if k in _ONZE_KLEUREN}
        for cel, markering in doel.items():
            oud[naam, cel] = onder.get(cel)
            gewenst[cel] = GESCHILDERD[markering.ernst]
        anders = {c: k for c, k in gewenst.items() if nu.get(c) != k}
        if anders:
            kleuren[naam] = {k: reeksen(c for c, v in anders.items() if v == k) for k in dict.fromkeys(anders.values())}
        if teksten := _notities(blad, {c: m.notitie for c, m in doel.items()}):
            notities[naam] = teksten
    lijstblad = _lijstblad(beeld, plan, oud) if plan else None
    if plan is None:
        controle = dict.fromkeys(CONTROLENAMEN, NOG_NIET) if beeld.lijstblad else {}
    else:
        som = plan.samenvatting
        controle = dict(zip(CONTROLENAMEN, (som.wanneer_tekst, str(som.fouten), str(som.waarschuwingen)), strict=True))
    return Schilderwerk(
        kleuren=kleuren,
        notities=notities,
        oud_lijstblad=beeld.lijstblad.naam if beeld.lijstblad else None,
        lijstblad=lijstblad,
        cellen={beeld.controle[n]: tekst for n, tekst in controle.items() if n in beeld.controle},
    )


def _bewaarde_kleuren(blad: Bladbeeld | None) -> dict[Plek, str | None]:
    """What the list sheet remembers, whoever wrote it: the file painter and the add-in keep the same words."""
    uit: dict[Plek, str | None] = {}
    for rij in range(2, len(blad.waarden) + 1) if blad else ():
        assert blad is not None
        if inhoud := blad.tekst(rij, BEWAARKOLOM):
            naam, cel, _stijl, vulling = json.loads(inhoud)
            uit[naam, cel] = kleur_van_vulling(vulling)
    return uit


def _notities(blad: Bladbeeld, onze: Mapping[str, str]) -> dict[str, Notitie]:
    """The notes that must change. A note of the user's stays, with ours behind it."""
    uit: dict[str, Notitie] = {}
    met_onze = [c for c, t in blad.notities.items() if _ONZE_NOTITIE.search(t)]
    for cel in dict.fromkeys([*met_onze, *onze]):
        nu = blad.notities.get(cel)
        eigen = _ONZE_NOTITIE.sub("", nu or "")
        nieuw = "\n\n".join(t for t in (eigen, onze.get(cel)) if t) or None
        if nieuw != nu and cel not in blad.gesprekken:
            uit[cel] = Notitie(nu, nieuw)
    return uit


def _lijstblad(beeld: Beeld, plan: Markeerplan, oud: Mapping[Plek, str | None]) -> Lijstblad:
    lijst = maak_lijst(plan)
    bewaar, gezien = [], set()
    for rij in lijst.rijen:
        plek = (rij.blad, rij.cel)
        bewaar.append("" if plek in gezien else json.dumps([*plek, None, effen_vulling(oud[plek])]))
        gezien.add(plek)
    eigen = beeld.lijstblad.naam if beeld.lijstblad else None
    naam = vrije_naam([n for n in beeld.bladnamen if n != eigen])
    return Lijstblad(naam, lijst, tuple(bewaar), json.dumps({"overzicht": dict.fromkeys(CONTROLENAMEN, NOG_NIET)}))


def reeksen(cellen: Iterable[str]) -> tuple[str, ...]:
    """Cells below each other as one address: B3, B4, B5 -> B3:B5. Fewer addresses are fewer calls.

    From top to bottom, so that addresses that travel together are near each other.
    """
    per_kolom: dict[str, list[int]] = {}
    for cel in cellen:
        letters = cel.rstrip("0123456789")
        per_kolom.setdefault(letters, []).append(int(cel[len(letters) :]))
    uit: list[tuple[int, str]] = []
    for letters, rijen in per_kolom.items():
        begin = vorige = -1
        for rij in [*sorted(rijen), -1]:
            if rij == vorige + 1 and begin > 0:
                vorige = rij
                continue
            if begin > 0:
                uit.append((begin, f"{letters}{begin}" + (f":{letters}{vorige}" if vorige > begin else "")))
            begin = vorige = rij
    return tuple(a for _, a in sorted(uit, key=lambda paar: paar[0]))


def adres(rij: int, kolom: int) -> str:
    return f"{kolomletter(kolom)}{rij}"
