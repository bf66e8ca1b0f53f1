"""Probable duplicates among everything delivered and against the register, and what the register itself will ask."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kit.dubbels.kandidaat import Kandidaat, van_register
from kit.dubbels.motor import Motor
from kit.dubbels.plaatsen import plaatsen_van
from kit.dubbels.registernet import voorspel
from kit.dubbels.zoek import REGISTER, zoek
from kit.dv import tabellen as t
from kit.dv.dossier import Dossier
from kit.dv.ontvangst import als_json, als_kandidaat
from kit.dv.stand import VOORSPELLING, standen
from kit.fouten import KitFout
from kit.schema import Schema

LOKAAL = "geleverd"
_LIJKT = "het register zal de namen wellicht gelijkend vinden"
_PER_KEER = 5_000


def lees_registerlijst(dossier: Dossier, schema: Schema, bestand: Path) -> int:
    """Take in an export of the register: one JSON object per line, as its detail. Raises KitFout with the line that is wrong."""

    def regels() -> Iterator[dict[str, Any]]:
        try:
            with bestand.open(encoding="utf-8") as f:
                for n, regel in enumerate(f, 1):
                    if not regel.strip():
                        continue
                    try:
                        gegevens = json.loads(regel)
                        gegevens = gegevens.get("vereniging", gegevens)
                        k = van_register(schema, gegevens)
                    except (ValueError, KeyError, TypeError, AttributeError):
                        raise KitFout(
                            f"Regel {n} van {bestand.name} is geen vereniging van het register. Er is niets overgenomen."
                        ) from None
                    yield {"vcode": k.sleutel, "kandidaat": {"k": als_json(k), "gemeenten": _gemeenten(gegevens.get("locaties"))}}
        except (OSError, UnicodeDecodeError):
            raise KitFout(f"{bestand} kan niet gelezen worden.") from None

    aantal = 0
    with dossier.in_een_keer() as c:
        c.execute(t.registerlijst.delete())
        bundel: list[dict[str, Any]] = []
        for rij in regels():
            bundel.append(rij)
            aantal += 1
            if len(bundel) == _PER_KEER:
                c.execute(t.registerlijst.insert(), bundel)
                bundel = []
        if bundel:
            c.execute(t.registerlijst.insert(), bundel)
    return aantal


def zoek_dubbels(
    dossier: Dossier, schema: Schema, motor: Motor, voortgang: Callable[[int, int], None] = lambda _n, _m: None
) -> Counter[str]:
    """Find all pairs anew; returns how many by where they came from. What the register itself asked before stays."""
    geleverd = {f"v{r.id}": r for r in dossier.rijen(_te_bekijken())}
    eigen = {s: als_kandidaat(r.kandidaat, s, f"{r.ovo}/{r.dienst}/{r.werkboek}") for s, r in geleverd.items() if r.kandidaat}
    lijst = dossier.rijen(sa.select(t.registerlijst.c.vcode, t.registerlijst.c.kandidaat))
    daar = {r.vcode: als_kandidaat(r.kandidaat["k"], r.vcode, REGISTER) for r in lijst}
    onze = {r.vcode for r in dossier.rijen(sa.select(t.registratie.c.vcode))}
    bekend = [k for v, k in daar.items() if v not in onze]
    paren: dict[tuple[str, str], tuple[str, int, list[str]]] = {}
    for p in zoek([*eigen.values(), *bekend], plaatsen_van(schema), motor=motor, voortgang=voortgang):
        wie, ander = _orde(p.a, p.b)
        # One KBO-nummer is one association: the register itself gives the same vCode, and takes what is new of it.
        if eigen[wie].kbo and eigen[wie].kbo == (eigen.get(ander) or daar[ander]).kbo:
            continue
        paren[wie, ander] = ("lijst" if ander in daar else LOKAAL, p.oordeel.score, list(p.oordeel.redenen))
    nieuw = [(k, _getypt(geleverd[s].verzoeken)) for s, k in eigen.items() if geleverd[s].verzoeken]
    bestaand = [(daar[r.vcode], r.kandidaat["gemeenten"]) for r in lijst if r.vcode not in onze]
    for wie, anderen in voorspel(nieuw, bestaand).items():
        for ander in anderen:
            paren.setdefault(_orde(wie, ander), (VOORSPELLING, 0, [_LIJKT]))
    rijen = [_rij(wie, ander, p, geleverd, daar) for (wie, ander), p in paren.items()]
    with dossier.in_een_keer() as c:
        c.execute(t.dubbel.delete().where(t.dubbel.c.herkomst != REGISTER))
        for i in range(0, len(rijen), _PER_KEER):
            c.execute(t.dubbel.insert(), rijen[i : i + _PER_KEER])
    return Counter(r["herkomst"] for r in rijen)


def voorspel_voor_wie_wacht(dossier: Dossier) -> int:
    """What the register will ask of those that wait for a decision, now that a round put others in it; returns how many pairs.

    So the next feedback asks everything at once. Questions that the dossier has already are not put again.
    """
    wacht = {s.id: s for s in standen(dossier) if s.vragen}
    nieuw_rijen = {f"v{r.id}": r for r in dossier.rijen(_te_bekijken()) if r.id in wacht and r.kandidaat and r.verzoeken}
    v, g = t.vereniging.c, t.registratie.c
    erin = dossier.rijen(
        sa.select(g.vcode, v.kandidaat, v.verzoeken).join_from(t.registratie, t.vereniging, g.vereniging == v.id)
    )
    onze = {r.vcode: r for r in erin if r.kandidaat and r.verzoeken}
    lijst = dossier.rijen(sa.select(t.registerlijst.c.vcode, t.registerlijst.c.kandidaat))
    bestaand = [
        (als_kandidaat(r.kandidaat["k"], r.vcode, REGISTER), r.kandidaat["gemeenten"]) for r in lijst if r.vcode not in onze
    ]
    bestaand += [(als_kandidaat(r.kandidaat, code, REGISTER), _getypt(r.verzoeken)) for code, r in onze.items()]
    nieuw = [(als_kandidaat(r.kandidaat, s, r.ovo), _getypt(r.verzoeken)) for s, r in nieuw_rijen.items()]
    namen = {k.sleutel: k for k, _ in bestaand}
    rijen = []
    for wie, anderen in voorspel(nieuw, bestaand).items():
        for ander in anderen:
            p = (VOORSPELLING, 0, [_LIJKT])
            if ander in namen or int(ander[1:]) < int(wie[1:]):
                rijen.append(_rij(wie, ander, p, nieuw_rijen, namen))
    with dossier.in_een_keer() as c:
        c.execute(t.dubbel.delete().where(t.dubbel.c.herkomst == VOORSPELLING, t.dubbel.c.vereniging.in_(list(wacht))))
        for i in range(0, len(rijen), _PER_KEER):
            c.execute(t.dubbel.insert(), rijen[i : i + _PER_KEER])
    return len(rijen)


def _getypt(verzoeken: list[dict[str, Any]]) -> list[str]:
    """The municipalities in an association's first request."""
    return _gemeenten(verzoeken[0]["body"].get("locaties"))


def _te_bekijken() -> sa.Select[Any]:
    v = t.vereniging.c
    return (
        sa.select(*v["id", "ovo", "dienst", "werkboek", "hash", "kandidaat", "verzoeken"])
        .where(v.aanwezig, v.migreren)
        .order_by(v.id)
    )


def _orde(a: str, b: str) -> tuple[str, str]:
    """The later delivered one is asked about the earlier one, or about what the register has."""
    if not a.startswith("v"):
        return b, a
    if not b.startswith("v"):
        return a, b
    return (a, b) if int(a[1:]) > int(b[1:]) else (b, a)


def _rij(
    wie: str, ander: str, p: tuple[str, int, list[str]], geleverd: dict[str, Any], daar: dict[str, Kandidaat]
) -> dict[str, Any]:
    rij = {"vereniging": int(wie[1:]), "hash": geleverd[wie].hash, "herkomst": p[0], "score": p[1], "redenen": p[2]}
    leeg: dict[str, Any] = {"ander": None, "ander_hash": None, "vcode": None, "getoond": None}
    if ander in daar:
        k = daar[ander]
        return leeg | rij | {"vcode": ander, "getoond": {"naam": k.naam, "andere_namen": k.andere_namen, "plaatsen": _plekken(k)}}
    return leeg | rij | {"ander": int(ander[1:]), "ander_hash": geleverd[ander].hash}


def _plekken(k: Kandidaat) -> list[str]:
    return [*k.postcodes, *(p.title() for p in k.plaatsen)]


def _gemeenten(locaties: Any) -> list[str]:
    """Municipalities as they are typed."""
    return [g for loc in locaties or [] if (g := (loc.get("adres") or {}).get("gemeente") or loc.get("gemeente"))]
