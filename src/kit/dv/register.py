"""The register over HTTP: one call, its answer in plain data, and what may be tried again without doing it twice.

Tried again always: no connection was made, 429. Only where a second time does no harm (`veilig`): no answer, a broken
answer, 5xx. Whoever sends what is not safe gets `Onzeker`, and finds out first what happened (`kit.dv.registreren`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import time
import uuid
import warnings
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import httpx
import stamina
import stamina.instrumentation
from authlib.deprecate import AuthlibDeprecationWarning

from kit.bevinding import maskeer
from kit.dv.inhoud import BASIS
from kit.dv.instellingen import Instellingen
from kit.fouten import KitFout

with warnings.catch_warnings():
    # Authlib prefers httpx's successor; nobody who runs a command can do anything about that.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client

# stamina would log what it tries again, with the URL; we count it ourselves.
stamina.instrumentation.set_on_retry_hooks([])


class Onzeker(Exception):
    """The call may have been carried out, or not."""


class _Opnieuw(Exception):
    """Try this call again; `wacht` is what the register asked for, in seconds."""

    def __init__(self, waarom: str, wacht: float = 0) -> None:
        super().__init__(waarom)
        self.waarom, self.wacht = waarom, wacht


@dataclass(frozen=True)
class Antwoord:
    """Status and what matters of the answer. `versie` from the ETag, `vcode` from Location."""

    status: int
    inhoud: dict[str, Any] = field(default_factory=dict)
    versie: int | None = None
    vcode: str | None = None

    @property
    def gelukt(self) -> bool:
        return 200 <= self.status < 300

    @property
    def melding(self) -> str:
        """Why it was refused, in the register's words; national numbers masked."""
        fouten = self.inhoud.get("validationErrors")
        if isinstance(fouten, dict):
            redenen = [f"{veld}: {f.get('reason', '')}" for veld, lijst in fouten.items() for f in lijst]
        else:
            redenen = [str(self.inhoud.get("detail") or self.inhoud.get("title") or f"Onverwacht antwoord {self.status}.")]
        return maskeer("; ".join(redenen)) or ""


class Register:
    """A connection to the register, for use in `async with`. Every call carries `VR-Initiator` and a correlation id."""

    def __init__(self, instellingen: Instellingen) -> None:
        self.in_ = instellingen
        grens = httpx.Limits(max_connections=instellingen.gelijktijdig)
        self._http = httpx.AsyncClient(base_url=instellingen.url.rstrip("/"), timeout=instellingen.wachttijd, limits=grens)
        self._token: str | None = None
        self._aanmelden = asyncio.Lock()
        self._tempo = asyncio.Lock()
        self._volgende = 0.0

    async def __aenter__(self) -> Register:
        return self

    async def __aexit__(self, _t: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        await self._http.aclose()

    async def roep(
        self,
        methode: str,
        pad: str,
        *,
        ovo: str,
        body: dict[str, Any] | None = None,
        versie: int | None = None,
        token: str | None = None,
        correlatie: str | None = None,
        veilig: bool = False,
    ) -> Antwoord:
        """One call. Raises Onzeker when it may have happened, KitFout when the register cannot be reached or refuses us."""
        koppen = {"VR-Initiator": ovo, "X-Correlation-Id": correlatie or str(uuid.uuid4()), "Accept": "application/json"}
        if versie is not None:
            koppen["If-Match"] = f'W/"{versie}"'
        if token is not None:
            koppen["VR-BevestigingsToken"] = token
        ruw = None if body is None else bytes_van(body)
        if ruw is not None:
            koppen["Content-Type"] = "application/json"
        try:
            async for poging in stamina.retry_context(
                on=_Opnieuw, attempts=self.in_.pogingen, timeout=None, wait_initial=0.05, wait_max=5, wait_jitter=0.1
            ):
                with poging:
                    return await self._een_keer(methode, pad, koppen, ruw, veilig)
        except _Opnieuw as op:
            if op.waarom == "onzeker":
                raise Onzeker from None
            raise KitFout(_niet_bereikt(op.waarom)) from None
        raise AssertionError("stamina always returns or raises")

    async def _een_keer(self, methode: str, pad: str, koppen: dict[str, str], ruw: bytes | None, veilig: bool) -> Antwoord:
        for tweede in (False, True):
            await self._wacht_beurt()
            aanmelding = await self._aanmelding(vernieuw=tweede)
            try:
                antwoord = await self._http.request(methode, pad, headers=koppen | aanmelding, content=ruw)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
                raise _Opnieuw("verbinding") from None
            except httpx.TransportError:
                raise (_Opnieuw("onzeker") if veilig else Onzeker()) from None
            if antwoord.status_code != 401 or not self.in_.client or tweede:
                break
        if antwoord.status_code in (401, 403):
            raise KitFout(
                "Het register aanvaardt onze aanmelding niet: de sleutel of het token is verlopen of heeft geen rechten. "
                "Vernieuw ze en begin opnieuw; wat klaar was, blijft klaar."
            )
        if antwoord.status_code == 429:
            wacht = _seconden(antwoord.headers.get("retry-after"))
            await asyncio.sleep(wacht)
            raise _Opnieuw("druk", wacht)
        if antwoord.status_code >= 500:
            raise _Opnieuw("onzeker") if veilig else Onzeker()
        return _lees(antwoord)

    async def _wacht_beurt(self) -> None:
        if not self.in_.per_seconde:
            return
        async with self._tempo:
            nu = time.monotonic()
            self._volgende = max(nu, self._volgende) + 1 / self.in_.per_seconde
            wacht = self._volgende - 1 / self.in_.per_seconde - nu
        if wacht > 0:
            await asyncio.sleep(wacht)

    async def _aanmelding(self, *, vernieuw: bool) -> dict[str, str]:
        if self.in_.sleutel:
            return {self.in_.sleutelkop: self.in_.sleutel}
        if not self.in_.client:
            return {}
        oud = self._token
        async with self._aanmelden:
            if self._token is None or (vernieuw and self._token == oud):
                self._token = await self._haal_token()
        return {"Authorization": f"Bearer {self._token}"}

    async def _haal_token(self) -> str:
        try:
            async with AsyncOAuth2Client(
                self.in_.client, self.in_.geheim, scope=self.in_.scope or None, timeout=self.in_.wachttijd
            ) as klant:
                gekregen = await klant.fetch_token(self.in_.token_url, grant_type="client_credentials")
                return str(gekregen["access_token"])
        except httpx.TransportError:
            raise KitFout("De dienst die toegang tot het register geeft, antwoordt niet. Probeer het later opnieuw.") from None
        except Exception:
            # Whatever the library says may hold the secret.
            raise KitFout("Aanmelden bij het register lukt niet: client of geheim klopt niet.") from None

    # --- looking ----------------------------------------------------------------------------------------------------

    async def haal(self, vcode: str, ovo: str) -> Antwoord:
        """One association as the register has it (`inhoud`); status 404 when there is none."""
        antwoord = await self.roep("GET", f"{BASIS}/{vcode}", ovo=ovo, veilig=True)
        inhoud = antwoord.inhoud.get("vereniging", antwoord.inhoud)
        return Antwoord(antwoord.status, inhoud if isinstance(inhoud, dict) else {}, antwoord.versie, vcode)

    async def hoogste(self, vanaf: int, ovo: str) -> int:
        """The highest vCode in use, as a number; `vanaf` is one that is, or 1000 for none."""

        async def bestaat_na(n: int) -> int | None:
            for kandidaat in range(n + 1, n + 1 + self.in_.gaten):
                if (await self.haal(vcode_van(kandidaat), ovo)).status == 200:
                    return kandidaat
            return None

        laag, stap = vanaf, 1
        while (gevonden := await bestaat_na(laag + stap - 1)) is not None:
            laag, stap = gevonden, stap * 2
        while stap > 1:
            stap //= 2
            gevonden = await bestaat_na(laag + stap - 1)
            if gevonden is not None:
                laag = gevonden
        while (gevonden := await bestaat_na(laag)) is not None:
            laag = gevonden
        return laag


def vcode_van(nummer: int) -> str:
    return f"V{nummer:07d}"


def bytes_van(body: dict[str, Any]) -> bytes:
    """Always the same bytes for the same content: the register binds its token to them."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _lees(antwoord: httpx.Response) -> Antwoord:
    inhoud: Any = {}
    with contextlib.suppress(ValueError):
        inhoud = antwoord.json() if antwoord.content else {}
    etag = re.fullmatch(r'W/"(\d+)"', antwoord.headers.get("etag", ""))
    plek = re.search(r"/(V\d{7})/?$", antwoord.headers.get("location", ""), re.IGNORECASE)
    return Antwoord(
        antwoord.status_code,
        inhoud if isinstance(inhoud, dict) else {},
        int(etag[1]) if etag else None,
        plek[1].upper() if plek else None,
    )


def _seconden(kop: str | None) -> float:
    """What Retry-After asks, with a little chance so that not all come back at once."""
    gevraagd = float(kop) if kop and re.fullmatch(r"\d+(\.\d+)?", kop) else 1.0
    return min(gevraagd, 300) + random.random() * 0.05


def _niet_bereikt(waarom: str) -> str:
    if waarom == "druk":
        return "Het register heeft het te druk en vroeg telkens om te wachten. Begin later opnieuw; wat klaar was, blijft klaar."
    return (
        "Het register is niet bereikbaar. Kijk de verbinding en KIT_REGISTER_URL na en begin opnieuw; "
        "wat klaar was, blijft klaar."
    )
