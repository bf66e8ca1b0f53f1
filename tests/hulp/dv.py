"""A workspace of DV and a rehearsal register for the tests: the register as its own process, commands in this one or apart."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import openpyxl

from kit.schema import Schema
from kit.voorbeeld import maak_voorbeeld
from kit.werkboek.beslisblad import KOPRIJ
from kit.werkboek.genereer import genereer

KIT = [sys.executable, "-c", "from kit.cli import main; main()"]
OVO = "OVO001234"
HAAST = {"KIT_REGISTER_GEDULD": "0.3", "KIT_REGISTER_PER_SECONDE": "0", "KIT_REGISTER_WACHTTIJD": "5"}


class Register:
    """A running rehearsal register: its address and its process; `herstart` keeps what it knows."""

    def __init__(self, map_: Path) -> None:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.poort = s.getsockname()[1]
        self.map, self.adres = map_, f"http://127.0.0.1:{self.poort}"
        self.proces: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        opdracht = [*KIT, "dv", "oefenregister", "--poort", str(self.poort), "--opslag", str(self.map / "register.sqlite")]
        with (self.map / "oefenregister.log").open("ab") as log:
            self.proces = subprocess.Popen(opdracht, stdout=log, stderr=log)
        for _ in range(300):
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{self.adres}/_oefening/storing", timeout=2)
                return
            time.sleep(0.1)
        raise AssertionError((self.map / "oefenregister.log").read_text())

    def stop(self) -> None:
        assert self.proces is not None
        self.proces.kill()
        self.proces.wait()

    def zaai(self, **wat: Any) -> list[str]:
        return httpx.post(f"{self.adres}/_oefening/zaad", json=wat, timeout=60).raise_for_status().json()  # type: ignore[no-any-return]

    def storing(self, **wat: float) -> None:
        uit = dict.fromkeys(("traag", "druk", "fout", "fout_na", "weg_voor", "weg_na"), 0.0)
        httpx.post(f"{self.adres}/_oefening/storing", json=uit | wat, timeout=10).raise_for_status()

    def vraag(self, wat: str) -> Any:
        return httpx.get(f"{self.adres}/_oefening/{wat}", timeout=60).raise_for_status().json()

    def zeg(self, wat: str, inhoud: Any = None) -> None:
        httpx.post(f"{self.adres}/_oefening/{wat}", json=inhoud, timeout=10).raise_for_status()

    @property
    def verenigingen(self) -> list[dict[str, Any]]:
        return self.vraag("verenigingen")  # type: ignore[no-any-return]


@contextlib.contextmanager
def oefenregister(map_: Path) -> Iterator[Register]:
    map_.mkdir(parents=True, exist_ok=True)
    register = Register(map_)
    try:
        yield register
    finally:
        register.stop()


def kit(
    *argumenten: str | Path, omgeving: Mapping[str, str] | None = None, tijd: float = 300
) -> subprocess.CompletedProcess[str]:
    """A command in its own process, as a user starts it."""
    return subprocess.run(
        [*KIT, *map(str, argumenten)],
        env=os.environ | (omgeving or {}),
        capture_output=True,
        text=True,
        timeout=tijd,
        check=False,
    )


def fv_boek(schema: Schema, verenigingen: list[dict[str, Any]], **bladen: list[dict[str, Any]]) -> bytes:
    """A small FV-workbook; every association gets a location and a representative unless told otherwise."""
    rijen: dict[str, list[dict[str, Any]]] = {"verenigingen": verenigingen, "locaties": [], "vertegenwoordigers": [], **bladen}
    voor = maak_voorbeeld(schema, 30, 7).rijen["fv"]["vertegenwoordigers"]
    for n, v in enumerate(verenigingen):
        if "locaties" not in bladen:
            adres = {
                "straatnaam": "Dorpsstraat",
                "huisnummer": str(n + 1),
                "postcode": "8500",
                "gemeente": "Kortrijk",
                "land": "België",
            }
            rijen["locaties"].append({"nr": v["nr"], "locatietype": "Activiteiten", "primair": "ja", **adres})
        if "vertegenwoordigers" not in bladen:
            wie = voor[n % len(voor)]
            rijen["vertegenwoordigers"].append(
                {"nr": v["nr"], "primair": "ja", **{k: wie[k] for k in ("insz", "voornaam", "achternaam")}}
            )
    return genereer(schema.per_sleutel["fv"], schema, rijen)


def vul_in(pad: Path, blad: str, keuzes: Mapping[str, str], kolom: str = "Beslissing") -> None:
    """Answer on a sheet as a clerk would: own number -> text for every row of that number ("*" = all others)."""
    boek = openpyxl.load_workbook(pad)
    ws = boek[blad]
    kop = {str(c.value): n for n, c in enumerate(ws[KOPRIJ], 1)}
    for rij in range(KOPRIJ + 1, ws.max_row + 1):
        keuze = keuzes.get(str(ws.cell(rij, kop["Nr"]).value), keuzes.get("*"))
        if keuze:
            ws.cell(rij, kop[kolom]).value = keuze
    boek.save(pad)


def rijen_van(pad: Path, blad: str) -> list[dict[str, str]]:
    """What a clerk reads on one of our sheets."""
    ws = openpyxl.load_workbook(pad)[blad]
    koppen = [str(c.value) for c in ws[KOPRIJ]]
    return [
        {k: str(c.value or "") for k, c in zip(koppen, rij, strict=True) if k != "Kenmerk"}
        for rij in ws.iter_rows(min_row=KOPRIJ + 1)
    ]
