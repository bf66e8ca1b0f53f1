"""Chromium with the task pane or the web page, on a real server of the kit, and a workbook in the stand-in for Excel."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.cell import coordinate_from_string
from playwright.sync_api import Browser, Page, sync_playwright

HIER = Path(__file__).parent
REPO = HIER.parents[1]
AXE = REPO / "node_modules/axe-core/axe.min.js"
# Chromium itself asks for updates and the like; the tests must hold on a closed network.
VLAGGEN = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]  # fmt: skip


@contextlib.contextmanager
def server(**instellingen: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The server as a user starts it; `licentie="noncommercial"` and so on become KIT_ settings."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        poort = s.getsockname()[1]
    omgeving = {k: v for k, v in os.environ.items() if not k.startswith(("KIT_", "XLWINGS_"))}
    omgeving |= {f"KIT_{k.upper()}": v for k, v in ({"licentie": "noncommercial"} | instellingen).items()}
    opdracht = [sys.executable, "-c", "from kit.cli import main; main()", "server", "--http", "--poort", str(poort)]
    proces = subprocess.Popen(opdracht, env=omgeving, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    adres = f"http://localhost:{poort}"
    # Read along, or a full pipe would stop the server.
    proces.logboek = []  # type: ignore[attr-defined]
    lezer = threading.Thread(target=lambda: proces.logboek.extend(iter(proces.stdout.readline, "")), daemon=True)  # type: ignore[attr-defined]
    lezer.start()
    try:
        for _ in range(300):
            if proces.poll() is not None:
                lezer.join()
                raise AssertionError("".join(proces.logboek))
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{adres}/gezond", timeout=1)
                break
            time.sleep(0.1)
        yield adres, proces
    finally:
        proces.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            proces.wait(10)
        proces.kill()
        lezer.join()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=shutil.which("chromium"), args=VLAGGEN)
        yield browser
        browser.close()


class Venster:
    """A page that notes what must not happen: console errors and requests to another host."""

    def __init__(self, browser: Browser, adres: str, pad: str, *, breed: int = 350, hoog: int = 760) -> None:
        self.context = browser.new_context(viewport={"width": breed, "height": hoog}, accept_downloads=True, locale="nl-BE")
        self.page: Page = self.context.new_page()
        self.fouten: list[str] = []
        self.elders: list[str] = []
        self.verstuurd: list[int] = []
        self.page.on("pageerror", lambda e: self.fouten.append(str(e)))
        self.page.on("console", lambda m: self.fouten.append(m.text) if m.type == "error" else None)
        self.page.on("request", lambda r: self._noteer(r, adres))
        self.page.route(
            "**/office.js", lambda r: r.fulfill(content_type="text/javascript", body=(HIER / "nep_office.js").read_text())
        )
        self.page.goto(adres + pad)

    def _noteer(self, verzoek: Any, adres: str) -> None:
        if not verzoek.url.startswith((adres, "blob:", "data:")):
            self.elders.append(verzoek.url)
        if verzoek.method == "POST":
            self.verstuurd.append(len(verzoek.post_data_buffer or b""))

    def open(self, pad: Path) -> None:
        """Put a workbook file into the stand-in for Excel."""
        self.page.wait_for_selector("body[data-klaar]")
        self.page.evaluate("m => Object.assign(__nep.model, m)", model_van(pad))

    def klik(self, naam: str, *, tijd: float = 60) -> str:
        """Press a button of the task pane and wait for its outcome; returns its text."""
        self.page.evaluate("document.getElementById('uitkomst').hidden = true")
        self.page.click(f"[data-knop={naam}]")
        self.page.wait_for_selector("#uitkomst:not([hidden])", timeout=tijd * 1000)
        self.page.wait_for_function("!document.body.classList.contains('aan_het_werk')")
        return self.page.inner_text("#uitkomst")

    @property
    def model(self) -> dict[str, Any]:
        return self.page.evaluate("__nep.model")

    def axe(self) -> list[str]:
        return axe(self.page)

    def sluit(self) -> None:
        self.context.close()


def axe(page: Page) -> list[str]:
    """Violations of WCAG 2.2 A and AA on the page as it stands."""
    page.evaluate(AXE.read_text())
    uit = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})")
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in uit["violations"]]


LEEG = {"gesprekken": [], "tabellen": [], "breedtes": {}, "verborgen": [], "vast": None, "slot": False}


def model_van(pad: Path) -> dict[str, Any]:
    """A workbook file as the stand-in keeps it: values, number formats, fills, notes, merged cells, names."""
    werkmap = openpyxl.load_workbook(pad, data_only=True)
    bladen = []
    for blad in werkmap.worksheets:
        cellen, notities = {}, {}
        for rij in blad.iter_rows():
            for c in rij:
                kleur = c.fill.fgColor.rgb if c.fill.patternType == "solid" and isinstance(c.fill.fgColor.rgb, str) else None
                if c.value is None and kleur is None and c.comment is None:
                    continue
                gegevens: dict[str, Any] = {"v": _waarde(c.value), "nf": c.number_format}
                if kleur:
                    gegevens["vul"] = "#" + kleur[2:]
                cellen[f"{c.row - 1},{c.column - 1}"] = gegevens
                if c.comment:
                    notities[c.coordinate] = c.comment.text
        samen = [r.coord for r in blad.merged_cells.ranges]
        bladen.append({"naam": blad.title, "cellen": cellen, "notities": notities, "samen": samen} | LEEG)
    namen = [{"naam": n, "verwijst": f"={d.value.removeprefix('=')}"} for n, d in werkmap.defined_names.items()]
    return {"naam": pad.name, "bladen": bladen, "namen": namen, "gewijzigd": False}


def verzoek_van(pad: Path) -> dict[str, Any]:
    """The request that xlwings' page script makes of a workbook, as far as the buttons read it."""
    model = model_van(pad)
    werkmap = openpyxl.load_workbook(pad, data_only=True)
    bladen = []
    for b in werkmap.worksheets:
        waarden = [[_verzonden(c) for c in rij] for rij in b.iter_rows(values_only=True)]
        plaats = {"name": b.title, "used_range_address": b.calculate_dimension()}
        bladen.append(plaats | {"values": waarden, "tables": [], "notes": [], "notes_supported": True})
    namen = [{"name": n["naam"], "refers_to": n["verwijst"], "book_scope": True, "address": None} for n in model["namen"]]
    boekdeel = {"name": pad.name, "active_sheet_index": 0, "selection": "A1"}
    return {"client": "Office.js", "version": "x", "book": boekdeel, "names": namen, "sheets": bladen, "kit": {}}


def _verzonden(w: object) -> object:
    return "" if w is None else f"{w.isoformat()}.000Z" if isinstance(w, dt.datetime) else w


def _waarde(w: object) -> object:
    if w is None:
        return ""
    if isinstance(w, bool | int | float | str):
        return w
    return (w - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)  # type: ignore[operator]


def plek(cel: str) -> str:
    """B3 -> the key of the stand-in: row,column from 0."""
    letters, rij = coordinate_from_string(cel)
    return f"{rij - 1},{openpyxl.utils.column_index_from_string(letters) - 1}"
