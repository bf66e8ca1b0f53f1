"""Put the classic add-in in its place for the current user, say what was done, and undo it. No administrator rights needed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import xlwings

from kit.addin.xlam import BESTAND, NAAM, bouw
from kit.bestanden import schrijf
from kit.fouten import KitFout

_SCRIPT = f"xlwings-{xlwings.__version__}.applescript"


@dataclass(frozen=True)
class Plaatsen:
    """Where Excel looks. `invoegtoepassing`: Excel opens what stands there at its start; `instellingen`: read by its macros.

    `script`: on a Mac, the only way in which Excel may start another program.
    """

    invoegtoepassing: Path
    instellingen: Path
    python: Path
    python_sleutel: str
    script: Path | None = None

    @property
    def alle(self) -> tuple[Path, ...]:
        return tuple(p for p in (self.invoegtoepassing, self.instellingen, self.script) if p)


def plaatsen(platform: str, omgeving: Mapping[str, str], thuis: Path, python: Path) -> Plaatsen:
    """Raises KitFout on a system without a desktop Excel."""
    if platform == "win32":
        zonder_venster = python.with_name("pythonw.exe")
        return Plaatsen(
            invoegtoepassing=Path(omgeving["APPDATA"]) / "Microsoft" / "Excel" / "XLSTART" / BESTAND,
            instellingen=Path(omgeving["USERPROFILE"]) / f".{NAAM}" / f"{NAAM}.conf",
            python=zonder_venster if zonder_venster.exists() else python,
            python_sleutel="INTERPRETER_WIN",
        )
    if platform == "darwin":
        bibliotheek = thuis / "Library"
        start = bibliotheek / "Group Containers" / "UBF8T346G9.Office" / "User Content.localized" / "Startup.localized" / "Excel"
        return Plaatsen(
            invoegtoepassing=start / BESTAND,
            instellingen=bibliotheek / "Containers" / "com.microsoft.Excel" / "Data" / f"{NAAM}.conf",
            python=python,
            python_sleutel="INTERPRETER_MAC",
            script=bibliotheek / "Application Scripts" / "com.microsoft.Excel" / _SCRIPT,
        )
    raise KitFout(
        "De invoegtoepassing werkt in Excel voor Windows en Mac. Op dit systeem kunt u ze alleen bouwen (kit addin bouw), "
        "of de webpagina gebruiken (kit server)."
    )


def installeer(p: Plaatsen) -> list[Path]:
    """Write the add-in and its settings; returns what was written. Raises KitFout when a file is in use (Excel is open)."""
    inhoud = {p.instellingen: _instellingen(p), p.invoegtoepassing: bouw()}
    if p.script:
        inhoud[p.script] = (Path(xlwings.__file__).parent / _SCRIPT).read_bytes()
    for pad, bytes_ in inhoud.items():
        schrijf(pad, bytes_)
    return list(inhoud)


def verwijder(p: Plaatsen) -> list[Path]:
    """Take away what `installeer` wrote, and its folder of settings when nothing else is in it; returns what went."""
    weg = []
    for pad in p.alle:
        if pad.exists():
            try:
                pad.unlink()
            except PermissionError:
                raise KitFout(f"{pad} is nog in gebruik. Sluit Excel en probeer opnieuw.") from None
            weg.append(pad)
    map_ = p.instellingen.parent
    if map_.name == f".{NAAM}" and map_.is_dir() and not any(map_.iterdir()):
        map_.rmdir()
    return weg


def status(p: Plaatsen) -> list[tuple[str, bool]]:
    """What is in place, as sentences, each with whether it is as it should be."""
    actueel = p.invoegtoepassing.exists() and p.invoegtoepassing.read_bytes() == bouw()
    ingesteld = p.instellingen.exists() and p.instellingen.read_bytes() == _instellingen(p)
    uit = [
        (f"Invoegtoepassing: {p.invoegtoepassing} ({_staat(p.invoegtoepassing, actueel)})", actueel),
        (f"Instellingen: {p.instellingen} ({_staat(p.instellingen, ingesteld)})", ingesteld),
        (f"Python: {p.python} ({'aanwezig' if p.python.exists() else 'ontbreekt'})", p.python.exists()),
    ]
    if p.script:
        uit.append((f"Script voor de Mac: {p.script} ({_staat(p.script, p.script.exists())})", p.script.exists()))
    return uit


def _staat(pad: Path, goed: bool) -> str:
    return "in orde" if goed else "van een andere versie: installeer opnieuw" if pad.exists() else "staat er niet"


def hier() -> Plaatsen:
    """The places on this computer."""
    import os

    return plaatsen(sys.platform, os.environ, Path.home(), Path(sys.executable))


def _instellingen(p: Plaatsen) -> bytes:
    """The user's settings file, as xlwings' macros read it: pairs in quotes, in the code page of the system."""
    paren = {
        p.python_sleutel: str(p.python),
        "PYTHONPATH": "",
        "ADD_WORKBOOK_TO_PYTHONPATH": "False",  # a file beside the workbook must never run
        "USE UDF SERVER": str(p.python_sleutel == "INTERPRETER_WIN"),  # keeps Python running after the first click
        "SHOW CONSOLE": "False",
    }
    tekst = "".join(f'"{sleutel}","{waarde}"\r\n' for sleutel, waarde in paren.items())
    return tekst.encode("cp1252" if p.python_sleutel == "INTERPRETER_WIN" else "utf-8", errors="replace")
