"""Rules for the address of a location."""

import re
from functools import cache

import polars as pl

from kit.regels import excel
from kit.regels.kern import Aard, Cel, Ernst, Vak, registreer
from kit.schema.model import Codelijst, Kolom, Schema

ADRES_PURI = "https://data.vlaanderen.be/id/adres/"


def adresnorm(x: pl.Expr) -> pl.Expr:
    """An address part as the register compares it: lower case, no accents, only letters and digits."""
    return x.str.to_lowercase().str.normalize("NFD").str.replace_all(r"\p{Mn}", "").str.replace_all("[^a-z0-9]", "")


def _heeft_adres(cellen: list[Cel]) -> pl.Expr:
    return pl.any_horizontal(c.x.is_not_null() for c in cellen)


def _of(c: Cel) -> pl.Expr:
    *adres, adres_id = [c, *c.anderen]
    return _heeft_adres(adres) != adres_id.x.is_not_null()


def _of_formule(v: Vak) -> str:
    *adres, adres_id = [v, *v.anderen]
    return f'{excel.of(*(excel.gevuld(a.x) for a in adres))}<>({adres_id.x}<>"")'


def _volledig(c: Cel) -> pl.Expr:
    """Blank while other parts of the address are filled is wrong; op = own part, the others, adres_id last."""
    *adres, _adres_id = c.anderen
    return c.x.is_not_null() | ~_heeft_adres(adres)


def _volledig_formule(v: Vak) -> str:
    *adres, _adres_id = v.anderen
    return f'({v.x}<>"")+1-{excel.of(*(excel.gevuld(a.x) for a in adres))}>0'


registreer(
    code="ADRES-01",
    ernst=Ernst.FOUT,
    aard=Aard.RIJ,
    namen=("adres_of_adres_id",),
    leeg=True,
    eis="Een adres of een Adres-id, niet beide en niet geen van beide.",
    melding="Vul ofwel het adres in (straat, huisnummer, postcode, gemeente en land), ofwel alleen het Adres-id. "
    "Nu staan ze er allebei, of geen van beide.",
    check=_of,
    formule=_of_formule,
    exact=True,
    bron="register.md 1.2.2: 'Locatie' moet of een adres of een adresId bevatten",
    plant=lambda bed: bed.zet(6, "https://data.vlaanderen.be/id/adres/861019"),
)

for _code, _naam in (("ADRES-02", "adres_volledig"), ("ADRES-03", "adres_volledig_land")):
    registreer(
        code=_code,
        ernst=Ernst.FOUT,
        aard=Aard.RIJ,
        namen=(_naam,),
        leeg=True,
        eis="Een adres is volledig: straat, huisnummer, postcode, gemeente en land.",
        melding="{kop} ontbreekt. Een adres heeft straatnaam, huisnummer, postcode, gemeente en land nodig.",
        check=_volledig,
        formule=_volledig_formule,
        exact=True,
        # Only the country can be filled in for certain: the kit is for Flemish municipalities.
        herstel=(lambda _w, _k, _s: "België") if _naam.endswith("land") else None,
        bron="register.md 1.2.2: Een adres moet bestaan uit straatnaam, huisnummer, postcode, gemeente en land",
        plant=lambda bed: bed.zet(0, ""),
    )

registreer(
    code="ADRES-04",
    ernst=Ernst.FOUT,
    aard=Aard.WAARDE,
    namen=("adres_id",),
    eis=f"Een Adres-id begint met {ADRES_PURI}",
    melding="{waarde} is geen Adres-id. Het begint met " + ADRES_PURI + " en eindigt op een nummer.",
    check=lambda c: c.x.str.starts_with(ADRES_PURI),
    formule=lambda v: f'EXACT(LEFT({v.x},{len(ADRES_PURI)}),"{ADRES_PURI}")',
    exact=True,
    herstel=lambda w, _k, _s: (
        ADRES_PURI + m[1]
        if (m := re.fullmatch(r"\s*(?:https?://data\.vlaanderen\.be/id/adres/)?(\d+)\s*", w, re.IGNORECASE))
        else None
    ),
    bron="register.md 1.2.2: bronwaarde is een Data Vlaanderen PURI",
    goed=(ADRES_PURI + "861019",),
    slecht=("861019", "http://data.vlaanderen.be/id/adres/861019"),
)

registreer(
    code="LAND-01",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    namen=("land_belgie",),
    eis="Meestal België.",
    melding="{waarde}: een adres buiten België kan, maar het register koppelt het niet aan het adressenregister.",
    check=lambda c: adresnorm(c.x) == "belgie",
    herstel=lambda w, _k, _s: "België" if w.strip().lower() in ("be", "b", "bel", "belgium", "belgique") else None,
    bron="register.md 5: buitenlandse adressen worden nooit gematcht",
    goed=("België", "Belgie"),
    slecht=("Nederland", "BE"),
)


def _gemeente_bij_postcode(c: Cel) -> pl.Expr:
    postcode = c.ander(1)
    gekend, paren = _plaatsen(postcode.lijst, c.lijst)
    hoofd = c.x.str.extract(r"^([^(]*)").str.strip_chars()
    return ~postcode.x.is_in(gekend.implode()).fill_null(False) | (postcode.x + "|" + adresnorm(hoofd)).is_in(paren.implode())


@cache
def _plaatsen(postcodes: Codelijst, gemeenten: Codelijst) -> tuple[pl.Series, pl.Series]:
    """The known postcodes, and every pair `postcode|name` that belongs together (names normalised, old ones too)."""
    paren = [
        (k.code, naam)
        for k in postcodes.keuzes
        for naam in (*k.bij, *(oud for oud, nieuw in gemeenten.oud.items() if nieuw in k.bij))
    ]
    tabel = pl.DataFrame(paren, schema=["p", "n"], orient="row")
    return tabel["p"].unique(), tabel.select(pl.col("p") + "|" + adresnorm(pl.col("n"))).to_series()


@cache
def _oude_namen(gemeenten: Codelijst) -> pl.Series:
    return pl.DataFrame({"n": list(gemeenten.oud)}, schema={"n": pl.String}).select(adresnorm(pl.col("n"))).to_series()


def _nieuwe_naam(waarde: str, kolom: Kolom, schema: Schema) -> str | None:
    lijst = schema.codelijst(kolom)
    return lijst.nieuwe_naam(waarde) if lijst else None


registreer(
    code="GEMEENTE-01",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.RIJ,
    namen=("gemeente_bij_postcode",),
    eis="De gemeente hoort bij de postcode.",
    melding="{waarde} hoort niet bij de postcode op deze rij. Kijk beide na: bij twijfel wint de postcode.",
    check=_gemeente_bij_postcode,
    bron="register.md 5 en 10.7: postcode wint altijd bij de adresmatch",
    plant=lambda bed: (bed.zet(1, "8500"), bed.zet(0, "Mechelen")),
)

registreer(
    code="GEMEENTE-02",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    namen=("oude_gemeentenaam",),
    eis="De naam van na de fusies van 2025.",
    melding="{waarde} is een gemeentenaam van vóór de fusies van 1 januari 2025. Gebruik de nieuwe naam.",
    check=lambda c: ~adresnorm(c.x).is_in(_oude_namen(c.lijst).implode()),
    herstel=_nieuwe_naam,
    bron="register.md 5 en 10.7: fusiegemeenten 2025",
    goed=("Lokeren", "Lochristi"),
    slecht=("Galmaarden", "Bilzen"),
)
