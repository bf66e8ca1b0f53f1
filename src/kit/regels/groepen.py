"""Rules within one association: unique, at most one, no overlap."""

import polars as pl

from kit.regels.adres import adresnorm
from kit.regels.contact import telefoon_gelijk
from kit.regels.getal import datum
from kit.regels.kern import Aard, Cel, Ernst, registreer
from kit.regels.nummers import iban_kaal, insz_kaal, kbo_kaal


def _ja(c: Cel) -> pl.Expr:
    return (c.code == "ja").fill_null(False)


def sleutel_norm(c: Cel) -> pl.Expr:
    """The association key in comparable form (a KBO-nummer may be written with dots)."""
    return kbo_kaal(c.x) if "kbo_nummer" in {t.regel for t in c.kolom.regels} else c.x.str.strip_chars()


def _hoogstens_een(welke: pl.Expr, *per: pl.Expr) -> pl.Expr:
    return ~welke | (welke.cast(pl.Int32).sum().over(list(per)) <= 1)


registreer(
    code="PRIMAIR-01",
    ernst=Ernst.FOUT,
    aard=Aard.GROEP,
    namen=("een_primair",),
    eis="Hoogstens één keer ja per vereniging.",
    melding="Deze vereniging heeft op dit blad meer dan één rij met {kop} = ja. Laat ja staan bij de belangrijkste.",
    check=lambda c: _hoogstens_een(_ja(c), sleutel_norm(c.ander(1))),
    bron="register.md 1.2.2 en 1.2.3: maximum één primaire locatie en één primaire vertegenwoordiger",
    plant=lambda bed: (bed.zet(0, "ja"), bed.kopie({0: "ja"})),
)

registreer(
    code="PRIMAIR-02",
    ernst=Ernst.FOUT,
    aard=Aard.GROEP,
    namen=("een_primair_per_type",),
    eis="Hoogstens één keer ja per vereniging en per type.",
    melding="Deze vereniging heeft voor dit type meer dan één primair contactgegeven. Laat ja staan bij het belangrijkste.",
    check=lambda c: _hoogstens_een(_ja(c), sleutel_norm(c.ander(1)), c.ander(2).code.fill_null("")),
    bron="register.md 1.2.1: één primair contactgegeven per type",
    plant=lambda bed: (bed.zet(0, "ja"), bed.kopie({0: "ja"})),
)

registreer(
    code="LOCATIE-01",
    ernst=Ernst.FOUT,
    aard=Aard.GROEP,
    namen=("een_correspondentie",),
    eis="Hoogstens één correspondentieadres per vereniging.",
    melding="Deze vereniging heeft meer dan één correspondentieadres. Kies bij de andere Activiteiten.",
    check=lambda c: _hoogstens_een((c.code == "Correspondentie").fill_null(False), sleutel_norm(c.ander(1))),
    bron="register.md 1.2.2: maximum één correspondentielocatie",
    plant=lambda bed: (bed.zet(0, "Correspondentie"), bed.kopie({0: "Correspondentie"})),
)


def _locatie_sleutels(c: Cel) -> list[pl.Expr]:
    sleutel, naam, *adres, adres_id = c.anderen
    return [
        sleutel_norm(sleutel),
        c.code,
        naam.x.fill_null(""),
        *(adresnorm(a.x).fill_null("") for a in adres),
        adres_id.x.fill_null(""),
    ]


registreer(
    code="LOCATIE-02",
    ernst=Ernst.FOUT,
    aard=Aard.GROEP,
    namen=("locatie_uniek",),
    eis="Elke locatie één keer per vereniging.",
    melding="Deze locatie staat er voor deze vereniging meer dan één keer (zelfde type, naam en adres). "
    "Verwijder de rij die te veel is.",
    groep=_locatie_sleutels,
    bron="register.md 1.2.2: AdresComponentNormalizer, hoofdletters, accenten en leestekens tellen niet",
    plant=lambda bed: (bed.zet(0, "Activiteiten"), bed.kopie({0: "Activiteiten"})),
)


def _contact_sleutels(c: Cel) -> list[pl.Expr]:
    sleutel, type_, beschrijving = c.anderen
    waarde = pl.when(type_.code == "Telefoon").then(telefoon_gelijk(c.x)).otherwise(c.x)
    return [sleutel_norm(sleutel), type_.code, beschrijving.x.fill_null(""), waarde]


registreer(
    code="CONTACT-01",
    ernst=Ernst.FOUT,
    aard=Aard.GROEP,
    namen=("contactgegeven_uniek",),
    eis="Elk contactgegeven één keer per vereniging (zelfde type, waarde en beschrijving).",
    melding="{waarde} staat er voor deze vereniging al, met dezelfde beschrijving. Verwijder de rij die te veel is.",
    groep=_contact_sleutels,
    bron="register.md 1.2.1: IsEquivalentTo, telefoons worden genormaliseerd (3.4)",
    plant=lambda bed: bed.kopie({}),
)

registreer(
    code="INSZ-04",
    ernst=Ernst.FOUT,
    aard=Aard.GROEP,
    namen=("insz_uniek",),
    eis="Elke persoon één keer per vereniging.",
    melding="Deze persoon staat twee keer bij deze vereniging. Verwijder de rij die te veel is.",
    groep=lambda c: [sleutel_norm(c.ander(1)), insz_kaal(c.x)],
    bron="register.md 1.2.3: INSZ moet uniek zijn binnen de vereniging",
    plant=lambda bed: bed.kopie({}),
)


def _een_vereniging(c: Cel) -> pl.Expr:
    return sleutel_norm(c.ander(1)).n_unique().over(insz_kaal(c.x)) == 1


registreer(
    code="INSZ-05",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.GROEP,
    namen=("insz_op_meer_verenigingen",),
    eis="Dezelfde persoon mag bij meer verenigingen staan.",
    melding="Deze persoon staat ook bij een andere vereniging. Dat mag; kijk na of het klopt.",
    check=_een_vereniging,
    bron="register.md 10.7: INSZ op meerdere verenigingen (mag)",
    plant=lambda bed: bed.kopie({}, andere_vereniging=True),
)

registreer(
    code="IBAN-03",
    ernst=Ernst.FOUT,
    aard=Aard.GROEP,
    namen=("iban_uniek",),
    eis="Elke rekening één keer per vereniging.",
    melding="{waarde} staat twee keer bij deze vereniging. Verwijder de rij die te veel is.",
    groep=lambda c: [sleutel_norm(c.ander(1)), iban_kaal(c.x)],
    bron="register.md 1.2.4: het IBAN moet uniek zijn binnen de vereniging",
    plant=lambda bed: bed.kopie({}),
)


def _overlapt_niet(c: Cel) -> pl.Expr:
    """A row overlaps when it starts on or before the latest end among the rows of its group that start earlier."""
    sleutel, van, tot = c.anderen
    groep = [sleutel_norm(sleutel), c.x.str.to_lowercase()]
    begin = datum(van).to_physical().fill_null(-(2**31))
    einde = datum(tot).to_physical().fill_null(2**31 - 1)
    vorige = einde.cast(pl.Int64).cum_max().shift(1).over(groep, order_by=begin.cast(pl.Int64))
    return vorige.is_null() | (begin.cast(pl.Int64) > vorige)


registreer(
    code="PERIODE-03",
    ernst=Ernst.FOUT,
    aard=Aard.GROEP,
    namen=("periode_overlapt_niet",),
    eis="Geen overlap met een andere periode voor hetzelfde.",
    melding="De periode voor {waarde} overlapt met een andere rij van deze vereniging. "
    "Een lege einddatum betekent: loopt nog. Kijk de datums na.",
    check=_overlapt_niet,
    bron="register.md 1.4 en 1.5: geen overlap; een open einde is oneindig, grenzen tellen mee",
    plant=lambda bed: bed.kopie({}, verwacht=True),
)


registreer(
    code="NR-01",
    ernst=Ernst.FOUT,
    aard=Aard.GROEP,
    namen=("uniek_nr",),
    eis="Elk Nr komt maar één keer voor.",
    melding="Nr {waarde} staat meer dan één keer op dit blad. Geef elke vereniging een eigen nummer.",
    groep=lambda c: [sleutel_norm(c)],
    bron="kitbeleid: zonder uniek Nr weet niemand welke rijen op de andere bladen bij welke vereniging horen",
    plant=lambda bed: bed.kopie({}),
)

registreer(
    code="KBO-04",
    ernst=Ernst.FOUT,
    aard=Aard.GROEP,
    namen=("uniek_kbo",),
    eis="Elk KBO-nummer komt maar één keer voor.",
    melding="{waarde} staat meer dan één keer op dit blad. Eén rij per vereniging: voeg de rijen samen.",
    groep=lambda c: [sleutel_norm(c)],
    bron="register.md 1.3: een tweede registratie geeft dezelfde vereniging terug; kitbeleid: één rij per vereniging",
    plant=lambda bed: bed.kopie({}),
)


def _bestaat(c: Cel) -> pl.Expr:
    werkboek = c.ctx.werkboek
    hoofd = c.op_blad(werkboek.verenigingsblad)
    if hoofd is None:
        return pl.lit(True)
    sleutels = (
        hoofd.select(sleutel_norm(Cel(werkboek.verenigingen.per_sleutel[werkboek.sleutelkolom], werkboek.verenigingen, c.ctx)))
        .to_series()
        .drop_nulls()
    )
    return sleutel_norm(c).is_in(sleutels.implode())


registreer(
    code="VERWIJZING-01",
    ernst=Ernst.FOUT,
    aard=Aard.VERWIJZING,
    namen=("verwijzing",),
    eis="Bestaat op het blad Verenigingen.",
    melding="{kop} {waarde} staat niet op het blad met de verenigingen. Verbeter het nummer, of voeg de vereniging toe.",
    check=_bestaat,
    bron="kitbeleid: een rij hoort bij een vereniging uit hetzelfde werkboek",
    plant=lambda bed: bed.onbekende_sleutel(),
)
