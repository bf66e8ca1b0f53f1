"""From click to colours, through every host: time, calls to the host, and the size of what travels.

    .venv/bin/python benchmarks/klik.py [200 1000 5000]

LibreOffice and the stand-in for Excel are what can run here; neither tells how fast Excel itself is.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import xlwings as xw

from hulp import browser, lo_motor
from kit import addin
from kit.markering import markeerplan
from kit.schema import laad_schema
from kit.validatie import valideer
from kit.voorbeeld import maak_voorbeeld
from kit.werkboek.genereer import genereer
from kit.werkboek.lezen import lees
from kit.werkboek.schilderen import schilder

FOUTEN = 10.0  # percent of the associations


def klok(taak) -> float:
    begin = time.perf_counter()
    taak()
    return time.perf_counter() - begin


def eerste_start() -> dict[str, float]:
    """A new Python: until the button is known, and until it can work (polars, pandera, schema)."""
    uit = {}
    for wat, code in (
        ("python", "pass"),
        ("knop bekend", "from kit.addin import knop"),
        (
            "klaar om na te kijken",
            "from kit.addin import knop; import kit.addin, kit.validatie; from kit.schema import laad_schema; laad_schema()",
        ),
    ):
        uit[wat] = min(klok(lambda code=code: subprocess.run([sys.executable, "-c", code], check=True)) for _ in range(3))
    return uit


def bestand(pad: Path, schema) -> None:
    import datetime as dt

    schilder(pad, markeerplan(valideer([lees(pad, schema)]), pad.name, dt.datetime.now()))


def main() -> None:
    aantallen = [int(a) for a in sys.argv[1:]] or [200, 1000, 5000]
    schema = laad_schema()
    for wat, t in eerste_start().items():
        print(f"eerste start, {wat}: {t:.2f} s", flush=True)
    with tempfile.TemporaryDirectory() as map_, lo_motor.excel(), browser.server() as (adres, _), browser.chromium() as chromium:
        for n in aantallen:
            w = schema.werkboeken[0]
            pad = Path(map_) / f"{n}.xlsx"
            pad.write_bytes(genereer(w, schema, maak_voorbeeld(schema, n, fouten=FOUTEN).rijen[w.sleutel]))
            valideer([lees(pad, schema)])
            print(f"\n{n} verenigingen, {pad.stat().st_size / 1e6:.1f} MB", flush=True)
            print(f"  bestand       {klok(lambda pad=pad: bestand(pad, schema)):6.2f} s", flush=True)
            book = xw.Book(str(pad))
            for beurt in ("eerste klik", "tweede klik"):
                lo_motor.AANROEPEN.clear()
                t = klok(lambda book=book: addin.valideer(book))
                print(f"  libreoffice   {t:6.2f} s  {beurt}, {lo_motor.AANROEPEN.total()} aanroepen", flush=True)
            book.close()
            venster = browser.Venster(chromium, adres, "/taakvenster")
            venster.open(pad)
            for beurt in ("eerste klik", "tweede klik"):
                venster.page.evaluate("__nep.model.syncs = 0")
                with venster.page.expect_response("**/excel/valideer", timeout=120_000) as antwoord:
                    t = klok(lambda venster=venster: venster.klik("valideer", tijd=120))
                terug = antwoord.value.body()
                print(
                    f"  office.js     {t:6.2f} s  {beurt}, {venster.page.evaluate('__nep.model.syncs')} rondes naar Excel, "
                    f"{venster.verstuurd[-1] / 1e6:.2f} MB heen, {len(terug) / 1e6:.2f} MB terug, "
                    f"{len(json.loads(terug)['kit']['bevindingen'])} bevindingen",
                    flush=True,
                )
            venster.sluit()


if __name__ == "__main__":
    main()
