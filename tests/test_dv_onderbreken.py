"""`kill -9` at random moments of both rounds, with every fault on: nothing twice, nothing lost, no question asked again.

The rounds run as a user runs them, in their own process against a real HTTP server; the counts are printed with `-rP`.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from hulp.dv import HAAST, KIT, Register, kit, oefenregister, vul_in
from kit.dv import tabellen as t
from kit.dv.dossier import open_dossier
from kit.dv.natellen import tel_na
from kit.dv.oefengegevens import maak_besturen, zaad_voor_register
from kit.dv.stand import Uitkomst, standen
from kit.schema import Schema

KEREN = {1: 32, 2: 18}
STORINGEN = {"traag": 0.25, "druk": 0.05, "fout": 0.04, "fout_na": 0.04, "weg_voor": 0.04, "weg_na": 0.05}


def test_vijftig_keer_gedood_in_twee_rondes(tmp_path: Path, schema: Schema) -> None:
    besturen = maak_besturen(schema, 40)
    werkmap = ("--werkmap", tmp_path / "dv")
    for b in besturen:
        for naam, inhoud in b.werkboeken.items():
            (tmp_path / b.naam).mkdir(exist_ok=True)
            (tmp_path / b.naam / naam).write_bytes(inhoud)
            dienst = ("--dienst", naam.removesuffix(".xlsx")) if b.diensten else ()
            uit = kit("dv", "ontvang", tmp_path / b.naam / naam, "--gi", b.ovo, "--naam", b.naam, *dienst, *werkmap)
            assert uit.returncode == 0, uit.stderr
    assert kit("dv", "valideer", *werkmap).returncode in (0, 1)
    assert kit("dv", "dubbels", *werkmap).returncode == 0
    with oefenregister(tmp_path / "register") as register:
        vooraf = set(register.zaai(**zaad_voor_register(besturen)))
        register.storing(**STORINGEN)
        omgeving = HAAST | {
            "KIT_REGISTER_URL": register.adres,
            "KIT_REGISTER_POGINGEN": "8",
            "KIT_REGISTER_GEDULD": "1.0",
            "KIT_REGISTER_GATEN": "8",
        }
        kans = random.Random(7)
        gedood: Counter[int] = Counter()
        gedood[1] = _dood_en_hervat(1, KEREN[1], kans, omgeving, werkmap)
        gevraagd = _beslis(tmp_path)
        # A round that is resumed a while later must not ask what was answered.
        gedood[2] = _dood_en_hervat(2, KEREN[2], kans, omgeving, werkmap)
        _tel(tmp_path, register, vooraf, gevraagd, gedood, sum(b.geleverd for b in besturen))


def _dood_en_hervat(
    ronde: int, keren: int, kans: random.Random, omgeving: dict[str, str], werkmap: tuple[str | Path, ...]
) -> int:
    """Kill the round so often while it registers, then let it finish; returns how often a call was under way then."""
    dossier = Path(werkmap[1]) / "dossier.sqlite"
    opdracht = [*KIT, "dv", "ronde", str(ronde), *map(str, werkmap)]
    gedood = bezig = 0
    while gedood < keren:
        eerder = _oproepen(dossier)[0]
        proces = subprocess.Popen(opdracht, env=os.environ | omgeving, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while proces.poll() is None and _oproepen(dossier)[0] == eerder:
            time.sleep(0.01)
        time.sleep(kans.random() * 0.4)
        assert proces.poll() is None, f"ronde {ronde} was klaar na {gedood} keer doden"
        proces.send_signal(signal.SIGKILL)
        proces.wait()
        gedood += 1
        bezig += _oproepen(dossier)[1] > 0
    for _ in range(8):
        uit = kit("dv", "ronde", str(ronde), *werkmap, omgeving=omgeving, tijd=600)
        assert "Traceback" not in uit.stderr, uit.stderr
        if uit.returncode != 2:
            return bezig
    raise AssertionError(f"ronde {ronde} komt niet klaar: {uit.stdout}{uit.stderr}")


def _oproepen(dossier: Path) -> tuple[int, int]:
    """All calls, and those under way; looked at from outside, without the kit."""
    with contextlib.closing(sqlite3.connect(f"file:{dossier}?mode=ro", uri=True)) as db:
        alle, onderweg = db.execute("SELECT count(*), coalesce(sum(stand = 'onderweg'), 0) FROM oproep").fetchone()
        return alle, onderweg


def _beslis(tmp_path: Path) -> set[tuple[int, str]]:
    """Answer every question of round 1: all are others, except the first three; returns (association, vCode or other) asked."""
    werkmap = ("--werkmap", tmp_path / "dv")
    with open_dossier(tmp_path / "dv") as d:
        gevraagd = {(s.id, v.vcode or f"#{v.ander}") for s in standen(d) for v in s.vragen}
    assert gevraagd
    for pad in sorted((tmp_path / "dv" / "uit").glob("*/ronde-1/*.xlsx")):
        try:
            vul_in(pad, "Dubbels", {"1": "zelfde vereniging", "2": "niet migreren", "*": "andere vereniging"})
        except KeyError:
            continue
        uit = kit("dv", "beslissingen", pad, *werkmap)
        assert uit.returncode == 0, uit.stderr
    return gevraagd


def _tel(
    tmp_path: Path,
    register: Register,
    vooraf: set[str],
    gevraagd: set[tuple[int, str]],
    gedood: Counter[int],
    geleverd: int,
) -> None:
    with open_dossier(tmp_path / "dv") as d:
        telling = tel_na(d, register.verenigingen, vooraf)
        nu = standen(d)
        onzeker = d.rijen(sa.select(t.oproep.c.id).where(t.oproep.c.stand.in_(("onderweg",))))
        oproepen = Counter(r.stand for r in d.rijen(sa.select(t.oproep.c.stand)))
    nog_eens = gevraagd & {(s.id, v.vcode or f"#{v.ander}") for s in nu for v in s.vragen}
    print(f"gedood: {KEREN} keer, met een oproep onderweg: {dict(gedood)}; storingen: {register.vraag('storing')['gebeurd']}")
    print(f"verenigingen: {dict(telling.verenigingen)}, onderdelen: {dict(telling.onderdelen)}, oproepen: {dict(oproepen)}")
    assert telling.problemen == []
    assert nog_eens == set()
    assert onzeker == []
    assert sum(telling.verenigingen.values()) == geleverd
    assert telling.verenigingen[Uitkomst.GEREGISTREERD] > geleverd / 2
    # Most of the kills fell between sending a call and writing its answer down.
    assert sum(gedood.values()) >= 40
