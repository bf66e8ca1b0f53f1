"""`kit dv oefenregister` and `kit dv oefening`: rehearse without the real register."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from kit.cli.hulp import uit
from kit.fouten import KitFout


def oefenregister(
    poort: Annotated[int, typer.Option(min=1, max=65535, help="Poort.")] = 8600,
    opslag: Annotated[
        Path | None, typer.Option(help="Bestand waarin het register onthoudt; anders alleen in het geheugen.")
    ] = None,
    traag: Annotated[float, typer.Option(min=0, help="Storing: wacht tot zoveel seconden voor elk antwoord.")] = 0,
    druk: Annotated[float, typer.Option(min=0, max=1, help="Storing: kans op 429, te veel aanvragen.")] = 0,
    fouten: Annotated[float, typer.Option(min=0, max=1, help="Storing: kans op 500, voor het werk gedaan is.")] = 0,
    fouten_na: Annotated[float, typer.Option(min=0, max=1, help="Storing: kans op 500, nadat het werk gedaan is.")] = 0,
    weg_voor: Annotated[float, typer.Option(min=0, max=1, help="Storing: kans dat de verbinding breekt voor het werk.")] = 0,
    weg_na: Annotated[float, typer.Option(min=0, max=1, help="Storing: kans dat de verbinding breekt na het werk.")] = 0,
    token_geldig: Annotated[float, typer.Option(min=0, help="Hoeveel seconden een token van OAuth2 geldt.")] = 3600,
) -> None:
    """Start een register om mee te oefenen: het antwoordt zoals het echte, ook met storingen."""
    try:
        import uvicorn

        from kit.dv.oefenregister.app import maak_app
        from kit.dv.oefenregister.storing import Afbreekbaar, Storing
    except ImportError:
        raise KitFout("De onderdelen voor kit dv ontbreken. Installeer de kit opnieuw, met [dv] achter zijn naam.") from None
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    storing = Storing(traag=traag, druk=druk, fout=fouten, fout_na=fouten_na, weg_voor=weg_voor, weg_na=weg_na)
    uit.print(f"Oefenregister: http://127.0.0.1:{poort}\nStoppen met Ctrl+C.", markup=False)
    config = uvicorn.Config(
        maak_app(opslag, storing, geldig=token_geldig), host="127.0.0.1", port=poort, http=Afbreekbaar, access_log=False,
        log_level="error", lifespan="off",
    )  # fmt: skip
    try:
        uvicorn.Server(config).run()
    except (OSError, SystemExit):
        raise KitFout(f"Het oefenregister kan niet starten op poort {poort}. Kies een andere met --poort.") from None


def oefening(
    uit_map: Annotated[Path, typer.Option("--uit", help="Map voor alles wat de oefening maakt.")] = Path("oefening"),
    aantal: Annotated[int, typer.Option(min=20, max=2000, help="Verenigingen per werkboek.")] = 40,
) -> None:
    """Speel alles door met drie verzonnen besturen: leveren, nakijken, dubbels, beslissen, twee rondes, rapport."""
    try:
        from kit.dv.oefening import speel
    except ImportError:
        raise KitFout("De onderdelen voor kit dv ontbreken. Installeer de kit opnieuw, met [dv] achter zijn naam.") from None
    raise typer.Exit(speel(uit_map, aantal))
