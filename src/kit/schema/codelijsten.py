"""Replace a code list without a release: a copy of the schema folder with the new list in it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
from pathlib import Path

from kit.bestanden import schrijf
from kit.fouten import KitFout
from kit.schema.laden import STANDAARDVERSIE, VERSIES, laad_schema


def vernieuw(schema: str | None, naam: str, bron: Path, uit: Path, versie: str = "") -> int:
    """Write a schema folder to `uit` in which list `naam` comes from `bron`; returns the number of values.

    `bron` is a CSV with the list's own columns, or the register's JSON (`{"werkingsgebieden": [{"code", "naam"}]}`).
    Raises KitFout for an unknown list, an unreadable source, or a folder that already holds something.
    """
    oud = laad_schema(schema)
    if naam not in oud.codelijsten:
        raise KitFout(f"Er is geen codelijst {naam}. Bekend zijn: {', '.join(oud.codelijsten)}.")
    if uit.exists() and any(uit.iterdir()):
        raise KitFout(f"De map {uit} is niet leeg. Kies een nieuwe map voor het vernieuwde schema.")
    map_ = VERSIES / (schema or STANDAARDVERSIE)
    map_ = map_ if map_.is_dir() else Path(schema or "")
    tekst = (map_ / "schema.yaml").read_text("utf-8")
    blok = re.search(rf"^  {naam}:\n((?:    .*\n)+)", tekst, re.MULTILINE)
    bestand = re.search(r"bestand: (\S+)", blok[1]) if blok else None
    if blok is None or bestand is None:
        raise KitFout(f"In {map_ / 'schema.yaml'} staat de codelijst {naam} niet op haar gewone plaats.")
    inhoud = _als_csv(bron)
    shutil.copytree(map_, uit, dirs_exist_ok=True)
    schrijf(uit / bestand[1], inhoud.encode())
    nieuw_blok = re.sub(r"datum: .*", f"datum: {dt.date.today().isoformat()}", blok[0])
    tekst = tekst.replace(blok[0], nieuw_blok)
    jaar, nummer = oud.versie.split(".")
    versie = versie or f"{jaar}.{int(nummer) + 1}"
    tekst = re.sub(r"^versie: .*$", f'versie: "{versie}"', tekst, count=1, flags=re.MULTILINE)
    schrijf(uit / "schema.yaml", tekst.encode())
    return len(laad_schema(uit).codelijsten[naam].keuzes)


def _als_csv(bron: Path) -> str:
    try:
        tekst = bron.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise KitFout(f"{bron} kan niet gelezen worden als tekst.") from None
    if not tekst.lstrip().startswith(("{", "[")):
        return tekst
    try:
        data = json.loads(tekst)
        rijen = next(iter(data.values())) if isinstance(data, dict) else data
        buffer = io.StringIO()
        schrijver = csv.writer(buffer, lineterminator="\n")
        schrijver.writerow(["code", "naam"])
        schrijver.writerows((r["code"], r["naam"]) for r in rijen)
    except (ValueError, KeyError, TypeError, StopIteration):
        raise KitFout(f"{bron} is geen lijst met code en naam.") from None
    return buffer.getvalue()
