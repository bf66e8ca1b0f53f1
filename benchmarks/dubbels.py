"""Duplicates at DV's size: `python benchmarks/dubbels.py [AANTAL...] [--motor dask]`, as many delivered as in the register.

Each size in a fresh process, on all cores. Peak memory is that of all processes together. Five percent of the register are
doubles of a delivered association; recall and precision are against those.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time

import psutil

from kit.dubbels.motor import kies
from kit.dubbels.plaatsen import plaatsen_van
from kit.dubbels.zoek import zoek
from kit.schema import laad_schema
from kit.voorbeeld.dubbelgangers import maak_proef


def _geheugen(proces: psutil.Process) -> float:
    totaal = 0
    for p in [proces, *proces.children(recursive=True)]:
        try:
            totaal += p.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return totaal / 2**20


def meet(aantal: int, motor: str) -> None:
    schema = laad_schema()
    plaatsen = plaatsen_van(schema)
    proef = maak_proef(schema, 2 * aantal, aandeel=0.025, bron="levering", tweede="register")
    # Half of the originals moves to the register; doubles are there already.
    kandidaten = [k if k.bron == "register" or i % 2 else _naar_register(k) for i, k in enumerate(proef.kandidaten)]
    piek, klaar, proces = [0.0], threading.Event(), psutil.Process()

    def kijk() -> None:
        while not klaar.wait(0.2):
            piek[0] = max(piek[0], _geheugen(proces))

    kijker = threading.Thread(target=kijk)
    kijker.start()
    begin = time.perf_counter()
    paren = zoek(kandidaten, plaatsen, motor=kies(motor))
    duur = time.perf_counter() - begin
    klaar.set()
    kijker.join()
    bron = {k.sleutel: k.bron for k in kandidaten}
    geplant = {p for p in proef.geplant if "levering" in (bron[p[0]], bron[p[1]])}
    gevonden = {(p.a, p.b) for p in paren}
    print(
        json.dumps(
            {
                "geleverd": sum(k.bron == "levering" for k in kandidaten),
                "register": sum(k.bron == "register" for k in kandidaten),
                "seconden": round(duur, 1),
                "piek_mb": round(piek[0]),
                "paren": len(paren),
                "recall": round(len(gevonden & geplant) / len(geplant), 4),
                "precision": round(len(gevonden & geplant) / len(gevonden), 4),
            }
        )
    )


def _naar_register(k: object) -> object:
    from dataclasses import replace

    return replace(k, bron="register")  # type: ignore[type-var]


if __name__ == "__main__":
    opties = sys.argv[1:]
    motor = opties.pop(opties.index("--motor") + 1) if "--motor" in opties else "lokaal"
    if "--een" in opties:
        meet(int(opties[-1]), motor)
    else:
        for aantal in [int(a) for a in opties if a.isdigit()] or [30_000, 100_000, 300_000]:
            subprocess.run([sys.executable, __file__, "--motor", motor, "--een", str(aantal)], check=True)
