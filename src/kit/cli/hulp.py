"""What all commands share: running, errors in Dutch, progress, printing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from typer.exceptions import TyperException

from kit.fouten import KitFout

uit = Console(soft_wrap=True, highlight=False)
fout = Console(stderr=True, soft_wrap=True, highlight=False)


def uitvoeren(argumenten: list[str] | None) -> int:
    """Run a command line and return its exit code."""
    try:
        from kit.cli.app import app

        code = app(argumenten, prog_name="kit", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except KitFout as e:
        zeg_fout(str(e))
        return 2
    except TyperException as e:
        zeg_fout(_gebruik(e))
        return 2
    except typer.Exit as e:
        return e.exit_code
    except (typer.Abort, KeyboardInterrupt):
        zeg_fout("Afgebroken. Er is niets gewijzigd.")
        return 2
    except MemoryError:
        zeg_fout("Het bestand is te groot voor het geheugen van deze computer.")
        return 2


def zeg_fout(tekst: str) -> None:
    fout.print(tekst, style="bold red", markup=False)


def _gebruik(e: TyperException) -> str:
    """Typer speaks English; a clerk reads Dutch. Its exceptions are private, so they are told by name."""
    parameter = getattr(e, "param", None)
    naam = parameter.opts[0] if parameter is not None else ""
    if type(e).__name__ == "NoSuchOption":
        wat = f"De optie {getattr(e, 'option_name', '')} bestaat niet."
    elif type(e).__name__ == "MissingParameter":
        wat = f"Er ontbreekt iets: {naam}."
    elif type(e).__name__ == "BadParameter":
        wat = f"De waarde van {naam} klopt niet."
    else:
        wat = "Dit commando ken ik niet." if "No such command" in e.message else "Dit commando klopt niet."
    ctx = getattr(e, "ctx", None)
    return f"{wat} Kijk met: {ctx.command_path if ctx else 'kit'} --help"


@contextmanager
def bezig(wat: str) -> Iterator[Callable[[str], None]]:
    """Show progress on a terminal; say nothing in a file or a pipe. Yields a function that tells the current step."""
    if not sys.stderr.isatty():
        yield lambda _tekst: None
        return
    kolommen: list[Any] = [SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()]
    with Progress(*kolommen, console=fout, transient=True) as balk:
        taak = balk.add_task(wat, total=None)
        yield lambda tekst: balk.update(taak, description=f"{wat}: {tekst}")
