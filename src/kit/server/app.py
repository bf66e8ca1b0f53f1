"""The routes: pages, static files, the manifest, the buttons of Excel and the web page's requests."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, unquote

import anyio
import xlwings
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kit import __version__
from kit.bestanden import InGeheugen
from kit.fouten import KitFout
from kit.knoppen import KNOPPEN, TAB, bronmap, groepen
from kit.server import werk
from kit.server.bewaking import Bewaking, Weigering
from kit.server.instellingen import Instellingen
from kit.sjablonen import vul
from kit.werkboek.genereer import INTERN, LIJSTEN
from kit.werkboek.leesmij import NAAM as LEES_MIJ
from kit.werkboek.overzicht import NAAM as OVERZICHT

if TYPE_CHECKING:
    from kit.server.aanmelden import Aanmelder

# The add-in's own number: Excel tells add-ins apart by it, so it never changes.
MANIFEST_ID = "7d0b7a0e-6f0c-4c1e-9a53-5f1d3c2b8e41"
OFFICE_JS = "vendor/office-js"
T = TypeVar("T")


def maak_app(instellingen: Instellingen) -> Starlette:
    """The whole application. Without an xlwings licence the routes of the add-in answer 503 and say why."""
    dienst = _Dienst(instellingen)
    routes = [
        Route("/", dienst.webpagina),
        Route("/gezond", dienst.gezond, methods=["GET", "HEAD"]),
        Route("/manifest.xml", dienst.manifest),
        Route("/taakvenster", dienst.taakvenster),
        Route("/hulp", dienst.hulp),
        Route("/xlwings/custom-scripts-meta.json", _geen_scripts),
        Route("/excel/{naam}", dienst.excel, methods=["POST"]),
        Route("/api/nakijken", dienst.nakijken, methods=["POST"]),
        Route("/api/{wat}", dienst.bestand, methods=["POST"]),
        Mount("/iconen", StaticFiles(directory=bronmap() / "iconen")),
        Mount("/web", StaticFiles(directory=bronmap() / "web")),
    ]
    if instellingen.licentie:
        routes.append(Mount("/static", StaticFiles(directory=_xlwings_bestanden())))
    middleware = [Middleware(Bewaking, instellingen=instellingen)]
    if instellingen.aanmelding and dienst.aanmelder:
        routes += [
            Route("/aanmelden", dienst.aanmelder.naar_uitgever),
            Route("/aangemeld", dienst.aanmelder.terug, name="aangemeld"),
        ]
        middleware.append(
            Middleware(
                SessionMiddleware,
                secret_key=instellingen.aanmelding.sessiesleutel,
                https_only=instellingen.adres.startswith("https"),
                max_age=8 * 3600,
            )
        )
    return Starlette(routes=routes, middleware=middleware)


async def _geen_scripts(_request: Request) -> Response:
    """xlwings' page script asks for this; our buttons are our own."""
    return JSONResponse([])


class _Dienst:
    def __init__(self, instellingen: Instellingen) -> None:
        self.instellingen = instellingen
        self.aanmelder: Aanmelder | None = None
        if instellingen.aanmelding:
            from kit.server.aanmelden import Aanmelder

            self.aanmelder = Aanmelder(instellingen.aanmelding)
        self.plaatsen: anyio.CapacityLimiter | None = None

    # --- pages ------------------------------------------------------------------------------------------------------

    async def gezond(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok", "kit": __version__})

    async def webpagina(self, request: Request) -> Response:
        if self.aanmelder and not request.session.get("wie"):
            return RedirectResponse("/aanmelden", status_code=303)
        return _pagina("webpagina.html.j2", max_mb=self.instellingen.max_bytes // 1024**2)

    async def taakvenster(self, _request: Request) -> Response:
        self._eis_licentie()
        office = sorted((_xlwings_bestanden() / OFFICE_JS).iterdir())[-1].name
        return _pagina(
            "taakvenster.html.j2",
            knoppen=KNOPPEN,
            office_js=f"/static/{OFFICE_JS}/{office}/dist/office.js",
            instellingen={
                "appPath": "",
                "authProviders": ["entraid"] if self.aanmelder else [],
                "onWasm": False,
                "requestTimeout": int(self.instellingen.werk + self.instellingen.ontvangst),
                "xlwingsVersion": xlwings.__version__,
                "isOfficialLiteAddin": False,
                "kitOverslaan": [LEES_MIJ, OVERZICHT, LIJSTEN, INTERN],
                "kitOpdrachten": {k.opdracht: k.naam for k in KNOPPEN},
            },
        )

    async def hulp(self, _request: Request) -> Response:
        return _pagina("hulp.html.j2", knoppen=KNOPPEN)

    async def manifest(self, request: Request) -> Response:
        adres = (self.instellingen.adres or str(request.base_url)).rstrip("/")
        a = self.instellingen.aanmelding
        tekst = vul(
            "manifest.xml.j2",
            id=MANIFEST_ID,
            versie=".".join([*__version__.split("."), "0"][:4]),
            adres=adres,
            tab=TAB,
            groepen=groepen(),
            client_id=a.client_id if a else None,
        )
        return Response(tekst, media_type="application/xml")

    # --- workbooks --------------------------------------------------------------------------------------------------

    async def excel(self, request: Request) -> Response:
        self._eis_licentie()
        inhoud = await self._inhoud(request)
        return JSONResponse(await self._doe(partial(werk.excel, request.path_params["naam"], inhoud)))

    async def nakijken(self, request: Request) -> Response:
        return JSONResponse(await self._doe(partial(werk.nakijken, await self._bron(request))))

    async def bestand(self, request: Request) -> Response:
        maker = werk.BESTANDEN.get(request.path_params["wat"])
        if maker is None:
            raise Weigering(404, "Dat bestaat hier niet.")
        naam, inhoud = await self._doe(partial(maker, await self._bron(request)))
        koppen = {"content-disposition": f"attachment; filename*=UTF-8''{quote(naam)}"}
        return Response(inhoud, media_type="application/octet-stream", headers=koppen)

    async def _inhoud(self, request: Request) -> bytes:
        if self.aanmelder:
            await self.aanmelder.eis(request)
        return await request.body()

    async def _bron(self, request: Request) -> InGeheugen:
        naam = Path(unquote(request.headers.get("x-bestandsnaam", ""))).name or "werkboek.xlsx"
        return InGeheugen(naam[:200], await self._inhoud(request))

    async def _doe(self, taak: Callable[[], T]) -> T:
        """Run in a thread, a few at a time; the others wait their turn."""
        if self.plaatsen is None:
            self.plaatsen = anyio.CapacityLimiter(self.instellingen.tegelijk)
        try:
            with anyio.fail_after(self.instellingen.werk):
                return await anyio.to_thread.run_sync(taak, abandon_on_cancel=True, limiter=self.plaatsen)
        except KitFout as fout:
            raise Weigering(422, str(fout)) from None
        except MemoryError:
            raise Weigering(413, "Dit werkboek is te groot voor de server.") from None
        except TimeoutError:
            raise Weigering(504, "Het nakijken duurde te lang. Is het werkboek erg groot? Probeer het opnieuw.") from None

    def _eis_licentie(self) -> None:
        if not self.instellingen.licentie:
            raise Weigering(
                503,
                "De invoegtoepassing voor Excel staat op deze server niet aan: er is geen xlwings-licentie ingesteld. "
                "De webpagina werkt wel.",
            )


def _pagina(sjabloon: str, **gegevens: Any) -> Response:
    return Response(vul(sjabloon, kit=__version__, **gegevens), media_type="text/html; charset=utf-8")


def _xlwings_bestanden() -> Path:
    """xlwings' own page scripts, as they are in its package."""
    plek = importlib.util.find_spec("xlwings_server")
    if plek is None or plek.origin is None:
        raise KitFout("De onderdelen voor de server ontbreken. Installeer de kit met kit[server].")
    return Path(plek.origin).parent / "static"
