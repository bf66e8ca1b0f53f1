"""The commands of `kit`, thin: parse, call the core, write, print."""

from __future__ import annotations

import csv
import datetime as dt
import getpass
import io
import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from kit import __version__
from kit.bestanden import niet_over_zichzelf, schrijf, schrijf_alle
from kit.bevinding import Bevinding, maskeer
from kit.cli.addincommando import addin_app
from kit.cli.dvcommando import dv_app
from kit.cli.hulp import bezig, fout, uit
from kit.cli.schemacommando import codelijsten_app, schema_app
from kit.cli.servercommando import server
from kit.fouten import KitFout
from kit.gelezen import Gelezen
from kit.regels import Ernst
from kit.schema import laad_schema

app = typer.Typer(
    help="Voorbereidingskit voor het Verenigingsregister: werkboeken maken, nakijken, herstellen en exporteren.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.add_typer(schema_app, name="schema")
app.add_typer(codelijsten_app, name="codelijsten")
app.add_typer(addin_app, name="addin")
app.add_typer(dv_app, name="dv")
app.command(epilog="Voorbeeld: kit server --poort 8443")(server)

Bestanden = Annotated[list[Path], typer.Argument(help="Een of meer werkboeken (.xlsx of .xlsm).", show_default=False)]
SchemaOptie = Annotated[str | None, typer.Option("--schema", help="Schemaversie of map met een eigen schema.")]


@app.callback(invoke_without_command=True)
def kit(versie: Annotated[bool, typer.Option("--versie", help="Toon de versie.")] = False) -> None:
    if versie:
        uit.print(f"kit {__version__}")
        raise typer.Exit(0)


@app.command(epilog="Voorbeeld: kit genereer --uit voorbereidingskit/")
def genereer(
    uit_map: Annotated[Path, typer.Option("--uit", help="Map voor de werkboeken.")] = Path("voorbereidingskit"),
    schema: SchemaOptie = None,
) -> None:
    """Maak de lege werkboeken van de kit."""
    from kit.werkboek.genereer import genereer_kit

    with bezig("Werkboeken maken"):
        paden = genereer_kit(laad_schema(schema), uit_map)
    for pad in paden:
        uit.print(f"Gemaakt: {pad}", markup=False)


@app.command(epilog="Voorbeeld: kit voorbeeld --uit proef/ --aantal 500 --fouten 10")
def voorbeeld(
    uit_map: Annotated[Path, typer.Option("--uit", help="Map voor de voorbeeldwerkboeken.")],
    aantal: Annotated[int, typer.Option(min=2, max=1_000_000, help="Verenigingen per werkboek.")] = 100,
    zaad: Annotated[int, typer.Option(help="Zelfde zaad, zelfde gegevens.")] = 1,
    fouten: Annotated[float, typer.Option(min=0, max=100, help="Percentage verenigingen met een geplante fout.")] = 0,
    schema: SchemaOptie = None,
) -> None:
    """Maak voorbeeldwerkboeken met verzonnen verenigingen, en de sleutel van de geplante fouten."""
    from kit.voorbeeld import maak_voorbeeld
    from kit.werkboek.genereer import genereer

    s = laad_schema(schema)
    with bezig("Verenigingen verzinnen") as stap:
        gemaakt = maak_voorbeeld(s, aantal, zaad, fouten)
        inhoud: dict[str, bytes] = {}
        for w in s.werkboeken:
            stap(w.titel)
            inhoud[w.bestand] = genereer(w, s, gemaakt.rijen[w.sleutel])
    if gemaakt.geplant:
        tekst = io.StringIO()
        schrijver = csv.writer(tekst, delimiter=";")
        schrijver.writerow(["bestand", "blad", "cel", "regel"])
        schrijver.writerows([g.bestand, g.blad, g.cel, g.regel] for g in gemaakt.geplant)
        inhoud["geplante-fouten.csv"] = tekst.getvalue().encode("utf-8-sig")
    schrijf_alle(uit_map, inhoud)
    for naam in inhoud:
        uit.print(f"Gemaakt: {uit_map / naam}", markup=False)


@app.command(epilog="Voorbeeld: kit valideer fv.xlsx kbo.xlsx --gemarkeerd nagekeken/ --rapport rapport.html")
def valideer(
    bestanden: Bestanden,
    als_json: Annotated[bool, typer.Option("--json", help="Schrijf JSON, voor een programma.")] = False,
    gemarkeerd: Annotated[Path | None, typer.Option(help="Gemarkeerde kopie: een .xlsx, of een map bij meer bestanden.")] = None,
    rapport: Annotated[Path | None, typer.Option(help="HTML-rapport.")] = None,
    toon_nummers: Annotated[bool, typer.Option("--toon-nummers", help="Scherm rijksregisternummers in JSON niet af.")] = False,
    schema: SchemaOptie = None,
) -> None:
    """Kijk werkboeken na en toon elke fout met haar cel."""
    from kit.markering import markeerplan
    from kit.rapport import rapport_html
    from kit.werkboek.schilderen import schilder

    nu = dt.datetime.now()
    doelen = _doelen(bestanden, gemarkeerd) if gemarkeerd else {}
    werkboeken, bevindingen = _nakijken(bestanden, schema)
    te_schrijven: dict[Path, bytes] = {}
    if doelen:
        with bezig("Kopie markeren") as stap:
            for bron, doel in doelen.items():
                stap(bron.name)
                te_schrijven[doel] = schilder(bron, markeerplan(bevindingen, bron.name, nu))
    if rapport:
        te_schrijven[rapport] = rapport_html(werkboeken, bevindingen, nu).encode()
    for pad, inhoud in te_schrijven.items():
        schrijf(pad, inhoud)
    if als_json:
        print(json.dumps(_als_json(werkboeken, bevindingen, masker=not toon_nummers), ensure_ascii=False, indent=1))
    else:
        _toon(werkboeken, bevindingen)
        for pad in te_schrijven:
            uit.print(f"Geschreven: {pad}", markup=False)
    raise typer.Exit(int(any(b.ernst == Ernst.FOUT for b in bevindingen)))


def _doelen(bestanden: list[Path], gemarkeerd: Path) -> dict[Path, Path]:
    """Source -> marked copy; a folder when there are more, and never the user's own file."""
    if len(bestanden) == 1 and gemarkeerd.suffix.lower() in (".xlsx", ".xlsm"):
        doelen = {bestanden[0]: gemarkeerd}
    elif gemarkeerd.suffix.lower() in (".xlsx", ".xlsm"):
        raise KitFout("Bij meer dan één werkboek is --gemarkeerd een map, geen bestand.")
    else:
        doelen = {b: gemarkeerd / b.name for b in bestanden}
    for bron, doel in doelen.items():
        niet_over_zichzelf(bron, doel)
    return doelen


def _nakijken(bestanden: list[Path], schema: str | None) -> tuple[list[Gelezen], list[Bevinding]]:
    from kit.validatie import valideer
    from kit.werkboek.lezen import lees

    namen = Counter(b.name for b in bestanden)
    if dubbel := [n for n, keer in namen.items() if keer > 1]:
        raise KitFout(
            f"Er zijn twee bestanden met de naam {dubbel[0]}. Geef er één een andere naam, anders lopen de lijsten door elkaar."
        )
    s = laad_schema(schema)
    werkboeken = []
    with bezig("Lezen") as stap:
        for pad in bestanden:
            stap(pad.name)
            werkboeken.append(lees(pad, s))
    with bezig("Nakijken") as stap:
        return werkboeken, valideer(werkboeken, voortgang=stap)


def _als_json(werkboeken: list[Gelezen], bevindingen: list[Bevinding], *, masker: bool) -> dict[str, object]:
    telling = Counter(b.ernst for b in bevindingen)
    return {
        "versie": __version__,
        "bestanden": [
            {"bestand": w.bestand, "werkboek": w.werkboek.sleutel, "schema": w.versie or w.schema.versie, "rijen": w.rijen}
            for w in werkboeken
        ],
        "samenvatting": {
            "fouten": telling[Ernst.FOUT],
            "waarschuwingen": telling[Ernst.WAARSCHUWING],
            "voorstellen": sum(b.voorstel is not None for b in bevindingen),
        },
        "bevindingen": [b.als_dict(masker=masker) for b in bevindingen],
    }


def _toon(werkboeken: list[Gelezen], bevindingen: list[Bevinding], hoogstens: int = 20) -> None:
    telling = Counter((b.bestand, b.ernst) for b in bevindingen)
    for w in werkboeken:
        f, k = telling[w.bestand, Ernst.FOUT], telling[w.bestand, Ernst.WAARSCHUWING]
        uit.print(
            f"{w.bestand}: {w.rijen} rijen, {f} fouten, {k} na te kijken", markup=False, style="bold red" if f else "bold green"
        )
    if not bevindingen:
        uit.print("Alles klopt.")
        return
    per_regel = Counter((b.regel, b.ernst.value) for b in bevindingen)
    tabel = Table("Regel", "Ernst", "Aantal", box=None, pad_edge=False)
    for (regel, ernst), n in sorted(per_regel.items(), key=lambda p: (p[0][1], -p[1])):
        tabel.add_row(regel, ernst, str(n))
    uit.print(tabel)
    uit.print(f"\nDe eerste {min(hoogstens, len(bevindingen))} van {len(bevindingen)}:")
    for b in sorted(bevindingen, key=lambda b: b.ernst)[:hoogstens]:
        d = b.als_dict()
        voorstel = f" Voorstel: {d['voorstel'] or '(leegmaken)'}" if b.voorstel is not None else ""
        uit.print(f"  {b.bestand} › {b.blad}!{b.cel} [{b.regel}] {d['melding']}{voorstel}", markup=False)
    if len(bevindingen) > hoogstens:
        uit.print("Met --gemarkeerd of --rapport ziet u ze allemaal.")


@app.command(epilog="Voorbeeld: kit herstel fv.xlsx --uit fv-hersteld.xlsx   (of eerst met --toon)")
def herstel(
    bestand: Annotated[Path, typer.Argument(help="Het werkboek.", show_default=False)],
    uit_pad: Annotated[Path | None, typer.Option("--uit", help="Waar de herstelde kopie komt.")] = None,
    toon: Annotated[bool, typer.Option("--toon", help="Toon alleen wat er zou veranderen.")] = False,
    schema: SchemaOptie = None,
) -> None:
    """Herstel wat zeker hersteld kan worden, in een kopie."""
    from kit.herstel import herstelplan
    from kit.werkboek.herstellen import herstel_bestand
    from kit.werkboek.lezen import lees

    if uit_pad is None and not toon:
        raise KitFout("Zeg met --uit waar de herstelde kopie komt, of vraag met --toon wat er zou veranderen.")
    if uit_pad is not None:
        niet_over_zichzelf(bestand, uit_pad)
    with bezig("Herstel voorbereiden"):
        gelezen = lees(bestand, laad_schema(schema))
        plan = herstelplan([gelezen])
    for h in plan.zeker:
        was, wordt = (maskeer(w, geheel=h.gevoelig) for w in (h.was, h.wordt))
        uit.print(f"  {h.blad}!{h.cel} ({h.kolom}): “{was}” -> {f'“{wordt}”' if wordt else '(leeg)'}", markup=False)
    uit.print(f"{len(plan.zeker)} cellen {'kunnen hersteld worden' if toon else 'hersteld'}.")
    if plan.met_de_hand:
        uit.print(f"{len(plan.met_de_hand)} cellen bekijkt u zelf: het voorstel laat daar een deel van de tekst weg.")
    if uit_pad is not None and not toon:
        schrijf(uit_pad, herstel_bestand(bestand, plan.zeker, gelezen.werkboek))
        uit.print(f"Geschreven: {uit_pad}", markup=False)


@app.command(epilog="Voorbeeld: kit wis nagekeken.xlsx --uit schoon.xlsx")
def wis(
    bestand: Annotated[Path, typer.Argument(help="Een gemarkeerd werkboek.", show_default=False)],
    uit_pad: Annotated[Path, typer.Option("--uit", help="Waar de kopie zonder markeringen komt.")],
) -> None:
    """Haal de markeringen van de kit weg, in een kopie."""
    from kit.werkboek.schilderen import wis as wis_bytes

    niet_over_zichzelf(bestand, uit_pad)
    schrijf(uit_pad, wis_bytes(bestand))
    uit.print(f"Geschreven: {uit_pad}", markup=False)


@app.command(epilog="Voorbeeld: kit exporteer fv.xlsx kbo.xlsx --uit export/ --versleutel")
def exporteer(
    bestanden: Bestanden,
    uit_map: Annotated[Path, typer.Option("--uit", help="Map voor de export.")],
    versleutel: Annotated[
        bool, typer.Option("--versleutel", help="Maak één versleuteld pakket dat alleen DV kan openen.")
    ] = False,
    sleutel: Annotated[Path, typer.Option(help="Bestand met de publieke sleutel van DV.")] = Path("dv-publieke-sleutel.txt"),
    door: Annotated[str | None, typer.Option(help="Wie de export maakt (voor het manifest).")] = None,
    schema: SchemaOptie = None,
) -> None:
    """Maak de schone export voor Digitaal Vlaanderen; weigert zolang er fouten zijn."""
    from kit.export import exporteer as maak_export
    from kit.export import versleutel as versleutel_bytes

    publiek = _lees_sleutel(sleutel) if versleutel else ""
    werkboeken, bevindingen = _nakijken(bestanden, schema)
    with bezig("Exporteren"):
        export = maak_export(werkboeken, bevindingen, door=door or getpass.getuser(), wanneer=dt.datetime.now())
    if export.achtergelaten:
        uit.print(f"{len(export.achtergelaten)} verenigingen blijven achter (Migreren = nee):")
        for a in export.achtergelaten[:50]:
            uit.print(f"  {a.bestand}, nr {a.nr}: {a.reden or 'geen reden opgegeven'}", markup=False)
    if export.fouten:
        fout.print(f"Er is niets geëxporteerd: er zijn nog {len(export.fouten)} fouten. Verbeter ze eerst.", style="bold red")
        _toon(werkboeken, list(export.fouten))
        raise typer.Exit(1)
    klaar = export.bestanden
    if versleutel:
        klaar = {"export.zip.age": versleutel_bytes(klaar, publiek)}
    schrijf_alle(uit_map, klaar)
    for naam in klaar:
        uit.print(f"Geschreven: {uit_map / naam}", markup=False)


def _lees_sleutel(pad: Path) -> str:
    try:
        return pad.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise KitFout(
            f"De publieke sleutel van DV ({pad}) kan niet gelezen worden. Vraag het bestand aan Digitaal Vlaanderen "
            "en wijs het aan met --sleutel."
        ) from None


@app.command(epilog="Voorbeeld: kit actualiseer oud.xlsx --uit nieuw.xlsx")
def actualiseer(
    oud: Annotated[Path, typer.Argument(help="Ingevuld werkboek van een oudere versie.", show_default=False)],
    uit_pad: Annotated[Path, typer.Option("--uit", help="Waar het nieuwe werkboek komt.")],
    schema: SchemaOptie = None,
) -> None:
    """Zet een ingevuld werkboek over naar een nieuwere versie van de kit."""
    from kit.actualiseer import actualiseer as zet_over

    niet_over_zichzelf(oud, uit_pad)
    with bezig("Overzetten"):
        klaar = zet_over(oud, laad_schema(schema))
    schrijf(uit_pad, klaar.inhoud)
    uit.print(
        f"Van schema {klaar.van or 'onbekend'} naar {klaar.naar}: {sum(klaar.rijen.values())} rijen overgezet.", markup=False
    )
    for titel, groep in (("Nieuwe kolommen", klaar.nieuwe_kolommen), ("Eigen kolommen, rechts bewaard", klaar.eigen_kolommen)):
        for blad, koppen in groep.items():
            uit.print(f"  {titel} op {blad}: {', '.join(koppen)}", markup=False)
    if klaar.eigen_bladen:
        uit.print(f"  Eigen bladen, als waarden bewaard: {', '.join(klaar.eigen_bladen)}", markup=False)
    uit.print(f"Geschreven: {uit_pad}", markup=False)


@app.command(epilog="Voorbeeld: kit regel insz 01.13.15-001.48")
def regel(
    regelnaam: Annotated[str, typer.Argument(help="Naam van een regel, zoals insz of e_mail.", show_default=False)],
    waarden: Annotated[list[str], typer.Argument(help="Een of meer waarden.", show_default=False)],
    als_json: Annotated[bool, typer.Option("--json", help="Schrijf JSON, voor een programma.")] = False,
    schema: SchemaOptie = None,
) -> None:
    """Zeg wat één regel van een waarde vindt, en wat het herstel zou zijn."""
    import difflib

    from kit.validatie import beoordeel, waarderegels

    s = laad_schema(schema)
    bekend = waarderegels(s)
    if regelnaam not in bekend:
        gelijkend = difflib.get_close_matches(regelnaam, bekend, 1)
        bedoeld = f" Bedoelt u {gelijkend[0]}?" if gelijkend else ""
        raise KitFout(f"Er is geen regel {regelnaam}.{bedoeld} Bekend zijn: {', '.join(bekend)}.")
    oordelen = beoordeel(regelnaam, waarden, s)
    if als_json:
        velden = ("regel", "waarde", "geldig", "melding", "voorstel")
        print(json.dumps([{v: getattr(o, v) for v in velden} for o in oordelen], ensure_ascii=False, indent=1))
    else:
        for o in oordelen:
            uit.print(
                f"{o.waarde}: {'geldig' if o.geldig else 'niet geldig'}", markup=False, style="green" if o.geldig else "red"
            )
            if o.melding:
                uit.print(f"  {o.melding}", markup=False)
            if o.voorstel is not None:
                uit.print(f"  Voorstel: {o.voorstel or '(leegmaken)'}", markup=False)
    raise typer.Exit(int(not all(o.geldig for o in oordelen)))


@app.command(epilog='Voorbeeld: kit dubbels "Chirojongens Rillaar" "Chiro jongens Rillaar vzw"')
def dubbels(
    naam_a: Annotated[str, typer.Argument(help="Naam van een vereniging.", show_default=False)],
    naam_b: Annotated[str, typer.Argument(help="Naam van een andere, in dezelfde gemeente.", show_default=False)],
    gemeente: Annotated[str, typer.Option(help="Hun gemeente. Zonder: elke gemeente die in een naam staat.")] = "",
    als_json: Annotated[bool, typer.Option("--json", help="Schrijf JSON, voor een programma.")] = False,
    schema: SchemaOptie = None,
) -> None:
    """Zeg of twee namen waarschijnlijk van dezelfde vereniging zijn, en waarom."""
    from kit.dubbels.plaatsen import plaatsen_van
    from kit.dubbels.vergelijk import vergelijk_namen

    if not naam_a.strip() or not naam_b.strip():
        raise KitFout("Geef twee namen: een lege naam is met niets te vergelijken.")
    oordeel = vergelijk_namen(naam_a, naam_b, plaatsen_van(laad_schema(schema)), gemeente)
    if als_json:
        print(
            json.dumps({"score": oordeel.score, "dubbel": oordeel.dubbel, "redenen": list(oordeel.redenen)}, ensure_ascii=False)
        )
        return
    uit.print("Waarschijnlijk dezelfde vereniging." if oordeel.dubbel else "Waarschijnlijk twee verenigingen.", style="bold")
    uit.print(f"Score {oordeel.score} op 100: {', '.join(oordeel.redenen)}.", markup=False)
