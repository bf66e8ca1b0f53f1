"""Where the work is done: in this process, in more processes of this machine, or on a cluster that exists already."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from kit.fouten import KitFout


class Motor(Protocol):
    """Applies one function to many parts; the order of the answers does not matter."""

    def reken(self, functie: Callable[[Any], Any], delen: Iterable[Any]) -> Iterator[Any]: ...


class Lokaal:
    """On this machine, with this many processes (0 = one per core)."""

    def __init__(self, processen: int = 0) -> None:
        self.processen = processen or os.cpu_count() or 1

    def reken(self, functie: Callable[[Any], Any], delen: Iterable[Any]) -> Iterator[Any]:
        if self.processen == 1:
            yield from map(functie, delen)
            return
        # Fresh processes: a fork would copy the threads of polars half.
        with multiprocessing.get_context("spawn").Pool(self.processen) as groep:
            yield from groep.imap_unordered(functie, delen)


class Dask:
    """On a Dask cluster: the address of its scheduler, or "" for a small one on this machine."""

    def __init__(self, adres: str = "") -> None:
        self.adres = adres

    def reken(self, functie: Callable[[Any], Any], delen: Iterable[Any]) -> Iterator[Any]:
        try:
            from distributed import Client, as_completed
        except ImportError:
            raise KitFout("Voor --motor dask ontbreekt Dask. Installeer de kit opnieuw, met [dask] achter zijn naam.") from None
        try:
            klant = (
                Client(self.adres, timeout=10)
                if self.adres
                else Client(n_workers=os.cpu_count(), threads_per_worker=1, dashboard_address=None)
            )
        except OSError as fout:
            raise KitFout(f"Het cluster op {self.adres} antwoordt niet. Klopt het adres, en draait de scheduler?") from fout
        with klant:
            taken = as_completed(with_results=True)
            open_ = 0
            for deel in delen:
                # A few parts ahead of the workers: the whole input never stands in the scheduler at once.
                taken.add(klant.submit(functie, deel, pure=False))
                open_ += 1
                if open_ >= 4 * max(1, len(klant.scheduler_info()["workers"])):
                    yield next(taken)[1]
                    open_ -= 1
            for _ in range(open_):
                yield next(taken)[1]


def kies(naam: str, adres: str = "") -> Motor:
    """A motor by its name on the command line. Raises KitFout for an unknown one."""
    if naam == "lokaal":
        return Lokaal()
    if naam == "dask":
        return Dask(adres)
    raise KitFout(f"De motor {naam} bestaat niet. Kies lokaal of dask.")
