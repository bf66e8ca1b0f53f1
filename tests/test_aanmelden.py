"""Sign-in through an OpenID provider: a small one of our own that speaks real HTTP and signs real tokens."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from hulp import browser
from test_server import XLSX


class Uitgever:
    """A small OpenID provider: discovery, keys, authorize (signs in at once) and token."""

    def __init__(self) -> None:
        self.sleutel = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.codes: dict[str, str] = {}
        uitgever = self

        class Antwoord(BaseHTTPRequestHandler):
            def log_message(self, *_a) -> None:
                pass

            def _json(self, inhoud: object) -> None:
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(inhoud).encode())

            def do_GET(self) -> None:
                vraag = parse_qs(urlsplit(self.path).query)
                if self.path.endswith("openid-configuration"):
                    a = uitgever.adres
                    self._json({"issuer": a, "authorization_endpoint": f"{a}/authorize", "token_endpoint": f"{a}/token",
                                "jwks_uri": f"{a}/keys", "id_token_signing_alg_values_supported": ["RS256"]})  # fmt: skip
                elif self.path == "/keys":
                    self._json({"keys": [uitgever.sleutel.as_dict(private=False)]})
                else:
                    uitgever.codes["c1"] = vraag["nonce"][0]
                    self.send_response(302)
                    self.send_header("location", f"{vraag['redirect_uri'][0]}?code=c1&state={vraag['state'][0]}")
                    self.end_headers()

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                self._json({"access_token": "x", "token_type": "Bearer", "id_token": uitgever.token(nonce=uitgever.codes["c1"])})

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Antwoord)
        self.adres = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def token(self, **eisen: object) -> str:
        nu = int(time.time())
        basis = {"iss": self.adres, "aud": "kit", "sub": "persoon-1", "iat": nu, "exp": nu + 300}
        return jwt.encode({"alg": "RS256", "kid": "1"}, basis | eisen, self.sleutel)


@pytest.fixture(scope="module")
def met_aanmelden() -> Iterator[tuple[str, Uitgever]]:
    uitgever = Uitgever()
    instellingen = {
        "oidc_uitgever": uitgever.adres,
        "oidc_client_id": "kit",
        "oidc_client_secret": "s",
        "sessiesleutel": "z" * 32,
    }
    with browser.server(**instellingen) as (adres, _):
        yield adres, uitgever
    uitgever.http.shutdown()


def test_wie_niet_aangemeld_is_komt_er_niet_in(met_aanmelden) -> None:
    adres, _ = met_aanmelden
    assert httpx.post(f"{adres}/api/nakijken", content=b"x", headers=XLSX).status_code == 401
    assert httpx.get(f"{adres}/").headers["location"] == "/aanmelden"
    assert httpx.get(f"{adres}/gezond").status_code == 200


def test_aanmelden_opent_de_webpagina(met_aanmelden) -> None:
    adres, _ = met_aanmelden
    with httpx.Client(base_url=adres, follow_redirects=True) as klant:
        assert "Werkboek nakijken" in klant.get("/").text
        assert klant.post("/api/nakijken", content=b"x", headers=XLSX).status_code == 422
        cookie = next(c for c in klant.cookies.jar)
        assert cookie.has_nonstandard_attr("HttpOnly") or "httponly" in {k.lower() for k in cookie._rest}


def test_de_invoegtoepassing_komt_binnen_met_een_geldig_token(met_aanmelden) -> None:
    adres, uitgever = met_aanmelden

    def vraag(token: str) -> int:
        koppen = {"content-type": "application/json", "authorization": f"Bearer {token}"}
        return httpx.post(f"{adres}/excel/valideer", content=b"{}", headers=koppen).status_code

    assert vraag(uitgever.token()) == vraag(uitgever.token(aud="api://kit")) == 422  # let in; the request itself is empty
    vreemd = RSAKey.generate_key(2048, {"kid": "1"})
    vals = jwt.encode({"alg": "RS256", "kid": "1"}, {"iss": uitgever.adres, "aud": "kit", "exp": time.time() + 99}, vreemd)
    for slecht in (uitgever.token(aud="ander"), uitgever.token(iss="https://elders"), uitgever.token(exp=1), vals, "x.y.z"):
        assert vraag(slecht) == 401
