"""What the server answers to a workbook: pure functions from bytes to plain data, run in a few threads at once."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from kit.addin.uitkomst import Uitkomst
from kit.bestanden import InGeheugen
from kit.bevinding import Bevinding, maskeer
from kit.fouten import KitFout
from kit.herstel import Herstelling
from kit.markering import markeerplan, samenvatting
from kit.schema import laad_schema

MAX_LIJST = 20_000


def als_json(uitkomst: Uitkomst) -> dict[str, Any]:
    """An outcome for a page. National numbers are masked: whoever looks over a shoulder need not see them."""
    uit: dict[str, Any] = {
        "titel": uitkomst.titel,
        "boodschap": uitkomst.boodschap,
        "soort": uitkomst.soort,
        "bestand": uitkomst.bestand,
        "bevindingen": [_bevinding(b) for b in uitkomst.bevindingen[:MAX_LIJST]],
        "voorstellen": [_voorstel(h) for h in uitkomst.voorstellen],
        "met_de_hand": uitkomst.met_de_hand,
    }
    if uitkomst.samenvatting:
        som = uitkomst.samenvatting
        uit["samenvatting"] = {"wanneer": som.wanneer_tekst, "fouten": som.fouten, "waarschuwingen": som.waarschuwingen}
    if uitkomst.bestanden:
        uit["download"] = {"naam": "export.zip", "inhoud": base64.b64encode(als_zip(uitkomst.bestanden)).decode()}
    return uit


def _bevinding(b: Bevinding) -> dict[str, Any]:
    return b.als_dict() | {"herstelbaar": b.voorstel is not None and not b.verliest}


def _voorstel(h: Herstelling) -> dict[str, str | None]:
    was, wordt = maskeer(h.was, geheel=h.gevoelig), maskeer(h.wordt, geheel=h.gevoelig)
    return {"blad": h.blad, "cel": h.cel, "kolom": h.kolom, "was": was, "wordt": wordt}


def als_zip(bestanden: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as z:
        for naam, inhoud in bestanden.items():
            z.writestr(zipfile.ZipInfo(naam, (1980, 1, 1, 0, 0, 0)), inhoud)
    return buffer.getvalue()


# --- Excel (Office.js) -----------------------------------------------------------------------------------------------


def excel(naam: str, inhoud: bytes) -> dict[str, Any]:
    """One button: xlwings' request in, xlwings' actions out, with the outcome under `kit`.

    `args` of the request holds, for a repair, [[[sheet, cell], ...], keep the old values?]. Raises KitFout for a request
    that is none.
    """
    import xlwings as xw

    from kit import addin
    from kit.addin.op_afstand import vergeet
    from kit.knoppen import KNOPPEN

    if naam not in {k.naam for k in KNOPPEN}:
        raise KitFout("Deze knop bestaat niet.")
    try:
        verzoek = json.loads(inhoud)
        argumenten = verzoek.get("args") or []
        book = xw.Book(json=verzoek)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, xw.XlwingsError) as fout:
        raise KitFout("Het verzoek van Excel kon niet gelezen worden. Herlaad de invoegtoepassing en probeer opnieuw.") from fout
    try:
        if naam == "herstel" and argumenten:
            uitkomst = addin.herstel(book, [(blad, cel) for blad, cel in argumenten[0]], bewaar=bool(argumenten[1]))
        else:
            uitkomst = getattr(addin, naam)(book)
        return {**book.json(), "kit": als_json(uitkomst)}
    finally:
        vergeet(book)


# --- the web page ----------------------------------------------------------------------------------------------------


def nakijken(bron: InGeheugen) -> dict[str, Any]:
    """Findings and possible repairs of a workbook file."""
    from kit.herstel import herstelplan
    from kit.validatie import valideer
    from kit.werkboek.lezen import lees

    gelezen = lees(bron, laad_schema())
    bevindingen = valideer([gelezen])
    plan = herstelplan([gelezen])
    som = samenvatting(bevindingen, dt.datetime.now())
    fouten, kijken = som.fouten, som.waarschuwingen
    if fouten:
        boodschap = "Verbeter de fouten in uw werkboek en kijk het dan opnieuw na. In de gemarkeerde kopie ziet u waar ze staan."
    elif kijken:
        boodschap = "Er zijn geen fouten. Kijk de opmerkingen nog na; u kunt de export al maken."
    else:
        boodschap = "Alles klopt. U kunt de export maken."
    soort = "fout" if fouten else "let_op" if kijken else "goed"
    uitkomst = Uitkomst(
        "Nagekeken", boodschap, soort, bron.name, som, tuple(bevindingen), plan.zeker, len(plan.met_de_hand)  # type: ignore[arg-type]
    )  # fmt: skip
    return als_json(uitkomst) | {"versie": gelezen.versie, "schema": gelezen.schema.versie, "rijen": gelezen.rijen}


def gemarkeerd(bron: InGeheugen) -> tuple[str, bytes]:
    """The marked copy, under its new name."""
    from kit.validatie import valideer
    from kit.werkboek.lezen import lees
    from kit.werkboek.schilderen import schilder

    bevindingen = valideer([lees(bron, laad_schema())])
    return _naam(bron, "nagekeken"), schilder(bron, markeerplan(bevindingen, bron.name, dt.datetime.now()))


def hersteld(bron: InGeheugen) -> tuple[str, bytes]:
    """The repaired copy."""
    from kit.herstel import herstelplan
    from kit.werkboek.herstellen import herstel_bestand
    from kit.werkboek.lezen import lees

    gelezen = lees(bron, laad_schema())
    return _naam(bron, "hersteld"), herstel_bestand(bron, herstelplan([gelezen]).zeker, gelezen.werkboek)


def export(bron: InGeheugen) -> tuple[str, bytes]:
    """The export as one zip. Raises KitFout while there are fouten."""
    from kit.export import exporteer
    from kit.validatie import valideer
    from kit.werkboek.lezen import lees

    gelezen = lees(bron, laad_schema())
    klaar = exporteer([gelezen], valideer([gelezen]), door="webpagina", wanneer=dt.datetime.now())
    if klaar.fouten:
        raise KitFout(f"Er zijn nog {len(klaar.fouten)} fouten. Verbeter ze eerst; daarna kunt u exporteren.")
    return "export.zip", als_zip(klaar.bestanden)


def overgezet(bron: InGeheugen) -> tuple[str, bytes]:
    """The workbook carried over to the newest schema."""
    from kit.actualiseer import actualiseer

    return _naam(bron, "overgezet"), actualiseer(bron, laad_schema()).inhoud


def _naam(bron: InGeheugen, wat: str) -> str:
    stam = bron.name.rsplit(".", 1)[0]
    return f"{stam}-{wat}{bron.suffix or '.xlsx'}"


BESTANDEN: dict[str, Callable[[InGeheugen], tuple[str, bytes]]] = {
    "gemarkeerd": gemarkeerd,
    "hersteld": hersteld,
    "export": export,
    "overgezet": overgezet,
}
