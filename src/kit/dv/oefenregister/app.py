"""The routes of the rehearsal register, and its own under `/_oefening` for who plays with it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
import time
import uuid
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from kit.dv.oefenregister import weigeringen as w
from kit.dv.oefenregister.opslag import Opslag, waar
from kit.dv.oefenregister.storing import Storing
from kit.schema import laad_schema

_KSZ = (
    "Een of meerdere insz waarden konden niet gevalideerd worden bij de Kruispuntbank van de Sociale Zekerheid. "
    "Controleer de gegevens en probeer het opnieuw."
)
_OVERLEDEN = "De vereniging kan niet geregistreerd worden met overleden vertegenwoordigers."
_SUBTYPES = {"FV": "Feitelijke vereniging", "SUB": "Subvereniging", "NB": "Niet bepaald"}
_LIJSTEN = ("contactgegevens", "locaties", "vertegenwoordigers", "bankrekeningnummers", "lidmaatschappen", "erkenningen")
Detail = dict[str, Any]


class Register:
    """One rehearsal register: its store, its faults, and its answers."""

    def __init__(self, opslag: Opslag, storing: Storing, *, geldig: float = 3600) -> None:
        self.opslag, self.storing, self.geldig = opslag, storing, geldig
        self.zout = "oefening"
        self.tokens: dict[str, float] = {}
        self.sleutels: set[str] = set()
        self.paden: set[str] = set()
        lijsten = laad_schema().codelijsten
        self.activiteiten = {k.code for k in lijsten["hoofdactiviteiten"].keuzes}
        self.gebieden = {k.code for k in lijsten["werkingsgebieden"].keuzes}

    # --- registering ------------------------------------------------------------------------------------------------

    async def vzer(self, request: Request, body: Detail) -> Response:
        w.vereniging(body, self.activiteiten, self.gebieden, dt.date.today())
        self._ksz(body.get("vertegenwoordigers") or [])
        ruw = await request.body()
        token = self._token(ruw)
        gegeven = request.headers.get("vr-bevestigingstoken")
        if gegeven is not None and gegeven != token:
            raise w.Weigering("Het bevestigingstoken is niet geldig voor deze request.")
        locaties = body.get("locaties") or []
        if gegeven is None and locaties and (dubbels := self.opslag.net.zoek(body["naam"], *waar(locaties))):
            mogelijk = [self._kort(request, vcode) for vcode, _ in dubbels]
            return JSONResponse({"bevestigingsToken": token, "mogelijkeDuplicateVerenigingen": mogelijk}, 409)
        detail = {
            "verenigingstype": {"code": "VZER", "naam": "Vereniging zonder eigen rechtspersoonlijkheid"},
            "verenigingssubtype": {"code": "", "naam": ""},
            **{k: v for k, v in body.items() if k not in _LIJSTEN},
            **{naam: _met_id(naam, body.get(naam) or []) for naam in _LIJSTEN},
            "_initiator": request.headers["vr-initiator"],
        }
        return self._nieuw(request, self.opslag.voeg_toe(detail))

    async def kbo(self, request: Request, body: Detail) -> Response:
        nummer = w.kbo_nummer(body.get("kboNummer"))
        if bestaand := self.opslag.vcode_van_kbo(nummer):
            return Response(status_code=200, headers={"Location": self._adres(request, bestaand)})
        gegevens = self.opslag.kbo(nummer)
        if gegevens is None:
            raise w.Weigering("Er werd voor dit KBO-nummer geen geldige vereniging gevonden.")
        detail = {
            "verenigingstype": {"code": "VZW", "naam": "Vereniging zonder winstoogmerk"},
            "kboNummer": nummer,
            **gegevens,
            **{naam: _met_id(naam, gegevens.get(naam) or []) for naam in _LIJSTEN},
            "_initiator": request.headers["vr-initiator"],
        }
        return self._nieuw(request, self.opslag.voeg_toe(detail, nummer))

    def _nieuw(self, request: Request, vcode: str) -> Response:
        kop = {"Location": self._adres(request, vcode), "ETag": 'W/"1"', "VR-Sequence": vcode[1:]}
        return Response(status_code=202, headers=kop)

    def _ksz(self, vertegenwoordigers: list[Detail]) -> None:
        for v in vertegenwoordigers:
            waarom = self.opslag.ksz_weigert(re.sub("[.-]", "", v["insz"]))
            if waarom:
                raise w.Weigering(_OVERLEDEN if waarom == "overleden" else _KSZ)

    def _token(self, ruw: bytes) -> str:
        som = hashlib.sha256(self.zout.encode() + ruw).hexdigest()[:32].upper()
        return "-".join(som[i : i + 2] for i in range(0, 32, 2))

    def _adres(self, request: Request, vcode: str) -> str:
        return str(request.url.replace(path=f"/v1/verenigingen/{vcode}", query=""))

    def _kort(self, request: Request, vcode: str) -> Detail:
        gevonden = self.opslag.haal(vcode)
        assert gevonden is not None
        d = gevonden[1]
        locaties = [
            {"locatietype": x["locatietype"], "naam": x.get("naam", ""), "isPrimair": bool(x.get("isPrimair"))}
            | {v: (x.get("adres") or {}).get(v, "") for v in ("postcode", "gemeente")}
            for x in d["locaties"]
        ]
        uit = {k: d.get(k) or "" for k in ("vCode", "naam", "korteNaam", "verenigingstype", "verenigingssubtype")}
        return uit | {"locaties": locaties, "links": {"detail": self._adres(request, vcode)}}

    # --- one association --------------------------------------------------------------------------------------------

    async def detail(self, request: Request) -> Response:
        gevonden = self.opslag.haal(request.path_params["vcode"])
        if gevonden is None:
            return _probleem("De vereniging werd niet gevonden.", 404)
        return JSONResponse({"vereniging": gevonden[1]}, headers={"ETag": f'W/"{gevonden[0]}"'})

    async def pas_aan(self, request: Request, body: Detail) -> Response:
        """Everything that goes to an existing association: the version must be right, then one change."""
        vcode, wat = request.path_params["vcode"].upper(), request.path_params["wat"]
        gevonden = self.opslag.haal(vcode)
        if gevonden is None:
            return _probleem("De vereniging werd niet gevonden.", 404)
        versie, d = gevonden
        eis = request.headers.get("if-match")
        if eis is not None:
            if not re.fullmatch(r'W/"\d*"', eis):
                raise w.Weigering("Etag header bevat een ongeldige waarde, gelieve formaat 'W/\"[0-9]*\"' te gebruiken")
            if eis != f'W/"{versie}"':
                return _probleem("De gevraagde vereniging heeft niet de verwachte sequentiewaarde.", 412)
        nieuw = self._wijzig(json.loads(json.dumps(d)), f"{request.method} {wat}", body, request)
        if nieuw == d:
            return Response(status_code=200)
        self.opslag.bewaar(vcode, versie + 1, nieuw)
        return Response(status_code=202, headers={"ETag": f'W/"{versie + 1}"', "VR-Sequence": str(versie + 1)})

    def _wijzig(self, d: Detail, wat: str, body: Detail, request: Request) -> Detail:
        is_kbo = "kboNummer" in d
        if m := re.fullmatch(r"PATCH vertegenwoordigers/(\d+)", wat):
            return _verrijk(d, int(m[1]), body.get("vertegenwoordiger") or {})
        match wat:
            case "PATCH kbo" if is_kbo:
                if not body:
                    raise w.Weigering("Een request mag niet leeg zijn.")
                w.lijsten(body, self.activiteiten, self.gebieden)
                toegelaten = (
                    "roepnaam",
                    "korteBeschrijving",
                    "doelgroep",
                    "hoofdactiviteitenVerenigingsloket",
                    "werkingsgebieden",
                )
                d |= {k: v for k, v in body.items() if k in toegelaten and v is not None}
            case "PATCH subtype" if not is_kbo:
                self._subtype(d, body)
            case "POST contactgegevens":
                _voeg_bij(d, "contactgegevens", body.get("contactgegeven") or {}, w.contactgegevens)
            case "POST locaties":
                _voeg_bij(d, "locaties", body.get("locatie") or {}, _toegevoegde_locaties)
            case "POST bankrekeningnummers":
                _voeg_bij(d, "bankrekeningnummers", body.get("bankrekeningnummer") or {}, w.bankrekeningen)
            case "POST lidmaatschappen":
                w.lidmaatschap(body, d["vCode"], d["lidmaatschappen"])
                _voeg_bij(d, "lidmaatschappen", body, lambda _alle: None)
            case "POST erkenningen":
                inhoud = (body.get("erkenning") or {}) | {"_initiator": request.headers["vr-initiator"]}
                w.erkenning(inhoud, d["erkenningen"])
                _voeg_bij(d, "erkenningen", inhoud, lambda _alle: None)
            case "POST stop" if is_kbo:
                raise w.Weigering("Een KBO-vereniging kan niet gestopt worden.")
            case "POST stop":
                d |= {"einddatum": body.get("einddatum"), "status": "Gestopt"}
            case _:
                raise w.Weigering("Deze actie kan niet uitgevoerd worden op dit type vereniging.")
        return d

    def _subtype(self, d: Detail, body: Detail) -> None:
        code = body.get("subtype")
        if code not in _SUBTYPES:
            raise w.Weigering("Het subtype moet een geldige waarde hebben.", "subtype")
        if code == "SUB":
            ander = self.opslag.haal(body.get("andereVereniging") or "")
            if ander is None or "kboNummer" not in ander[1]:
                raise w.Weigering("Deze actie kan niet uitgevoerd worden op dit type van de andere vereniging.")
            d["subverenigingVan"] = {"andereVereniging": body["andereVereniging"]}
        d["verenigingssubtype"] = {"code": code, "naam": _SUBTYPES[code]}

    # --- signing in, and the rehearsal's own ------------------------------------------------------------------------

    async def token(self, _request: Request) -> Response:
        """OAuth2 client credentials; any client may have one here."""
        sleutel = secrets.token_urlsafe(16)
        self.tokens[sleutel] = time.monotonic() + self.geldig
        return JSONResponse({"access_token": sleutel, "token_type": "Bearer", "expires_in": int(self.geldig)})

    def mag(self, request: Request) -> bool:
        """Without keys and tokens in use everybody may; else only who shows one that still counts."""
        soort, _, sleutel = request.headers.get("authorization", "").partition(" ")
        if soort == "Bearer":
            return self.tokens.get(sleutel, 0) > time.monotonic()
        return not self.sleutels or request.headers.get("x-api-key") in self.sleutels

    async def oefening(self, request: Request) -> Response:
        match request.method, request.path_params["wat"]:
            case "GET", "verenigingen":
                return JSONResponse([d for _, d in self.opslag.alle()])
            case "GET", "paden":
                return JSONResponse(sorted(self.paden))
            case "GET", "storing":
                return JSONResponse(self.storing.als_dict())
            case "POST", "storing":
                self.storing.zet(await request.json())
                return JSONResponse(self.storing.als_dict())
            case "POST", "zaad":
                g = await request.json()
                return JSONResponse(self.opslag.zaai(g.get("ksz", {}), g.get("kbo", {}), g.get("verenigingen", [])))
            case "POST", "sleutels":
                self.sleutels = set(await request.json())
                return Response(status_code=204)
            case "POST", "verlopen":
                self.tokens.clear()
                return Response(status_code=204)
        return Response(status_code=404)


def _met_id(naam: str, rijen: list[Detail]) -> list[Detail]:
    enkel = {"contactgegevens": "contactgegeven", "locaties": "locatie", "vertegenwoordigers": "vertegenwoordiger"}.get(
        naam, naam
    )
    return [{f"{enkel}Id": n, **rij} for n, rij in enumerate(rijen, 1)]


def _voeg_bij(d: Detail, naam: str, inhoud: Detail, controle: Any) -> None:
    if not inhoud:
        raise w.Weigering("Een request mag niet leeg zijn.")
    alle = [*d[naam], inhoud]
    controle(alle)
    d[naam] = d[naam] + _met_id(naam, alle)[-1:]


def _toegevoegde_locaties(alle: list[Detail]) -> None:
    """As at registration, in the words of the domain; the seat that came from the KBO is not looked at."""
    w.locaties([x for x in alle if x["locatietype"].lower() in map(str.lower, w.LOCATIETYPES)] or alle)


def _verrijk(d: Detail, nummer: int, inhoud: Detail) -> Detail:
    if not inhoud:
        raise w.Weigering("'Vertegenwoordiger' moet ingevuld zijn.")
    w.verrijking(inhoud)
    for v in d["vertegenwoordigers"]:
        if v["vertegenwoordigerId"] == nummer:
            v |= inhoud
            break
    else:
        raise w.Weigering("De vertegenwoordiger werd niet gevonden.")
    if sum(bool(v.get("isPrimair")) for v in d["vertegenwoordigers"]) > 1:
        raise w.Weigering("Er mag maar één vertegenwoordiger aangeduid zijn als primair contactpersoon.")
    return d


def _probleem(detail: str, status: int, fouten: Detail | None = None) -> JSONResponse:
    soort = "validation" if fouten else "domain"
    uit = {
        "type": f"urn:associationregistry.admin.api:{soort}",
        "title": "Er heeft zich een fout voorgedaan!",
        "detail": "Validatie mislukt!" if fouten else detail,
        "status": status,
        "instance": f"/v1/foutmeldingen/{uuid.uuid4().hex}",
    }
    return JSONResponse(uit | ({"validationErrors": fouten} if fouten else {}), status)


class _Deur:
    """Before and after every call to `/v1`: headers, sign-in, faults."""

    def __init__(self, app: ASGIApp, register: Register) -> None:
        self.app, self.register = app, register

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        self.register.paden.add(f"{request.method} {request.url}")
        antwoord = await self.register.storing.vooraf(request) or self._geweigerd(request)
        if antwoord is not None:
            await antwoord(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _geweigerd(self, request: Request) -> Response | None:
        if not self.register.mag(request):
            return _probleem("U bent niet aangemeld, of uw aanmelding is verlopen.", 401)
        initiator = request.headers.get("vr-initiator")
        if not initiator:
            return _probleem(f"VR-Initiator {'is verplicht' if initiator is None else 'mag niet leeg zijn'}.", 400)
        try:
            uuid.UUID(request.headers.get("x-correlation-id", ""))
        except ValueError:
            ontbreekt = "x-correlation-id" not in request.headers
            return _probleem(f"X-Correlation-Id {'is verplicht' if ontbreekt else 'moet een geldige GUID zijn'}.", 400)
        return None


def maak_app(opslag: Path | None, storing: Storing | None = None, *, geldig: float = 3600) -> Starlette:
    """The application; `opslag` None keeps everything in memory, `geldig` is how many seconds a token counts."""
    register = Register(Opslag(opslag), storing or Storing(), geldig=geldig)

    def met_body(functie: Any) -> Any:
        async def eindpunt(request: Request) -> Response:
            try:
                body = json.loads(await request.body())
                assert isinstance(body, dict)
            except (ValueError, AssertionError):
                return _probleem("Request body bevat een ongeldig JSON formaat.", 400)
            try:
                antwoord: Response = await functie(request, body)
            except w.Weigering as nee:
                fouten = {nee.veld: [{"code": nee.code, "reason": nee.detail}]} if nee.veld else None
                antwoord = _probleem(nee.detail, 400, fouten)
            return await register.storing.achteraf(request, antwoord)

        return eindpunt

    basis = "/v1/verenigingen"
    return Starlette(
        routes=[
            Route("/oauth/token", register.token, methods=["POST"]),
            Route("/_oefening/{wat}", register.oefening, methods=["GET", "POST"]),
            Route(f"{basis}/vzer", met_body(register.vzer), methods=["POST"]),
            Route(f"{basis}/feitelijkeverenigingen", met_body(register.vzer), methods=["POST"]),
            Route(f"{basis}/kbo", met_body(register.kbo), methods=["POST"]),
            Route(f"{basis}/{{vcode}}", register.detail, methods=["GET"]),
            Route(f"{basis}/{{vcode}}/{{wat:path}}", met_body(register.pas_aan), methods=["POST", "PATCH"]),
        ],
        middleware=[Middleware(_Deur, register=register)],
    )
