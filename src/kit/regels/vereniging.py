"""Rules for the association as a whole: columns that belong together, other sheets, other workbooks."""

from collections.abc import Callable

import polars as pl

from kit.regels import excel
from kit.regels.getal import datum, datum_formule, datum_volgorde, getal, getal_formule
from kit.regels.groepen import sleutel_norm
from kit.regels.kern import Aard, Cel, Context, Ernst, Vak, registreer
from kit.schema.model import Blad, Werkboek


def _leeftijden(c: Cel) -> pl.Expr:
    hoog = c.ander(1)
    gesteld = getal(c).is_not_null() & (hoog.x.is_null() | getal(hoog).is_not_null())
    return ~gesteld | (getal(c) <= getal(hoog).fill_null(c.kolom.tot or 150))


def _leeftijden_formule(v: Vak) -> str:
    hoog = v.ander(1)
    waarde_hoog = f'IF({hoog.x}="",{v.kolom.tot},--({hoog.x}&""))'
    geldig = excel.en(getal_formule(v), excel.of(f'{hoog.x}=""', getal_formule(hoog)))
    return excel.als_geldig(geldig, f'--({v.x}&"")<={waarde_hoog}')


registreer(
    code="LEEFTIJD-01",
    ernst=Ernst.FOUT,
    aard=Aard.RIJ,
    namen=("leeftijden",),
    eis="De minimumleeftijd is niet hoger dan de maximumleeftijd.",
    melding="De minimumleeftijd ({waarde}) is hoger dan de maximumleeftijd. Zijn ze omgewisseld?",
    check=_leeftijden,
    formule=_leeftijden_formule,
    exact=True,
    bron="register.md 1.1: een ontbrekende grens telt als 0 of 150",
    plant=lambda bed: (bed.zet(0, 50), bed.zet(1, 2)),
)


def _volgorde(vroeg: Cel, laat: Cel) -> pl.Expr:
    return datum(vroeg).is_null() | datum(laat).is_null() | (datum(vroeg) <= datum(laat))


def _volgorde_formule(vroeg: Vak, laat: Vak) -> str:
    return excel.als_geldig(
        excel.en(f'{vroeg.x}<>""', f'{laat.x}<>""', datum_formule(vroeg), datum_formule(laat)),
        f"{datum_volgorde(vroeg)}<={datum_volgorde(laat)}",
    )


registreer(
    code="PERIODE-01",
    ernst=Ernst.FOUT,
    aard=Aard.RIJ,
    namen=("periode",),
    eis="De einddatum ligt niet vóór de begindatum.",
    melding="{kop} ({waarde}) ligt vóór de begindatum. Zijn ze omgewisseld?",
    check=lambda c: _volgorde(c.ander(1), c),
    formule=lambda v: _volgorde_formule(v.ander(1), v),
    exact=True,
    bron="register.md 1.4: gelijk mag",
    plant=lambda bed: (bed.zet(1, "2024-06-01"), bed.zet(0, "2023-06-01")),
)

registreer(
    code="PERIODE-02",
    ernst=Ernst.FOUT,
    aard=Aard.RIJ,
    namen=("periode_start",),
    eis="De begindatum ligt niet na de einddatum.",
    melding="{kop} ({waarde}) ligt na de einddatum. Zijn ze omgewisseld?",
    check=lambda c: _volgorde(c, c.ander(1)),
    formule=lambda v: _volgorde_formule(v, v.ander(1)),
    exact=True,
    bron="register.md 1.5: Startdatum moet voor einddatum liggen (gelijk mag)",
    plant=lambda bed: (bed.zet(0, "2024-06-01"), bed.zet(1, "2023-06-01")),
)


def _hernieuwing(c: Cel) -> pl.Expr:
    start, einde = c.anderen
    return _volgorde(start, c) & _volgorde(c, einde)


registreer(
    code="ERKENNING-01",
    ernst=Ernst.FOUT,
    aard=Aard.RIJ,
    namen=("hernieuwing",),
    eis="De hernieuwingsdatum ligt tussen begin en einde van de erkenning.",
    melding="{kop} ({waarde}) ligt niet tussen de startdatum en de einddatum van de erkenning.",
    check=_hernieuwing,
    formule=lambda v: excel.en(_volgorde_formule(v.ander(1), v), _volgorde_formule(v, v.ander(2))),
    exact=True,
    bron="register.md 1.5",
    plant=lambda bed: (bed.zet(1, "2024-01-01"), bed.zet(2, "2024-12-31"), bed.zet(0, "2025-06-01")),
)


def _geen_dubbele(c: Cel) -> pl.Expr:
    return pl.all_horizontal((b.code.str.to_lowercase() != c.code.str.to_lowercase()).fill_null(True) for b in c.broers)


def _geen_dubbele_formule(v: Vak) -> str:
    """Weaker: a name and its code count as two in Excel, as one in the check."""
    return f"1-{excel.of(*(excel.en(excel.gevuld(b.x), excel.zelfde(b.x, v.x)) for b in v.broers))}"


registreer(
    code="ACTIVITEIT-01",
    ernst=Ernst.FOUT,
    aard=Aard.RIJ,
    namen=("geen_dubbele_activiteit",),
    eis="Elke hoofdactiviteit één keer.",
    melding="{waarde} staat twee keer op deze rij. Laat elke hoofdactiviteit één keer staan.",
    check=_geen_dubbele,
    formule=_geen_dubbele_formule,
    bron="register.md 1.1: dubbel is niet toegelaten, hoofdletterongevoelig",
    plant=lambda bed: bed.zet_broer(),
)

registreer(
    code="GEBIED-01",
    ernst=Ernst.FOUT,
    aard=Aard.RIJ,
    namen=("geen_dubbel_werkingsgebied",),
    eis="Elk werkingsgebied één keer.",
    melding="{waarde} staat twee keer op deze rij. Laat elk werkingsgebied één keer staan.",
    check=_geen_dubbele,
    formule=_geen_dubbele_formule,
    bron="register.md 1.1: WerkingsgebiedMagSlechtsEenmaalVoorkomen",
    plant=lambda bed: bed.zet_broer(),
)


def _nvt_alleen(c: Cel) -> pl.Expr:
    return (c.code != "NVT") | pl.all_horizontal(b.x.is_null() for b in c.broers)


def _nvt_formule(v: Vak) -> str:
    nvt = excel.is_een(v.x, "NVT", "Niet van toepassing")
    return f"1-{excel.en(nvt, excel.of(*(excel.gevuld(b.x) for b in v.broers)))}"


registreer(
    code="GEBIED-02",
    ernst=Ernst.FOUT,
    aard=Aard.RIJ,
    namen=("nvt_alleen",),
    eis="Niet van toepassing staat alleen.",
    melding="Niet van toepassing kan niet samen met een ander werkingsgebied. Verwijder één van beide.",
    check=_nvt_alleen,
    formule=_nvt_formule,
    exact=True,
    bron="register.md 1.1: NVT kan niet gecombineerd worden",
    plant=lambda bed: bed.zet_broer("Niet van toepassing"),
)

registreer(
    code="SUBTYPE-01",
    ernst=Ernst.FOUT,
    aard=Aard.RIJ,
    namen=("moeder_zonder_subtype",),
    eis="Een subvereniging heeft een moedervereniging.",
    melding="Bij een subvereniging hoort de vCode van de moedervereniging. Vul die kolom in of kies een ander subtype.",
    check=lambda c: (c.code != "SUB") | c.ander(1).x.is_not_null(),
    formule=lambda v: f"1-{excel.en(excel.is_een(v.x, 'SUB', 'Subvereniging'), excel.leeg(v.ander(1).x))}",
    exact=True,
    bron="register.md 2.3: bij SUB is andereVereniging nodig",
    plant=lambda bed: (bed.zet(0, "Subvereniging"), bed.zet(1, "")),
)

registreer(
    code="SUBTYPE-02",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.RIJ,
    namen=("subtype_moeder",),
    eis="Een moedervereniging alleen bij het subtype Subvereniging.",
    melding="Er staat een moedervereniging, maar het subtype is niet Subvereniging. Zo gaat de moeder niet mee.",
    check=lambda c: (c.ander(1).code == "SUB").fill_null(False),
    formule=lambda v: excel.is_een(v.ander(1).x, "SUB", "Subvereniging"),
    exact=True,
    bron="register.md 2.3; kitbeleid",
    plant=lambda bed: (bed.zet(0, "V0001001"), bed.zet(1, "")),
)


def _bladen_met(werkboek: Werkboek, regel: str) -> list[tuple[Blad, str]]:
    """(sheet, column) where the schema applies a rule name; so that this file names no sheet or column."""
    return [(b, k.sleutel) for b in werkboek.bladen for k in b.kolommen for t in k.regels if t.regel == regel]


def _moeder_geen_lid(c: Cel) -> pl.Expr:
    werkboek = c.ctx.werkboek
    paren: list[pl.Series] = []
    for blad, sleutel in _bladen_met(werkboek, "vcode"):
        frame = c.op_blad(blad.sleutel)
        if blad.sleutel == werkboek.verenigingsblad or frame is None:
            continue
        eigen = Cel(blad.per_sleutel[werkboek.sleutelkolom], blad, c.ctx)
        paren.append(frame.select((sleutel_norm(eigen) + "|" + pl.col(sleutel).str.to_uppercase()).alias("p"))["p"])
    alle = pl.concat(paren).drop_nulls() if paren else pl.Series(dtype=pl.String)
    return ~(sleutel_norm(c.ander(1)) + "|" + c.x.str.to_uppercase()).is_in(alle.implode()).fill_null(False)


registreer(
    code="SUBTYPE-03",
    ernst=Ernst.FOUT,
    aard=Aard.VERWIJZING,
    namen=("moeder_geen_lidmaatschap",),
    eis="Een subvereniging is geen lid van haar eigen moedervereniging.",
    melding="{waarde} is de moedervereniging, en staat ook bij de lidmaatschappen van deze vereniging. "
    "Het kan maar één van beide zijn.",
    check=_moeder_geen_lid,
    bron="register.md 1.4 en 2.3: geen lid van de vereniging waarvan zij subvereniging is",
    plant=lambda bed: bed.lid_van_moeder(),
)

registreer(
    code="MIGREREN-01",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.RIJ,
    namen=("reden_bij_nee",),
    leeg=True,
    eis="Een reden bij Migreren = nee.",
    melding="Deze vereniging gaat niet mee. Schrijf hier waarom, dan weten uw collega's en Digitaal Vlaanderen dat later nog.",
    check=lambda c: c.x.is_not_null() | (c.ander(1).code != "nee").fill_null(True),
    formule=lambda v: f"1-{excel.en(excel.leeg(v.x), excel.is_een(v.ander(1).x, 'nee'))}",
    exact=True,
    bron="proces.md stap 9 tot 11; kitbeleid",
    plant=lambda bed: (bed.zet(1, "nee"), bed.zet(0, "")),
)


def _op_blad_met(ctx: Context, oproep_plaats: str) -> pl.Series | None:
    blad = next((b for b in ctx.werkboek.bladen if b.plaats == oproep_plaats), None)
    if blad is None or blad.sleutel not in ctx.frames:
        return None
    cel = Cel(blad.per_sleutel[ctx.werkboek.sleutelkolom], blad, ctx)
    return ctx.frames[blad.sleutel].select(sleutel_norm(cel)).to_series().drop_nulls()


def _komt_voor(plaats: str) -> Callable[[Cel], pl.Expr]:
    def check(c: Cel) -> pl.Expr:
        sleutels = _op_blad_met(c.ctx, plaats)
        return pl.lit(True) if sleutels is None else sleutel_norm(c).is_in(sleutels.implode())

    return check


registreer(
    code="LOCATIE-03",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.VERWIJZING,
    namen=("heeft_locatie",),
    eis="Liefst minstens één locatie.",
    melding="Deze vereniging heeft geen locatie. Het register kan dan niet nagaan of ze al bestaat.",
    check=_komt_voor("locaties"),
    bron="register.md 4.1 en 10.7: zonder locatie geen dubbelcontrole",
    plant=lambda bed: bed.zonder_rijen("locaties"),
)

registreer(
    code="VERT-01",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.VERWIJZING,
    namen=("heeft_vertegenwoordiger",),
    eis="Liefst minstens één vertegenwoordiger.",
    melding="Deze vereniging heeft geen vertegenwoordiger. Niemand kan haar gegevens dan later in het Verenigingsloket beheren.",
    check=_komt_voor("vertegenwoordigers"),
    bron="register.md 0.2: afspraak bij de migratie, geen regel van het register",
    plant=lambda bed: bed.zonder_rijen("vertegenwoordigers"),
)

registreer(
    code="VERT-02",
    ernst=Ernst.FOUT,
    aard=Aard.RIJ,
    namen=("verrijking_niet_leeg",),
    eis="Minstens één gegeven naast het INSZ.",
    melding="Bij deze vertegenwoordiger staat niets om toe te voegen. Vul een rol, e-mail, telefoon … in of verwijder de rij.",
    check=lambda c: pl.any_horizontal(a.x.is_not_null() for a in c.anderen),
    formule=lambda v: excel.of(*(excel.gevuld(a.x) for a in v.anderen)),
    exact=True,
    bron="register.md 1.3: geen velden geeft 'Vertegenwoordiger' moet ingevuld zijn",
    plant=lambda bed: [bed.zet(i, "") for i in range(1, 8)],
)

registreer(
    code="MELDING-01",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.WAARDE,
    namen=("melding",),
    eis="De melding ging ten laatste één dag voor de migratie uit.",
    melding="De melding ging pas vandaag uit. Wacht minstens één dag met de migratie: dat is een wettelijke plicht.",
    check=lambda c: datum(c).is_null() | (datum(c) != c.ctx.vandaag),
    formule=lambda v: excel.als_geldig(
        datum_formule(v), f"{datum_volgorde(v)}<>(YEAR(TODAY())*10000+MONTH(TODAY())*100+DAY(TODAY()))"
    ),
    exact=True,
    bron="proces.md stap 2: ten laatste één dag voor de migratie",
    plant=lambda bed: bed.zet_vandaag(),
)
