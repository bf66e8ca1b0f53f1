"""`kit server`: the add-in for Excel on the web and the web page."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated

import typer

from kit.cli.hulp import uit
from kit.fouten import KitFout

_LICENTIE = (
    "De invoegtoepassing is uitgeschakeld: er is geen licentie voor xlwings ingesteld. De webpagina werkt wel.\n"
    "  Een overheid mag de gratis licentie PolyForm Noncommercial gebruiken:  KIT_LICENTIE=noncommercial\n"
    "  Een leverancier heeft een sleutel van xlwings PRO nodig. Zie docs/it-dienst.md."
)


def server(
    poort: Annotated[int, typer.Option(min=1, max=65535, help="Poort.")] = 8443,
    host: Annotated[str, typer.Option(help="Adres om op te luisteren; 0.0.0.0 = voor iedereen.")] = "127.0.0.1",
    certificaat: Annotated[Path | None, typer.Option(help="Certificaat (PEM) van uw organisatie.")] = None,
    sleutel: Annotated[Path | None, typer.Option(help="Sleutel (PEM) bij het certificaat.")] = None,
    http: Annotated[bool, typer.Option("--http", help="Zonder HTTPS: alleen achter een proxy die dat doet.")] = False,
) -> None:
    """Start de server voor Excel op het web en de webpagina; instellingen staan in KIT_-variabelen."""
    from kit.server.instellingen import Instellingen

    instellingen = Instellingen.uit(os.environ)
    if instellingen.licentie:
        os.environ["XLWINGS_LICENSE_KEY"] = instellingen.licentie  # xlwings looks when it is imported, below
    try:
        import uvicorn

        from kit.server.app import maak_app
        from kit.server.tls import UITGEVER, eigen_certificaat
    except ImportError:
        raise KitFout(
            "De onderdelen voor de server ontbreken. Installeer het bestand van de kit opnieuw, met [server] achter zijn naam."
        ) from None

    if not http:
        if (certificaat is None) != (sleutel is None):
            raise KitFout("Geef --certificaat en --sleutel allebei, of geen van beide.")
        if certificaat is None or sleutel is None:
            map_ = Path.home() / ".voorbereidingskit" / "proef"
            certificaat, sleutel = eigen_certificaat(map_)
            uit.print(
                f"Proefcertificaat voor localhost. Laat deze computer het eenmalig vertrouwen: {map_ / UITGEVER}", markup=False
            )
        for pad in (certificaat, sleutel):
            if not pad.is_file():
                raise KitFout(f"{pad} bestaat niet.")
    if not instellingen.licentie:
        uit.print(_LICENTIE, markup=False)
    adres = instellingen.adres or f"{'http' if http else 'https'}://{'localhost' if host == '127.0.0.1' else host}:{poort}"
    uit.print(f"Webpagina:  {adres}/\nManifest voor Excel:  {adres}/manifest.xml\nStoppen met Ctrl+C.", markup=False)
    # Our own log tells method, route, status and time; uvicorn's would tell addresses and, of an error, its values.
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%Y-%m-%d %H:%M:%S")
    for naam in ("httpx", "httpcore", "authlib"):
        logging.getLogger(naam).setLevel(logging.ERROR)
    config = uvicorn.Config(
        maak_app(instellingen),
        host=host,
        port=poort,
        access_log=False,
        log_level="warning",
        server_header=False,
        ssl_certfile=None if http else certificaat,
        ssl_keyfile=None if http else sleutel,
    )
    try:
        uvicorn.Server(config).run()
    except OSError:
        raise KitFout(f"De server kan niet starten op poort {poort}. Is ze al in gebruik? Kies een andere met --poort.") from None
