"""What the register refuses, in its own words (register.md 1 and 3). Pure: a body in, the reason or nothing out."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from kit.regels.contact import EMAIL
from kit.regels.nummers import iban_klopt, insz_klopt

Body = dict[str, Any]
CONTACTTYPES = ("E-mail", "Website", "SocialMedia", "Telefoon")
LOCATIETYPES = ("Correspondentie", "Activiteiten")
_HTML = re.compile("<.*?>")
_E_MAIL = re.compile(EMAIL.removesuffix("$"))


class Weigering(Exception):
    """A 400: `detail`, and with `veld` the path of the field that the validator names."""

    def __init__(self, detail: str, veld: str | None = None, code: str = "PredicateValidator") -> None:
        super().__init__(detail)
        self.detail, self.veld, self.code = detail, veld, code


def vereniging(body: Body, hoofdactiviteiten: Iterable[str], werkingsgebieden: Iterable[str], vandaag: dt.date) -> None:
    """A VZER-registration. Raises Weigering."""
    _verplicht(body.get("naam"), "Naam", "naam")
    _geen_html(body)
    lijsten(body, hoofdactiviteiten, werkingsgebieden)
    if body.get("startdatum"):
        try:
            start = dt.datetime.strptime(body["startdatum"], "%Y-%m-%d").date()
        except ValueError:
            raise Weigering("Datum moet van het formaat 'yyyy-MM-dd' zijn.", "startdatum") from None
        if start > vandaag:
            raise Weigering("Startdatum mag niet in de toekomst liggen.")
    locaties(body.get("locaties") or [])
    contactgegevens(body.get("contactgegevens") or [])
    vertegenwoordigers(body.get("vertegenwoordigers") or [])
    bankrekeningen(body.get("bankrekeningnummers") or [])


def lijsten(body: Body, hoofdactiviteiten: Iterable[str], werkingsgebieden: Iterable[str]) -> None:
    """Ages, activities and areas: the same for both kinds of association."""
    groep = body.get("doelgroep") or {}
    van, tot = groep.get("minimumleeftijd", 0), groep.get("maximumleeftijd", 150)
    for naam, waarde in (("minimumleeftijd", van), ("maximumleeftijd", tot)):
        if not 0 <= waarde <= 150:
            raise Weigering(f"De '{naam}' moet binnen 0 en 150 vallen.", f"doelgroep.{naam}", "GreaterThanOrEqualValidator")
    if van > tot:
        raise Weigering("Bij 'doelgroep' moet de 'minimumleeftijd' kleiner of gelijk aan 'maximumleeftijd' zijn.", "doelgroep")
    gekozen = body.get("hoofdactiviteitenVerenigingsloket") or []
    if len({c.lower() for c in gekozen}) < len(gekozen):
        raise Weigering("Een waarde in de hoofdactiviteitenLijst mag slechts 1 maal voorkomen.")
    for code in gekozen:
        if code not in hoofdactiviteiten:
            raise Weigering(f'De opgegeven hoofdactiviteit is niet gekend: "{code}"')
    gebieden = body.get("werkingsgebieden") or []
    if len({c.lower() for c in gebieden}) < len(gebieden):
        raise Weigering("Elke waarde in de werkingsgebieden mag slechts eenmaal voorkomen.", "werkingsgebieden")
    if "NVT" in gebieden and len(gebieden) > 1:
        raise Weigering("Het opgegeven werkingsgebied NVT kan niet gecombineerd worden met andere codes.", "werkingsgebieden")
    for code in gebieden:
        if code.upper() not in werkingsgebieden:
            raise Weigering(f'Het opgegeven werkingsgebied is niet gekend: "{code}"')


def locaties(alle: list[Body]) -> None:
    for i, loc in enumerate(alle):
        pad = f"locaties[{i}]"
        if str(loc.get("locatietype", "")).lower() not in map(str.lower, LOCATIETYPES):
            raise Weigering("'Locatietype' moet een geldige waarde hebben. (Correspondentie, Activiteiten)", f"{pad}.locatietype")
        if bool(loc.get("adres")) == bool(loc.get("adresId")):
            raise Weigering("'Locatie' moet of een adres of een adresId bevatten.", pad)
        _hoogstens(loc.get("naam"), "Locatienaam", f"{pad}.naam")
        if loc.get("adres"):
            for veld in ("straatnaam", "huisnummer", "postcode", "gemeente", "land"):
                _verplicht(loc["adres"].get(veld), veld, f"{pad}.adres.{veld}")
        elif not str(loc["adresId"].get("bronwaarde", "")).startswith("https://data.vlaanderen.be/id/adres/"):
            raise Weigering("De bronwaarde voor een adres uit het addressenregister moet een Data Vlaanderen PURI zijn.", pad)
    if len({locatie_gelijk(loc) for loc in alle}) < len(alle):
        raise Weigering("Identieke locaties zijn niet toegelaten.", "locaties")
    if sum(loc["locatietype"].lower() == "correspondentie" for loc in alle) > 1:
        raise Weigering("Er mag maximum één correspondentie locatie opgegeven worden.", "locaties")
    if sum(bool(loc.get("isPrimair")) for loc in alle) > 1:
        raise Weigering("Er mag maximum één primaire locatie opgegeven worden.", "locaties")


def locatie_gelijk(loc: Body) -> tuple[str, ...]:
    """What makes two locations the same: type, name and normalised address."""
    adres = loc.get("adres") or loc.get("adresId") or {}
    velden = ("straatnaam", "huisnummer", "busnummer", "postcode", "gemeente", "land", "bronwaarde")
    return (loc["locatietype"].lower(), loc.get("naam") or "", *(_kaal(str(adres.get(v) or "")) for v in velden))


def contactgegevens(alle: list[Body]) -> None:
    typen = {t.lower(): t for t in CONTACTTYPES}
    for i, c in enumerate(alle):
        pad = f"contactgegevens[{i}]"
        if str(c.get("contactgegeventype", "")).lower() not in typen:
            raise Weigering(f"De waarde {c.get('contactgegeventype')} is geen gekend contactgegeven type.", pad)
        _verplicht(c.get("waarde"), "waarde", f"{pad}.waarde")
        _hoogstens(c.get("beschrijving"), "Beschrijving", f"{pad}.beschrijving")
        _vorm(typen[c["contactgegeventype"].lower()], c["waarde"])
    for soort in CONTACTTYPES:
        eigen = [c for c in alle if c["contactgegeventype"].lower() == soort.lower()]
        if sum(bool(c.get("isPrimair")) for c in eigen) > 1:
            raise Weigering(f"Er mag maar één {soort} contactgegeven aangeduid zijn als primair.")
        if len({contact_gelijk(c) for c in eigen}) < len(eigen):
            raise Weigering(f"Er is reeds een {soort} contactgegeven met de opgegeven waarde.")


def contact_gelijk(c: Body) -> tuple[str, str, str]:
    waarde = re.sub(r"\D", "", c["waarde"])[-8:] if c["contactgegeventype"].lower() == "telefoon" else c["waarde"]
    return c["contactgegeventype"].lower(), waarde, c.get("beschrijving") or ""


def vertegenwoordigers(alle: list[Body]) -> None:
    for i, v in enumerate(alle):
        pad = f"vertegenwoordigers[{i}]"
        _verplicht(v.get("insz"), "insz", f"{pad}.insz")
        kaal = re.sub("[.-]", "", v["insz"])
        if not re.fullmatch(r"\d{11}", kaal):
            raise Weigering("Insz heeft incorrect formaat (00.00.00-000.00 of 00000000000)", f"{pad}.insz")
        if not insz_klopt(kaal):
            raise Weigering("Incorrect INSZ: foutieve checksum.")
        for veld in ("Voornaam", "Achternaam"):
            naam = str(v.get(veld.lower()) or "")
            _verplicht(v.get(veld.lower()), veld.lower(), f"{pad}.{veld.lower()}")
            if any(c.isdigit() for c in naam):
                raise Weigering(f"'{veld}' mag geen cijfers bevatten.", f"{pad}.{veld.lower()}")
            if not any(c.isalpha() for c in naam):
                raise Weigering(f"'{veld}' moet minstens een letter bevatten.", f"{pad}.{veld.lower()}")
        verrijking(v)
    if len({re.sub("[.-]", "", v["insz"]) for v in alle}) < len(alle):
        raise Weigering("INSZ moet uniek zijn binnen de vereniging.")
    if sum(bool(v.get("isPrimair")) for v in alle) > 1:
        raise Weigering("Er mag maar één vertegenwoordiger aangeduid zijn als primair contactpersoon.", "vertegenwoordigers")


def verrijking(v: Body) -> None:
    """The contact data of a representative."""
    for veld, soort in (("e-mail", "E-mail"), ("telefoon", "Telefoon"), ("mobiel", "Telefoon"), ("socialMedia", "SocialMedia")):
        if v.get(veld):
            _vorm(soort, v[veld])


def bankrekeningen(alle: list[Body]) -> None:
    for i, b in enumerate(alle):
        pad = f"bankrekeningnummers[{i}]"
        _verplicht(b.get("iban"), "iban", f"{pad}.iban")
        kaal = re.sub("[ .]", "", b["iban"])
        if not b["iban"].startswith("BE") or not re.fullmatch(r"BE\d{14}", kaal) or not iban_klopt(kaal):
            raise Weigering("Het opgegeven 'IBAN' is geen geldig Belgisch IBAN.", f"{pad}.iban")
        titularissen = b.get("titularissen")
        if not titularissen:
            raise Weigering("'Titularissen' mag niet leeg zijn.", f"{pad}.titularissen", "NotEmptyValidator")
        for titularis in titularissen:
            _hoogstens(titularis, "Titularis", f"{pad}.titularissen")
        if len({t.lower() for t in titularissen}) < len(titularissen):
            raise Weigering("De titularissen van een bankrekening moeten uniek zijn.")
        _hoogstens(b.get("doel"), "Doel", f"{pad}.doel")
    if len({iban_gelijk(b) for b in alle}) < len(alle):
        raise Weigering("Het IBAN van een bankrekening moet uniek zijn binnen de vereniging.", "bankrekeningnummers")


def iban_gelijk(b: Body) -> str:
    return re.sub("[ .]", "", b["iban"])


def kbo_nummer(waarde: str | None) -> str:
    """The ten digits. Raises Weigering."""
    if waarde is None:
        raise Weigering("'KboNummer' is verplicht.", "kboNummer", "NotNullValidator")
    if not waarde.strip():
        raise Weigering("'KboNummer' mag niet leeg zijn.", "kboNummer", "NotEmptyValidator")
    if len(waarde) < 10:
        raise Weigering("'KboNummer' moet 10 cijfers bevatten.", "kboNummer")
    kaal = re.sub("[ .]", "", waarde)
    if not kaal.isdigit():
        raise Weigering("Foutieve tekens in Kbo nummer.")
    if len(kaal) != 10:
        raise Weigering("Kbo nummer moet 10 cijfers bevatten.")
    if 97 - int(kaal[:8]) % 97 != int(kaal[8:]):
        raise Weigering("Incorrect Kbo nummer: foutieve checksum.")
    return kaal


def lidmaatschap(body: Body, eigen: str, bestaande: list[Body]) -> None:
    andere = body.get("andereVereniging")
    _verplicht(andere, "AndereVereniging", "andereVereniging")
    if not re.fullmatch(r"[Vv]\d{7}", str(andere)):
        raise Weigering("Formaat van de VCode moet 'V0000000' zijn")
    if int(str(andere)[1:]) <= 1000:
        raise Weigering("VCode moet groter zijn dan 1000")
    van, tot = body.get("van") or "", body.get("tot") or "9999"
    if tot < van:
        raise Weigering("Een einddatum in een periode moet altijd later zijn dan de startdatum.")
    if str(andere).upper() == eigen:
        raise Weigering("Een lidmaatschap mag niet verwijzen naar de vereniging waarbij hij wordt toegevoegd.")
    for b in bestaande:
        if (
            b["andereVereniging"].upper() == str(andere).upper()
            and van <= (b.get("tot") or "9999")
            and (b.get("van") or "") <= tot
        ):
            raise Weigering("Een lidmaatschap mag niet overlappen voor eenzelfde vereniging.")


def erkenning(body: Body, bestaande: list[Body]) -> None:
    _verplicht(body.get("ipdcProductNummer"), "ipdcProductNummer", "erkenning.ipdcProductNummer")
    van, tot = body.get("startdatum") or "", body.get("einddatum") or "9999"
    if tot < van:
        raise Weigering("Startdatum moet voor einddatum liggen.")
    if body.get("hernieuwingsdatum") and not van <= body["hernieuwingsdatum"] <= tot:
        raise Weigering("Hernieuwingsdatum moet tussen startdatum en einddatum liggen.")
    if (url := body.get("hernieuwingsUrl")) and not url.lower().startswith(("http://", "https://")):
        raise Weigering("Website url moet beginnen met 'http://' of 'https://'")
    for b in bestaande:
        zelfde = all(b.get(v) == body.get(v) for v in ("ipdcProductNummer", "_initiator"))
        if zelfde and van <= (b.get("einddatum") or "9999") and (b.get("startdatum") or "") <= tot:
            raise Weigering(
                "Er mag geen overlap zijn met bestaande erkenningen voor dezelfde combinatie (vCode, IPDC-product, GI)."
            )


def _verplicht(waarde: object, naam: str, pad: str) -> None:
    if waarde is None:
        raise Weigering(f"'{naam}' is verplicht.", pad, "NotNullValidator")
    if not str(waarde).strip():
        raise Weigering(f"'{naam}' mag niet leeg zijn.", pad, "NotEmptyValidator")


def _hoogstens(waarde: str | None, naam: str, pad: str) -> None:
    if waarde and len(waarde.encode("utf-16-le")) // 2 > 128:
        raise Weigering(f"{naam} mag niet langer dan 128 karakters zijn.", pad, "400")


def _geen_html(waarde: object, pad: str = "") -> None:
    if isinstance(waarde, dict):
        for sleutel, deel in waarde.items():
            _geen_html(deel, f"{pad}.{sleutel}".lstrip("."))
    elif isinstance(waarde, list):
        for i, deel in enumerate(waarde):
            _geen_html(deel, f"{pad}[{i}]")
    elif isinstance(waarde, str) and _HTML.search(waarde):
        raise Weigering("Deze waarde bevat niet toegestane tekens.", pad, "400")


def _vorm(soort: str, waarde: str) -> None:
    if soort == "E-mail" and not _E_MAIL.fullmatch(waarde):
        raise Weigering("E-mail voldoet niet aan het verwachte formaat (naam@domein.vlaanderen).")
    if soort == "Telefoon":
        rest = re.sub(r"[ .()/\-+]", "", waarde)
        if not rest:
            raise Weigering("TelefoonNummer moet minstens één cijfer bevatten")
        if not rest.isnumeric():
            raise Weigering('TelefoonNummer moet bestaan uit cijfers, whitespace en ". / ( ) - +"')
    if soort in ("Website", "SocialMedia"):
        naam = "Website" if soort == "Website" else "Social media"
        if not waarde.lower().startswith(("http://", "https://")):
            raise Weigering(f"{naam} url moet beginnen met 'http://' of 'https://'")
        if "." not in waarde:
            raise Weigering(f"{naam} url moet minsens één punt bevatten")


def _kaal(tekst: str) -> str:
    return re.sub("[^a-z0-9]", "", unicodedata.normalize("NFD", tekst.lower()))
