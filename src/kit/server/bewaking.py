"""The door of the server: size, time, kind, rate and origin of every request, and the headers of every answer.

A body is received whole, in memory, under a deadline, before anything looks at it; what does not fit is refused.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.server.instellingen import MB, Instellingen

logboek = logging.getLogger("kit.server")

# Excel on the web shows a task pane in a frame of its own.
_OFFICE = "https://*.officeapps.live.com https://*.office.com https://*.office365.com https://*.sharepoint.com https://*.microsoft365.com"
_KOPPEN = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "strict-transport-security": "max-age=31536000",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
SOORTEN = {"/excel/": "application/json", "/api/": "application/octet-stream"}


class Weigering(Exception):
    """A request that is refused: HTTP status, and why, for a person."""

    def __init__(self, status: int, waarom: str) -> None:
        super().__init__(status)
        self.status, self.waarom = status, waarom


class Bewaking:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, instellingen: Instellingen) -> None:
        self.app, self.instellingen = app, instellingen
        self.in_geheugen = 0
        self.teller = MovingWindowRateLimiter(MemoryStorage())
        self.tempo = RateLimitItemPerMinute(instellingen.per_minuut)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begin, status, gelezen = time.monotonic(), 0, 0

        async def stuur(bericht: Message) -> None:
            nonlocal status
            if bericht["type"] == "http.response.start":
                status = bericht["status"]
                bericht["headers"] = [*bericht["headers"], *_koppen(scope["path"], bericht["headers"])]
            await send(bericht)

        try:
            if scope["method"] == "POST":
                self._bekijk(scope)
                await self._tempo(scope)
                inhoud = await self._ontvang(receive)
                gelezen = len(inhoud)
                try:
                    await self.app(scope, _eenmalig(inhoud), stuur)
                finally:
                    self.in_geheugen -= gelezen
            else:
                await self.app(scope, receive, stuur)
        except Weigering as w:
            await _antwoord(stuur, w.status, w.waarom)
        except Exception as fout:
            # The message of an exception may hold the value of a cell: only its kind and place are told.
            logboek.error("%s op %s: %s", type(fout).__name__, scope["path"], _plek(fout))
            if not status:
                await _antwoord(stuur, 500, f"Er ging iets mis op de server ({type(fout).__name__}). Er is niets gewijzigd.")
        finally:
            ms = (time.monotonic() - begin) * 1000
            logboek.info("%s %s %s %.0f ms %d bytes", scope["method"], scope["path"], status, ms, gelezen)

    def _bekijk(self, scope: Scope) -> None:
        koppen = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        herkomst = koppen.get("origin")
        if herkomst and herkomst.split("://")[-1] != koppen.get("host"):
            raise Weigering(403, "Dit verzoek komt van een andere website en wordt geweigerd.")
        soort = next((s for begin, s in SOORTEN.items() if scope["path"].startswith(begin)), None)
        if soort and koppen.get("content-type", "").split(";")[0].strip() != soort:
            raise Weigering(415, "Dit soort inhoud wordt hier niet aanvaard.")
        lengte = koppen.get("content-length", "")
        if lengte.isdigit() and int(lengte) > self.instellingen.max_bytes:
            raise Weigering(413, self._te_groot())

    async def _tempo(self, scope: Scope) -> None:
        wie = scope["client"][0] if scope.get("client") else "?"
        if not await self.teller.hit(self.tempo, wie):
            raise Weigering(429, "Dat zijn veel verzoeken na elkaar. Wacht een minuut en probeer opnieuw.")

    async def _ontvang(self, receive: Receive) -> bytes:
        delen: list[bytes] = []
        lengte = 0
        try:
            async with asyncio.timeout(self.instellingen.ontvangst):
                meer = True
                while meer:
                    bericht = await receive()
                    if bericht["type"] == "http.disconnect":
                        raise Weigering(400, "De verbinding werd verbroken.")
                    deel = bericht.get("body", b"")
                    lengte += len(deel)
                    self.in_geheugen += len(deel)
                    delen.append(deel)
                    meer = bericht.get("more_body", False)
                    if lengte > self.instellingen.max_bytes:
                        raise Weigering(413, self._te_groot())
                    if self.in_geheugen > self.instellingen.max_samen:
                        raise Weigering(503, "De server heeft het nu te druk. Probeer het over enkele minuten opnieuw.")
        except TimeoutError:
            self.in_geheugen -= lengte
            raise Weigering(408, "Het versturen duurde te lang. Controleer uw verbinding en probeer opnieuw.") from None
        except Weigering:
            self.in_geheugen -= lengte
            raise
        return b"".join(delen)

    def _te_groot(self) -> str:
        return f"Dit werkboek is groter dan {self.instellingen.max_bytes // MB} MB en wordt hier niet aanvaard."


def _eenmalig(inhoud: bytes) -> Callable[[], Awaitable[Message]]:
    klaar = False

    async def ontvang() -> Message:
        nonlocal klaar
        if klaar:
            await asyncio.Event().wait()  # the application has its body; nothing more comes
        klaar = True
        return {"type": "http.request", "body": inhoud, "more_body": False}

    return ontvang


def _koppen(pad: str, eigen: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    kader = f"'self' {_OFFICE}" if pad.startswith("/taakvenster") else "'none'"
    beleid = f"default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors {kader}"
    aanwezig = {k.lower() for k, _ in eigen}
    koppen = _KOPPEN | {"content-security-policy": beleid}
    if pad.startswith(("/static/", "/web/", "/iconen/")):
        koppen |= {"cache-control": "public, max-age=3600"}
    if pad.startswith("/iconen/"):
        koppen |= {"cross-origin-resource-policy": "cross-origin"}  # Excel on the web shows them on its ribbon
    return [(k.encode(), v.encode()) for k, v in koppen.items() if k.encode() not in aanwezig]


def _plek(fout: BaseException) -> str:
    stap, plek = fout.__traceback__, "?"
    while stap is not None:
        plek = f"{stap.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{stap.tb_lineno}"
        stap = stap.tb_next
    return plek


async def _antwoord(send: Send, status: int, waarom: str) -> None:
    inhoud = json.dumps({"fout": waarom}, ensure_ascii=False).encode()
    koppen = [(b"content-type", b"application/json"), (b"content-length", str(len(inhoud)).encode())]
    if status in (408, 413, 503):
        koppen.append((b"connection", b"close"))
    if status in (429, 503):
        koppen.append((b"retry-after", b"60"))
    await send({"type": "http.response.start", "status": status, "headers": koppen})
    await send({"type": "http.response.body", "body": inhoud})
