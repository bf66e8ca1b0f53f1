"""Typing and pasting in a real LibreOffice window with Dutch (Belgian) settings."""

import json
import os
import signal
import subprocess
from pathlib import Path

from hulp.lo import BRUG


def speel(bestand: Path, stappen: list[dict[str, str]], tmp_path: Path) -> list[dict]:
    lijst = tmp_path / "stappen.json"
    lijst.write_text(json.dumps(stappen))
    # On a busy machine a window sometimes never answers; then all of it goes and it is tried once more.
    for poging in range(2):
        spel = subprocess.Popen(
            ["/usr/bin/python3", BRUG.with_name("venster.py"), bestand, lijst],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            uit, fouten = spel.communicate(timeout=180)
            break
        except subprocess.TimeoutExpired:
            os.killpg(spel.pid, signal.SIGKILL)
            spel.communicate()
            if poging:
                raise
    assert spel.returncode == 0, fouten
    return json.loads(uit)


def test_kbo_nummer_blijft_zoals_getypt(kitmap: Path, tmp_path: Path) -> None:
    (a,) = speel(kitmap / "kbo-verenigingen.xlsx", [{"blad": "Verenigingen", "cel": "A3", "typ": "0403.019.261"}], tmp_path)
    assert (a["tekst"], a["dialogen"]) == ("0403.019.261", [])


def test_getypt_blijft_fout_wordt_gemeld_en_geplakt_wordt_rood(kitmap: Path, tmp_path: Path) -> None:
    stappen = [
        {"blad": "Locaties", "cel": "E3", "typ": "0280"},
        {"blad": "Locaties", "cel": "G3", "typ": "2800"},
        {"blad": "Verenigingen", "cel": "E3", "typ": "1/9/1998"},
        {"blad": "Vertegenwoordigers", "cel": "B3", "typ": "00000000000"},
        {"blad": "Vertegenwoordigers", "cel": "B4", "typ": "71.43.25-123.46"},
        {"blad": "Vertegenwoordigers", "cel": "B6", "plak": "00000000000"},
    ]
    huisnummer, postcode, datum, fout_insz, goed_insz, geplakt = speel(kitmap / "feitelijke-verenigingen.xlsx", stappen, tmp_path)
    assert huisnummer["tekst"] == "0280"
    assert postcode["tekst"] == "2800"
    assert (datum["tekst"], datum["getal"]) == ("01/09/1998", 36039)
    assert all(s["dialogen"] == [] for s in (huisnummer, postcode, datum, goed_insz))
    assert fout_insz["dialogen"] == ["Dit klopt nog niet"]
    assert fout_insz["tekst"] == ""
    assert goed_insz["tekst"] == "71.43.25-123.46"
    assert geplakt["tekst"] == "00000000000"
    assert geplakt["rood"] > 500
