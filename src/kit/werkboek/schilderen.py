"""The file painter: carry a marking plan out on an .xlsx or .xlsm, and take it away again ("wis").

Only the style numbers of marked cells, the notes, the list sheet and three cells of *Overzicht* change; every other byte
of every part stays. Painting twice gives the same as once, because painting first wipes.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from kit.bestanden import Bron
from kit.fouten import KitFout
from kit.lijst import BEWAARKOLOM, KOPRIJ, is_ons, maak_lijst, vrije_naam
from kit.markering import BLADNAAM, TEKEN, Markeerplan
from kit.regels import Ernst
from kit.werkboek import bevindingenblad, bladen, notities
from kit.werkboek.bevindingenblad import Oud
from kit.werkboek.ombouw import Ombouw
from kit.werkboek.overzicht import CONTROLENAMEN, NOG_NIET
from kit.werkboek.pakket import REL, parseer
from kit.werkboek.stijlen import Stijlen, vulling_xml
from kit.werkboek.xmltekst import Celtekst, alle_cellen, splits, tekstcel, voorvoegsel, wijzig_cellen

_DEEL = "xl/worksheets/kitbevindingen{}.xml"
_TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"


def schilder(bron: Bron, plan: Markeerplan) -> bytes:
    """A marked copy of the file, as bytes. Raises KitFout when the file cannot be read."""
    ombouw = Ombouw.open(bron)
    _wis(ombouw)
    try:
        _schilder(ombouw, plan)
    except (KeyError, ValueError, IndexError) as fout:
        raise KitFout(
            f"{bron.name} heeft een ongewone opbouw en kan niet gemarkeerd worden. Bewaar het eerst eens in Excel."
        ) from fout
    return ombouw.bytes()


def wis(bron: Bron) -> bytes:
    """The file without our marks, as bytes; the same file when there are none."""
    ombouw = Ombouw.open(bron)
    return ombouw.bytes() if _wis(ombouw) else bron.read_bytes()


def _stijldeel(ombouw: Ombouw) -> str:
    deel = ombouw.deel_via(ombouw.nu.werkmap, "styles")
    if deel is None:
        raise KitFout(f"{ombouw.naam} heeft geen opmaak. Bewaar het eerst eens in Excel.")
    return deel


def _schilder(ombouw: Ombouw, plan: Markeerplan) -> None:
    stijldeel = _stijldeel(ombouw)
    stijlen = Stijlen(ombouw.delen[stijldeel])
    vullingen = {e: vulling_xml(e, stijlen.p) for e in Ernst}
    oud: dict[tuple[str, str], Oud] = {}
    bladdelen = ombouw.nu.bladdelen()
    for blad, cellen in plan.cellen.items():
        deel = bladdelen[blad]
        p = voorvoegsel(ombouw.delen[deel])

        def kleur(cel: Celtekst, blad: str = blad, p: str = p) -> bytes:
            oud[blad, cel.adres] = Oud("-" if cel.bron is None else cel.stijl, stijlen.vulling_van(cel.stijl))
            return cel.met_stijl(stijlen.met_vulling(cel.stijl, vullingen[plan.cellen[blad][cel.adres].ernst]), p)

        ombouw.delen[deel] = wijzig_cellen(ombouw.delen[deel], set(cellen), kleur)
        notities.voeg_toe(ombouw, deel, {a: m.notitie for a, m in cellen.items() if (blad, a) in oud})
    bewaar = {
        "fonts": len(stijlen.fonts),
        "fills": len(stijlen.fills),
        "xfs": len(stijlen.xfs),
        "overzicht": _vul_overzicht(ombouw, plan),
    }
    # The list sheet's own formats come last; its record needs the hash of the finished styles, which does not depend on it.
    proef = Stijlen(stijlen.klaar())
    bevindingenblad.maak(maak_lijst(plan), proef, oud, bewaar)
    ombouw.delen[stijldeel] = proef.klaar()
    bewaar["stijlen"] = hashlib.sha256(ombouw.delen[stijldeel]).hexdigest()
    blad_xml, tabel_xml = bevindingenblad.maak(maak_lijst(plan), Stijlen(stijlen.klaar()), oud, bewaar)
    _voeg_blad_toe(ombouw, blad_xml, tabel_xml)


def _voeg_blad_toe(ombouw: Ombouw, blad_xml: str, tabel_xml: str) -> None:
    naam = vrije_naam(set(ombouw.nu.bladdelen()))
    deel = bladen.hang_aan(ombouw, naam, _DEEL, blad_xml, "rIdKitBevindingen")
    nummers = [
        int(n) for inhoud in ombouw.delen.values() for n in re.findall(rb"<(?:\w+:)?table\b[^>]*?\bid=\"(\d+)\"", inhoud[:2000])
    ]
    tabel = ombouw.nieuw_deel(
        "xl/tables/kitbevindingen{}.xml", tabel_xml.replace("{tabelnummer}", str(max(nummers, default=0) + 1)), _TABLE_TYPE
    )
    ombouw.voeg_relatie_toe(deel, "rId1", f"{REL}/table", tabel)


def _vul_overzicht(ombouw: Ombouw, plan: Markeerplan) -> dict[str, str]:
    """Write the totals into the cells that the kit keeps for them; returns the old cells, to give back."""
    som = plan.samenvatting
    waarden = dict(zip(CONTROLENAMEN, (som.wanneer_tekst, str(som.fouten), str(som.waarschuwingen)), strict=True))
    bewaard: dict[str, str] = {}
    for naam, (deel, adres) in _controlecellen(ombouw).items():
        p = voorvoegsel(ombouw.delen[deel])

        def zet(cel: Celtekst, waarde: str = waarden[naam], p: str = p, sleutel: str = f"{deel}!{adres}") -> bytes:
            bewaard[sleutel] = (cel.bron or b"").decode()
            return tekstcel(cel, waarde, p)

        ombouw.delen[deel] = wijzig_cellen(ombouw.delen[deel], {adres}, zet)
    return bewaard


def _controlecellen(ombouw: Ombouw) -> dict[str, tuple[str, str]]:
    bladdelen = ombouw.nu.bladdelen()
    uit = {}
    for n in parseer(ombouw.delen[ombouw.nu.werkmap]).iter("{*}definedName"):
        m = re.fullmatch(r"'?(.+?)'?!\$([A-Z]+)\$(\d+)", n.text or "")
        if n.get("name") in CONTROLENAMEN and m and m[1] in bladdelen:
            uit[n.get("name", "")] = (bladdelen[m[1]], m[2] + m[3])
    return uit


# --- wis ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Bewaard:
    """What the list sheet remembers of the file before it was painted."""

    deel: str
    naam: str
    algemeen: dict[str, object]
    cellen: dict[tuple[str, str], Oud]
    voorbeelden: frozenset[str] = frozenset()


def _wis(ombouw: Ombouw) -> bool:
    """Take our marks out of the package; False when there are none."""
    bewaard = _vind_lijst(ombouw)
    if bewaard is None:
        return False
    stijldeel = _stijldeel(ombouw)
    ongewijzigd = hashlib.sha256(ombouw.delen[stijldeel]).hexdigest() == bewaard.algemeen.get("stijlen")
    stijlen = Stijlen(ombouw.delen[stijldeel])
    onze = stijlen.onze_stijlen(bewaard.voorbeelden)
    for blad, deel in ombouw.nu.bladdelen().items():
        if deel == bewaard.deel:
            continue
        xml = ombouw.delen[deel]
        p = voorvoegsel(xml)
        doelen = {a for a, s in alle_cellen(xml).items() if int(s) in onze}

        def terug(cel: Celtekst, blad: str = blad, p: str = p) -> bytes | None:
            vroeger = bewaard.cellen.get((blad, cel.adres))
            if vroeger is not None and ongewijzigd:
                leeg = cel.bron is not None and cel.bron == cel.__class__(cel.adres, None).met_stijl(cel.stijl, p)
                if vroeger.stijl == "-" and leeg:
                    return None
                return cel.met_stijl(None if vroeger.stijl == "-" else vroeger.stijl, p)
            vulling = vroeger.vulling if vroeger else f'<{p}fill><{p}patternFill patternType="none"/></{p}fill>'
            return cel.met_stijl(stijlen.met_vulling(cel.stijl, vulling), p)

        if doelen:
            ombouw.delen[deel] = wijzig_cellen(xml, doelen, terug)
        notities.haal_weg(ombouw, deel)
    _geef_overzicht_terug(ombouw, bewaard, ongewijzigd)
    bladen.verwijder(ombouw, bewaard.naam, bewaard.deel)
    if ongewijzigd:
        aantallen = [int(str(bewaard.algemeen[k])) for k in ("fonts", "fills", "xfs")]
        ombouw.delen[stijldeel] = Stijlen(ombouw.delen[stijldeel]).zonder_staart(*aantallen)
    else:
        ombouw.delen[stijldeel] = stijlen.klaar()
    return True


def _vind_lijst(ombouw: Ombouw) -> _Bewaard | None:
    gedeeld = bladen.gedeelde_teksten(ombouw)
    for naam, deel in ombouw.nu.bladdelen().items():
        if not naam.startswith(BLADNAAM):
            continue
        algemeen: dict[str, object] | None = None
        cellen: dict[tuple[str, str], Oud] = {}
        ons, voorbeelden = False, set()
        for c in parseer(ombouw.delen[deel]).iter("{*}c"):
            rij, kolom = splits(c.get("r", "A1"))
            if (rij, kolom) == (1, 1):
                ons = is_ons(bladen.celtekst(c, gedeeld))
            elif kolom == 1 and rij > KOPRIJ and ons and bladen.celtekst(c, gedeeld) in TEKEN.values():
                voorbeelden.add(c.get("s", "0"))
            elif kolom == BEWAARKOLOM and ons:
                inhoud = json.loads(bladen.celtekst(c, gedeeld) or "null")
                if rij == 1:
                    algemeen = inhoud
                elif inhoud:
                    blad, adres, stijl, vulling = inhoud
                    cellen[blad, adres] = Oud(stijl, vulling)
        if ons:
            return _Bewaard(deel, naam, algemeen or {}, cellen, frozenset(voorbeelden))
    return None


def _geef_overzicht_terug(ombouw: Ombouw, bewaard: _Bewaard, ongewijzigd: bool) -> None:
    """The old cells back; once Excel has saved the file, their numbers mean nothing and the kit's own text is put."""
    cellen: dict[str, str] = dict(bewaard.algemeen.get("overzicht") or {})  # type: ignore[call-overload]
    if ongewijzigd:
        terug = {tuple(plek.rsplit("!", 1)): bron.encode() for plek, bron in cellen.items()}
    else:
        terug = dict.fromkeys(_controlecellen(ombouw).values(), b"") if cellen else {}
    for (deel, adres), bron in terug.items():
        p = voorvoegsel(ombouw.delen[deel])

        def zet(cel: Celtekst, bron: bytes = bron, p: str = p) -> bytes:
            return bron or tekstcel(cel, NOG_NIET, p)

        ombouw.delen[deel] = wijzig_cellen(ombouw.delen[deel], {adres}, zet)
