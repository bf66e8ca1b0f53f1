"""The command `kit`. A KitFout becomes a Dutch message and exit code 2; a traceback never reaches a clerk."""

from __future__ import annotations

import os
import sys


def main(argumenten: list[str] | None = None) -> None:
    """Entry point. Exit code 0 = fine, 1 = findings of severity fout, 2 = cannot do it."""
    from kit.cli.hulp import uitvoeren

    # A pipe that closes early (`kit … | head`) is no error.
    try:
        code = uitvoeren(argumenten)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)
