"""Is this file safe and able to be read? Every refusal is a KitFout in Dutch; nothing is unpacked before it is weighed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from kit.bestanden import Bron
from kit.fouten import KitFout

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
MAX_UITGEPAKT = 3 * 1024**3
MAX_DEEL = 1024**3
_VERDACHT_VANAF = 20 * 1024**2
_MAX_VERHOUDING = 200
MAX_CELLEN = 60_000_000


@contextmanager
def leesbaar(pad: Bron) -> Iterator[zipfile.ZipFile]:
    """Open a workbook's package after weighing it.

    Raises KitFout for what is no .xlsx or .xlsm: another format, an encrypted file, a damaged or a hostile one.
    """
    naam = pad.name
    try:
        with pad.open("rb") as f:
            begin = f.read(4096)
            if begin[:8] == _OLE:
                inhoud = begin + f.read(1024**2)
    except FileNotFoundError:
        raise KitFout(f"Het bestand {naam} bestaat niet. Kijk de naam en de map na.") from None
    except IsADirectoryError:
        raise KitFout(f"{naam} is een map, geen bestand.") from None
    except PermissionError:
        raise KitFout(
            f"Het bestand {naam} kan niet gelezen worden. Staat het nog open in Excel? Sluit het en probeer opnieuw."
        ) from None
    if begin[:8] == _OLE:
        if "EncryptedPackage".encode("utf-16-le") in inhoud:
            raise KitFout(
                f"{naam} is beveiligd met een wachtwoord. Open het in Excel, haal het wachtwoord weg "
                "(Bestand > Info > Werkmap beveiligen) en bewaar het opnieuw."
            )
        raise KitFout(
            f"{naam} is een werkmap van een oude Excel (.xls). Open ze in Excel en bewaar ze als Excel-werkmap (.xlsx)."
        )
    if not begin.startswith(b"PK"):
        if begin and re.fullmatch(rb"[^\x00]*", begin) and re.search(rb"[,;\t]", begin):
            raise KitFout(
                f"{naam} is een tekstbestand (zoals CSV), ook al eindigt de naam op {pad.suffix or 'iets anders'}. "
                "Open het in Excel en bewaar het als Excel-werkmap (.xlsx)."
            )
        raise KitFout(f"{naam} is geen Excel-werkmap. De kit leest .xlsx en .xlsm.")
    try:
        with pad.open("rb") as f, zipfile.ZipFile(f) as z:
            _weeg(z, naam)
            yield z
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as fout:
        raise KitFout(
            f"{naam} is beschadigd en kan niet geopend worden. Vraag het bestand opnieuw, of open en herstel het in Excel."
        ) from fout


def _weeg(z: zipfile.ZipFile, naam: str) -> None:
    delen = z.infolist()
    if any(d.flag_bits & 1 for d in delen):
        raise KitFout(f"{naam} is beveiligd met een wachtwoord. Haal het wachtwoord weg en bewaar het opnieuw.")
    te_groot = sum(d.file_size for d in delen) > MAX_UITGEPAKT or any(
        d.file_size > MAX_DEEL or (d.file_size > _VERDACHT_VANAF and d.file_size > _MAX_VERHOUDING * d.compress_size)
        for d in delen
    )
    if te_groot:
        raise KitFout(f"{naam} is uitgepakt verdacht groot en wordt daarom niet geopend. Vraag het bestand opnieuw.")
    if "xl/workbook.xml" not in z.namelist() and not any(n.endswith("workbook.xml") for n in z.namelist()):
        raise KitFout(f"{naam} is geen Excel-werkmap: er zit geen werkmap in. De kit leest .xlsx en .xlsm.")


def lees_deel(z: zipfile.ZipFile, deel: str, naam: str) -> bytes:
    """One XML part of a weighed package. Raises KitFout when it declares entities (they could read other files)."""
    inhoud = z.read(deel)
    if b"<!DOCTYPE" in inhoud or b"<!ENTITY" in inhoud:
        raise KitFout(
            f"{naam} bevat verwijzingen naar buiten het bestand (XML-entiteiten) en wordt daarom niet geopend. "
            "Een gewone werkmap uit Excel heeft dat nooit."
        )
    return inhoud
