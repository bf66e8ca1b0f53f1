"""`docs/regels.md` and `docs/kolommen.md`, written from the rules and the schema."""

from __future__ import annotations

import sys
from pathlib import Path

from kit.bestanden import schrijf
from kit.regels import Aard, Regel, alle_regels, toegepast
from kit.schema import Schema, laad_schema
from kit.sjablonen import vul


def regels_md(schema: Schema) -> str:
    """The reference of all rules: what is right, what is said, where it applies, what Excel itself can check."""
    return vul("regels.md.j2", schema=schema, regels=[(r, _waar(r, schema), _excel(r)) for r in alle_regels()], aarden=list(Aard))


def kolommen_md(schema: Schema) -> str:
    """The reference of all sheets and columns."""
    return vul("kolommen.md.j2", schema=schema, regelcodes=_codes(schema))


def _waar(regel: Regel, schema: Schema) -> list[str]:
    """Sheet.column for every place, or the number of columns for a rule that is everywhere."""
    plaatsen = [
        f"{w.titel} > {b.naam} > {t.kolom.kop}"
        for w in schema.werkboeken
        for b in w.bladen
        for t in toegepast(b)
        if t.regel is regel
    ]
    return plaatsen if len(plaatsen) <= 8 else [f"{len(plaatsen)} kolommen"]


def _excel(regel: Regel) -> str:
    if regel.formule is None:
        return "alleen bij valideren"
    return "in Excel: precies hetzelfde" if regel.exact else "in Excel: soepeler, nooit strenger"


def _codes(schema: Schema) -> dict[tuple[str, str, str], str]:
    uit: dict[tuple[str, str, str], str] = {}
    for w in schema.werkboeken:
        for b in w.bladen:
            for k in b.kolommen:
                uit[w.sleutel, b.sleutel, k.sleutel] = ", ".join(t.regel.code for t in toegepast(b) if t.kolom == k)
    return uit


def schrijf_docs(map_: Path) -> None:
    """Write both pages to a folder (`./doe docs`)."""
    schema = laad_schema()
    for naam, inhoud in (("regels.md", regels_md(schema)), ("kolommen.md", kolommen_md(schema))):
        schrijf(map_ / naam, inhoud.encode())


if __name__ == "__main__":
    schrijf_docs(Path(sys.argv[1]))
