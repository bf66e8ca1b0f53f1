"""`kit schema` and `kit codelijsten`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from kit.bestanden import schrijf
from kit.cli.hulp import uit
from kit.schema import laad_schema, schemaversies

schema_app = typer.Typer(help="Toon, vergelijk of exporteer het schema.", no_args_is_help=True)
codelijsten_app = typer.Typer(help="Toon of vernieuw de codelijsten.", no_args_is_help=True)

Versie = Annotated[str | None, typer.Argument(help="Schemaversie of map; standaard de nieuwste.", show_default=False)]


@schema_app.command("toon", epilog="Voorbeeld: kit schema toon 2026.1")
def toon(versie: Versie = None) -> None:
    """Toon werkboeken, bladen en kolommen."""
    s = laad_schema(versie)
    uit.print(f"Schema {s.versie} ({s.datum:%d/%m/%Y}): {s.omschrijving}", markup=False)
    uit.print(f"Aanwezige versies: {', '.join(schemaversies())}", markup=False)
    for w in s.werkboeken:
        uit.print(f"\n{w.titel} ({w.bestand})", style="bold", markup=False)
        for b in w.bladen:
            koppen = (k.kop + ("*" if k.verplicht else "") for k in b.kolommen)
            uit.print(f"  {b.naam}: {', '.join(koppen)}", markup=False)


@schema_app.command("vergelijk", epilog="Voorbeeld: kit schema vergelijk 2026.1 mijn-schema/")
def vergelijk(
    oud: Annotated[str, typer.Argument(show_default=False)],
    nieuw: Annotated[str, typer.Argument(show_default=False)],
    als_json: Annotated[bool, typer.Option("--json", help="Schrijf JSON, voor een programma.")] = False,
) -> None:
    """Toon wat er tussen twee schemaversies veranderde."""
    from kit.schema.vergelijk import vergelijk as verschillen

    gevonden = verschillen(laad_schema(oud), laad_schema(nieuw))
    if als_json:
        print(json.dumps([v.__dict__ for v in gevonden], ensure_ascii=False, indent=1))
        return
    if not gevonden:
        uit.print("Geen verschil.")
    teken = {"erbij": "+", "weg": "-", "anders": "~"}
    for v in gevonden:
        uit.print(f"{teken[v.soort]} {v.waar}{': ' + v.wat if v.wat else ''}", markup=False)


@schema_app.command("exporteer", epilog="Voorbeeld: kit schema exporteer --uit schema/")
def exporteer(
    uit_map: Annotated[Path, typer.Option("--uit", help="Map voor de bestanden.")] = Path("schema"), versie: Versie = None
) -> None:
    """Schrijf het schema als JSON Schema en als Frictionless Table Schema."""
    from kit.schema.uitvoer import json_schema, table_schema

    s = laad_schema(versie)
    for w in s.werkboeken:
        documenten = {f"{w.sleutel}.schema.json": json_schema(w, s)}
        documenten |= {f"{w.sleutel}-{b.sleutel}.tableschema.json": table_schema(b, w, s) for b in w.bladen}
        for naam, inhoud in documenten.items():
            schrijf(uit_map / naam, (json.dumps(inhoud, ensure_ascii=False, indent=2) + "\n").encode())
            uit.print(f"Geschreven: {uit_map / naam}", markup=False)


@codelijsten_app.command("toon", epilog="Voorbeeld: kit codelijsten toon hoofdactiviteiten")
def codelijsten_toon(
    naam: Annotated[str | None, typer.Argument(help="Eén lijst; zonder naam een overzicht.", show_default=False)] = None,
    schema: Annotated[str | None, typer.Option("--schema", help="Schemaversie of map.")] = None,
) -> None:
    """Toon de codelijsten met bron en datum, of de inhoud van één lijst."""
    from kit.fouten import KitFout

    s = laad_schema(schema)
    if naam is None:
        tabel = Table("Lijst", "Waarden", "Datum", "Bron", box=None, pad_edge=False)
        for c in s.codelijsten.values():
            tabel.add_row(c.sleutel, str(len(c.keuzes)), f"{c.datum:%d/%m/%Y}", c.bron)
        uit.print(tabel)
        return
    if naam not in s.codelijsten:
        raise KitFout(f"Er is geen codelijst {naam}. Bekend zijn: {', '.join(s.codelijsten)}.")
    for keuze in s.codelijsten[naam].keuzes:
        uit.print(keuze.label if keuze.label == keuze.code else f"{keuze.code}  {keuze.label}", markup=False)


@codelijsten_app.command("vernieuw", epilog="Voorbeeld: kit codelijsten vernieuw werkingsgebieden nieuw.json --uit mijn-schema/")
def codelijsten_vernieuw(
    naam: Annotated[str, typer.Argument(help="Welke lijst.", show_default=False)],
    bron: Annotated[
        Path, typer.Argument(help="CSV met code en naam, of het JSON-antwoord van het register.", show_default=False)
    ],
    uit_map: Annotated[Path, typer.Option("--uit", help="Map voor het schema met de nieuwe lijst.")],
    versie: Annotated[str, typer.Option("--versie", help="Nummer van de nieuwe schemaversie.")] = "",
    schema: Annotated[str | None, typer.Option("--schema", help="Schemaversie of map om van te vertrekken.")] = None,
) -> None:
    """Maak een kopie van het schema met een vernieuwde codelijst; gebruik ze daarna met --schema."""
    from kit.schema.codelijsten import vernieuw

    aantal = vernieuw(schema, naam, bron, uit_map, versie)
    uit.print(f"{naam}: {aantal} waarden. Gebruik het nieuwe schema met --schema {uit_map}", markup=False)
