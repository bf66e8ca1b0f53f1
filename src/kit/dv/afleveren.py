"""Write the report: for DV in the workspace, and for each GI its page, letters, and own workbooks with the vCodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa

from kit.bestanden import InGeheugen, schrijf_alle
from kit.dv import tabellen as t
from kit.dv.dossier import Dossier
from kit.dv.inhoud import locaties_in
from kit.dv.nakijken import samen
from kit.dv.ontvangst import schema_voor
from kit.dv.rapport import Rapport, als_pagina, als_werkboek, brieven, maak_rapport
from kit.dv.stand import Stand
from kit.dv.terugkoppeling import BESLISSINGEN, DUBBELS, bestandsnaam
from kit.werkboek.beslisblad import haal_weg, voeg_kolom_toe
from kit.werkboek.lezen import lees
from kit.werkboek.ombouw import Ombouw

VCODEKOP = "vCode"
_PAGINA, _WERKBOEK, _BRIEVEN = "rapport.html", "rapport.xlsx", "brieven.html"
_Werk = tuple[str, dict[str, bytes], list[tuple[str, str, bytes, str, dict[int, str]]]]


def lever_af(dossier: Dossier, *, voortgang: Callable[[int, int], None] = lambda _n, _m: None) -> tuple[Rapport, list[Path]]:
    """Make and write everything; returns the report and the folders, DV's own first. Raises KitFout as `schrijf_alle` does."""
    rapport = maak_rapport(dossier)
    eigen = dossier.werkmap / "rapport"
    schrijf_alle(eigen, {_PAGINA: als_pagina(rapport).encode(), _WERKBOEK: als_werkboek(rapport)})
    mappen = [eigen]
    for n, (ovo, inhoud) in enumerate(samen(_maak, (_werk(dossier, rapport, d.ovo) for d in rapport.delen)), 1):
        map_ = dossier.map_van(ovo, "rapport")
        schrijf_alle(map_, inhoud)
        mappen.append(map_)
        voortgang(n, len(rapport.delen))
    return rapport, mappen


def _werk(dossier: Dossier, rapport: Rapport, ovo: str) -> _Werk:
    """What one GI gets, with its delivered workbooks still to be given their column."""
    deel = next(d for d in rapport.delen if d.ovo == ovo)
    eigen = rapport.voor(ovo)
    inhoud = {_PAGINA: als_pagina(eigen).encode(), _WERKBOEK: als_werkboek(eigen)}
    if deel.aan_te_schrijven:
        inhoud[_BRIEVEN] = brieven(deel, _adressen(dossier, deel.aan_te_schrijven), rapport.wanneer).encode()
    v = t.levering.c
    boeken = []
    for r in dossier.rijen(
        sa.select(*v["id", "dienst", "bestand", "inhoud", "schema"]).where(v.ovo == ovo, v.actueel).order_by(v.id)
    ):
        vcodes = {s.rij: s.vcode for lijst in deel.per_uitkomst.values() for s in lijst if s.levering == r.id and s.vcode}
        boeken.append((bestandsnaam(r), r.bestand, r.inhoud, r.schema, vcodes))
    return ovo, inhoud, boeken


def _maak(werk: _Werk) -> tuple[str, dict[str, bytes]]:
    ovo, inhoud, boeken = werk
    return ovo, inhoud | {uit: met_vcodes(naam, ruw, schema, vcodes) for uit, naam, ruw, schema, vcodes in boeken}


def met_vcodes(naam: str, inhoud: bytes, schema: str, vcodes: dict[int, str]) -> bytes:
    """The workbook as it was delivered, with a column for the vCode (by row number) and without our questions."""
    bron = InGeheugen(naam, inhoud)
    gelezen = lees(bron, schema_voor(schema))
    hoofd = gelezen.bladen[gelezen.werkboek.verenigingsblad]
    ombouw = Ombouw.open(bron)
    for blad in (BESLISSINGEN, DUBBELS):
        haal_weg(ombouw, blad)
    voeg_kolom_toe(ombouw, hoofd.naam, hoofd.koprij, VCODEKOP, vcodes)
    return ombouw.bytes()


def _adressen(dossier: Dossier, standen: list[Stand]) -> dict[int, Sequence[str]]:
    """Where a letter goes: the correspondence address, or the first one there is."""
    v = t.vereniging.c
    uit: dict[int, Sequence[str]] = {}
    for s in standen:
        (rij,) = dossier.rijen(sa.select(v.verzoeken).where(v.id == s.id))
        locaties = [loc for verzoek in rij.verzoeken for loc in locaties_in(verzoek["body"])]
        locaties.sort(key=lambda loc: loc.get("locatietype") != "Correspondentie")
        if adres := next((loc["adres"] for loc in locaties if loc.get("adres")), None):
            bus = f" bus {adres['busnummer']}" if adres.get("busnummer") else ""
            uit[s.id] = (
                f"{adres.get('straatnaam', '')} {adres.get('huisnummer', '')}{bus}",
                f"{adres.get('postcode', '')} {adres.get('gemeente', '')}",
            )
    return uit
