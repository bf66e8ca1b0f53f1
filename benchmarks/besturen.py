"""Intake and validation at DV's size: `python benchmarks/besturen.py [BESTUREN...]`, each with 500 FV and 500 KBO.

The commands run as a user would run them. Peak memory is that of all processes of a command together.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from kit.schema import laad_schema
from kit.voorbeeld import maak_voorbeeld
from kit.werkboek.genereer import genereer

_SOORTEN = 10


def maak(map_: Path, besturen: int) -> None:
    """Folders named by OVO-code; ten different samples take turns."""
    schema = laad_schema()
    bekend: list[dict[str, bytes]] = []
    for n in range(besturen):
        if n < _SOORTEN:
            rijen = maak_voorbeeld(schema, 500, n, 5 if n % 2 else 0, reeks=n).rijen
            bekend.append({w.bestand: genereer(w, schema, rijen[w.sleutel]) for w in schema.werkboeken})
        eigen = map_ / f"OVO{n + 1:06d} Bestuur {n + 1}"
        eigen.mkdir(parents=True)
        for naam, inhoud in bekend[n % _SOORTEN].items():
            (eigen / naam).write_bytes(inhoud)


def meet(*argumenten: str | Path) -> tuple[float, int]:
    """Seconds, and peak memory in MB."""
    begin = time.perf_counter()
    proces = subprocess.Popen(
        [sys.executable, "-c", "from kit.cli import main; main()", *map(str, argumenten)], stdout=subprocess.DEVNULL
    )
    eigen, piek = psutil.Process(proces.pid), 0
    while proces.poll() is None:
        with contextlib.suppress(psutil.Error):
            piek = max(piek, sum(p.memory_info().rss for p in [eigen, *eigen.children(recursive=True)]))
        time.sleep(0.1)
    if proces.returncode not in (0, 1):
        sys.exit(f"kit {argumenten[1]} gaf {proces.returncode}")
    return time.perf_counter() - begin, piek // 2**20


def main() -> None:
    aantallen = [int(a) for a in sys.argv[1:]] or [30, 100, 285]
    print(f"{'besturen':>9} {'stap':<26} {'seconden':>9} {'MB':>6}")
    for besturen in aantallen:
        with tempfile.TemporaryDirectory() as naam:
            map_ = Path(naam)
            maak(map_ / "in", besturen)
            werkmap = ("--werkmap", map_ / "dv")
            for stap, argumenten in (
                ("ontvangen", ("dv", "ontvang", map_ / "in", *werkmap)),
                ("nakijken", ("dv", "valideer", "--zonder-terugkoppeling", *werkmap)),
                ("terugkoppeling", ("dv", "valideer", *werkmap)),
            ):
                seconden, mb = meet(*argumenten)
                print(f"{besturen:>9} {stap:<26} {seconden:>9.1f} {mb:>6}", flush=True)


if __name__ == "__main__":
    main()
