"""What goes back to a GI: its own workbook, marked, with the questions to answer, and a covering letter."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kit.bestanden import InGeheugen, schrijf_alle
from kit.bevinding import Bevinding
from kit.dv import tabellen as t
from kit.dv.dossier import Dossier
from kit.dv.inhoud import locaties_in
from kit.dv.nakijken import bevindingen_van, naam_in_lijst, samen
from kit.dv.stand import Besluit, Stand, Uitkomst, Vraag, standen
from kit.markering import markeerplan
from kit.regels import Ernst
from kit.sjablonen import vul
from kit.werkboek.beslisblad import Vraagblad, Vraagkolom, haal_weg, voeg_toe
from kit.werkboek.ombouw import Ombouw
from kit.werkboek.schilderen import schilder

BESLISSINGEN, DUBBELS = "Beslissingen", "Dubbels"
BESLISSING, REDEN = "Beslissing", "Reden"
_BRIEF = "brief.html"
_BESLISKOLOMMEN = (
    Vraagkolom("Nr", 14),
    Vraagkolom("Vereniging", 34),
    Vraagkolom("Wat moet beter", 70),
    Vraagkolom(BESLISSING, 22, keuzes=(Besluit.VERBETEREN.value, Besluit.NIET.value)),
    Vraagkolom(REDEN, 36, invul=True),
)
_DUBBELKOLOMMEN = (
    Vraagkolom("Nr", 12),
    Vraagkolom("Uw vereniging", 32),
    Vraagkolom("Waar", 26),
    Vraagkolom("Lijkt op", 32),
    Vraagkolom("Waar is dat", 26),
    Vraagkolom("Te vinden als", 34),
    Vraagkolom("Waarom", 40),
    Vraagkolom(BESLISSING, 22, keuzes=(Besluit.ZELFDE.value, Besluit.ANDERE.value, Besluit.NIET.value)),
    Vraagkolom(REDEN, 30, invul=True),
)


@dataclass(frozen=True)
class Boekwerk:
    """All that one marked workbook is made of; plain data, so that it can be made in another process."""

    naam: str
    bron: InGeheugen
    bevindingen: list[Bevinding]
    bladen: list[Vraagblad]
    wanneer: dt.datetime


@dataclass
class Brief:
    """What the covering letter tells."""

    ovo: str
    gi: str
    wanneer: dt.datetime
    ronde: int
    boeken: list[dict[str, Any]] = field(default_factory=list)

    @property
    def vragen(self) -> int:
        return sum(b["te_beslissen"] + b["dubbels"] for b in self.boeken)


def koppel_terug(
    dossier: Dossier, stap: str, *, voortgang: Callable[[int, int], None] = lambda _n, _m: None
) -> list[tuple[str, Path, int]]:
    """Write for every GI its marked workbooks and letter in `uit/<OVO>/<stap>`; returns OVO, folder and number of questions.

    Raises KitFout when a folder cannot be written; folders that were written are whole.
    """
    blik = _Blik(dossier)
    uit: list[tuple[str, Path, int]] = []
    ovos = list(blik.leveringen)
    for n, (ovo, inhoud) in enumerate(samen(_maak, ((o, blik.boeken(o), blik.brief(o)) for o in ovos)), 1):
        map_ = dossier.map_van(ovo, stap)
        schrijf_alle(map_, inhoud)
        uit.append((ovo, map_, blik.brief(ovo).vragen))
        voortgang(n, len(ovos))
    return sorted(uit)


def _maak(werk: tuple[str, list[Boekwerk], Brief]) -> tuple[str, dict[str, bytes]]:
    ovo, boeken, brief = werk
    inhoud = {b.naam: maak_boek(b) for b in boeken}
    return ovo, inhoud | {_BRIEF: vul("terugkoppeling.html.j2", b=brief, deel=(BESLISSINGEN, DUBBELS, BESLISSING)).encode()}


def maak_boek(b: Boekwerk) -> bytes:
    """The delivered workbook with marks and questions."""
    geschilderd = schilder(b.bron, markeerplan(b.bevindingen, b.bron.name, b.wanneer))
    ombouw = Ombouw.open(InGeheugen(b.bron.name, geschilderd))
    # It may be an answered one that was delivered again: then the old questions go.
    for naam in (BESLISSINGEN, DUBBELS):
        haal_weg(ombouw, naam)
    for blad in b.bladen:
        voeg_toe(ombouw, blad)
    return ombouw.bytes()


class _Blik:
    """Read once what all letters and workbooks need."""

    def __init__(self, d: Dossier) -> None:
        self.dossier, self.nu, self.ronde = d, dt.datetime.now(), d.ronde
        alle = standen(d)
        self.per_levering: dict[int, list[Stand]] = defaultdict(list)
        for s in alle:
            self.per_levering[s.levering].append(s)
        self.per_id = {s.id: s for s in alle}
        self.namen = {r.ovo: r.naam for r in d.rijen(sa.select(t.gi.c.ovo, t.gi.c.naam))}
        v = t.levering.c
        self.leveringen: dict[str, list[Any]] = defaultdict(list)
        for r in d.rijen(sa.select(v.id, v.ovo, v.dienst, v.bestand, v.werkboek).where(v.actueel).order_by(v.ovo, v.id)):
            self.leveringen[r.ovo].append(r)
        self._brieven: dict[str, Brief] = {}

    def brief(self, ovo: str) -> Brief:
        if ovo not in self._brieven:
            brief = self._brieven[ovo] = Brief(ovo, self.namen[ovo], self.nu, self.ronde)
            for r in self.leveringen[ovo]:
                eigen = self.per_levering[r.id]
                brief.boeken.append(
                    {
                        "naam": bestandsnaam(r),
                        "verenigingen": len(eigen),
                        "geregistreerd": sum(s.uitkomst == Uitkomst.GEREGISTREERD for s in eigen),
                        "te_beslissen": sum(s.uitkomst == Uitkomst.GEWEIGERD for s in eigen),
                        "dubbels": sum(len(s.vragen) for s in eigen),
                        "weggelaten": sum(s.uitkomst == Uitkomst.WEGGELATEN for s in eigen),
                    }
                )
        return self._brieven[ovo]

    def boeken(self, ovo: str) -> list[Boekwerk]:
        uit = []
        for r in self.leveringen[ovo]:
            inhoud = self.dossier.rijen(sa.select(t.levering.c.inhoud).where(t.levering.c.id == r.id))[0].inhoud
            bevindingen = bevindingen_van(self.dossier, r.id)
            bladen = [b for b in (self._beslissingen(r, bevindingen), self._dubbels(r)) if b is not None]
            naam = naam_in_lijst(r.dienst, r.bestand)
            uit.append(Boekwerk(bestandsnaam(r), InGeheugen(naam, inhoud), [b for _, b in bevindingen], bladen, self.nu))
        return uit

    def _over(self, r: Any) -> dict[str, object]:
        return {"werkmap": self.dossier.kenmerk, "ovo": r.ovo, "ronde": self.ronde, "levering": r.id}

    def _beslissingen(self, r: Any, bevindingen: list[tuple[str, Bevinding]]) -> Vraagblad | None:
        fouten: dict[str, list[str]] = defaultdict(list)
        for nr, b in bevindingen:
            if b.ernst == Ernst.FOUT:
                fouten[nr].append(f"{b.blad} {b.cel}: {b.als_dict()['melding']}")
        rijen: list[tuple[tuple[str, ...], dict[str, object]]] = []
        for s in self.per_levering[r.id]:
            if s.uitkomst == Uitkomst.GEWEIGERD:
                wat = fouten[s.nr] or [s.waarom[0].upper() + s.waarom[1:]]
                meer = f"\n… en nog {len(wat) - 3}" if len(wat) > 3 else ""
                rijen.append(((s.nr, s.naam, "\n".join(wat[:3]) + meer, "", ""), {"v": s.id, "h": s.hash}))
        if not rijen:
            return None
        uitleg = (
            "Deze verenigingen kunnen zo nog niet mee. Verbeter ze in uw werkboek en lever het opnieuw, of kies “niet migreren”.",
            "Vul alleen de gele cellen in en stuur dit werkboek terug. Op het blad Bevindingen staat elke fout met haar cel.",
        )
        return Vraagblad(BESLISSINGEN, "wat kan nog niet mee?", uitleg, _BESLISKOLOMMEN, rijen, self._over(r))

    def _dubbels(self, r: Any) -> Vraagblad | None:
        rijen: list[tuple[tuple[str, ...], dict[str, object]]] = []
        for s in self.per_levering[r.id]:
            eigen = self._getoond(s.id) if s.vragen else {}
            for v in s.vragen:
                ander, waar_te_vinden = self._ander(v, r.ovo)
                teksten = (
                    s.nr, s.naam, _plaatsen(eigen), _namen(ander), _plaatsen(ander), waar_te_vinden,
                    ", ".join(v.redenen).capitalize(), "", "",
                )  # fmt: skip
                over: dict[str, object] = {"v": s.id, "h": s.hash, "a": v.ander, "ah": v.ander_hash, "c": v.vcode}
                rijen.append((teksten, over))
        if not rijen:
            return None
        uitleg = (
            "Is dit één vereniging of zijn het er twee? Kies op elke rij: zelfde vereniging, andere vereniging of niet migreren.",
            "Vul alleen de gele cellen in en stuur dit werkboek terug. Een keuze geldt zolang u de vereniging zelf niet wijzigt.",
        )
        return Vraagblad(DUBBELS, "mogelijke dubbels", uitleg, _DUBBELKOLOMMEN, rijen, self._over(r))

    def _ander(self, v: Vraag, ovo: str) -> tuple[dict[str, Any], str]:
        """What may be shown of the other one: of another GI only what is public."""
        if v.ander is None:
            return v.getoond, f"in het register als {v.vcode}"
        s = self.per_id.get(v.ander)
        if s is None:
            return self._getoond(v.ander), "eerder geleverd"
        vcode = f", in het register als {s.vcode}" if s.vcode else ""
        if s.ovo != ovo:
            return self._getoond(v.ander), f"geleverd door {self.namen[s.ovo]}{vcode}"
        waar = next((naam_in_lijst(r.dienst, r.bestand) for r in self.leveringen[ovo] if r.id == s.levering), "")
        return self._getoond(v.ander), f"Nr {s.nr} in {waar}{vcode}"

    def _getoond(self, id_: int) -> dict[str, Any]:
        v = t.vereniging.c
        r = self.dossier.rijen(sa.select(v.naam, v.kandidaat, v.verzoeken).where(v.id == id_))[0]
        adressen = [a for verzoek in r.verzoeken for loc in locaties_in(verzoek["body"]) if (a := loc.get("adres"))]
        plaatsen = [f"{a.get('postcode', '')} {a.get('gemeente', '')}".strip() for a in adressen]
        return {"naam": r.naam, "andere_namen": (r.kandidaat or {}).get("andere_namen", []), "plaatsen": plaatsen}


def _namen(getoond: dict[str, Any]) -> str:
    return "\n".join([getoond.get("naam", ""), *getoond.get("andere_namen", [])])


def _plaatsen(getoond: dict[str, Any]) -> str:
    return "\n".join(dict.fromkeys(getoond.get("plaatsen", [])))


def bestandsnaam(r: Any) -> str:
    """A name that no other workbook of this GI has, without anything that a file name cannot hold."""
    dienst = "".join(c if c.isalnum() else "-" for c in r.dienst).strip("-").lower()
    return f"{dienst}-{r.bestand}" if dienst and not r.bestand.lower().startswith(dienst) else r.bestand
