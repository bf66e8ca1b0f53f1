"""Is what we would send there already? Pure comparisons of a request's body with the register's own detail."""

from __future__ import annotations

import re
from typing import Any

BASIS = "/v1/verenigingen"
Body = dict[str, Any]


def is_aanwezig(methode: str, pad: str, body: Body, detail: Body, zoek: Body | None = None) -> bool:
    """Would this follow-up call change nothing? `pad` as in the export, with its placeholders."""
    wat = pad.removeprefix(f"{BASIS}/{{vCode}}/")
    if wat == "kbo":
        return all(_zelfde(detail.get(k), v) for k, v in body.items())
    if wat == "subtype":
        return bool((detail.get("verenigingssubtype") or {}).get("code") == body.get("subtype"))
    if wat.startswith("vertegenwoordigers/"):
        wie = vertegenwoordiger(detail, zoek or {})
        return wie is not None and all(_zelfde(wie.get(k), v) for k, v in body["vertegenwoordiger"].items())
    lijst, omslag = LIJSTEN[wat]
    inhoud = body[omslag] if omslag else body
    return methode == "POST" and any(_ZELFDE[lijst](inhoud, daar) for daar in detail.get(lijst) or [])


def vertegenwoordiger(detail: Body, zoek: Body) -> Body | None:
    """The representative that the register knows by these values (`insz`)."""
    gezocht = {k: _cijfers(v) for k, v in zoek.items()}
    return next(
        (v for v in detail.get("vertegenwoordigers") or [] if all(_cijfers(v.get(k, "")) == w for k, w in gezocht.items())), None
    )


def is_dezelfde(body: Body, detail: Body) -> bool:
    """Is this association exactly what we sent to be registered? Used to find back what an interrupted call did."""
    if "kboNummer" in detail or detail.get("naam") != body.get("naam"):
        return False
    enkel = ("korteNaam", "korteBeschrijving", "startdatum")
    if any((detail.get(v) or "") != (body.get(v) or "") for v in enkel):
        return False
    return all(
        len(body.get(lijst) or []) == len(detail.get(lijst) or [])
        and all(any(_ZELFDE[lijst](x, y) for y in detail.get(lijst) or []) for x in body.get(lijst) or [])
        for lijst in ("locaties", "contactgegevens", "vertegenwoordigers", "bankrekeningnummers")
    )


def locaties_in(body: Body) -> list[Body]:
    """The locations that a request brings."""
    return [*(body.get("locaties") or []), *([body["locatie"]] if "locatie" in body else [])]


def _zelfde(daar: object, ons: object) -> bool:
    if isinstance(ons, dict):
        return isinstance(daar, dict) and all(_zelfde(daar.get(k), v) for k, v in ons.items())
    return daar == ons or (not daar and not ons)


def _velden(*namen: str) -> Any:
    return lambda a, b: all((a.get(n) or "") == (b.get(n) or "") for n in namen)


def _locatie(a: Body, b: Body) -> bool:
    if not _velden("locatietype", "naam")(a, b):
        return False
    if a.get("adresId"):
        return bool((b.get("adresId") or {}).get("bronwaarde") == a["adresId"].get("bronwaarde"))
    hier, daar = a.get("adres") or {}, b.get("adres") or {}
    velden = ("straatnaam", "huisnummer", "busnummer", "postcode")
    return bool(daar) and all(str(hier.get(v) or "").casefold() == str(daar.get(v) or "").casefold() for v in velden)


_ZELFDE: dict[str, Any] = {
    "locaties": _locatie,
    "contactgegevens": _velden("contactgegeventype", "waarde", "beschrijving"),
    "vertegenwoordigers": lambda a, b: _cijfers(a.get("insz", "")) == _cijfers(b.get("insz", "")),
    "bankrekeningnummers": lambda a, b: re.sub("[ .]", "", a["iban"]) == re.sub("[ .]", "", b.get("iban", "")),
    "lidmaatschappen": _velden("andereVereniging", "van", "tot"),
    "erkenningen": _velden("ipdcProductNummer", "startdatum", "einddatum"),
}
# Route -> list in the detail, and the key that wraps the body.
LIJSTEN = {
    "contactgegevens": ("contactgegevens", "contactgegeven"),
    "locaties": ("locaties", "locatie"),
    "bankrekeningnummers": ("bankrekeningnummers", "bankrekeningnummer"),
    "lidmaatschappen": ("lidmaatschappen", ""),
    "erkenningen": ("erkenningen", "erkenning"),
}


def _cijfers(tekst: str) -> str:
    return re.sub(r"\D", "", tekst)
