"""The whole way on sample data, as a clerk would walk it: `python -m kit.voorbeeld.demo MAP [AANTAL]`.

Makes the kit, a sample with planted errors and one without, validates, marks, repairs, exports, and says how many of the
planted errors were found. Exit code 0 only when all were found and the error-free sample could be exported.
"""

from __future__ import annotations

import csv
import json
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from kit.cli.hulp import uit, uitvoeren


def _kit(*argumenten: str | Path, verwacht: int = 0) -> None:
    uit.print(f"\n$ kit {' '.join(map(str, argumenten))}", style="bold", markup=False)
    code = uitvoeren([str(a) for a in argumenten])
    if code != verwacht:
        sys.exit(f"kit {argumenten[0]} gaf {code} in plaats van {verwacht}")


def demo(map_: Path, aantal: int = 500) -> int:
    """Run the demonstration in a folder; returns the exit code."""
    fout_map, goed_map = map_ / "met-fouten", map_ / "foutloos"
    _kit("genereer", "--uit", map_ / "kit")
    _kit("voorbeeld", "--uit", fout_map, "--aantal", str(aantal), "--fouten", "40")
    _kit("voorbeeld", "--uit", goed_map, "--aantal", str(aantal))
    fout, goed = sorted(fout_map.glob("*.xlsx")), sorted(goed_map.glob("*.xlsx"))
    _kit("valideer", *fout, "--gemarkeerd", map_ / "gemarkeerd", "--rapport", map_ / "rapport.html", verwacht=1)
    for pad in fout:
        _kit("herstel", pad, "--uit", map_ / "hersteld" / pad.name)
    _kit("exporteer", *fout, "--uit", map_ / "export-met-fouten", verwacht=1)
    _kit("exporteer", *goed, "--uit", map_ / "export")
    gevonden, geplant = _tel(fout, fout_map / "geplante-fouten.csv")
    uit.print(f"\nGeplante fouten gevonden, in de juiste cel en met de juiste regel: {gevonden} van {geplant}.", style="bold")
    uit.print(f"Kijk in {map_}: gemarkeerd/, rapport.html en export/.", markup=False)
    return 0 if gevonden == geplant else 1


def _tel(bestanden: list[Path], sleutel: Path) -> tuple[int, int]:
    with redirect_stdout(StringIO()) as tekst:
        uitvoeren(["valideer", *map(str, bestanden), "--json"])
    bevindingen = json.loads(tekst.getvalue())["bevindingen"]
    gevonden = {(b["bestand"], b["blad"], b["cel"], b["regel"]) for b in bevindingen}
    with sleutel.open(encoding="utf-8-sig", newline="") as f:
        geplant = [tuple(r.values()) for r in csv.DictReader(f, delimiter=";")]
    return sum(g in gevonden for g in geplant), len(geplant)


if __name__ == "__main__":
    sys.exit(demo(Path(sys.argv[1]), *(int(a) for a in sys.argv[2:3])))
