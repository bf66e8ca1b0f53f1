"""The rehearsal: three invented GI's, a real HTTP register with faults, and every step as DV and a clerk would take it.

`speel` prints each command, and at the end counts after: what the report says must be what the register holds.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import openpyxl
import pyrage

from kit.bestanden import schrijf
from kit.cli.hulp import uit, uitvoeren
from kit.dubbels.plaatsen import plaatsen_van
from kit.dubbels.vergelijk import vergelijk_namen
from kit.dv.dossier import open_dossier
from kit.dv.natellen import Telling, tel_na
from kit.dv.oefengegevens import Bestuur, maak_besturen, zaad_voor_register
from kit.dv.stand import Besluit, Uitkomst
from kit.dv.terugkoppeling import BESLISSING, BESLISSINGEN, DUBBELS, REDEN
from kit.fouten import KitFout
from kit.schema import laad_schema
from kit.werkboek.beslisblad import KOPRIJ

_LOG = "oefenregister.log"
_MERK = ".kit-oefening"


def speel(map_: Path, aantal: int = 40) -> int:
    """Play everything in a folder; returns 0 when all numbers add up, else 1. Raises KitFout when a step cannot be done."""
    _maak_leeg(map_)
    schema = laad_schema()
    besturen = maak_besturen(schema, aantal)
    for b in besturen:
        for naam, inhoud in b.werkboeken.items():
            schrijf(map_ / "besturen" / b.naam / naam, inhoud)
    sleutel = pyrage.x25519.Identity.generate()
    schrijf(map_ / "sleutels" / "dv-geheime-sleutel.txt", f"{sleutel}\n".encode())
    schrijf(map_ / "sleutels" / "dv-publieke-sleutel.txt", f"{sleutel.to_public()}\n".encode())
    with _oefenregister(map_) as adres:
        zaad = zaad_voor_register(besturen)
        vooraf = set(httpx.post(f"{adres}/_oefening/zaad", json=zaad, timeout=60).raise_for_status().json())
        lijst = httpx.get(f"{adres}/_oefening/verenigingen", timeout=60).json()
        schrijf(map_ / "register.jsonl", "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in lijst).encode())
        _stappen(map_, besturen)
        telling = _tel(map_, adres, vooraf)
    return _besluit(map_, telling, sum(b.geleverd for b in besturen))


def _maak_leeg(map_: Path) -> None:
    """An earlier rehearsal goes; any other folder with something in it stays as it is."""
    if (map_ / _MERK).exists():
        shutil.rmtree(map_)
    elif map_.exists() and any(map_.iterdir()):
        raise KitFout(f"In {map_} staat al iets anders. Kies met --uit een lege map voor de oefening.")
    schrijf(map_ / _MERK, b"")


def _stappen(map_: Path, besturen: list[Bestuur]) -> None:
    werkmap = ("--werkmap", map_ / "dv")
    een, twee, drie = besturen
    thuis = map_ / "besturen"

    _zeg(f"1. {een.naam} exporteert versleuteld, {twee.naam} en {drie.naam} leveren hun werkboeken")
    publiek = map_ / "sleutels" / "dv-publieke-sleutel.txt"
    eigen = sorted((thuis / een.naam).glob("*.xlsx"))
    _kit("exporteer", *eigen, "--uit", map_ / "ingekomen" / een.naam, "--versleutel", "--sleutel", publiek, "--door", een.naam)
    geheim = ("--sleutel", map_ / "sleutels" / "dv-geheime-sleutel.txt")
    _kit("dv", "ontvang", map_ / "ingekomen" / een.naam, "--gi", een.ovo, "--naam", een.naam, *geheim, *werkmap)
    _kit("dv", "ontvang", thuis / twee.naam, "--gi", twee.ovo, "--naam", twee.naam, *werkmap)
    for dienst in drie.diensten:
        pad = thuis / drie.naam / f"{dienst}.xlsx"
        _kit("dv", "ontvang", pad, "--gi", drie.ovo, "--naam", drie.naam, "--dienst", dienst, *werkmap)

    _zeg("2. Nakijken, en wat beter moet gaat terug")
    _kit("dv", "valideer", *werkmap, mag=(0, 1))
    _zeg(f"3. {twee.naam} herstelt een deel, levert opnieuw, en laat een paar verenigingen weg")
    for pad in sorted((thuis / twee.naam).glob("*.xlsx")):
        _kit("herstel", pad, "--uit", map_ / "ingekomen" / twee.naam / pad.name, stil=True)
    _kit("dv", "ontvang", map_ / "ingekomen" / twee.naam, "--gi", twee.ovo, *werkmap)
    _kit("dv", "valideer", *werkmap, mag=(0, 1))
    _beslis(map_, twee, "nakijken", werkmap)

    _zeg("4. Dubbels zoeken, en ronde 1: eerst op proef, dan 25, dan de rest")
    _kit("dv", "dubbels", "--register", map_ / "register.jsonl", *werkmap)
    _kit("dv", "ronde", "1", "--proef", *werkmap)
    _kit("dv", "ronde", "1", "--partij", "25", *werkmap, mag=(0, 1, 2))
    _ronde(1, werkmap)

    _zeg("5. De besturen beslissen, en ronde 2 voert het uit")
    for b in besturen:
        _beslis(map_, b, "ronde-1", werkmap)
    _ronde(2, werkmap)

    _zeg("6. Het rapport")
    _kit("dv", "rapport", *werkmap)


def _ronde(nummer: int, werkmap: tuple[str | Path, ...]) -> None:
    """A round, and again while something got no clear answer."""
    for _ in range(5):
        if _kit("dv", "ronde", str(nummer), *werkmap, mag=(0, 1, 2)) != 2:
            return


def _beslis(map_: Path, bestuur: Bestuur, stap: str, werkmap: tuple[str | Path, ...]) -> None:
    """Fill in the questions as a clerk would, and let DV take the answers over. Every tenth question stays open."""
    terug = []
    for pad in sorted((map_ / "dv" / "uit" / bestuur.ovo / stap).glob("*.xlsx")):
        boek = openpyxl.load_workbook(pad)
        namen = [n for n in boek.sheetnames if n in (BESLISSINGEN, DUBBELS)]
        for naam in namen:
            blad = boek[naam]
            kop = {str(c.value): n for n, c in enumerate(blad[KOPRIJ], 1)}
            for n, rij in enumerate(range(KOPRIJ + 1, blad.max_row + 1)):
                gekozen = _keuze(naam, n, str(blad.cell(rij, 2).value), str(blad.cell(rij, 4).value))
                if gekozen:
                    blad.cell(rij, kop[BESLISSING]).value = gekozen.value
                if gekozen == Besluit.NIET:
                    blad.cell(rij, kop[REDEN]).value = "gestopt volgens onze dienst"
        if namen:
            doel = map_ / "beslist" / bestuur.naam / stap / pad.name
            doel.parent.mkdir(parents=True, exist_ok=True)
            boek.save(doel)
            terug.append(doel)
    if terug:
        _kit("dv", "beslissingen", *terug, "--gi", bestuur.ovo, *werkmap, mag=(0, 1))


def _keuze(blad: str, n: int, eigen: str, ander: str) -> Besluit | None:
    if blad == BESLISSINGEN:
        return Besluit.NIET if n % 3 == 0 else Besluit.VERBETEREN
    if n % 10 == 9:
        return None
    if n % 10 == 4:
        return Besluit.NIET
    lijkt = vergelijk_namen(eigen, ander.split("\n")[0], plaatsen_van(laad_schema()))
    return Besluit.ZELFDE if lijkt.dubbel else Besluit.ANDERE


@contextlib.contextmanager
def _oefenregister(map_: Path) -> Iterator[str]:
    """The register as its own process, with faults; settings for our own commands stand in the environment meanwhile."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        poort = s.getsockname()[1]
    adres = f"http://127.0.0.1:{poort}"
    storingen = ("--traag", "0.02", "--druk", "0.05", "--fouten", "0.02", "--weg-voor", "0.02", "--weg-na", "0.03")
    opdracht = [sys.executable, "-c", "from kit.cli import main; main()", "dv", "oefenregister", "--poort", str(poort)]
    instellingen = {
        "KIT_REGISTER_URL": adres,
        "KIT_REGISTER_TOKEN_URL": f"{adres}/oauth/token",
        "KIT_REGISTER_CLIENT": "oefening",
        "KIT_REGISTER_GEHEIM": secrets.token_urlsafe(24),
        "KIT_REGISTER_GEDULD": "0.5",
        "KIT_REGISTER_PER_SECONDE": "0",
    }
    vroeger = {k: os.environ.get(k) for k in instellingen}
    with (map_ / _LOG).open("wb") as log:
        proces = subprocess.Popen(
            [*opdracht, "--opslag", str(map_ / "register.sqlite"), "--token-geldig", "5", *storingen],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wacht_op(adres, proces)
            # Without a key that counts, only a token opens the door.
            httpx.post(f"{adres}/_oefening/sleutels", json=[secrets.token_urlsafe(24)], timeout=10).raise_for_status()
            os.environ |= instellingen
            yield adres
        finally:
            for naam, waarde in vroeger.items():
                if waarde is None:
                    os.environ.pop(naam, None)
                else:
                    os.environ[naam] = waarde
            proces.terminate()
            proces.wait(20)


def _wacht_op(adres: str, proces: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if proces.poll() is not None:
            break
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{adres}/_oefening/storing", timeout=2)
            return
        time.sleep(0.1)
    raise KitFout(f"Het oefenregister start niet. Zie {_LOG} in de map van de oefening.")


def _tel(map_: Path, adres: str, vooraf: set[str]) -> Telling:
    register = httpx.get(f"{adres}/_oefening/verenigingen", timeout=60).json()
    with open_dossier(map_ / "dv") as dossier:
        return tel_na(dossier, register, vooraf)


def _besluit(map_: Path, telling: Telling, geleverd: int) -> int:
    _zeg("7. Natellen")
    samen = sum(telling.verenigingen.values())
    delen = " + ".join(f"{telling.verenigingen[u.value]} {u.value}" for u in Uitkomst)
    uit.print(f"Geleverd: {geleverd}. {delen} = {samen}.")
    uit.print(f"In het register nagekeken: {telling.wijzen['nieuw']} nieuwe, {telling.wijzen['bestaand']} die er al waren; met")
    uit.print("  " + ", ".join(f"{n} {wat}" for wat, n in sorted(telling.onderdelen.items()) if n) + ".")
    for p in telling.problemen:
        uit.print(f"  Klopt niet: {p}", markup=False, style="red")
    goed = samen == geleverd and not telling.problemen
    uit.print("Alles klopt." if goed else "Er klopt iets niet.", style="bold green" if goed else "bold red")
    uit.print(f"Kijk in {map_ / 'dv' / 'rapport' / 'rapport.html'} en in {map_ / 'dv' / 'uit'}.", markup=False)
    return int(not goed)


def _zeg(tekst: str) -> None:
    uit.print(f"\n{tekst}", style="bold", markup=False)


def _kit(*argumenten: str | Path, mag: tuple[int, ...] = (0,), stil: bool = False) -> int:
    """One command, shown as one would type it. Raises KitFout when it ends otherwise than may be."""
    regel = " ".join(str(a) for a in argumenten)
    uit.print(f"$ kit {regel}", markup=False, style="dim")
    with contextlib.ExitStack() as stapel:
        if stil:
            stapel.enter_context(uit.capture())
        code = uitvoeren([str(a) for a in argumenten])
    if code not in mag:
        raise KitFout(f"De oefening stopt: kit {argumenten[0]} {argumenten[1]} gaf {code}.")
    return code
