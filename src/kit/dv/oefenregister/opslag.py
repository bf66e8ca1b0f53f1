"""What the rehearsal register remembers, in SQLite, so that a restart changes nothing; every write is one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.dubbels.registernet import Registernet

EERSTE = 1001
Detail = dict[str, Any]


class Opslag:
    """Associations by vCode, people that the KSZ refuses, KBO-numbers that are known, and a net over the names."""

    def __init__(self, bestand: Path | None) -> None:
        self.db = sqlite3.connect(bestand or ":memory:", isolation_level=None)
        self.db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE IF NOT EXISTS vereniging(vcode TEXT PRIMARY KEY, kbo TEXT UNIQUE, versie INTEGER, detail TEXT);"
            "CREATE TABLE IF NOT EXISTS ksz(insz TEXT PRIMARY KEY, waarom TEXT);"
            "CREATE TABLE IF NOT EXISTS kbo(nummer TEXT PRIMARY KEY, gegevens TEXT);"
        )
        self.net = Registernet()
        for vcode, detail in self.alle():
            self._in_net(vcode, detail)

    def alle(self) -> Iterator[tuple[str, Detail]]:
        for vcode, detail in self.db.execute("SELECT vcode, detail FROM vereniging ORDER BY vcode"):
            yield vcode, json.loads(detail)

    def haal(self, vcode: str) -> tuple[int, Detail] | None:
        rij = self.db.execute("SELECT versie, detail FROM vereniging WHERE vcode=?", (vcode.upper(),)).fetchone()
        return (rij[0], json.loads(rij[1])) if rij else None

    def vcode_van_kbo(self, nummer: str) -> str | None:
        rij = self.db.execute("SELECT vcode FROM vereniging WHERE kbo=?", (nummer,)).fetchone()
        return str(rij[0]) if rij else None

    def voeg_toe(self, detail: Detail, kbo: str | None = None) -> str:
        """A new association; returns its vCode."""
        (hoogste,) = self.db.execute("SELECT max(vcode) FROM vereniging").fetchone()
        vcode = f"V{int(hoogste[1:]) + 1 if hoogste else EERSTE:07d}"
        detail = {"vCode": vcode, **detail}
        self.db.execute("INSERT INTO vereniging VALUES (?,?,1,?)", (vcode, kbo, json.dumps(detail, ensure_ascii=False)))
        self._in_net(vcode, detail)
        return vcode

    def bewaar(self, vcode: str, versie: int, detail: Detail) -> None:
        self.db.execute(
            "UPDATE vereniging SET versie=?, detail=? WHERE vcode=?", (versie, json.dumps(detail, ensure_ascii=False), vcode)
        )

    def _in_net(self, vcode: str, detail: Detail) -> None:
        self.net.voeg_toe(vcode, detail["naam"], *waar(detail.get("locaties") or []))

    def ksz_weigert(self, insz: str) -> str | None:
        rij = self.db.execute("SELECT waarom FROM ksz WHERE insz=?", (insz,)).fetchone()
        return str(rij[0]) if rij else None

    def kbo(self, nummer: str) -> Detail | None:
        rij = self.db.execute("SELECT gegevens FROM kbo WHERE nummer=?", (nummer,)).fetchone()
        return json.loads(rij[0]) if rij else None

    def zaai(self, ksz: dict[str, str], kbo: dict[str, Detail], verenigingen: list[Detail]) -> list[str]:
        """What is there before the rehearsal begins; returns the vCodes."""
        self.db.execute("BEGIN")
        self.db.executemany("INSERT OR REPLACE INTO ksz VALUES (?,?)", ksz.items())
        self.db.executemany("INSERT OR REPLACE INTO kbo VALUES (?,?)", [(n, json.dumps(g)) for n, g in kbo.items()])
        vcodes = [self.voeg_toe(v, v.get("kboNummer")) for v in verenigingen]
        self.db.execute("COMMIT")
        return vcodes


def waar(locaties: list[Detail]) -> tuple[list[str], list[str]]:
    """Postcodes and municipalities of locations, as typed."""
    adressen = [loc.get("adres") or {} for loc in locaties]
    return [a["postcode"] for a in adressen if a.get("postcode")], [a["gemeente"] for a in adressen if a.get("gemeente")]
