"""Rules for an association that is delivered twice: in one workbook, or in both. The judgement is `kit.dubbels`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import polars as pl

from kit.regels.groepen import sleutel_norm
from kit.regels.kern import Aard, Cel, Context, Ernst, registreer
from kit.schema import Werkboek

_RECHTSVORM = r"\b(?:vzw|ivzw|feitelijke vereniging|fv|de|het|een)\b"


def naamnorm(x: pl.Expr) -> pl.Expr:
    """A name for comparison: no legal form, articles, accents or punctuation, words in alphabetical order."""
    plat = x.str.to_lowercase().str.replace_all(r"\.", "").str.normalize("NFD").str.replace_all(r"\p{Mn}", "")
    return (
        plat.str.replace_all("[^a-z0-9]", " ")
        .str.replace_all(_RECHTSVORM, " ")
        .str.extract_all(r"\S+")
        .list.sort()
        .list.join(" ")
    )


def _waar(c: Cel) -> pl.Expr:
    """The first postcode of each association, or empty."""
    werkboek = c.ctx.werkboek
    for blad in werkboek.bladen:
        kolom = next((k for k in blad.kolommen if k.codelijst == "postcodes"), None)
        frame = c.op_blad(blad.sleutel)
        if kolom is None or frame is None:
            continue
        eigen = Cel(blad.per_sleutel[werkboek.sleutelkolom], blad, c.ctx)
        tabel = (
            frame.select(sleutel_norm(eigen).alias("s"), pl.col(kolom.sleutel).alias("p")).drop_nulls().unique("s", keep="first")
        )
        return sleutel_norm(c.ander(1)).replace_strict(tabel["s"], tabel["p"], default="", return_dtype=pl.String)
    return pl.lit("")


def _zelfde_naam(c: Cel) -> Iterator[tuple[int, int]]:
    """Positions of rows with the same normalised name and the same first postcode, each with the row before or after it."""
    frame = c.ctx.frames[c.blad.sleutel]
    per: dict[tuple[str, str], list[int]] = {}
    for plek, (naam, waar) in enumerate(frame.select(naamnorm(c.x).alias("n"), _waar(c).alias("w")).iter_rows()):
        if naam is not None:
            per.setdefault((naam, waar), []).append(plek)
    for plekken in per.values():
        yield from pairwise(plekken)


def _zoek(ctx: Context) -> tuple[dict[str, tuple[Werkboek, int]], list[tuple[str, str, tuple[str, ...]]]]:
    """Where each candidate of all workbooks in this run stands, and the probable pairs; found once per run."""
    # The search reads the schema and these rules' neighbours: it can only be imported when they are all there.
    from kit.dubbels.kandidaat import kandidaten
    from kit.dubbels.plaatsen import plaatsen_van
    from kit.dubbels.zoek import zoek

    if "dubbels" not in ctx.onthouden:
        waar: dict[str, tuple[Werkboek, int]] = {}
        alle = []
        for n, (werkboek, frames) in enumerate([(ctx.werkboek, ctx.frames), *ctx.andere]):
            for plek, kandidaat in kandidaten(werkboek, ctx.schema, frames, str(n)):
                waar.setdefault(kandidaat.sleutel, (werkboek, plek))
                alle.append(kandidaat)
        ctx.onthouden["dubbels"] = waar, [(p.a, p.b, p.oordeel.redenen) for p in zoek(alle, plaatsen_van(ctx.schema))]
    gevonden: tuple[dict[str, tuple[Werkboek, int]], list[tuple[str, str, tuple[str, ...]]]] = ctx.onthouden["dubbels"]
    return gevonden


def _wie(c: Cel, plek: int) -> str:
    frame = c.ctx.frames[c.blad.sleutel]
    nr, naam = frame[c.ctx.werkboek.sleutelkolom][plek], frame[c.kolom.sleutel][plek]
    return f"{c.blad.per_sleutel[c.ctx.werkboek.sleutelkolom].kop} {nr or '?'} (“{naam}”)"


def _in_dit_werkboek(c: Cel) -> Mapping[int, str]:
    uit: dict[int, str] = {}
    waar, paren = _zoek(c.ctx)
    eigen = {s: plek for s, (_, plek) in waar.items() if s.startswith("0:")}
    for a, b, redenen in paren:
        if a in eigen and b in eigen:
            for ik, ander in ((eigen[a], eigen[b]), (eigen[b], eigen[a])):
                uit.setdefault(ik, f"{_wie(c, ander)}: {', '.join(redenen)}")
    for a_plek, b_plek in _zelfde_naam(c):
        for ik, ander in ((a_plek, b_plek), (b_plek, a_plek)):
            uit.setdefault(ik, f"{_wie(c, ander)}: dezelfde naam en postcode")
    return uit


registreer(
    code="DUBBEL-01",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.GROEP,
    namen=("mogelijke_dubbel",),
    eis="Elke vereniging één keer.",
    melding="Is dit dezelfde vereniging als {aanwijzing}? Voeg ze dan samen. Zijn het er twee, dan hoeft u niets te doen.",
    aanwijzing=_in_dit_werkboek,
    bron="register.md 0.17 en 10.5: dubbels binnen één bestand ziet het register niet betrouwbaar; ADR 0010",
    plant=lambda bed: bed.zelfde_naam(),
)


def _in_ander_werkboek(c: Cel) -> Mapping[int, str]:
    """A probable double in any other workbook of this run, also of another service; in the other kind, the same name anywhere."""
    sleutel = c.ctx.werkboek.sleutel
    elders: dict[str, str] = {}
    for w, frames in c.ctx.andere:
        frame = frames[w.verenigingsblad]
        if w.sleutel != sleutel and c.kolom.sleutel in frame.columns:
            elders |= dict.fromkeys(frame.select(naamnorm(pl.col(c.kolom.sleutel)).alias("n"))["n"].drop_nulls(), w.titel)
    namen = c.ctx.frames[c.blad.sleutel].select(naamnorm(c.x).alias("n"))["n"]
    uit = {plek: f"{elders[naam]}, dezelfde naam" for plek, naam in enumerate(namen) if naam in elders}
    if not c.ctx.andere:
        return uit
    waar, paren = _zoek(c.ctx)
    for a, b, redenen in paren:
        for ik, ander in ((a, b), (b, a)):
            if ik.startswith("0:") and not ander.startswith("0:"):
                uit.setdefault(waar[ik][1], f"{_elders(c, ander, *waar[ander])}: {', '.join(redenen)}")
    return uit


def _elders(c: Cel, sleutel: str, werkboek: Werkboek, plek: int) -> str:
    """Which workbook and which association; keys of `_zoek` begin with the number of the workbook in this run."""
    _, frames = c.ctx.andere[int(sleutel.split(":")[0]) - 1]
    kolom = werkboek.verenigingen.per_sleutel[werkboek.sleutelkolom]
    return f"{werkboek.titel}, {kolom.kop} {frames[werkboek.verenigingsblad][kolom.sleutel][plek] or '?'}"


registreer(
    code="DUBBEL-02",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.BESTAND,
    namen=("ook_in_ander_werkboek",),
    eis="Een vereniging staat in één werkboek.",
    melding="Deze vereniging staat waarschijnlijk ook in een ander werkboek: {aanwijzing}. Hou ze op één plaats; heeft ze een "
    "KBO-nummer, dan in het KBO-werkboek.",
    aanwijzing=_in_ander_werkboek,
    bron="proces.md: dezelfde vereniging komt van twee diensten; register.md 0.16: ook KBO-verenigingen tellen mee",
    plant=lambda bed: bed.ook_elders(),
)
