"""The dossier of a workspace: a database with migrations, and a lock so that only one `kit dv` works on it.

SQLite in the workspace by default; `KIT_DV_DATABANK` may name a PostgreSQL database. Everything of one step is written in
one transaction: after a crash the step happened, or it did not.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from filelock import FileLock, Timeout

from kit.dv import tabellen as t
from kit.fouten import KitFout

BESTAND = "dossier.sqlite"
VARIABELE = "KIT_DV_DATABANK"


class Dossier:
    """An open workspace. `rijen` reads, `in_een_keer` writes; other modules bring the statements."""

    def __init__(self, werkmap: Path, motor: sa.Engine) -> None:
        self.werkmap, self.motor = werkmap, motor
        with motor.begin() as c:
            rij = c.execute(sa.select(t.werkmap)).one_or_none()
            if rij is None:
                c.execute(t.werkmap.insert().values(kenmerk=str(uuid.uuid4()), ronde=0))
                rij = c.execute(sa.select(t.werkmap)).one()
        self.kenmerk: str = rij.kenmerk

    @contextmanager
    def in_een_keer(self) -> Iterator[sa.Connection]:
        """All or nothing. Raises KitFout when the disk is full or the database refuses."""
        with _in_woorden(), self.motor.begin() as c:
            yield c

    def rijen(self, vraag: sa.Select[Any]) -> list[sa.Row[Any]]:
        with _in_woorden(), self.motor.connect() as c:
            return list(c.execute(vraag))

    @property
    def ronde(self) -> int:
        """The last round that was begun; 0 before the first."""
        return int(self.rijen(sa.select(t.werkmap.c.ronde))[0].ronde)

    def gi_naam(self, ovo: str) -> str | None:
        gevonden = self.rijen(sa.select(t.gi.c.naam).where(t.gi.c.ovo == ovo))
        return str(gevonden[0].naam) if gevonden else None

    def map_van(self, ovo: str, stap: str) -> Path:
        """Where files for a GI go: one folder for each step of the process."""
        return self.werkmap / "uit" / ovo / stap


def nu() -> dt.datetime:
    return dt.datetime.now().replace(microsecond=0)


@contextmanager
def open_dossier(werkmap: Path, *, nieuw: bool = False, omgeving: Mapping[str, str] = os.environ) -> Iterator[Dossier]:
    """Open (or with `nieuw` make) the workspace. Raises KitFout when it is in use, absent, unreadable or of a newer kit."""
    url = omgeving.get(VARIABELE, "")
    if not nieuw and not url and not (werkmap / BESTAND).exists():
        raise KitFout(
            f"In {werkmap} is nog niets ontvangen. Begin met:  kit dv ontvang MAP --gi OVO-code --naam NAAM, "
            "of wijs met --werkmap de juiste map aan."
        )
    try:
        werkmap.mkdir(parents=True, exist_ok=True)
        slot = FileLock(werkmap / ".kit-bezig", timeout=0)
        slot.acquire()
    except Timeout:
        raise KitFout(
            "Er is al een andere kit dv bezig in deze werkmap. Wacht tot die klaar is; er is niets veranderd."
        ) from None
    except OSError as fout:
        raise KitFout(f"In {werkmap} kan niet geschreven worden ({fout.strerror}).") from None
    try:
        motor = _motor(url or f"sqlite:///{werkmap / BESTAND}")
        try:
            _breng_bij(motor)
            yield Dossier(werkmap, motor)
        finally:
            motor.dispose()
    finally:
        slot.release()


def _motor(url: str) -> sa.Engine:
    try:
        motor = sa.create_engine(url)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError):
        raise KitFout(f"{VARIABELE} is geen adres van een databank die de kit kent (sqlite of postgresql+psycopg).") from None
    if motor.dialect.name == "sqlite":

        @sa.event.listens_for(motor, "connect")
        def _veilig(verbinding: Any, _record: object) -> None:
            # A call that is written down stays written down, also when the power goes.
            for zin in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
                verbinding.execute(f"PRAGMA {zin}")

    return motor


def _breng_bij(motor: sa.Engine) -> None:
    """Bring the database to the newest form, and keep a second workspace off the same PostgreSQL database."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migraties"))
    try:
        with motor.begin() as c:
            config.attributes["connection"] = c
            command.upgrade(config, "head")
    except CommandError:
        raise KitFout("Dit dossier is gemaakt met een nieuwere kit. Werk eerst de kit bij.") from None
    except sa.exc.DatabaseError as fout:
        raise KitFout(_waarom(fout)) from None


@contextmanager
def _in_woorden() -> Iterator[None]:
    """What the database cannot do, as KitFout; what we asked wrongly stays as it is."""
    try:
        yield
    except (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError):
        raise
    except sa.exc.DBAPIError as fout:
        raise KitFout(_waarom(fout)) from None


def _waarom(fout: sa.exc.DBAPIError) -> str:
    """Why, without the statement and its values: those are personal data."""
    tekst = str(fout.orig).lower()
    if "full" in tekst or "disk" in tekst or "no space" in tekst:
        return "De schijf is vol: het dossier kon niet bijgewerkt worden. Wat al bewaard was, staat er nog. Maak plaats vrij."
    if "locked" in tekst:
        return "Een ander programma houdt het dossier bezet. Sluit het en probeer opnieuw."
    if "readonly" in tekst or "unable to open" in tekst:
        return "Het dossier kan niet geopend worden om te schrijven. Mag u in deze map schrijven?"
    if "not a database" in tekst or "malformed" in tekst:
        return "Het dossier is beschadigd. Zet een reservekopie van de werkmap terug."
    return "De databank van het dossier antwoordt niet zoals verwacht. Is ze bereikbaar, en klopt het adres?"
