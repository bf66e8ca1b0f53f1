"""What the buttons do. Each takes the open book, of any xlwings engine, and tells how it went in an `Uitkomst`.

Every one first reads all, decides, and only then changes anything. Raises KitFout with nothing changed.
"""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Callable, Collection

import xlwings as xw

from kit import __version__
from kit.addin import geheugen
from kit.addin.beeld import gelezen_van, werkboek_van
from kit.addin.gastheer import gastheer_van, weiger
from kit.addin.schilderwerk import schilderwerk, te_bekijken
from kit.addin.uitkomst import Uitkomst
from kit.fouten import KitFout
from kit.lijst import CELKOLOM, KOPRIJ
from kit.markering import KENMERK, LIJSTKOPPEN, Samenvatting, markeerplan
from kit.schema import laad_schema
from kit.sjablonen import vul

Handeling = Callable[[xw.Book], Uitkomst]


def valideer(book: xw.Book) -> Uitkomst:
    """Validate the open workbook and paint the findings: colours, notes, list sheet, totals."""
    from kit.validatie import valideer as kijk_na

    gastheer = gastheer_van(book)
    with gastheer.bezig("lezen"):
        beeld = gastheer.beeld(laad_schema())
        gelezen = gelezen_van(beeld, laad_schema())
    with gastheer.bezig("nakijken"):
        bevindingen = kijk_na([gelezen])
        plan = markeerplan(bevindingen, beeld.bestand, dt.datetime.now())
        werk = schilderwerk(beeld, gastheer.kleuren(te_bekijken(beeld, plan)), plan)
    weiger(beeld, werk.bladen)
    with gastheer.bezig(f"{len(bevindingen)} bevindingen aanduiden"):
        gastheer.schilder(werk)
    som = plan.samenvatting
    return Uitkomst(
        titel="Nagekeken",
        boodschap=_stand(som, lijst=werk.lijstblad.naam if werk.lijstblad else ""),
        soort="fout" if som.fouten else "let_op" if som.waarschuwingen else "goed",
        bestand=beeld.bestand,
        samenvatting=som,
        bevindingen=tuple(bevindingen),
    )


def _stand(som: Samenvatting, lijst: str) -> str:
    if not som.fouten and not som.waarschuwingen:
        return "Alles klopt. U kunt de export maken."
    delen = []
    if som.fouten:
        delen.append(f"{som.fouten} {'fout' if som.fouten == 1 else 'fouten'} te verbeteren (roze cellen)")
    if som.waarschuwingen:
        delen.append(f"{som.waarschuwingen} na te kijken (gele cellen)")
    return f"{' en '.join(delen)}. Elke cel heeft een notitie met uitleg; het blad {lijst} toont de hele lijst."


def wis_markeringen(book: xw.Book) -> Uitkomst:
    """Take our colours, notes and list sheet away; what the user had comes back."""
    gastheer = gastheer_van(book)
    with gastheer.bezig("markeringen wissen"):
        beeld = gastheer.beeld(laad_schema())
        werkboek_van(beeld, laad_schema())
        werk = schilderwerk(beeld, gastheer.kleuren(te_bekijken(beeld, None)), None)
        weiger(beeld, werk.bladen, nieuw_blad=werk.oud_lijstblad is not None)
        if not werk.bladen and werk.oud_lijstblad is None:
            return Uitkomst("Markeringen wissen", "Er staan geen markeringen van de kit in dit werkboek.", bestand=beeld.bestand)
        gastheer.schilder(werk)
    return Uitkomst(
        "Markeringen gewist", "De kleuren, notities en de lijst van de kit zijn weg. Uw eigen opmaak staat er weer.",
        bestand=beeld.bestand,
    )  # fmt: skip


def herstel(book: xw.Book, keuze: Collection[tuple[str, str]] | None = None, *, bewaar: bool = False) -> Uitkomst:
    """Without `keuze`: which cells can be repaired, nothing changed. With it, a set of (sheet, cell): repair those.

    `bewaar`: keep the old contents on a sheet, for `maak_ongedaan`.
    """
    from kit.herstel import herstelplan

    gastheer = gastheer_van(book)
    with gastheer.bezig("herstel voorbereiden"):
        beeld = gastheer.beeld(laad_schema(), formules=keuze is not None)
        gelezen = gelezen_van(beeld, laad_schema())
        plan = herstelplan([gelezen])
    zelf = len({(b.blad, b.cel) for b in plan.met_de_hand})
    if keuze is None:
        return Uitkomst(
            titel="Herstellen",
            boodschap=_herstelvraag(len(plan.zeker), zelf),
            soort="let_op" if plan.zeker else "goed",
            bestand=beeld.bestand,
            voorstellen=plan.zeker,
            met_de_hand=zelf,
        )
    gekozen = [h for h in plan.zeker if (h.blad, h.cel) in set(keuze)]
    weiger(beeld, {h.blad for h in gekozen}, nieuw_blad=bewaar)
    getallen = {k.kop for b in gelezen.werkboek.bladen for k in b.kolommen if k.soort == "getal"}
    with gastheer.bezig(f"{len(gekozen)} cellen herstellen"):
        if bewaar and gekozen:
            gastheer.schrijf_blad(geheugen.bladnaam(beeld), geheugen.rijen(beeld, gekozen), breedtes=geheugen.BREEDTES)
        gastheer.zet(geheugen.inhoud_van(gekozen, getallen))
    cellen = "1 cel is hersteld" if len(gekozen) == 1 else f"{len(gekozen)} cellen zijn hersteld"
    bewaard = f" De oude waarden staan op het blad {geheugen.bladnaam(beeld)}." if bewaar and gekozen else ""
    return Uitkomst("Hersteld", f"{cellen}.{bewaard} Klik op Valideer om te zien wat er nog is.", bestand=beeld.bestand)


def _herstelvraag(zeker: int, zelf: int) -> str:
    met_de_hand = f" {zelf} {'cel bekijkt' if zelf == 1 else 'cellen bekijkt'} u best zelf." if zelf else ""
    if not zeker:
        return f"Er is niets dat de kit vanzelf kan herstellen.{met_de_hand}"
    return f"{zeker} {'cel kan' if zeker == 1 else 'cellen kunnen'} vanzelf hersteld worden.{met_de_hand}"


def maak_ongedaan(book: xw.Book) -> Uitkomst:
    """Put back what the last repair changed, from the sheet that it left; cells changed since stay as they are."""
    gastheer = gastheer_van(book)
    with gastheer.bezig("herstel ongedaan maken"):
        beeld = gastheer.beeld(laad_schema())
        blad = geheugen.geheugenblad(beeld)
        if blad is None:
            raise KitFout("Er is geen herstel om ongedaan te maken: er werden geen oude waarden bewaard.")
        terug, gewijzigd = geheugen.terug(beeld)
        weiger(beeld, {b for b, _ in terug})
        gastheer.zet(terug)
        gastheer.verwijder_blad(blad.naam)
    cellen = "1 cel heeft haar" if len(terug) == 1 else f"{len(terug)} cellen hebben hun"
    over = f" {gewijzigd} hebt u intussen zelf gewijzigd; die bleven zo." if gewijzigd else ""
    return Uitkomst("Ongedaan gemaakt", f"{cellen} oude waarde terug.{over}", bestand=beeld.bestand)


def exporteer(book: xw.Book) -> Uitkomst:
    """The clean export as files in memory; refuses while there are fouten or unsaved changes."""
    from kit.export import exporteer as maak_export
    from kit.validatie import valideer as kijk_na

    gastheer = gastheer_van(book)
    with gastheer.bezig("exporteren"):
        beeld = gastheer.beeld(laad_schema())
        gelezen = gelezen_van(beeld, laad_schema())
        weiger(beeld, set(), nieuw_blad=False)
        if not beeld.alles_bewaard:
            raise KitFout(
                "U hebt wijzigingen die nog niet bewaard zijn. Bewaar het werkboek eerst (Ctrl+S) en klik opnieuw: "
                "zo is wat u doorstuurt ook wat u bewaart."
            )
        bevindingen = kijk_na([gelezen])
        export = maak_export([gelezen], bevindingen, door=getpass.getuser(), wanneer=dt.datetime.now())
    if export.fouten:
        return Uitkomst(
            titel="Er is niets geëxporteerd",
            boodschap=f"Er zijn nog {len(export.fouten)} fouten. Klik op Valideer, verbeter de roze cellen en probeer opnieuw.",
            soort="fout",
            bestand=beeld.bestand,
            bevindingen=export.fouten,
        )
    rijen = sum(n for aantallen in export.aantallen.values() for n in aantallen.values())
    achter = f" {len(export.achtergelaten)} verenigingen bleven achter (Migreren = nee)." if export.achtergelaten else ""
    return Uitkomst(
        "Geëxporteerd", f"De export is klaar: {rijen} rijen.{achter}", bestand=beeld.bestand, bestanden=dict(export.bestanden)
    )


def naar_volgende(book: xw.Book) -> Uitkomst:
    """Select the next finding after the selected cell, in the order of the list; after the last comes the first."""
    gastheer = gastheer_van(book)
    beeld = gastheer.beeld(laad_schema())
    blad = beeld.lijstblad
    if blad is None:
        raise KitFout("Er is nog geen lijst. Klik eerst op Valideer.")
    rijen = [r for r in range(KOPRIJ + 1, len(blad.waarden) + 1) if blad.tekst(r, CELKOLOM)]
    plekken = [(blad.tekst(r, LIJSTKOPPEN.index("Blad") + 1), blad.tekst(r, CELKOLOM)) for r in rijen]
    if not plekken:
        return Uitkomst("Volgende", "Er zijn geen bevindingen. Alles klopt.", bestand=beeld.bestand)
    i = volgende(plekken, beeld.selectie, beeld.bladnamen)
    gastheer.ga_naar(*plekken[i])
    wat = blad.tekst(rijen[i], LIJSTKOPPEN.index("Wat is er aan de hand") + 1)
    return Uitkomst("Volgende", f"{i + 1} van {len(plekken)}: {wat}", "let_op", bestand=beeld.bestand)


def volgende(plekken: list[tuple[str, str]], hier: tuple[str, str], bladen: Collection[str]) -> int:
    """Index of the first place after `hier` on its sheet, else of the next sheet's first."""
    from kit.werkboek.xmltekst import splits

    orde = {naam: i for i, naam in enumerate(bladen)}
    nu = (orde.get(hier[0], -1), *splits(hier[1]))
    # Several findings in one cell are one stop.
    return next((i for i, (b, c) in enumerate(plekken) if (orde.get(b, 0), *splits(c)) > nu), 0)


def over(book: xw.Book) -> Uitkomst:
    """Versions, and where the data go: nowhere, or to this server for one request."""
    gastheer = gastheer_van(book)
    beeld = gastheer.beeld(laad_schema()) if book.app.engine.type != "remote" else None
    tekst = vul(
        "over.txt.j2",
        kit=__version__,
        xlwings=xw.__version__,
        schema=laad_schema().versie,
        werkboek=beeld.versie if beeld else None,
        op_afstand=beeld is None,
    )
    return Uitkomst(f"Over de {KENMERK.lower()}", tekst.strip())
