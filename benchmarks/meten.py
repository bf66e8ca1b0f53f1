"""Time and peak memory of reading, validating, painting, generating and exporting, side by side in one run.

    ./doe meten [AANTAL ...]        associations per workbook pair (half in each); standard 500, 5 000 and 50 000

Every step runs in a process of its own, so that peak memory is its own. `lezen (calamine)` is the bare reading of the same
files; `valideren` is without reading and painting. Nothing here is asserted: see the closing note of the issue for the aims.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

STAPPEN = ("lezen (calamine)", "lezen (kit)", "valideren", "valideren (foutloos)", "markeren", "genereren", "exporteren")


def _lees(map_: Path):
    from kit.werkboek.lezen import lees

    return [lees(p) for p in sorted(map_.glob("*.xlsx"))]


def _stap(naam: str, map_: Path) -> tuple[Callable[[], object], int]:
    """What a step times (its preparation is done before the clock starts), and how often to repeat it."""
    import datetime as dt

    from kit.export import exporteer
    from kit.markering import markeerplan
    from kit.schema import laad_schema
    from kit.validatie import valideer
    from kit.werkboek.schilderen import schilder

    fout, goed = map_ / "fout", map_ / "goed"
    match naam:
        case "lezen (calamine)":
            from python_calamine import CalamineWorkbook

            def kaal() -> object:
                boeken = [CalamineWorkbook.from_path(str(p)) for p in sorted(fout.glob("*.xlsx"))]
                return [len(b.get_sheet_by_name(n).to_python()) for b in boeken for n in b.sheet_names]

            return kaal, 3
        case "lezen (kit)":
            return lambda: len(_lees(fout)), 3
        case "valideren":
            boeken = _lees(fout)
            return lambda: len(valideer(boeken)), 3
        case "valideren (foutloos)":
            boeken = _lees(goed)
            return lambda: len(valideer(boeken)), 3
        case "markeren":
            boeken = _lees(fout)
            bevindingen = valideer(boeken)
            plannen = {p: markeerplan(bevindingen, p.name, dt.datetime.now()) for p in sorted(fout.glob("*.xlsx"))}
            return lambda: sum(len(schilder(p, plan)) for p, plan in plannen.items()), 1
        case "genereren":
            from kit.voorbeeld import maak_voorbeeld
            from kit.werkboek.genereer import genereer

            schema = laad_schema()
            aantal = int((map_ / "aantal").read_text())
            voorbeeld = maak_voorbeeld(schema, aantal // 2)
            return lambda: sum(len(genereer(w, schema, voorbeeld.rijen[w.sleutel])) for w in schema.werkboeken), 1
        case "exporteren":
            boeken = _lees(goed)
            bevindingen = valideer(boeken)
            return lambda: len(exporteer(boeken, bevindingen, door="meting", wanneer=dt.datetime.now()).bestanden), 1
    raise SystemExit(f"geen stap {naam}")


def een(naam: str, map_: Path) -> None:
    """Run one step and print its best time and the peak memory of this process."""
    doe, keer = _stap(naam, map_)
    tijden = []
    for _ in range(keer):
        begin = time.perf_counter()
        doe()
        tijden.append(time.perf_counter() - begin)
    print(json.dumps({"s": min(tijden), "eerste": tijden[0], "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def _maak(map_: Path, aantal: int) -> int:
    from kit.schema import laad_schema
    from kit.voorbeeld import maak_voorbeeld
    from kit.werkboek.genereer import genereer

    schema, rijen = laad_schema(), 0
    (map_ / "aantal").write_text(str(aantal))
    for naam, fouten in (("fout", 10), ("goed", 0)):
        (map_ / naam).mkdir()
        voorbeeld = maak_voorbeeld(schema, aantal // 2, fouten=fouten)
        for w in schema.werkboeken:
            (map_ / naam / w.bestand).write_bytes(genereer(w, schema, voorbeeld.rijen[w.sleutel]))
        rijen = sum(len(r) for per in voorbeeld.rijen.values() for r in per.values())
    return rijen


def main(aantallen: list[int]) -> None:
    print(f"{'verenigingen':>12} {'rijen':>8}  {'stap':<22} {'best':>8} {'eerste':>8} {'piek MB':>8}  verhouding tot lezen")
    for aantal in aantallen:
        with tempfile.TemporaryDirectory() as tijdelijk:
            # In a process of its own: a child's peak memory starts at its parent's.
            gemaakt = subprocess.run(
                [sys.executable, __file__, "--maak", tijdelijk, str(aantal)], capture_output=True, text=True, check=True
            )
            rijen = int(gemaakt.stdout)
            basis = 0.0
            for naam in STAPPEN:
                klaar = subprocess.run(
                    [sys.executable, __file__, "--een", naam, tijdelijk], capture_output=True, text=True, check=True
                )
                m = json.loads(klaar.stdout)
                basis = basis or m["s"]
                print(
                    f"{aantal:>12} {rijen:>8}  {naam:<22} {m['s']:>7.2f}s {m['eerste']:>7.2f}s {m['mb']:>8.0f}"
                    f"  {m['s'] / basis:>5.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--een"]:
        een(sys.argv[2], Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--maak"]:
        print(_maak(Path(sys.argv[2]), int(sys.argv[3])))
    else:
        main([int(a) for a in sys.argv[1:]] or [500, 5_000, 50_000])
