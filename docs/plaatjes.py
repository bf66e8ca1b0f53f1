"""Make the pictures of the guides from the real thing: ./doe plaatjes"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from hulp import browser, lo
from kit.markering import markeerplan
from kit.schema import laad_schema
from kit.validatie import valideer
from kit.voorbeeld import maak_voorbeeld
from kit.werkboek.genereer import genereer
from kit.werkboek.lezen import lees
from kit.werkboek.schilderen import schilder

BEELDEN = Path(__file__).parent / "beelden"


def main() -> None:
    schema = laad_schema()
    w = schema.werkboeken[0]
    with tempfile.TemporaryDirectory() as tijdelijk:
        map_ = Path(tijdelijk)
        pad = map_ / w.bestand
        rijen = maak_voorbeeld(schema, 60, zaad=3, fouten=25).rijen[w.sleutel]
        for rij, waarde in ((1, "natuurvrienden(at)club.example"), (3, "050 00"), (6, "www.dekorenaar.example"), (9, "geen")):
            rijen["contactgegevens"][rij]["waarde"] = waarde
        pad.write_bytes(genereer(w, schema, rijen))
        _schermen(pad)
        _werkboek(pad, map_, schema)


def _schermen(pad: Path) -> None:
    with browser.server() as (adres, _), browser.chromium() as chromium:
        venster = browser.Venster(chromium, adres, "/taakvenster", hoog=820)
        venster.open(pad)
        venster.klik("valideer")
        venster.page.screenshot(path=BEELDEN / "taakvenster.png")
        venster.klik("herstel")
        venster.page.locator("#herstelvak").screenshot(path=BEELDEN / "herstel.png")
        venster.sluit()
        pagina = browser.Venster(chromium, adres, "/", breed=1000, hoog=900)
        pagina.page.set_input_files("#bestand", pad)
        pagina.page.wait_for_selector("#totalen:not([hidden])")
        pagina.page.screenshot(path=BEELDEN / "webpagina.png")
        pagina.sluit()


def _werkboek(pad: Path, map_: Path, schema) -> None:
    """Two pages of the marked copy as LibreOffice prints them."""
    gemarkeerd = map_ / "gemarkeerd.xlsx"
    gemarkeerd.write_bytes(schilder(pad, markeerplan(valideer([lees(pad, schema)]), pad.name, dt.datetime(2026, 11, 23, 10, 30))))
    pdf = lo.zet_om(gemarkeerd, "pdf", map_)
    tekst = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout.split("\f")
    zoek = {"contactgegevens": ("Waarde", "Beschrijving", "Primair"), "bevindingen": ("Voorbereidingskit: bevindingen",)}
    for naam, woorden in zoek.items():
        bladzijde = next(i for i, t in enumerate(tekst, 1) if all(w in t for w in woorden) and "Erkenningen" not in t[:4000])
        opdracht = ["pdftoppm", "-png", "-r", "80", "-f", str(bladzijde), "-singlefile", pdf, str(BEELDEN / naam)]
        subprocess.run(opdracht, check=True)
        subprocess.run(["mogrify", "-trim", "-bordercolor", "white", "-border", "12", str(BEELDEN / f"{naam}.png")], check=True)


if __name__ == "__main__":
    BEELDEN.mkdir(exist_ok=True)
    main()
