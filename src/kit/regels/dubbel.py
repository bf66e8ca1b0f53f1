"""Rules for an association that is delivered twice: in one workbook, or in both. Exact after normalising, not fuzzy."""

import polars as pl

from kit.regels.groepen import sleutel_norm
from kit.regels.kern import Aard, Cel, Ernst, registreer

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


registreer(
    code="DUBBEL-01",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.GROEP,
    namen=("mogelijke_dubbel",),
    eis="Elke vereniging één keer.",
    melding="Er staat nog een vereniging met deze naam en postcode op het blad. Is het dezelfde? Voeg ze dan samen.",
    groep=lambda c: [naamnorm(c.x), _waar(c)],
    bron="register.md 0.17 en 10.5: dubbels binnen één bestand ziet het register niet betrouwbaar",
    plant=lambda bed: bed.zelfde_naam(),
)


def _niet_elders(c: Cel) -> pl.Expr:
    elders = [
        frames[w.verenigingsblad].select(naamnorm(pl.col(c.kolom.sleutel)).alias("n"))["n"]
        for w, frames in c.ctx.andere
        if w.sleutel != c.ctx.werkboek.sleutel and c.kolom.sleutel in frames[w.verenigingsblad].columns
    ]
    if not elders:
        return pl.lit(True)
    return ~naamnorm(c.x).is_in(pl.concat(elders).drop_nulls().implode())


registreer(
    code="DUBBEL-02",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.BESTAND,
    namen=("ook_in_ander_werkboek",),
    eis="Een vereniging staat in één van de twee werkboeken.",
    melding="Een vereniging met deze naam staat ook in het andere werkboek. Heeft ze een KBO-nummer, dan hoort ze alleen daar.",
    check=_niet_elders,
    bron="proces.md: dezelfde vereniging komt van twee diensten; register.md 0.16: ook KBO-verenigingen tellen mee",
    plant=lambda bed: bed.ook_elders(),
)
