"""Shared workbooks: the kit, a sample with planted errors, and one without; and a short way to make a small workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from kit.bevinding import Bevinding
from kit.gelezen import Gelezen
from kit.schema import Schema, laad_schema
from kit.validatie import valideer
from kit.voorbeeld import Voorbeeld, maak_voorbeeld
from kit.werkboek.genereer import genereer, genereer_kit
from kit.werkboek.lezen import lees

REPO = Path(__file__).parents[1]
Rijen = dict[str, list[dict[str, object]]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proeven", type=int, default=200, help="generated values per rule for the LibreOffice comparison")


@pytest.fixture(scope="session")
def schema() -> Schema:
    return laad_schema()


@pytest.fixture(scope="session")
def kitmap(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated, empty kit."""
    map_ = tmp_path_factory.mktemp("kit")
    genereer_kit(schema, map_)
    return map_


def schrijf_voorbeeld(schema: Schema, voorbeeld: Voorbeeld, map_: Path) -> list[Path]:
    paden = []
    for w in schema.werkboeken:
        pad = map_ / w.bestand
        pad.write_bytes(genereer(w, schema, voorbeeld.rijen[w.sleutel]))
        paden.append(pad)
    return paden


@pytest.fixture(scope="session")
def foutloos(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two sample workbooks of 500 associations each, without errors."""
    return schrijf_voorbeeld(schema, maak_voorbeeld(schema, 500), tmp_path_factory.mktemp("foutloos"))


@pytest.fixture(scope="session")
def geplant(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], Voorbeeld]:
    """The same with planted errors, and the answer key."""
    voorbeeld = maak_voorbeeld(schema, 500, fouten=40)
    return schrijf_voorbeeld(schema, voorbeeld, tmp_path_factory.mktemp("geplant")), voorbeeld


@pytest.fixture
def boek(schema: Schema, tmp_path: Path) -> Callable[..., Path]:
    """Make a small workbook of the kit: `boek(verenigingen=[{"nr": "1", "naam": "X"}])`, `werkboek="kbo"` for the other."""

    def maak(werkboek: str = "fv", **rijen: list[dict[str, object]]) -> Path:
        w = schema.per_sleutel[werkboek]
        pad = tmp_path / w.bestand
        pad.write_bytes(genereer(w, schema, rijen))
        return pad

    return maak


@pytest.fixture
def kijk_na(schema: Schema) -> Callable[..., list[Bevinding]]:
    """Read and validate files."""

    def doe(*paden: Path, vandaag: dt.date | None = None) -> list[Bevinding]:
        return valideer([lees(p, schema) for p in paden], vandaag=vandaag)

    return doe


@pytest.fixture(scope="session")
def lees_pad(schema: Schema) -> Callable[[Path], Gelezen]:
    return lambda pad: lees(pad, schema)


@pytest.fixture
def fout_boek(boek: Callable[..., Path]) -> Path:
    """A website without https (C3), a text with spaces around it (naam B3), and an INSZ that does not exist."""
    return boek(
        verenigingen=[{"nr": "1", "naam": " De Zwaluw "}],
        contactgegevens=[{"nr": "1", "type": "Website", "waarde": "www.x.be"}],
        vertegenwoordigers=[{"nr": "1", "insz": "00000000000", "voornaam": "An", "achternaam": "Peeters"}],
    )


@pytest.fixture(scope="session")
def adres() -> Iterator[str]:
    """Address of a running server of the kit, with the add-in on."""
    from hulp import browser

    with browser.server(per_minuut="100000", werk="300") as (adres, _):
        yield adres


@pytest.fixture(scope="session")
def klant(adres: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=adres, timeout=60) as klant:
        yield klant
