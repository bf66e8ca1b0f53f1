"""Optional sign-in with an OpenID provider (Entra ID): a session for the web page, a bearer token for the add-in."""

from __future__ import annotations

from typing import Any

import httpx
from authlib.integrations.starlette_client import OAuth, OAuthError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kit.server.bewaking import Weigering
from kit.server.instellingen import Aanmelding

_ALGORITMEN = ["RS256"]


class Aanmelder:
    """Knows who may come in. Of a person only a number of the provider's own is kept, in a signed cookie."""

    def __init__(self, a: Aanmelding) -> None:
        self.a = a
        self.sleutels: KeySet | None = None
        self.oauth = OAuth()
        self.oauth.register(
            "oidc",
            client_id=a.client_id,
            client_secret=a.client_secret,
            server_metadata_url=f"{a.uitgever.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid", "code_challenge_method": "S256"},
        )

    async def eis(self, request: Request) -> None:
        """Raises Weigering (401) unless the request comes from someone who signed in."""
        if request.session.get("wie"):
            return
        soort, _, token = request.headers.get("authorization", "").partition(" ")
        if soort == "Bearer" and await self._geldig(token):
            return
        raise Weigering(401, "Meld u eerst aan.")

    async def naar_uitgever(self, request: Request) -> Response:
        antwoord: Response = await self.oauth.oidc.authorize_redirect(request, str(request.url_for("aangemeld")))
        return antwoord

    async def terug(self, request: Request) -> Response:
        try:
            token: dict[str, Any] = await self.oauth.oidc.authorize_access_token(request)
        except OAuthError:
            raise Weigering(401, "Het aanmelden is niet gelukt. Probeer het opnieuw.") from None
        request.session.clear()
        request.session["wie"] = token["userinfo"]["sub"]
        return RedirectResponse("/", status_code=303)

    async def _geldig(self, token: str) -> bool:
        for vers in (False, True):  # the provider may have new keys since
            try:
                eisen = jwt.decode(token, await self._sleutels(vers), algorithms=_ALGORITMEN)
                jwt.JWTClaimsRegistry(
                    iss={"essential": True, "value": self.a.uitgever},
                    aud={"essential": True, "values": [self.a.client_id, f"api://{self.a.client_id}"]},
                    exp={"essential": True},
                ).validate(eisen.claims)
            except (JoseError, ValueError):
                continue
            return True
        return False

    async def _sleutels(self, vers: bool) -> KeySet:
        if self.sleutels is None or vers:
            async with httpx.AsyncClient(timeout=10) as client:
                kaart = (await client.get(f"{self.a.uitgever.rstrip('/')}/.well-known/openid-configuration")).json()
                self.sleutels = KeySet.import_key_set((await client.get(kaart["jwks_uri"])).json())
        return self.sleutels
