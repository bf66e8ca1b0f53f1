"""The report: what happened to every delivered association, per GI and in total, as plain data; page and workbook from it."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
import xlsxwriter

from kit import __version__
from kit.dv import tabellen as t
from kit.dv.dossier import Dossier
from kit.dv.nakijken import naam_in_lijst
from kit.dv.stand import Stand, Uitkomst, standen
from kit.sjablonen import vul
from kit.werkboek.stijl import INKT, LETTERTYPE

MAX_LIJST = 500
UITLEG = {
    Uitkomst.GEREGISTREERD: "heeft een vCode",
    Uitkomst.GEWEIGERD: "kon zo niet in het register",
    Uitkomst.WEGGELATEN: "door het bestuur zelf weggelaten",
    Uitkomst.ONBESLIST: "wacht nog op een beslissing of een antwoord",
}
WIJZEN = {
    "nieuw": "nieuw geregistreerd",
    "bestaand": "stond al in het register (KBO), aangevuld",
    "zelfde": "is een vereniging die al een vCode had",
}
_BLADKOPPEN = ("OVO-code", "Bestuur", "Werkboek", "Nr", "Vereniging", "vCode", "Hoe of waarom", "Niet aanvaard")
_BREEDTES = (12, 28, 34, 14, 40, 12, 60, 60)


@dataclass
class Deel:
    """One GI, or all: associations by outcome."""

    ovo: str
    naam: str
    per_uitkomst: dict[Uitkomst, list[Stand]] = field(default_factory=lambda: defaultdict(list))

    @property
    def totaal(self) -> int:
        return sum(map(len, self.per_uitkomst.values()))

    def aantal(self, uitkomst: Uitkomst) -> int:
        return len(self.per_uitkomst.get(uitkomst, ()))

    def procent(self, uitkomst: Uitkomst) -> float:
        return 100 * self.aantal(uitkomst) / max(1, self.totaal)

    @property
    def aan_te_schrijven(self) -> list[Stand]:
        """Whom a letter invites to register: refused or undecided. Who was left out by choice is not written to."""
        return [*self.per_uitkomst.get(Uitkomst.GEWEIGERD, ()), *self.per_uitkomst.get(Uitkomst.ONBESLIST, ())]


@dataclass
class Rapport:
    """`delen` per GI in order of code; `totaal` is all of them together. `werkboek`: levering -> file name in a list."""

    wanneer: dt.datetime
    ronde: int
    delen: list[Deel]
    totaal: Deel
    werkboek: dict[int, str]

    def voor(self, ovo: str) -> Rapport:
        """The same for one GI alone."""
        deel = next(d for d in self.delen if d.ovo == ovo)
        return Rapport(self.wanneer, self.ronde, [deel], deel, self.werkboek)


def maak_rapport(dossier: Dossier) -> Rapport:
    namen = {r.ovo: r.naam for r in dossier.rijen(sa.select(t.gi.c.ovo, t.gi.c.naam).order_by(t.gi.c.ovo))}
    delen = {ovo: Deel(ovo, naam) for ovo, naam in namen.items()}
    totaal = Deel("", "Alle besturen samen")
    for s in standen(dossier):
        for deel in (delen[s.ovo], totaal):
            deel.per_uitkomst[s.uitkomst].append(s)
    v = t.levering.c
    werkboek = {r.id: naam_in_lijst(r.dienst, r.bestand) for r in dossier.rijen(sa.select(v.id, v.dienst, v.bestand))}
    return Rapport(dt.datetime.now(), dossier.ronde, list(delen.values()), totaal, werkboek)


def als_pagina(rapport: Rapport) -> str:
    """A page that stands alone, for screen and paper."""
    wijzen = Counter(s.wijze for s in rapport.totaal.per_uitkomst.get(Uitkomst.GEREGISTREERD, ()))
    redenen = Counter(_soort(s) for s in rapport.totaal.per_uitkomst.get(Uitkomst.GEWEIGERD, ()))
    return vul(
        "dvrapport.html.j2",
        r=rapport,
        uitkomsten=list(Uitkomst),
        uitleg=UITLEG,
        wijzen=[(WIJZEN[w], n) for w, n in wijzen.most_common()],
        redenen=redenen.most_common(12),
        onvolledig=[s for s in rapport.totaal.per_uitkomst.get(Uitkomst.GEREGISTREERD, ()) if s.onvolledig],
        hoogstens=MAX_LIJST,
        kit=__version__,
    )


def _soort(s: Stand) -> str:
    """Reasons that count together: without the numbers in them."""
    if s.waarom.startswith("het register weigert: "):
        return "Het register: " + re.sub(r'"[^"]*"', "…", s.waarom.removeprefix("het register weigert: "))
    return "Fouten bij het nakijken, niet verbeterd"


def als_werkboek(rapport: Rapport) -> bytes:
    """A sheet with the numbers, and one per outcome with every association. All cells are text or whole numbers."""
    buffer = io.BytesIO()
    uit = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    gewoon = uit.add_format({"font_name": LETTERTYPE, "valign": "top", "text_wrap": True})
    kop = uit.add_format({"font_name": LETTERTYPE, "bold": True, "font_color": "#FFFFFF", "bg_color": INKT})
    titel = uit.add_format({"font_name": LETTERTYPE, "bold": True, "font_size": 20})
    getal = uit.add_format({"font_name": LETTERTYPE, "num_format": "#,##0", "valign": "top"})
    vet = uit.add_format({"font_name": LETTERTYPE, "num_format": "#,##0", "bold": True, "top": 1})

    ws = uit.add_worksheet("Samenvatting")
    ws.hide_gridlines(2)
    ws.write_string(0, 0, f"Migratie naar het Verenigingsregister, stand op {rapport.wanneer:%d/%m/%Y}", titel)
    koppen = ["OVO-code", "Bestuur", "Geleverd", *(u.value.capitalize() for u in Uitkomst), "Aan te schrijven"]
    for n, tekst in enumerate(koppen):
        ws.write_string(2, n, tekst, kop)
    rij = 3
    for deel in [*rapport.delen, *([rapport.totaal] if len(rapport.delen) > 1 else [])]:
        opmaak = vet if deel is rapport.totaal and len(rapport.delen) > 1 else getal
        ws.write_string(rij, 0, deel.ovo, opmaak)
        ws.write_string(rij, 1, deel.naam, opmaak)
        for n, waarde in enumerate([deel.totaal, *(deel.aantal(u) for u in Uitkomst), len(deel.aan_te_schrijven)], 2):
            ws.write_number(rij, n, waarde, opmaak)
        rij += 1
    ws.set_column(0, 0, 12)
    ws.set_column(1, 1, 34)
    ws.set_column(2, 7, 16)
    _op_papier(ws)
    for uitkomst in Uitkomst:
        _uitkomstblad(uit, rapport, uitkomst, kop, gewoon)
    uit.close()
    return buffer.getvalue()


def _uitkomstblad(uit: xlsxwriter.Workbook, rapport: Rapport, uitkomst: Uitkomst, kop: object, gewoon: object) -> None:
    ws = uit.add_worksheet(uitkomst.value.capitalize())
    ws.freeze_panes(1, 0)
    for n, (tekst, breedte) in enumerate(zip(_BLADKOPPEN, _BREEDTES, strict=True)):
        ws.set_column(n, n, breedte)
        ws.write_string(0, n, tekst, kop)
    rij = 0
    for deel in rapport.delen:
        for s in deel.per_uitkomst.get(uitkomst, ()):
            rij += 1
            hoe = WIJZEN.get(s.wijze, s.waarom)
            onvolledig = "\n".join(s.onvolledig)
            for n, tekst in enumerate(
                (s.ovo, deel.naam, rapport.werkboek[s.levering], s.nr, s.naam, s.vcode or "", hoe, onvolledig)
            ):
                ws.write_string(rij, n, tekst, gewoon)
    ws.autofilter(0, 0, max(1, rij), len(_BLADKOPPEN) - 1)
    ws.repeat_rows(0)
    _op_papier(ws)


def _op_papier(ws: xlsxwriter.worksheet.Worksheet) -> None:
    ws.set_paper(9)
    ws.set_landscape()
    ws.fit_to_pages(1, 0)


def brieven(deel: Deel, adressen: dict[int, Sequence[str]], wanneer: dt.datetime) -> str:
    """One page per association that is invited to register itself. `adressen`: lines of an address, by association."""
    return vul("brieven.html.j2", deel=deel, adressen=adressen, wanneer=wanneer, uitkomst=Uitkomst)
