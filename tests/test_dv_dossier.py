"""The dossier: its migrations, the lock, and intake, on SQLite and on PostgreSQL when a server can run here."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from hulp.dv import OVO, fv_boek, kit
from kit.bestanden import InGeheugen
from kit.dubbels.motor import Lokaal
from kit.dv import tabellen as t
from kit.dv.dossier import VARIABELE, Dossier, open_dossier
from kit.dv.nakijken import kijk_na, te_doen
from kit.dv.ontvangst import Inzending, lees_inzending, ontvang
from kit.dv.paren import zoek_dubbels
from kit.dv.stand import Uitkomst, standen
from kit.fouten import KitFout
from kit.schema import Schema

NAMEN = ("Turnkring De Wulp", "Harmonie Cantate", "Kaartersclub Troef", "Turnkring De Wulp vzw")


def _postgres() -> tuple[str, str] | None:
    """Paths of initdb and postgres, when they are here."""
    plekken = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/local/pgsql").glob("bin")]
    init = next((str(p / "initdb") for p in plekken if (p / "initdb").exists()), shutil.which("initdb"))
    server = next((str(p / "postgres") for p in plekken if (p / "postgres").exists()), shutil.which("postgres"))
    return (init, server) if init and server else None


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh PostgreSQL server of our own; its URL."""
    gevonden = _postgres()
    if gevonden is None:
        pytest.skip("no PostgreSQL server on this machine")
    map_ = tmp_path_factory.mktemp("pg")
    # PostgreSQL refuses to run as root.
    als = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    if als:
        for p in (map_, *map_.parents[:3]):
            with contextlib.suppress(PermissionError):
                p.chmod(0o777 if p == map_ else 0o755)
        shutil.chown(map_, "nobody")
    data = map_ / "data"
    subprocess.run([*als, gevonden[0], "-D", data, "-A", "trust", "-U", "kit", "-E", "UTF8"], check=True, capture_output=True)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        poort = s.getsockname()[1]
    proces = subprocess.Popen(
        [*als, gevonden[1], "-D", data, "-p", str(poort), "-k", map_, "-h", "127.0.0.1", "-F"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"postgresql+psycopg://kit@127.0.0.1:{poort}/postgres"
    try:
        for _ in range(100):
            with contextlib.suppress(sa.exc.OperationalError):
                sa.create_engine(url).connect().close()
                break
            time.sleep(0.1)
        yield url
    finally:
        proces.terminate()
        proces.wait(30)


@pytest.fixture(params=["sqlite", "postgres"])
def omgeving(request: pytest.FixtureRequest) -> dict[str, str]:
    if request.param == "sqlite":
        return {}
    url = request.getfixturevalue("postgres")
    motor = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with motor.connect() as c:
        c.execute(sa.text("DROP SCHEMA public CASCADE"))
        c.execute(sa.text("CREATE SCHEMA public"))
    motor.dispose()
    return {VARIABELE: url}


@pytest.fixture
def dossier(omgeving: dict[str, str], tmp_path: Path) -> Iterator[Dossier]:
    with open_dossier(tmp_path / "dv", nieuw=True, omgeving=omgeving) as d:
        yield d


def inzending(schema: Schema, namen: tuple[str, ...] = NAMEN, bestand: str = "fv.xlsx") -> Inzending:
    return Inzending(
        "werkboek", [InGeheugen(bestand, fv_boek(schema, [{"nr": str(n), "naam": v} for n, v in enumerate(namen, 1)]))]
    )


def test_de_migraties_geven_precies_de_tabellen(dossier: Dossier) -> None:
    with dossier.motor.connect() as c:
        assert compare_metadata(MigrationContext.configure(c), t.metadata) == []


def test_wat_bewaard_is_blijft_na_sluiten(omgeving: dict[str, str], tmp_path: Path, schema: Schema) -> None:
    with open_dossier(tmp_path / "dv", nieuw=True, omgeving=omgeving) as d:
        ontvang(d, inzending(schema), OVO, "Aarbeek")
        kenmerk = d.kenmerk
    with open_dossier(tmp_path / "dv", omgeving=omgeving) as d:
        assert d.kenmerk == kenmerk
        assert [s.naam for s in standen(d)] == list(NAMEN)


def test_van_ontvangst_tot_dubbels(dossier: Dossier, schema: Schema) -> None:
    (v,) = ontvang(dossier, inzending(schema), OVO, "Aarbeek")
    assert (v.eerste, v.aantal) == (True, 4)
    assert te_doen(dossier) == [OVO]
    kijk_na(dossier, [OVO], processen=1)
    assert te_doen(dossier) == []
    telling = zoek_dubbels(dossier, schema, Lokaal(1))
    assert telling["geleverd"] == 1
    klaar = {s.nr: (s.klaar, len(s.vragen)) for s in standen(dossier)}
    assert klaar == {"1": (True, 0), "2": (True, 0), "3": (True, 0), "4": (False, 1)}


def test_opnieuw_geleverd_toont_wat_er_veranderde(dossier: Dossier, schema: Schema) -> None:
    ontvang(dossier, inzending(schema), OVO, "Aarbeek")
    (zelfde,) = ontvang(dossier, inzending(schema), OVO)
    assert zelfde.al_ontvangen
    (v,) = ontvang(dossier, inzending(schema, ("Turnkring De Wulp", "Harmonie Cantate Kortrijk", "Kaartersclub Troef")), OVO)
    assert (v.nieuw, v.gewijzigd, v.weg) == ([], ["2"], ["4"])
    assert "Nr 2" in v.in_woorden()
    assert [s.nr for s in standen(dossier)] == ["1", "2", "3"]


def test_wat_een_export_achterliet_telt_mee_als_weggelaten(dossier: Dossier, schema: Schema, tmp_path: Path) -> None:
    pad = tmp_path / "fv.xlsx"
    pad.write_bytes(
        fv_boek(schema, [{"nr": "1", "naam": "Turnkring"}, {"nr": "2", "naam": "Koor", "migreren": "nee", "reden": "gestopt"}])
    )
    assert kit("exporteer", pad, "--uit", tmp_path / "export").returncode == 0
    ontvang(dossier, lees_inzending(tmp_path / "export"), OVO, "Aarbeek")
    assert [(s.nr, s.naam, s.uitkomst, s.waarom) for s in standen(dossier)][1:] == [("2", "Koor", Uitkomst.WEGGELATEN, "gestopt")]


def test_een_versleutelde_export_gaat_alleen_met_de_juiste_sleutel_open(tmp_path: Path, schema: Schema) -> None:
    pad, sleutel, vreemd = tmp_path / "fv.xlsx", tmp_path / "geheim.txt", tmp_path / "vreemd.txt"
    pad.write_bytes(fv_boek(schema, [{"nr": "1", "naam": "Turnkring"}]))
    eigen = pyrage.x25519.Identity.generate()
    sleutel.write_text(str(eigen))
    vreemd.write_text(str(pyrage.x25519.Identity.generate()))
    (tmp_path / "publiek.txt").write_text(str(eigen.to_public()))
    assert kit("exporteer", pad, "--uit", tmp_path / "e", "--versleutel", "--sleutel", tmp_path / "publiek.txt").returncode == 0
    assert lees_inzending(tmp_path / "e", sleutel).soort == "versleutelde export"
    for nee in (None, vreemd, pad):
        with pytest.raises(KitFout, match=r"sleutel"):
            lees_inzending(tmp_path / "e", nee)


@pytest.mark.parametrize("knoei", ["werkboek", "weg", "manifest", "leeg manifest", "pad", "erbij"])
def test_met_een_export_mag_niet_geknoeid_zijn(tmp_path: Path, schema: Schema, knoei: str) -> None:
    pad, export = tmp_path / "fv.xlsx", tmp_path / "e"
    pad.write_bytes(fv_boek(schema, [{"nr": "1", "naam": "Turnkring"}]))
    assert kit("exporteer", pad, "--uit", export).returncode == 0
    werkboek = export / "feitelijke-verenigingen.xlsx"
    match knoei:
        case "werkboek":
            werkboek.write_bytes(fv_boek(schema, [{"nr": "1", "naam": "Turnkring De Wulp"}]))
        case "weg":
            werkboek.unlink()
        case "manifest":
            (export / "manifest.json").write_text("{kapot")
        case "leeg manifest":
            (export / "manifest.json").write_text('{"bestanden": [], "niet_gemigreerd": ["x"]}')
        case "pad":
            manifest = (export / "manifest.json").read_text("utf-8")
            (export / "manifest.json").write_text(manifest.replace('"feitelijke', '"../feitelijke'), "utf-8")
        case "erbij":
            (export / "nog.xlsx").write_bytes(pad.read_bytes())
    with pytest.raises(KitFout):
        lees_inzending(export)


@pytest.mark.parametrize(
    ("argumenten", "zegt"),
    [
        (("--gi", "OVO12"), "geen OVO-code"),
        (("--gi", "0123456789", "--naam", "X"), "geen OVO-code"),
        (("--gi", "OVO009999"), "nieuw in deze werkmap"),
        ((), "--gi"),
    ],
)
def test_een_verkeerde_ovo_code(argumenten: tuple[str, ...], zegt: str, tmp_path: Path, schema: Schema) -> None:
    pad = tmp_path / "fv.xlsx"
    pad.write_bytes(fv_boek(schema, [{"nr": "1", "naam": "Turnkring"}]))
    uit = kit("dv", "ontvang", pad, *argumenten, "--werkmap", tmp_path / "dv")
    assert uit.returncode == 2
    assert zegt in uit.stderr
    assert "Traceback" not in uit.stderr


def test_twee_tegelijk_op_een_werkmap(tmp_path: Path) -> None:
    with open_dossier(tmp_path / "dv", nieuw=True):
        uit = kit("dv", "rapport", "--werkmap", tmp_path / "dv")
    assert uit.returncode == 2
    assert "al een andere kit dv bezig" in uit.stderr


def test_een_leeg_of_kapot_dossier(tmp_path: Path) -> None:
    uit = kit("dv", "valideer", "--werkmap", tmp_path / "niets")
    assert (uit.returncode, "nog niets ontvangen" in uit.stderr) == (2, True)
    (tmp_path / "dossier.sqlite").write_text("dit is geen databank, " * 100)
    uit = kit("dv", "valideer", "--werkmap", tmp_path)
    assert (uit.returncode, "beschadigd" in uit.stderr, "Traceback" in uit.stderr) == (2, True, False)


def test_een_volle_schijf_houdt_wat_er_al_stond(tmp_path: Path, schema: Schema) -> None:
    """A small disk of its own: the second delivery does not fit, the first stays whole."""
    schijf = tmp_path / "schijf"
    schijf.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", schijf], check=False).returncode:
        pytest.skip("only root can make a small disk")
    try:
        een, twee = tmp_path / "een.xlsx", tmp_path / "twee.xlsx"
        een.write_bytes(fv_boek(schema, [{"nr": "1", "naam": "Turnkring"}]))
        twee.write_bytes(fv_boek(schema, [{"nr": str(n), "naam": f"Koor {n}"} for n in range(3000)]))
        werkmap = ("--werkmap", schijf / "dv")
        eerste = kit("dv", "ontvang", een, "--gi", OVO, "--naam", "Aarbeek", *werkmap)
        assert eerste.returncode == 0, eerste.stderr
        uit = kit("dv", "ontvang", twee, "--gi", OVO, *werkmap)
        assert (uit.returncode, "schijf is vol" in uit.stderr, "Traceback" in uit.stderr) == (2, True, False), uit.stderr
        with open_dossier(schijf / "dv") as d:
            assert [s.naam for s in standen(d)] == ["Turnkring"]
    finally:
        subprocess.run(["umount", schijf], check=True)


def test_een_onbereikbare_databank(tmp_path: Path) -> None:
    url = "postgresql+psycopg://kit:geheim-woord@127.0.0.1:1/x"
    uit = kit("dv", "valideer", "--werkmap", tmp_path, omgeving={VARIABELE: url})
    assert uit.returncode == 2
    assert "bereikbaar" in uit.stderr
    assert "geheim-woord" not in uit.stderr + uit.stdout
    uit = kit("dv", "valideer", "--werkmap", tmp_path, omgeving={VARIABELE: "zomaar iets"})
    assert (uit.returncode, VARIABELE in uit.stderr) == (2, True)
