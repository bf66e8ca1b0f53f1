"""Where bytes come from (a file, or memory), and writing a file whole or not at all, never over the user's own."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Protocol

from kit.fouten import KitFout


class Bron(Protocol):
    """A workbook to read: a `Path`, or `InGeheugen` for what must not touch the disk."""

    @property
    def name(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    def open(self, mode: Literal["rb"], /) -> IO[bytes]: ...

    def read_bytes(self) -> bytes: ...


@dataclass(frozen=True)
class InGeheugen:
    """A workbook that exists only in memory, with the name it came under."""

    name: str
    inhoud: bytes

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix

    def open(self, _mode: Literal["rb"], /) -> IO[bytes]:
        return io.BytesIO(self.inhoud)

    def read_bytes(self) -> bytes:
        return self.inhoud


def schrijf(pad: Path, inhoud: bytes) -> None:
    """Write to a temporary file beside the target, then rename.

    Raises KitFout when the folder is missing, the place is not writable, open elsewhere, or the disk is full; then
    nothing is left behind.
    """
    tijdelijk: str | None = None
    try:
        pad.parent.mkdir(parents=True, exist_ok=True)
        greep, tijdelijk = tempfile.mkstemp(prefix=".kit-", dir=pad.parent)
        with os.fdopen(greep, "wb") as f:
            f.write(inhoud)
            f.flush()
            os.fsync(f.fileno())
        # mkstemp makes files that only the owner reads; a written file follows the user's own habit.
        masker = os.umask(0)
        os.umask(masker)
        Path(tijdelijk).chmod(0o666 & ~masker)
        Path(tijdelijk).replace(pad)
    except OSError as fout:
        if tijdelijk is not None:
            Path(tijdelijk).unlink(missing_ok=True)
        raise KitFout(_waarom(pad, fout)) from fout


def _waarom(pad: Path, fout: OSError) -> str:
    if fout.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"De schijf is vol: {pad.name} kon niet bewaard worden. Maak plaats vrij en probeer opnieuw."
    if isinstance(fout, PermissionError | IsADirectoryError) or fout.errno in (errno.EROFS, errno.EBUSY, errno.ETXTBSY):
        return (
            f"{pad} kan niet geschreven worden. Staat het nog open in Excel, of mag u in deze map niet schrijven? "
            "Sluit het of kies een andere plaats."
        )
    return f"{pad} kon niet bewaard worden ({fout.strerror or type(fout).__name__})."


def niet_over_zichzelf(bron: Path, uit: Path) -> None:
    """Raises KitFout when the output would overwrite the user's own file."""
    if uit.exists() and bron.resolve() == uit.resolve():
        raise KitFout(
            f"{uit.name} is uw eigen bestand. Kies met --uit of --gemarkeerd een andere naam: de kit overschrijft het niet."
        )


def schrijf_alle(map_: Path, inhoud: dict[str, bytes]) -> None:
    """Write several files to a folder, all or none. Raises KitFout as `schrijf` does."""
    tijdelijk = {naam: map_ / f".kit-{naam}.deel" for naam in inhoud}
    try:
        for naam, bytes_ in inhoud.items():
            if (map_ / naam).is_dir():
                raise KitFout(_waarom(map_ / naam, IsADirectoryError()))
            schrijf(tijdelijk[naam], bytes_)
        for naam, pad in tijdelijk.items():
            pad.replace(map_ / naam)
    except OSError as fout:
        raise KitFout(_waarom(map_, fout)) from fout
    finally:
        for pad in tijdelijk.values():
            with contextlib.suppress(OSError):
                pad.unlink(missing_ok=True)
