"""Where every delivered association stands: in exactly one of four outcomes, with why, and what must still be decided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from kit.dv import tabellen as t
from kit.dv.dossier import Dossier
from kit.dv.inhoud import BASIS

VOORSPELLING = "voorspelling"


class Uitkomst(StrEnum):
    GEREGISTREERD = "geregistreerd"
    GEWEIGERD = "geweigerd"
    WEGGELATEN = "weggelaten"
    ONBESLIST = "onbeslist"


class Besluit(StrEnum):
    """What a GI may decide, in its own words on the sheet."""

    ZELFDE = "zelfde vereniging"
    ANDERE = "andere vereniging"
    NIET = "niet migreren"
    VERBETEREN = "verbeteren"


@dataclass(frozen=True)
class Vraag:
    """One pair to decide: the row of `dubbel`, and who or what the other one is."""

    ander: int | None
    ander_hash: str | None
    vcode: str | None
    herkomst: str
    score: int
    redenen: tuple[str, ...]
    getoond: dict[str, Any]


@dataclass
class Stand:
    """One association. `klaar`: may be sent now. `anders`: vCodes that it is certainly not. `zelfde`: the vCode that it is.

    `onvolledig`: what the register refused of an association that it did register.
    """

    id: int
    ovo: str
    dienst: str
    werkboek: str
    levering: int
    nr: str
    rij: int
    naam: str
    hash: str
    fouten: int
    uitkomst: Uitkomst = Uitkomst.ONBESLIST
    waarom: str = ""
    vcode: str | None = None
    wijze: str = ""
    klaar: bool = False
    zelfde: str | None = None
    anders: frozenset[str] = frozenset()
    vragen: list[Vraag] = field(default_factory=list)
    onvolledig: list[str] = field(default_factory=list)


def standen(dossier: Dossier) -> list[Stand]:
    """All associations of the newest deliveries, and those registered before, in the order in which they first came."""
    return _Blik(dossier).standen()


class _Blik:
    """Everything that decides, read once."""

    def __init__(self, d: Dossier) -> None:
        v = t.vereniging.c
        kolommen = (
            "id",
            "ovo",
            "dienst",
            "werkboek",
            "nr",
            "levering",
            "rij",
            "naam",
            "hash",
            "migreren",
            "reden",
            "aanwezig",
            "fouten",
        )
        self.rijen = {r.id: r for r in d.rijen(sa.select(*v[kolommen]).order_by(v.id))}
        self.registraties = {r.vereniging: r for r in d.rijen(sa.select(t.registratie))}
        self.besluiten: dict[int, list[Any]] = defaultdict(list)
        for b in d.rijen(sa.select(t.beslissing).order_by(t.beslissing.c.id)):
            self.besluiten[b.vereniging].append(b)
        self.dubbels: dict[int, list[Any]] = defaultdict(list)
        for p in d.rijen(sa.select(t.dubbel).order_by(t.dubbel.c.score.desc(), t.dubbel.c.id)):
            self.dubbels[p.vereniging].append(p)
        o = t.oproep.c
        self.geweigerd: dict[tuple[int, str], str] = {}
        self.onvolledig: dict[int, list[str]] = defaultdict(list)
        vraag = sa.select(o.vereniging, o.hash, o.volgnr, o.pad, o.melding).where(o.stand == "geweigerd").order_by(o.id)
        for p in d.rijen(vraag):
            if p.volgnr == 0:
                self.geweigerd[p.vereniging, p.hash] = p.melding or ""
            else:
                deel = p.pad.removeprefix(f"{BASIS}/{{vCode}}/").split("/")[0]
                self.onvolledig[p.vereniging].append(f"{deel}: {(p.melding or '').removeprefix(f'{deel}: ')}")

        vraag = sa.select(o.vereniging).where(o.volgnr == 0, o.stand.in_(t.OPEN)).distinct()
        self.onderweg = {p.vereniging for p in d.rijen(vraag)}

    def standen(self) -> list[Stand]:
        return [self._stand(r) for r in self.rijen.values() if r.aanwezig or r.id in self.registraties]

    def _stand(self, r: Any) -> Stand:
        s = Stand(r.id, r.ovo, r.dienst, r.werkboek, r.levering, r.nr, r.rij, r.naam, r.hash, r.fouten or 0)
        geregistreerd = self.registraties.get(r.id)
        if geregistreerd is not None:
            s.uitkomst, s.vcode, s.wijze = Uitkomst.GEREGISTREERD, geregistreerd.vcode, geregistreerd.wijze
            s.onvolledig = self.onvolledig.get(r.id, [])
            s.klaar = not geregistreerd.volledig
            return s
        if not r.migreren:
            s.uitkomst, s.waarom = Uitkomst.WEGGELATEN, r.reden or "Migreren = nee"
            return s
        if (weg := self._weggelaten(r)) is not None:
            s.uitkomst, s.waarom = Uitkomst.WEGGELATEN, weg or "beslist: niet migreren"
            return s
        if r.fouten is None:
            s.waarom = "nog niet nagekeken"
            return s
        if r.fouten:
            s.uitkomst = Uitkomst.GEWEIGERD
            s.waarom = f"{r.fouten} {'fout' if r.fouten == 1 else 'fouten'} bij het nakijken"
            return s
        if (r.id, r.hash) in self.geweigerd:
            s.uitkomst, s.waarom = Uitkomst.GEWEIGERD, f"het register weigert: {self.geweigerd[r.id, r.hash]}"
            return s
        self._paren(r, s)
        return s

    def _weggelaten(self, r: Any) -> str | None:
        for b in self.besluiten.get(r.id, ()):
            if b.wat == Besluit.NIET and b.hash == r.hash:
                return str(b.reden)
        return None

    def _paren(self, r: Any, s: Stand) -> None:
        beslist, s.anders, zelfde, wacht = self._beslist(r)
        open_: list[Vraag] = []
        voorspeld: list[Vraag] = []
        gezien = set(beslist)
        for p in self.dubbels.get(r.id, ()):
            if p.hash != r.hash or not self._telt(p, r.id):
                continue
            sleutels = self._sleutels(p.ander, p.vcode)
            if gezien.isdisjoint(sleutels):
                vraag = Vraag(p.ander, p.ander_hash, p.vcode, p.herkomst, p.score, tuple(p.redenen), p.getoond or {})
                (voorspeld if p.herkomst == VOORSPELLING else open_).append(vraag)
                gezien |= sleutels
        if r.id in self.onderweg:
            # What may have happened is found out before anything else; questions keep it from being sent again.
            s.vragen, s.klaar, s.waarom = open_ + voorspeld if open_ else [], True, "verstuurd, maar nog geen antwoord"
        elif zelfde:
            s.zelfde, s.waarom = zelfde, f"is {zelfde}"
        elif wacht:
            s.waarom = "is dezelfde als een vereniging die zelf nog niet geregistreerd is"
        elif open_:
            # What the register itself is expected to ask is asked now too: one round of questions is enough.
            s.vragen, s.waarom = open_ + voorspeld, "wacht op een beslissing over mogelijke dubbels"
        else:
            s.klaar, s.waarom = True, "nog niet verstuurd"

    def _beslist(self, r: Any) -> tuple[set[str], frozenset[str], str | None, bool]:
        """Keys of decided pairs; vCodes that it is not; the vCode that it is; or does it wait for the other one?"""
        beslist: set[str] = set()
        anders: set[str] = set()
        zelfde, wacht = None, False
        for b in self.besluiten.get(r.id, ()):
            ander = self.rijen.get(b.ander) if b.ander is not None else None
            if b.hash != r.hash or b.wat not in (Besluit.ZELFDE, Besluit.ANDERE):
                continue
            if b.ander is not None and (ander is None or (ander.hash != b.ander_hash and b.ander not in self.registraties)):
                continue
            sleutels = self._sleutels(b.ander, b.vcode)
            beslist |= sleutels
            vcode = next((k for k in sleutels if k.startswith("V")), None)
            if b.wat == Besluit.ANDERE:
                anders |= {vcode} - {None}  # type: ignore[arg-type]
            elif vcode:
                zelfde, wacht = vcode, False
            elif not zelfde and self._migreert(b.ander):
                wacht = True
        return beslist, frozenset(anders), zelfde, wacht

    def _telt(self, p: Any, eigen: int) -> bool:
        """Does a pair hold this association back? Only for what is in the register, or came before and will get there."""
        if p.ander is None:
            return True
        if p.ander in self.registraties:
            return True
        ander = self.rijen.get(p.ander)
        return ander is not None and ander.hash == p.ander_hash and p.ander < eigen and self._migreert(p.ander)

    def _migreert(self, id_: int) -> bool:
        r = self.rijen[id_]
        return bool(
            r.aanwezig and r.migreren and not r.fouten and self._weggelaten(r) is None and (r.id, r.hash) not in self.geweigerd
        )

    def _sleutels(self, ander: int | None, vcode: str | None) -> set[str]:
        """A delivered association and its vCode are the same thing to decide about."""
        uit = {vcode} if vcode else set()
        if ander is not None:
            uit.add(f"#{ander}")
            if ander in self.registraties:
                uit.add(self.registraties[ander].vcode)
        return uit
