"""Schema and rules -> pandera; frames -> bevindingen.

A sheet's rules are asked in one polars pass that gives a frame of verdicts (one Boolean column per rule and column).
The pandera schema of the sheet demands that every row meets all of them and reports, lazily, the rows that do not.
One check per rule would cost more than reading the file (docs/adr/0003-een-pandera-check-per-rij.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import pandera.polars as pa
import polars as pl

from kit.bevinding import Bevinding, maskeer
from kit.gelezen import RIJ, Gelezen, GelezenBlad
from kit.regels import Aard, Cel, Context, Ernst, Regel, Toegepast, toegepast
from kit.regels.keuze import lijkt_op
from kit.schema import Blad, Kolom, Schema, Werkboek


def oordelen(toepassingen: Sequence[Toegepast], frame: pl.DataFrame, ctx: Context) -> pl.DataFrame:
    """One Boolean column per application (`CODE kolom`), one row per row of the frame: True = nothing to say."""
    # A rule that only judges filled cells has nothing to say of an empty column: that saves half of the work.
    leeg = {naam for naam in frame.columns if frame[naam].null_count() == frame.height}
    te_vragen = [t for t in toepassingen if t.regel.leeg or t.kolom.sleutel not in leeg]
    # Lazy, so that polars shares what rules have in common (a third faster at 50 000 associations).
    return frame.lazy().select(t.oordeel(ctx).alias(t.sleutel) for t in te_vragen).collect()


def bladschema(verdicten: pl.DataFrame) -> pa.DataFrameSchema:
    """The pandera schema of a sheet's frame: every row (told by its Excel row number) meets all rules."""
    voldoet = pa.Check(lambda _data: verdicten.lazy(), name="regels", ignore_na=False)
    return pa.DataFrameSchema({RIJ: pa.Column(pl.Int64, checks=[voldoet] if verdicten.width else [])})


def valideer(
    werkboeken: Sequence[Gelezen],
    *,
    vandaag: dt.date | None = None,
    voortgang: Callable[[str], None] = lambda _tekst: None,
) -> list[Bevinding]:
    """All findings of all rules over one or more workbooks, sorted by file, sheet, row and column.

    `voortgang` is told the name of each sheet as its turn comes.
    """
    uit: list[Bevinding] = []
    for boek in werkboeken:
        ctx = Context(
            schema=boek.schema,
            werkboek=boek.werkboek,
            frames=boek.frames,
            andere=[(b.werkboek, b.frames) for b in werkboeken if b is not boek],
            vandaag=vandaag or dt.date.today(),
        )
        uit += boek.structuur
        for gelezen in boek.bladen.values():
            voortgang(f"{boek.bestand}: {gelezen.naam}")
            uit += _valideer_blad(boek, gelezen, ctx)
    return _gesorteerd(uit, werkboeken)


def _gesorteerd(bevindingen: list[Bevinding], werkboeken: Sequence[Gelezen]) -> list[Bevinding]:
    orde = {(boek.bestand, blad.naam): (i, j) for i, boek in enumerate(werkboeken) for j, blad in enumerate(boek.bladen.values())}
    return sorted(bevindingen, key=lambda b: (orde[b.bestand, b.blad], b.rij, len(b.cel), b.cel, b.ernst, b.regel))


def _valideer_blad(boek: Gelezen, gelezen: GelezenBlad, ctx: Context) -> list[Bevinding]:
    if gelezen.frame.is_empty():
        return []
    toepassingen = [t for t in toegepast(gelezen.blad) if t.kolom.sleutel in gelezen.kolommen]
    verdicten = oordelen(toepassingen, gelezen.frame, ctx)
    try:
        bladschema(verdicten).validate(gelezen.frame.select(RIJ), lazy=True)
    except pa.errors.SchemaErrors as fouten:
        indexen = fouten.failure_cases.filter(pl.col("check") == "regels")["index"]
    else:
        return []
    gebroken = verdicten[indexen]
    maker = _Maker(boek, gelezen, ctx)
    uit: list[Bevinding] = []
    for t in toepassingen:
        if t.sleutel in gebroken.columns and not gebroken[t.sleutel].all():
            uit += maker.maak(t, indexen.filter(~gebroken[t.sleutel]).to_list())
    return uit


class _Maker:
    """Turns failing rows into findings, with message and proposal."""

    def __init__(self, boek: Gelezen, gelezen: GelezenBlad, ctx: Context) -> None:
        self.boek, self.gelezen, self.ctx = boek, gelezen, ctx
        frame = gelezen.frame
        self.rijen = frame[RIJ].to_list()
        self.nrs = frame[boek.werkboek.sleutelkolom].to_list()
        self._lijkt_op = cache(lambda waarde, codelijst: lijkt_op(waarde, ctx.schema.codelijsten[codelijst]))

    def maak(self, t: Toegepast, indexen: list[int]) -> list[Bevinding]:
        kolom = t.kolom
        waarden = self.gelezen.frame[kolom.sleutel]
        teksten = [waarden[i] or "" for i in indexen]
        voorstellen = _voorstellen(t, set(teksten), self.ctx)
        gevoelig = kolom.persoonsgegeven is not None
        cel = Cel(kolom, self.gelezen.blad, self.ctx, t.op)
        aanwijzingen = t.regel.aanwijzing(cel) if t.regel.aanwijzing else {}
        return [
            Bevinding(
                bestand=self.boek.bestand,
                blad=self.gelezen.naam,
                cel=self.gelezen.cel(kolom.sleutel, self.rijen[i]),
                rij=self.rijen[i],
                kolom=kolom.kop,
                nr=self.nrs[i] or "",
                regel=t.regel.code,
                ernst=t.regel.ernst,
                waarde=tekst,
                melding=self._melding(t, tekst, aanwijzingen.get(i)),
                voorstel=voorstellen.get(tekst),
                gevoelig=gevoelig,
                verliest=_verliest(t.regel, tekst, voorstellen.get(tekst)),
            )
            for i, tekst in zip(indexen, teksten, strict=True)
        ]

    def _melding(self, t: Toegepast, tekst: str, aanwijzing: str | None) -> str:
        lijkend = self._lijkt_op(tekst, t.kolom.codelijst) if "{lijkt_op}" in t.regel.melding and tekst else None
        return melding(t, tekst, lijkend, aanwijzing)


def melding(t: Toegepast, tekst: str, lijkend: str | None = None, aanwijzing: str | None = None) -> str:
    """The rule's message for one value. A long value is cut, a national number masked."""
    kolom = t.kolom
    kort = tekst if len(tekst) <= 60 else tekst[:57] + "…"
    return t.regel.melding.format(
        waarde=f"“{maskeer(kort, geheel=kolom.persoonsgegeven is not None)}”",
        kop=kolom.kop,
        kop_klein=kolom.kop.lower(),
        max=kolom.max,
        van=kolom.van,
        tot=kolom.tot,
        aanwijzing=aanwijzing or "een andere rij",
        lijkt_op=f" Bedoelt u “{lijkend}”?" if lijkend else "",
    )


def _verliest(regel: Regel, was: str, wordt: str | None) -> bool:
    return wordt is not None and regel.verliest is not None and regel.verliest(was, wordt)


def _voorstellen(t: Toegepast, teksten: set[str], ctx: Context) -> dict[str, str]:
    """Value -> proposed value, only for proposals that the column's own value rules accept."""
    if t.regel.herstel is None:
        return {}
    paren = {
        tekst: voorstel
        for tekst in teksten
        if (voorstel := t.regel.herstel(tekst, t.kolom, ctx.schema)) is not None and voorstel != tekst
    }
    goed = aanvaard(t.blad, t.kolom, sorted({v for v in paren.values() if v}), ctx, t.als)
    return {tekst: v for tekst, v in paren.items() if v == "" or v in goed}


def aanvaard(blad: Blad, kolom: Kolom, waarden: list[str], ctx: Context, als: tuple[tuple[str, str], ...] = ()) -> set[str]:
    """Which of these texts break no value rule of severity fout on the column."""
    if not waarden:
        return set()
    toepassingen = [
        t
        for t in toegepast(blad)
        if t.kolom == kolom and t.regel.aard == Aard.WAARDE and t.regel.ernst == Ernst.FOUT and t.als in ((), als)
    ]
    los = Context(ctx.schema, ctx.werkboek, vandaag=ctx.vandaag)
    voorwaarden = dict(als)
    frame = pl.DataFrame(
        {
            k.sleutel: pl.Series(waarden if k == kolom else [voorwaarden.get(k.sleutel)] * len(waarden), dtype=pl.String)
            for k in blad.kolommen
        }
    )
    if not toepassingen:
        return set(waarden)
    goed = frame.select(pl.all_horizontal(t.oordeel(los) for t in toepassingen)).to_series()
    return {w for w, g in zip(waarden, goed, strict=True) if g}


@dataclass(frozen=True)
class Regeloordeel:
    """What the value rules of one name say of one value."""

    regel: str
    waarde: str
    geldig: bool
    melding: str | None
    voorstel: str | None


def beoordeel(naam: str, waarden: Sequence[str], schema: Schema) -> list[Regeloordeel]:
    """Judge single values by a rule name (`insz`, `e_mail`, ...). Raises KeyError for an unknown name."""
    werkboek, blad, kolom = _kolom_met(naam, schema)
    toepassingen = [t for t in toegepast(blad) if t.kolom == kolom and naam in t.regel.namen and t.regel.aard == Aard.WAARDE]
    ctx = Context(schema, werkboek)
    als = next((t.als for t in toepassingen if t.als), ())
    frame = pl.DataFrame(
        {
            k.sleutel: pl.Series(list(waarden) if k == kolom else [dict(als).get(k.sleutel)] * len(waarden), dtype=pl.String)
            for k in blad.kolommen
        }
    )
    uit = []
    oordelen = frame.select(t.oordeel(ctx).alias(str(i)) for i, t in enumerate(toepassingen)).rows()
    for waarde, rij in zip(waarden, oordelen, strict=True):
        gebroken = [t for t, goed in zip(toepassingen, rij, strict=True) if not goed]
        voorstel = next((v for t in gebroken for v in _voorstellen(t, {waarde}, ctx).values()), None)
        uit.append(
            Regeloordeel(
                regel=naam,
                waarde=waarde,
                geldig=waarde != "" and all(t.regel.ernst != Ernst.FOUT for t in gebroken),
                melding=" ".join(melding(t, waarde) for t in gebroken) or None,
                voorstel=voorstel,
            )
        )
    return uit


def _kolom_met(naam: str, schema: Schema) -> tuple[Werkboek, Blad, Kolom]:
    """A column on which the schema applies a value rule of this name."""
    for werkboek in schema.werkboeken:
        for blad in werkboek.bladen:
            for kolom in blad.kolommen:
                if any(t.regel == naam for t in kolom.regels):
                    return werkboek, blad, kolom
    raise KeyError(naam)


def waarderegels(schema: Schema) -> list[str]:
    """The names that `beoordeel` knows."""
    return sorted(
        {
            naam
            for w in schema.werkboeken
            for b in w.bladen
            for t in toegepast(b)
            if t.regel.aard == Aard.WAARDE
            for naam in t.regel.namen
        }
    )
