"""LibreOffice for the tests: conversions, and the UNO bridge that needs Debian's own python3."""

from __future__ import annotations

import html
import json
import re
import subprocess
import tempfile
from pathlib import Path

BRUG = Path(__file__).with_name("lo_brug.py")


def brug(*opdracht: str | Path, tijd: int = 600) -> object:
    uit = subprocess.run(
        ["/usr/bin/python3", str(BRUG), *map(str, opdracht)], capture_output=True, text=True, timeout=tijd, check=False
    )
    assert uit.returncode == 0, uit.stderr
    return json.loads(uit.stdout)


def zet_om(bestand: Path, naar: str, map_: Path, tijd: int = 600) -> Path:
    """Convert with a LibreOffice profile of its own; returns the file that came out."""
    with tempfile.TemporaryDirectory(prefix="lo-") as profiel:
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{profiel}", "--headless", "--convert-to", naar, "--outdir", map_, bestand],
            check=True,
            capture_output=True,
            timeout=tijd,
        )
    return map_ / (bestand.stem + "." + naar.split(":")[0])


def kleuren(bestand: Path, map_: Path, tijd: int = 600) -> dict[str, list[list[str]]]:
    """Evaluated background colour of every cell (conditional formats included): {sheet: rows of colours or ''}."""
    tekst = zet_om(bestand, "html", map_, tijd).read_text("utf-8", errors="replace")
    tekst = re.sub(r"<comment>.*?</comment>", "", tekst, flags=re.DOTALL)
    namen = [html.unescape(n) for n in re.findall(r"<h1>.*?<em>(.*?)</em></h1>", tekst, re.DOTALL)]
    tabellen = re.findall(r"<table.*?</table>", tekst, re.DOTALL)
    if not namen:
        namen = ["Blad1"]
    uit = {}
    for naam, tabel in zip(namen, tabellen, strict=True):
        rijen = re.findall(r"<tr[^>]*>(.*?)</tr>", tabel, re.DOTALL)
        uit[naam] = [
            [m[1].upper() if (m := re.search(r'bgcolor="([^"]+)"', td)) else "" for td in re.findall(r"<td([^>]*)>", rij)]
            for rij in rijen
        ]
    return uit
