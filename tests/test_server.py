"""The server over real HTTP: what it refuses and how, what it forgets, sign-in, and fifty workbooks at once."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
import resource
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import openpyxl
import psutil
import pytest

from hulp import browser
from kit.bestanden import InGeheugen
from kit.validatie import valideer
from kit.voorbeeld import maak_voorbeeld
from kit.werkboek.genereer import genereer
from kit.werkboek.lezen import lees

XLSX = {"content-type": "application/octet-stream", "x-bestandsnaam": "fv%20ingevuld.xlsx"}


@pytest.fixture(scope="module")
def fout_bytes(geplant) -> bytes:
    return geplant[0][0].read_bytes()


def zonder_knop(antwoord: dict) -> list[dict]:
    """The findings without what only the page needs."""
    return [{k: v for k, v in b.items() if k != "herstelbaar"} for b in antwoord["bevindingen"]]


# --- the web page's requests -----------------------------------------------------------------------------------------


def test_nakijken_geeft_wat_de_opdrachtregel_geeft(klant, fout_bytes, schema) -> None:
    antwoord = klant.post("/api/nakijken", content=fout_bytes, headers=XLSX).json()
    verwacht = valideer([lees(InGeheugen("fv ingevuld.xlsx", fout_bytes), schema)])
    assert [{k: v for k, v in b.items() if k != "herstelbaar"} for b in antwoord["bevindingen"]] == [
        b.als_dict() for b in verwacht
    ]
    assert antwoord["voorstellen"] and antwoord["samenvatting"]["fouten"] > 0


@pytest.mark.parametrize("wat", ["gemarkeerd", "hersteld", "overgezet"])
def test_een_werkboek_komt_terug_als_werkboek(klant, fout_bytes, wat) -> None:
    antwoord = klant.post(f"/api/{wat}", content=fout_bytes, headers=XLSX)
    naam = "nagekeken" if wat == "gemarkeerd" else wat
    assert f"fv%20ingevuld-{naam}.xlsx" in antwoord.headers["content-disposition"]
    assert "Verenigingen" in openpyxl.load_workbook(io.BytesIO(antwoord.content)).sheetnames


def test_export_van_een_foutloos_werkboek(klant, foutloos) -> None:
    antwoord = klant.post("/api/export", content=foutloos[0].read_bytes(), headers=XLSX)
    with zipfile.ZipFile(io.BytesIO(antwoord.content)) as z:
        assert "manifest.json" in z.namelist() and z.testzip() is None


@pytest.mark.parametrize(
    ("pad", "inhoud", "koppen", "status", "woorden"),
    [
        ("/api/nakijken", b"geen werkboek", XLSX, 422, "geen Excel-werkmap"),
        ("/api/nakijken", b"PK\x03\x04stuk", XLSX, 422, "beschadigd"),
        ("/api/nakijken", b"", XLSX, 422, "geen Excel-werkmap"),
        ("/api/nakijken", b"x", {"content-type": "text/plain"}, 415, "aanvaard"),
        ("/excel/valideer", b"{", {"content-type": "application/json"}, 422, "Herlaad"),
        ("/excel/valideer", b"[1]", {"content-type": "application/json"}, 422, "Herlaad"),
        ("/excel/valideer", b'{"sheets": 3}', {"content-type": "application/json"}, 422, "Herlaad"),
        ("/excel/valideer", b"[" * 100_000, {"content-type": "application/json"}, 422, "Herlaad"),
        ("/excel/valideer", b"{}", XLSX, 415, "aanvaard"),
        ("/excel/__class__", b"{}", {"content-type": "application/json"}, 422, "bestaat niet"),
        ("/api/nakijken", b"x", XLSX | {"origin": "https://elders.be"}, 403, "andere website"),
        ("/api/wachtwoorden", b"x", XLSX, 404, "bestaat hier niet"),
    ],
)
def test_wat_niet_klopt_wordt_geweigerd_in_het_nederlands(klant, pad, inhoud, koppen, status, woorden) -> None:
    antwoord = klant.post(pad, content=inhoud, headers=koppen)
    assert antwoord.status_code == status and woorden in antwoord.json()["fout"]


def test_geen_werkboek_van_de_kit(klant) -> None:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    antwoord = klant.post("/api/nakijken", content=buffer.getvalue(), headers=XLSX)
    assert antwoord.status_code == 422 and "lijkt geen werkboek" in antwoord.json()["fout"]


def test_export_met_fouten_wordt_geweigerd(klant, fout_bytes) -> None:
    antwoord = klant.post("/api/export", content=fout_bytes, headers=XLSX)
    assert antwoord.status_code == 422 and "Verbeter ze eerst" in antwoord.json()["fout"]


# --- limits ----------------------------------------------------------------------------------------------------------


def test_te_groot_te_vaak_en_te_traag(fout_bytes) -> None:
    with browser.server(max_bytes="100000", ontvangst="1", per_minuut="5") as (adres, _):
        assert httpx.post(f"{adres}/api/nakijken", content=b"x" * 200_000, headers=XLSX).status_code == 413

        def stuk_voor_stuk() -> Iterator[bytes]:
            for _ in range(30):
                yield b"x" * 10_000

        # Without a length in front: counted while it comes in.
        with contextlib.suppress(httpx.WriteError, httpx.RemoteProtocolError):
            assert httpx.post(f"{adres}/api/nakijken", content=stuk_voor_stuk(), headers=XLSX).status_code == 413
        assert _traag(adres).startswith("HTTP/1.1 408")
        codes = [httpx.post(f"{adres}/api/nakijken", content=b"x", headers=XLSX).status_code for _ in range(6)]
        assert codes[-1] == 429 and httpx.get(f"{adres}/gezond").status_code == 200


def _traag(adres: str) -> str:
    """Begin a request and never finish it."""
    doel = urlsplit(adres)
    with socket.create_connection((doel.hostname, doel.port), timeout=10) as s:
        s.sendall(f"POST /api/nakijken HTTP/1.1\r\nHost: {doel.netloc}\r\nContent-Type: {XLSX['content-type']}\r\n".encode())
        s.sendall(b"Content-Length: 5000\r\n\r\nPK")
        return s.recv(2000).decode()


def test_te_lang_werk(fout_bytes) -> None:
    with browser.server(werk="0.05") as (adres, _):
        antwoord = httpx.post(f"{adres}/api/nakijken", content=fout_bytes, headers=XLSX, timeout=30)
        assert antwoord.status_code == 504 and "te lang" in antwoord.json()["fout"]


def test_vol_geheugen_vraagt_om_later_terug_te_komen() -> None:
    with browser.server(max_samen="1000") as (adres, _):
        antwoord = httpx.post(f"{adres}/api/nakijken", content=b"x" * 5000, headers=XLSX)
        assert antwoord.status_code == 503 and antwoord.headers["retry-after"]
        assert httpx.post(f"{adres}/api/nakijken", content=b"x" * 500, headers=XLSX).status_code == 422  # room again


def test_elk_antwoord_heeft_de_beveiligingskoppen_en_geen_toelating_voor_anderen(klant) -> None:
    for pad in ("/", "/taakvenster", "/hulp", "/gezond", "/bestaat-niet", "/web/kit.css"):
        koppen = klant.get(pad, headers={"origin": "https://elders.be"}).headers
        assert "default-src 'self'" in koppen["content-security-policy"] and koppen["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in koppen and "server" not in koppen
    assert "frame-ancestors 'none'" in klant.get("/").headers["content-security-policy"]
    assert "officeapps.live.com" in klant.get("/taakvenster").headers["content-security-policy"]


def test_zonder_licentie_werkt_alleen_de_webpagina(fout_bytes) -> None:
    with browser.server(licentie="") as (adres, _):
        assert httpx.get(f"{adres}/taakvenster").status_code == 503
        antwoord = httpx.post(f"{adres}/excel/valideer", content=b"{}", headers={"content-type": "application/json"})
        assert antwoord.status_code == 503 and "licentie" in antwoord.json()["fout"]
        assert httpx.post(f"{adres}/api/nakijken", content=fout_bytes, headers=XLSX, timeout=60).status_code == 200


# --- privacy ---------------------------------------------------------------------------------------------------------


def test_geen_waarde_komt_in_een_logboek_of_op_schijf(boek, schema) -> None:
    """A limit of zero bytes on every file that the server writes: it still answers, so it wrote nothing."""
    kanarie = "Kanarievogelvereniging Zeldzaam"
    pad = boek(verenigingen=[{"nr": "1", "naam": f" {kanarie} "}], vertegenwoordigers=[{"nr": "1", "insz": "01.02.03-123.45"}])
    boekdeel = {"name": kanarie, "active_sheet_index": 0}
    naam = {"name": "kit_controle_wanneer", "book_scope": True, "sheet_index": 0, "address": kanarie, "refers_to": "x"}
    blad = {"name": kanarie, "values": [[kanarie]], "tables": []}
    # xlwings raises an error that has the address in its message.
    verzoek = {"client": "Office.js", "version": "x", "names": [naam], "book": boekdeel, "sheets": [blad], "kit": {}}
    with _server_zonder_schijf() as (adres, proces):
        for wat in ("nakijken", "gemarkeerd", "hersteld", "export"):
            httpx.post(
                f"{adres}/api/{wat}", content=pad.read_bytes(), headers=XLSX | {"x-bestandsnaam": kanarie + ".xlsx"}, timeout=60
            )
        for inhoud, status in ((json.dumps(verzoek), 500), (kanarie, 422)):
            koppen = {"content-type": "application/json"}
            antwoord = httpx.post(f"{adres}/excel/valideer", content=inhoud, headers=koppen, timeout=60)
            assert antwoord.status_code == status and kanarie not in antwoord.text
        antwoord = httpx.post(f"{adres}/api/nakijken", content=pad.read_bytes(), headers=XLSX, timeout=60)
        assert antwoord.status_code == 200 and kanarie in antwoord.text
    logboek = "".join(proces.logboek)
    assert logboek.count("POST /api/nakijken") == 2
    assert not re.search(r"kanarie|01\.02\.03|12345", logboek, re.IGNORECASE)


@contextlib.contextmanager
def _server_zonder_schijf() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0));"
        "import sys; sys.dont_write_bytecode = True; from kit.cli import main; main()"
    )
    oud = subprocess.Popen

    def met_grens(opdracht, **kw):
        return oud([sys.executable, "-c", code, *opdracht[3:]], **kw)

    assert resource.RLIMIT_FSIZE  # the test needs a system that has it
    with pytest.MonkeyPatch.context() as mp:
        mp.setattr(browser.subprocess, "Popen", met_grens)
        with browser.server() as paar:
            yield paar


# --- many at once ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ["/api/nakijken", "/excel/valideer"])
def test_vijftig_tegelijk(route, schema, tmp_path) -> None:
    """Fifty different workbooks of 1 000 associations at once: each gets its own answer, and none stays in memory."""
    verwacht, inhouden = [], []
    for zaad in (1, 2):
        rijen = maak_voorbeeld(schema, 1000, zaad, fouten=5 * zaad).rijen["fv"]
        pad = tmp_path / f"{zaad}.xlsx"
        pad.write_bytes(genereer(schema.per_sleutel["fv"], schema, rijen))
        naam = "fv ingevuld.xlsx" if route.startswith("/api") else pad.name
        verwacht.append([b.als_dict() for b in valideer([lees(InGeheugen(naam, pad.read_bytes()), schema)])])
        inhouden.append(pad.read_bytes() if route.startswith("/api") else browser.verzoek_van(pad))
    assert verwacht[0] != verwacht[1]
    koppen = XLSX if route.startswith("/api") else {"content-type": "application/json"}
    with browser.server(per_minuut="1000", werk="300", tegelijk="2") as (adres, proces):
        server = psutil.Process(proces.pid)
        httpx.post(f"{adres}{route}", content=_ander(inhouden[0], 99), headers=koppen, timeout=60)
        rust, hoogste, klaar = server.memory_info().rss, 0, threading.Event()

        def kijk() -> None:
            nonlocal hoogste
            while not klaar.wait(0.05):
                hoogste = max(hoogste, server.memory_info().rss)

        kijker = threading.Thread(target=kijk)
        kijker.start()
        antwoorden = asyncio.run(_allemaal(adres + route, [_ander(inhouden[i % 2], i) for i in range(50)], koppen))
        klaar.set()
        kijker.join()
        for i, antwoord in enumerate(antwoorden):
            assert antwoord.status_code == 200
            assert zonder_knop(antwoord.json().get("kit") or antwoord.json()) == verwacht[i % 2]
    print(f"{route}: {rust / 1e6:.0f} -> {hoogste / 1e6:.0f} MB")
    assert hoogste - rust < 300 * 1024**2  # what fifty workbooks take when they stay: more


def _ander(inhoud: bytes | dict, nummer: int) -> bytes:
    """A request that no other is equal to: what is kept of one cannot serve another."""
    if isinstance(inhoud, bytes):
        return inhoud
    bladen = [b | {"values": [*b["values"], ["" for _ in b["values"][0]] + [f"los {nummer}"]]} for b in inhoud["sheets"]]
    return json.dumps(inhoud | {"sheets": bladen}).encode()


async def _allemaal(adres: str, inhouden: list[bytes], koppen: dict[str, str]) -> list[httpx.Response]:
    grens = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=300, limits=grens) as klant:
        return await asyncio.gather(*(klant.post(adres, content=i, headers=koppen) for i in inhouden))


def test_https_met_een_eigen_certificaat(tmp_path) -> None:
    from kit.server.tls import UITGEVER, eigen_certificaat

    certificaat, sleutel = eigen_certificaat(tmp_path)
    assert sleutel.stat().st_mode & 0o077 == 0 and eigen_certificaat(tmp_path) == (certificaat, sleutel)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        poort = s.getsockname()[1]
    opdracht = [sys.executable, "-c", "from kit.cli import main; main()", "server", "--poort", str(poort),
                "--certificaat", str(certificaat), "--sleutel", str(sleutel)]  # fmt: skip
    proces = subprocess.Popen(opdracht, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        for _ in range(100):
            with contextlib.suppress(httpx.ConnectError):
                antwoord = httpx.get(f"https://localhost:{poort}/gezond", verify=str(tmp_path / UITGEVER))
                break
            time.sleep(0.1)
        assert antwoord.json()["status"] == "ok"
    finally:
        proces.kill()


def test_halve_instellingen_worden_bij_de_start_gemeld() -> None:
    with pytest.raises(AssertionError, match="KIT_OIDC_CLIENT_ID"), browser.server(oidc_uitgever="https://x"):
        pass
    with pytest.raises(AssertionError, match="KIT_MAX_BYTES moet een getal zijn"), browser.server(max_bytes="veel"):
        pass
