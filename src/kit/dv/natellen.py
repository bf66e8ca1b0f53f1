"""Count after the work: does the register hold exactly what the dossier says, with everything that was delivered?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from kit.dv import tabellen as t
from kit.dv.dossier import Dossier
from kit.dv.inhoud import LIJSTEN, is_aanwezig, is_dezelfde
from kit.dv.stand import Stand, Uitkomst, standen

Detail = dict[str, Any]


@dataclass
class Telling:
    """`verenigingen` by outcome, `onderdelen` found in the register by kind; `problemen` in words, without personal data."""

    verenigingen: Counter[str] = field(default_factory=Counter)
    wijzen: Counter[str] = field(default_factory=Counter)
    onderdelen: Counter[str] = field(default_factory=Counter)
    problemen: list[str] = field(default_factory=list)


def tel_na(dossier: Dossier, register: list[Detail], vooraf: set[str]) -> Telling:
    """Compare the dossier with all that the register holds; `vooraf` are the vCodes that were there before we began."""
    daar = {d["vCode"]: d for d in register}
    telling = Telling()
    verzoeken = {r.id: r.verzoeken for r in dossier.rijen(sa.select(t.vereniging.c.id, t.vereniging.c.verzoeken))}
    onze: Counter[str] = Counter()
    for s in standen(dossier):
        telling.verenigingen[s.uitkomst.value] += 1
        if s.uitkomst != Uitkomst.GEREGISTREERD or s.vcode is None:
            continue
        telling.wijzen[s.wijze] += 1
        if s.vcode not in daar:
            telling.problemen.append(f"{s.ovo} Nr {s.nr}: {s.vcode} staat niet in het register")
        elif s.wijze != "zelfde":
            onze[s.vcode] += s.wijze == "nieuw"
            _onderdelen(s, verzoeken[s.id], daar[s.vcode], telling)
    for vcode, keer in onze.items():
        if keer > 1:
            telling.problemen.append(f"{vcode} hoort bij {keer} verenigingen")
    for vcode in daar.keys() - vooraf - set(onze):
        telling.problemen.append(f"{vcode} staat in het register, maar het dossier kent het niet")
    return telling


def _onderdelen(s: Stand, verzoeken: list[Detail], detail: Detail, telling: Telling) -> None:
    """Is everything that was delivered there, and was nothing put twice? What the register refused is known, and skipped."""
    geweigerd = {o.split(":")[0] for o in s.onvolledig}
    eerste, *rest = verzoeken
    if not eerste["pad"].endswith("/kbo") and not is_dezelfde(eerste["body"], detail):
        telling.problemen.append(f"{s.ovo} Nr {s.nr}: de registratie van {s.vcode} is niet wat er geleverd werd")
    for naam, _ in LIJSTEN.values():
        telling.onderdelen[naam] += len(eerste["body"].get(naam) or [])
    telling.onderdelen["vertegenwoordigers"] += len(eerste["body"].get("vertegenwoordigers") or [])
    for v in rest:
        wat = v["pad"].rsplit("}/", 1)[-1] if "vertegenwoordiger" not in v["pad"] else "vertegenwoordigers"
        if is_aanwezig(v["methode"], v["pad"], v["body"], detail, v.get("zoek")):
            telling.onderdelen[LIJSTEN[wat][0] if wat in LIJSTEN else wat] += 1
        elif wat not in geweigerd:
            telling.problemen.append(f"{s.ovo} Nr {s.nr}: {wat} ontbreekt bij {s.vcode}")
    if s.wijze == "nieuw" and eerste["pad"].endswith("/vzer"):
        for naam, _ in LIJSTEN.values():
            geleverd = len(eerste["body"].get(naam) or []) + sum(v["pad"].endswith(f"/{naam}") for v in rest)
            if len(detail.get(naam) or []) > geleverd:
                telling.problemen.append(f"{s.ovo} Nr {s.nr}: {naam} staan dubbel bij {s.vcode}")
