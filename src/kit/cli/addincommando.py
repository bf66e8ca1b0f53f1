"""`kit addin`: build the classic add-in, and put it in place for this user."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kit.bestanden import schrijf_alle
from kit.cli.hulp import uit

addin_app = typer.Typer(help="De knoppen in Excel: bouwen, plaatsen en weghalen.", no_args_is_help=True)


@addin_app.command(epilog="Voorbeeld: kit addin bouw --uit addin/klassiek")
def bouw(uit_map: Annotated[Path, typer.Option("--uit", help="Map voor de invoegtoepassing.")] = Path("addin/klassiek")) -> None:
    """Bouw voorbereidingskit.xlam, met de tekst van haar knoppen en macro's ernaast."""
    from kit.addin import xlam

    inhoud = {
        xlam.BESTAND: xlam.bouw(),
        f"{xlam.KNOPPENMODULE}.bas": xlam.modules()[xlam.KNOPPENMODULE].encode("cp1252"),
        "lint.xml": xlam.lint().encode(),
    }
    schrijf_alle(uit_map, inhoud)
    for naam in inhoud:
        uit.print(f"Gemaakt: {uit_map / naam}", markup=False)


@addin_app.command()
def installeer() -> None:
    """Plaats de invoegtoepassing voor de huidige gebruiker; ze verschijnt als Excel opnieuw start."""
    from kit.addin import installeren

    for pad in installeren.installeer(installeren.hier()):
        uit.print(f"Geplaatst: {pad}", markup=False)
    uit.print("Sluit Excel en open het opnieuw: bovenaan staat het tabblad Voorbereidingskit.")


@addin_app.command()
def verwijder() -> None:
    """Haal de invoegtoepassing en haar instellingen weg."""
    from kit.addin import installeren

    weg = installeren.verwijder(installeren.hier())
    for pad in weg:
        uit.print(f"Weggehaald: {pad}", markup=False)
    if not weg:
        uit.print("Er stond niets van de kit.")


@addin_app.command()
def status() -> None:
    """Zeg wat er geplaatst is, en of dat klopt met deze versie."""
    from kit.addin import installeren

    regels = installeren.status(installeren.hier())
    for zin, goed in regels:
        uit.print(zin, markup=False, style="green" if goed else "red")
    raise typer.Exit(int(not all(goed for _, goed in regels)))
