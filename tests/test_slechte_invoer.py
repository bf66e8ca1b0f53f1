"""Bad input: a clear Dutch message, exit code 2, and no output file."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from hulp import lo

KIT = Path(sys.executable).with_name("kit")


def kit(*argumenten: str | Path, **omgeving: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([KIT, *map(str, argumenten)], capture_output=True, text=True, env=os.environ | omgeving, check=False)


def zip_met(bron: Path, doel: Path, **anders: bytes) -> Path:
    """A copy of a package with other contents for some parts (`/` written as `__`, `.` as `_dot_`)."""
    nieuw = {k.replace("__", "/").replace("_dot_", "."): v for k, v in anders.items()}
    with zipfile.ZipFile(bron) as z, zipfile.ZipFile(doel, "w", zipfile.ZIP_DEFLATED) as w:
        for naam in z.namelist():
            w.writestr(naam, nieuw.pop(naam, None) or z.read(naam))
        for naam, inhoud in nieuw.items():
            w.writestr(naam, inhoud)
    return doel


@pytest.fixture(scope="module")
def goed(kitmap) -> Path:
    return kitmap / "feitelijke-verenigingen.xlsx"


def _geen_zip(_goed: Path, pad: Path) -> Path:
    pad.write_bytes(b"\x00\x01\x02 dit is niets")
    return pad


def _csv(_goed: Path, pad: Path) -> Path:
    pad.write_text("Nr;Naam\n1;De Zwaluw\n")
    return pad


def _afgekapt(goed: Path, pad: Path) -> Path:
    pad.write_bytes(goed.read_bytes()[:40_000])
    return pad


def _oude_xls(goed: Path, pad: Path) -> Path:
    lo.zet_om(goed, "xls", pad.parent).rename(pad)
    return pad


def _versleuteld(goed: Path, pad: Path) -> Path:
    lo.brug("versleutel", goed, pad)
    return pad


def _wachtwoord_in_zip(goed: Path, pad: Path) -> Path:
    ruw = bytearray(goed.read_bytes())
    for teken, plek in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        i = ruw.find(teken)
        while i >= 0:
            ruw[i + plek] |= 1
            i = ruw.find(teken, i + 4)
    pad.write_bytes(ruw)
    return pad


def _bom(goed: Path, pad: Path) -> Path:
    return zip_met(goed, pad, xl__media__nul_dot_bin=bytes(200 * 1024**2))


def _entiteiten(goed: Path, pad: Path) -> Path:
    with zipfile.ZipFile(goed) as z:
        blad = z.read("xl/worksheets/sheet3.xml")
    kwaad = blad.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet', 1)
    return zip_met(goed, pad, **{"xl__worksheets__sheet3_dot_xml": kwaad})


def _blad_weg(goed: Path, pad: Path) -> Path:
    werkmap = openpyxl.load_workbook(goed)
    del werkmap["Locaties"]
    werkmap.save(pad)
    return pad


def _koppen_weg(goed: Path, pad: Path) -> Path:
    werkmap = openpyxl.load_workbook(goed)
    werkmap["Verenigingen"].tables.clear()
    werkmap["Verenigingen"].delete_rows(1, 2)
    werkmap.save(pad)
    return pad


def _geen_kit(_goed: Path, pad: Path) -> Path:
    werkmap = openpyxl.Workbook()
    werkmap.active["A1"] = "boodschappen"
    werkmap.save(pad)
    return pad


def _geen_werkmap(_goed: Path, pad: Path) -> Path:
    with zipfile.ZipFile(pad, "w") as z:
        z.writestr("leesmij.txt", "hallo")
    return pad


GEVALLEN = {
    "geen zip": (_geen_zip, "geen Excel-werkmap"),
    "csv met naam .xlsx": (_csv, "tekstbestand"),
    "afgekapte zip": (_afgekapt, "beschadigd"),
    "oude .xls": (_oude_xls, "oude Excel"),
    "versleutelde werkmap": (_versleuteld, "wachtwoord"),
    "zip met wachtwoord": (_wachtwoord_in_zip, "wachtwoord"),
    "zipbom": (_bom, "verdacht groot"),
    "externe entiteiten": (_entiteiten, "XML-entiteiten"),
    "blad weg": (_blad_weg, "ontbreekt het blad Locaties"),
    "koppen weg": (_koppen_weg, "geen kolomkoppen"),
    "ander werkboek": (_geen_kit, "geen werkboek van de voorbereidingskit"),
    "zip zonder werkmap": (_geen_werkmap, "geen Excel-werkmap"),
}


@pytest.mark.parametrize("geval", GEVALLEN)
@pytest.mark.parametrize("commando", ["valideer", "herstel", "exporteer", "actualiseer"])
def test_slecht_bestand(geval: str, commando: str, goed: Path, tmp_path: Path) -> None:
    maak, verwacht = GEVALLEN[geval]
    pad = maak(goed, tmp_path / "in.xlsx")
    for rest in tmp_path.iterdir():
        if rest != pad:
            rest.unlink()
    uit = tmp_path / "uit.xlsx"
    opties = ["--gemarkeerd", uit, "--rapport", tmp_path / "r.html"] if commando == "valideer" else ["--uit", uit]
    klaar = kit(commando, pad, *opties)
    if geval == "blad weg" and commando == "actualiseer":
        assert klaar.returncode == 0  # a sheet that is new in this version is simply made
        return
    assert klaar.returncode == 2, klaar.stdout + klaar.stderr
    assert verwacht in klaar.stderr
    assert "Traceback" not in klaar.stderr
    assert list(tmp_path.iterdir()) == [pad]


def test_zipbom_wordt_geweigerd_voor_ze_uitgepakt_is(goed: Path, tmp_path: Path) -> None:
    import resource

    from kit.fouten import KitFout
    from kit.werkboek.lezen import lees

    pad = _bom(goed, tmp_path / "bom.xlsx")
    voor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(KitFout):
        lees(pad)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - voor < 50 * 1024  # far below 200 MB


def test_bestand_bestaat_niet(tmp_path: Path) -> None:
    klaar = kit("valideer", tmp_path / "weg.xlsx")
    assert (klaar.returncode, "bestaat niet" in klaar.stderr) == (2, True)


def test_uitvoer_over_het_eigen_bestand_wordt_geweigerd(boek) -> None:
    pad = boek(verenigingen=[{"nr": "1", "naam": "x"}])
    voor = pad.read_bytes()
    for commando in (["valideer", pad, "--gemarkeerd", pad], ["herstel", pad, "--uit", pad], ["actualiseer", pad, "--uit", pad]):
        klaar = kit(*commando)
        assert (klaar.returncode, "uw eigen bestand" in klaar.stderr) == (2, True)
    assert pad.read_bytes() == voor


@pytest.mark.parametrize(
    ("code", "verwacht"),
    [(errno.ENOSPC, "schijf is vol"), (errno.EACCES, "kan niet geschreven worden"), (errno.EROFS, "kan niet geschreven worden")],
)
def test_schijf_vol_of_niet_schrijfbaar_laat_niets_achter(code: int, verwacht: str, tmp_path: Path, monkeypatch) -> None:
    from kit import bestanden
    from kit.fouten import KitFout

    def stuk(_fd: int) -> None:
        raise OSError(code, os.strerror(code))

    doel = tmp_path / "uit.xlsx"
    doel.write_text("oud")
    monkeypatch.setattr(bestanden.os, "fsync", stuk)
    with pytest.raises(KitFout, match=verwacht):
        bestanden.schrijf(doel, b"nieuw")
    assert [p.name for p in tmp_path.iterdir()] == ["uit.xlsx"]
    assert doel.read_text() == "oud"


def test_schijf_echt_vol(boek, tmp_path: Path) -> None:
    """A real full disk: files may grow to 8 kB only."""
    import resource

    pad = boek(verenigingen=[{"nr": "1", "naam": "x"}])
    uit = tmp_path / "map" / "m.xlsx"
    klaar = subprocess.run(
        [KIT, "valideer", pad, "--gemarkeerd", uit],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: (__import__("signal").signal(__import__("signal").SIGXFSZ, __import__("signal").SIG_IGN),
                            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))),
    )  # fmt: skip
    assert (klaar.returncode, "schijf is vol" in klaar.stderr) == (2, True), klaar.stderr
    assert list(uit.parent.iterdir()) == []


def test_export_is_alles_of_niets(foutloos, tmp_path: Path) -> None:
    """When one of the files cannot be put in place, none is."""
    (tmp_path / "manifest.json").mkdir()
    klaar = kit("exporteer", *foutloos, "--uit", tmp_path)
    assert klaar.returncode == 2
    assert [p.name for p in tmp_path.iterdir()] == ["manifest.json"]


def test_cel_ver_weg_legt_het_geheugen_niet_plat(goed: Path, tmp_path: Path) -> None:
    werkmap = openpyxl.load_workbook(goed)
    werkmap["Verenigingen"]["XFD1048576"] = "oeps"
    pad = tmp_path / "ver.xlsx"
    werkmap.save(pad)
    klaar = kit("valideer", pad)
    assert (klaar.returncode, "ver buiten de gegevens" in klaar.stderr) == (2, True)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@"])
def test_cel_die_op_een_formule_lijkt_blijft_overal_tekst(begin: str, boek, tmp_path: Path, schema) -> None:
    waarde = f"{begin}HYPERLINK(1+1)"
    pad = boek(verenigingen=[{"nr": "1", "naam": waarde, "korte_naam": f"{waarde}  x", "minimumleeftijd": waarde}])
    klaar = kit("valideer", pad, "--gemarkeerd", tmp_path / "m.xlsx", "--rapport", tmp_path / "r.html")
    assert klaar.returncode == 1
    kit("herstel", pad, "--uit", tmp_path / "h.xlsx")
    goed_pad = boek(verenigingen=[{"nr": "1", "naam": waarde}])
    assert kit("exporteer", goed_pad, "--uit", tmp_path / "e").returncode == 0
    assert kit("actualiseer", goed_pad, "--uit", tmp_path / "a.xlsx").returncode == 0
    for uit in (tmp_path / "m.xlsx", tmp_path / "h.xlsx", tmp_path / "e" / goed_pad.name, tmp_path / "a.xlsx"):
        cellen = [c for blad in openpyxl.load_workbook(io.BytesIO(uit.read_bytes())) for rij in blad.iter_rows() for c in rij]
        met = [c for c in cellen if isinstance(c.value, str) and c.value.startswith(waarde)]
        assert met and all(c.data_type in ("s", "inlineStr") for c in met), uit.name
        assert not any(c.data_type == "f" and waarde in str(c.value) for c in cellen)
