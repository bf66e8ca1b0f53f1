"""`kit dv`: the side of Digitaal Vlaanderen, from what a municipality delivers to the report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from kit.cli.hulp import bezig, fout, uit
from kit.cli.oefencommando import oefening, oefenregister
from kit.fouten import KitFout

if TYPE_CHECKING:
    from kit.dv.dossier import Dossier
    from kit.dv.rapport import Rapport

dv_app = typer.Typer(
    help="Voor Digitaal Vlaanderen: ontvangen, nakijken, dubbels zoeken, registreren in rondes, en het rapport.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Werkmap = Annotated[Path, typer.Option("--werkmap", help="Map waar het dossier staat.")]
WERKMAP = Path("dv-werkmap")
Sleutel = Annotated[
    Path | None, typer.Option("--sleutel", help="Bestand met de geheime sleutel van DV, voor een versleutelde export.")
]


@contextmanager
def _dossier(werkmap: Path, *, nieuw: bool = False) -> Iterator[Dossier]:
    try:
        from kit.dv.dossier import open_dossier
    except ImportError:
        raise KitFout("De onderdelen voor kit dv ontbreken. Installeer de kit opnieuw, met [dv] achter zijn naam.") from None
    with open_dossier(werkmap, nieuw=nieuw) as dossier:
        yield dossier


@contextmanager
def _balk(wat: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; in a file or a pipe a line now and then."""
    if fout.is_terminal:
        kolommen: list[Any] = [SpinnerColumn(), TextColumn(wat), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
        with Progress(*kolommen, console=fout, transient=True) as balk:
            taak = balk.add_task(wat, total=None)
            yield lambda n, m: balk.update(taak, completed=n, total=m)
        return
    vorige = [0]

    def zeg(n: int, m: int) -> None:
        deel = 10 * n // max(1, m)
        if deel != vorige[0] and m >= 20:
            vorige[0] = deel
            fout.print(f"{wat}: {n} van {m}")

    yield zeg


@dv_app.command(epilog="Voorbeeld: kit dv ontvang ingekomen/aarbeek --gi OVO001234 --naam Aarbeek --sleutel dv-sleutel.txt")
def ontvang(
    bron: Annotated[
        Path,
        typer.Argument(help="Export, werkboek of map. Zonder --gi: een map met mappen die met een OVO-code beginnen."),
    ],
    gi: Annotated[str | None, typer.Option("--gi", help="OVO-code van het bestuur.")] = None,
    naam: Annotated[str | None, typer.Option(help="Naam van het bestuur, de eerste keer.")] = None,
    dienst: Annotated[str, typer.Option(help="Dienst, als er meer dan één levert.")] = "",
    sleutel: Sleutel = None,
    werkmap: Werkmap = WERKMAP,
) -> None:
    """Neem aan wat een bestuur levert; toon wat er veranderde sinds de vorige keer."""
    with _dossier(werkmap, nieuw=True) as dossier:
        from kit.dv.ontvangst import controleer_ovo, lees_inzending, leveringsmappen
        from kit.dv.ontvangst import ontvang as neem_aan

        if gi is not None:
            ovo = controleer_ovo(gi)
            with bezig("Ontvangen"):
                verschillen = neem_aan(dossier, lees_inzending(bron, sleutel), ovo, naam, dienst)
            for v in verschillen:
                uit.print(f"{ovo} {v.in_woorden()}", markup=False)
            return
        mappen = leveringsmappen(bron) if bron.is_dir() else []
        if not mappen:
            raise KitFout("Zeg met --gi welk bestuur dit levert, of geef een map met mappen die met een OVO-code beginnen.")
        mislukt = 0
        with _balk("Ontvangen") as stap:
            for n, (ovo, hoe, map_) in enumerate(mappen, 1):
                try:
                    neem_aan(dossier, lees_inzending(map_, sleutel), ovo, dossier.gi_naam(ovo) or hoe, dienst)
                except KitFout as nee:
                    mislukt += 1
                    fout.print(f"{map_.name}: {nee}", style="bold red", markup=False)
                stap(n, len(mappen))
        uit.print(f"{len(mappen) - mislukt} van {len(mappen)} besturen ontvangen.")
        raise typer.Exit(2 if mislukt else 0)


@dv_app.command(epilog="Voorbeeld: kit dv valideer")
def valideer(
    alles: Annotated[bool, typer.Option("--opnieuw", help="Ook wat al nagekeken was.")] = False,
    zonder: Annotated[bool, typer.Option("--zonder-terugkoppeling", help="Schrijf geen werkboeken en brieven.")] = False,
    werkmap: Werkmap = WERKMAP,
) -> None:
    """Kijk alles na wat ontvangen is, en maak per bestuur de terugkoppeling."""
    with _dossier(werkmap) as dossier:
        from kit.dv.nakijken import kijk_na, te_doen

        ovos = te_doen(dossier, alles=alles)
        with _balk("Nakijken") as stap:
            telling = kijk_na(dossier, ovos, voortgang=stap)
        uit.print(f"{len(ovos)} besturen nagekeken: {telling['fout']} fouten, {telling['waarschuwing']} om na te kijken.")
        if not zonder:
            _koppel_terug(dossier, "nakijken")
        raise typer.Exit(int(bool(telling["fout"])))


def _koppel_terug(dossier: Dossier, stap_naam: str) -> None:
    from kit.dv.terugkoppeling import koppel_terug

    with _balk("Terugkoppeling maken") as stap:
        gemaakt = koppel_terug(dossier, stap_naam, voortgang=stap)
    for ovo, map_, vragen in gemaakt[:50]:
        uit.print(f"{ovo}: {vragen} te beslissen, in {map_}", markup=False)
    if len(gemaakt) > 50:
        uit.print(f"... en nog {len(gemaakt) - 50} besturen.")


@dv_app.command(epilog="Voorbeeld: kit dv dubbels --register register.jsonl")
def dubbels(
    register: Annotated[
        Path | None, typer.Option("--register", help="Uitvoer van het register: één vereniging per regel (JSON).")
    ] = None,
    motor: Annotated[str, typer.Option(help="lokaal, of dask voor een bestaand cluster.")] = "lokaal",
    cluster: Annotated[str, typer.Option(help="Adres van het cluster, bij --motor dask.")] = "",
    werkmap: Werkmap = WERKMAP,
) -> None:
    """Zoek mogelijke dubbels: binnen een levering, tussen besturen, en met het register."""
    from kit.dubbels.motor import kies
    from kit.schema import laad_schema

    gekozen = kies(motor, cluster)
    with _dossier(werkmap) as dossier:
        from kit.dv.paren import LOKAAL, lees_registerlijst, zoek_dubbels
        from kit.dv.stand import VOORSPELLING

        schema = laad_schema()
        if register is not None:
            with bezig("Registerlijst lezen"):
                uit.print(f"{lees_registerlijst(dossier, schema, register)} verenigingen uit het register gelezen.")
        with _balk("Dubbels zoeken") as stap:
            telling = zoek_dubbels(dossier, schema, gekozen, stap)
        uit.print(f"Mogelijke dubbels: {telling[LOKAAL]} tussen geleverde verenigingen, {telling['lijst']} met het register.")
        uit.print(f"Daarnaast zal het register zelf er wellicht {telling[VOORSPELLING]} gelijkend vinden.")


Url = Annotated[str | None, typer.Option("--url", help="Adres van het register; anders KIT_REGISTER_URL.")]
Proef = Annotated[
    bool, typer.Option("--proef", help="Verstuur niets: toon wat er zou gebeuren en kijk of het register antwoordt.")
]
Partij = Annotated[int | None, typer.Option("--partij", min=1, help="Hoogstens zoveel verenigingen, om klein te beginnen.")]
Gelijktijdig = Annotated[int | None, typer.Option(min=1, max=64, help="Oproepen tegelijk.")]
Tempo = Annotated[float | None, typer.Option("--per-seconde", min=0, help="Hoogstens zoveel oproepen per seconde (0 = vrij).")]


@dv_app.command(epilog="Voorbeeld: kit dv ronde 1 --proef   en dan: kit dv ronde 1 --partij 25   en dan: kit dv ronde 1")
def ronde(
    nummer: Annotated[int, typer.Argument(help="1 of 2 (of meer).", min=1)],
    proef: Proef = False,
    partij: Partij = None,
    gelijktijdig: Gelijktijdig = None,
    per_seconde: Tempo = None,
    url: Url = None,
    werkmap: Werkmap = WERKMAP,
) -> None:
    """Registreer wat klaar is. Na een onderbreking: gewoon opnieuw. Wat de gemeente moet beslissen, gaat naar haar terug."""
    with _dossier(werkmap) as dossier:
        from kit.dv.paren import voorspel_voor_wie_wacht

        code = _voer_uit(dossier, nummer, _instellingen(url, gelijktijdig, per_seconde), partij, proef=proef)
        if not proef:
            voorspel_voor_wie_wacht(dossier)
            _koppel_terug(dossier, f"ronde-{nummer}")
        raise typer.Exit(code)


@dv_app.command(epilog="Voorbeeld: kit dv migreer --partij 25")
def migreer(
    proef: Proef = False,
    partij: Partij = None,
    gelijktijdig: Gelijktijdig = None,
    per_seconde: Tempo = None,
    url: Url = None,
    werkmap: Werkmap = WERKMAP,
) -> None:
    """Ga verder met de lopende ronde, zonder terugkoppeling te maken."""
    with _dossier(werkmap) as dossier:
        nummer = max(1, dossier.ronde)
        raise typer.Exit(_voer_uit(dossier, nummer, _instellingen(url, gelijktijdig, per_seconde), partij, proef=proef))


def _voer_uit(dossier: Dossier, nummer: int, instellingen: Any, partij: int | None, *, proef: bool) -> int:
    from kit.dv.ronde import begin_ronde

    if proef:
        _proef(dossier, instellingen)
        return 0
    begin_ronde(dossier, nummer)
    return _verstuur(dossier, instellingen, partij)


def _instellingen(url: str | None, gelijktijdig: int | None, per_seconde: float | None) -> Any:
    from kit.dv.instellingen import Instellingen

    return Instellingen.uit(url=url, gelijktijdig=gelijktijdig, per_seconde=per_seconde)


def _proef(dossier: Dossier, instellingen: Any) -> None:
    from kit.dv.ronde import klaar_om_te_versturen
    from kit.dv.ronde import proef as vraag_iets

    klaar = klaar_om_te_versturen(dossier)
    uit.print(f"Proef: {len(klaar)} verenigingen zijn klaar om te registreren. Er wordt niets verstuurd.")
    for s in klaar[:25]:
        uit.print(f"  {s.ovo} Nr {s.nr}: {s.naam}", markup=False)
    if len(klaar) > 25:
        uit.print(f"  ... en nog {len(klaar) - 25}.")
    if klaar:
        asyncio.run(vraag_iets(instellingen, klaar[0].ovo))
        uit.print("Het register antwoordt, en aanvaardt onze aanmelding.")


def _verstuur(dossier: Dossier, instellingen: Any, partij: int | None) -> int:
    """Send; returns the exit code. 1 when the register refused something, 2 when something still waits for an answer."""
    from kit.dv.ronde import voer_uit

    try:
        with _balk("Registreren") as stap:
            verloop = asyncio.run(voer_uit(dossier, instellingen, hoogstens=partij, voortgang=stap))
    except KeyboardInterrupt:
        raise KitFout(
            "Afgebroken. Wat al geregistreerd is, staat in het dossier. Geef het commando opnieuw om verder te gaan."
        ) from None
    tabel = Table("Uitkomst van deze keer", "Verenigingen", box=None, pad_edge=False)
    for wat, woorden in (
        ("geregistreerd", "geregistreerd"),
        ("zelfde", "gekoppeld aan een bestaande vCode"),
        ("dubbel", "mogelijk dubbel: terug naar de gemeente"),
        ("geweigerd", "geweigerd door het register"),
        ("wacht", "geen duidelijk antwoord: begin nog eens"),
    ):
        if verloop.telling[wat]:
            tabel.add_row(woorden, str(verloop.telling[wat]))
    if tabel.row_count:
        uit.print(tabel)
    else:
        uit.print("Er was niets meer te versturen.")
    return 2 if verloop.telling["wacht"] else int(bool(verloop.telling["geweigerd"]))


@dv_app.command(epilog="Voorbeeld: kit dv beslissingen terug/feitelijke-verenigingen.xlsx --gi OVO001234")
def beslissingen(
    bestanden: Annotated[list[Path], typer.Argument(help="Werkboeken uit de terugkoppeling, ingevuld.")],
    gi: Annotated[str | None, typer.Option("--gi", help="OVO-code van het bestuur, om te controleren.")] = None,
    werkmap: Werkmap = WERKMAP,
) -> None:
    """Neem de beslissingen van een bestuur over."""
    with _dossier(werkmap) as dossier:
        from kit.dv.beslissingen import neem_over
        from kit.dv.ontvangst import controleer_ovo

        ovo = controleer_ovo(gi) if gi else None
        problemen = 0
        for pad in bestanden:
            if not pad.is_file():
                raise KitFout(f"{pad} bestaat niet.")
            gelezen = neem_over(dossier, pad, ovo=ovo)
            som = ", ".join(f"{n} keer {wat}" for wat, n in gelezen.telling.items()) or "geen enkele beslissing"
            uit.print(f"{gelezen.ovo} {pad.name}: {som}; {gelezen.open} nog open.", markup=False)
            for p in gelezen.problemen:
                fout.print(f"  {p}", markup=False)
            problemen += len(gelezen.problemen)
        raise typer.Exit(int(bool(problemen)))


@dv_app.command(epilog="Voorbeeld: kit dv rapport")
def rapport(werkmap: Werkmap = WERKMAP) -> None:
    """Maak het rapport, de brieven en de werkboeken met vCode."""
    with _dossier(werkmap) as dossier:
        from kit.dv.afleveren import lever_af

        with _balk("Rapport maken") as stap:
            gemaakt, mappen = lever_af(dossier, voortgang=stap)
        toon_rapport(gemaakt)
        for map_ in mappen[:20]:
            uit.print(f"Geschreven: {map_}", markup=False)


def toon_rapport(r: Rapport) -> None:
    from kit.dv.stand import Uitkomst

    tabel = Table("Bestuur", "Geleverd", *(u.value.capitalize() for u in Uitkomst), box=None, pad_edge=False)
    for deel in [*r.delen[:50], r.totaal]:
        tabel.add_row(deel.naam, str(deel.totaal), *(str(deel.aantal(u)) for u in Uitkomst))
    uit.print(tabel)


dv_app.command(epilog="Voorbeeld: kit dv oefenregister --poort 8600 --traag 0.5 --druk 0.1 --weg-na 0.05")(oefenregister)
dv_app.command(epilog="Voorbeeld: kit dv oefening --uit oefening")(oefening)
