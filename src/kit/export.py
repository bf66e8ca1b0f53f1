"""The clean export: upload workbooks, the register's requests, and a manifest; or a refusal that names the fouten.

Pure: bytes in, bytes out. Text is cleaned of stray white space; associations with Migreren = nee stay behind.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl
import pyrage
import xlsxwriter

from kit import __version__
from kit.bevinding import Bevinding
from kit.fouten import KitFout
from kit.gelezen import RIJ, Gelezen, GelezenBlad
from kit.regels import Cel, Context, Ernst
from kit.regels.groepen import sleutel_norm
from kit.verzoeken import verzoeken
from kit.waarden import bladwaarde
from kit.werkboek.genereer import schrijf_cel
from kit.werkboek.stijl import GETALFORMAAT

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Achtergelaten:
    """An association that stays behind because of Migreren = nee."""

    bestand: str
    nr: str
    reden: str
    naam: str = ""
    werkboek: str = ""


@dataclass(frozen=True)
class Export:
    """`bestanden`: name -> content. Empty when `fouten` holds something: then nothing may leave."""

    bestanden: dict[str, bytes] = field(default_factory=dict)
    achtergelaten: tuple[Achtergelaten, ...] = ()
    fouten: tuple[Bevinding, ...] = ()
    aantallen: dict[str, dict[str, int]] = field(default_factory=dict)


def exporteer(werkboeken: Sequence[Gelezen], bevindingen: Sequence[Bevinding], *, door: str, wanneer: dt.datetime) -> Export:
    """Export validated workbooks. A fout on an association that stays behind does not stop the others."""
    achter = [a for boek in werkboeken for a in _achtergelaten(boek)]
    weg = {(a.bestand, a.nr) for a in achter}
    norm = {boek.bestand: _normen(boek) for boek in werkboeken}
    fouten = tuple(b for b in bevindingen if b.ernst == Ernst.FOUT and (b.bestand, norm[b.bestand].get(b.nr, b.nr)) not in weg)
    if fouten:
        return Export(achtergelaten=tuple(achter), fouten=fouten)
    bestanden: dict[str, bytes] = {}
    aantallen: dict[str, dict[str, int]] = {}
    for boek in werkboeken:
        mee = {s: _zonder(boek, b, weg) for s, b in boek.bladen.items()}
        stam = boek.werkboek.bestand.removesuffix(".xlsx")
        if f"{stam}.xlsx" in bestanden:
            raise KitFout(
                f"Er zijn twee bestanden van de soort {boek.werkboek.titel}. Exporteer ze apart of voeg ze eerst samen."
            )
        bestanden[f"{stam}.xlsx"] = _uploadwerkboek(boek, mee)
        bestanden[f"{stam}.jsonl"] = _regels(boek, mee)
        aantallen[f"{stam}.xlsx"] = {boek.werkboek.per_sleutel[s].naam: f.height for s, f in mee.items()}
    waarschuwingen = Counter(b.regel for b in bevindingen if b.ernst == Ernst.WAARSCHUWING)
    manifest = {
        "soort": "export van de voorbereidingskit",
        "gemaakt": wanneer.isoformat(timespec="seconds"),
        "door": door,
        "kit": __version__,
        "schema": werkboeken[0].schema.versie if werkboeken else None,
        "bestanden": [
            {"naam": naam, "sha256": hashlib.sha256(inhoud).hexdigest(), "bytes": len(inhoud)}
            for naam, inhoud in bestanden.items()
        ],
        "rijen": aantallen,
        "niet_gemigreerd": [asdict(a) for a in achter],
        "waarschuwingen": dict(sorted(waarschuwingen.items())),
    }
    bestanden[MANIFEST] = _json(manifest, indent=2)
    return Export(bestanden, tuple(achter), (), aantallen)


def versleutel(bestanden: dict[str, bytes], publieke_sleutel: str) -> bytes:
    """All files in one zip, encrypted with age so that only the holder of DV's private key can open it.

    Raises KitFout when the text holds no age public key.
    """
    regels = [r.strip() for r in publieke_sleutel.splitlines() if r.strip() and not r.startswith("#")]
    try:
        ontvangers = [pyrage.x25519.Recipient.from_str(r) for r in regels]
    except pyrage.RecipientError as fout:
        raise KitFout("Het sleutelbestand bevat geen geldige publieke sleutel. Die begint met age1.") from fout
    if not ontvangers:
        raise KitFout("Het sleutelbestand is leeg. Er hoort een publieke sleutel in die begint met age1.")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as z:
        for naam, inhoud in bestanden.items():
            z.writestr(zipfile.ZipInfo(naam, (1980, 1, 1, 0, 0, 0)), inhoud)
    return bytes(pyrage.encrypt(buffer.getvalue(), ontvangers))


def _json(inhoud: object, indent: int | None = None) -> bytes:
    return (json.dumps(inhoud, ensure_ascii=False, indent=indent) + "\n").encode()


def sleutels_van(boek: Gelezen, blad: GelezenBlad) -> pl.Series:
    """The comparable association key of every row of a sheet."""
    cel = Cel(blad.blad.per_sleutel[boek.werkboek.sleutelkolom], blad.blad, Context(boek.schema, boek.werkboek))
    return blad.frame.select(sleutel_norm(cel).fill_null("").alias("s"))["s"]


def _normen(boek: Gelezen) -> dict[str, str]:
    uit: dict[str, str] = {}
    for blad in boek.bladen.values():
        uit |= dict(zip(blad.frame[boek.werkboek.sleutelkolom].fill_null(""), sleutels_van(boek, blad), strict=True))
    return uit


def _achtergelaten(boek: Gelezen) -> list[Achtergelaten]:
    blad = boek.bladen[boek.werkboek.verenigingsblad]
    kolom = blad.blad.per_sleutel[boek.werkboek.migreerkolom]
    lijst = boek.schema.codelijst(kolom)
    assert lijst is not None
    redenen = next((t.op[0] for t in blad.blad.regels if t.regel == "reden_bij_nee"), None)
    rijen = blad.frame.with_columns(sleutels_van(boek, blad).alias("_norm")).iter_rows(named=True)
    return [
        Achtergelaten(
            boek.bestand, rij["_norm"], (rij[redenen] if redenen else "") or "", rij["naam"] or "", boek.werkboek.sleutel
        )
        for rij in rijen
        if rij[kolom.sleutel] is not None and lijst.code(rij[kolom.sleutel].strip()) == "nee"
    ]


def _zonder(boek: Gelezen, blad: GelezenBlad, weg: set[tuple[str, str]]) -> pl.DataFrame:
    """The rows of a sheet that go along, with their comparable key as `_norm`."""
    frame = blad.frame.with_columns(sleutels_van(boek, blad).alias("_norm"))
    return frame.filter(~pl.col("_norm").is_in([nr for bestand, nr in weg if bestand == boek.bestand]))


def _uploadwerkboek(boek: Gelezen, frames: dict[str, pl.DataFrame]) -> bytes:
    """Values only: per sheet the headings on row 1 and the rows below, without formulas, rules or colours."""
    buffer = io.BytesIO()
    uit = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    uit.set_properties({"title": f"Export {boek.werkboek.titel}", "created": dt.datetime.combine(boek.schema.datum, dt.time())})
    uit.set_custom_property("werkboek", boek.werkboek.sleutel, "text")
    uit.set_custom_property("schemaversie", boek.schema.versie, "text")
    uit.set_custom_property("kitversie", __version__, "text")
    vet = uit.add_format({"bold": True})
    opmaken = {soort: uit.add_format({"num_format": f}) for soort, f in GETALFORMAAT.items()}
    for sleutel, frame in frames.items():
        blad = boek.werkboek.per_sleutel[sleutel]
        ws = uit.add_worksheet(blad.naam)
        ws.freeze_panes(1, 0)
        for n, kolom in enumerate(blad.kolommen):
            ws.set_column(n, n, kolom.breedte, opmaken[kolom.soort])
            ws.write_string(0, n, kolom.kop, vet)
            for r, tekst in enumerate(frame[kolom.sleutel], 1):
                if tekst is not None:
                    schrijf_cel(ws, r, n, bladwaarde(tekst, kolom, boek.schema), opmaken[kolom.soort])
    uit.close()
    return buffer.getvalue()


def _regels(boek: Gelezen, frames: dict[str, pl.DataFrame]) -> bytes:
    return b"".join(_json(v) for v in verzoeken_van(boek, frames))


def verzoeken_van(boek: Gelezen, frames: dict[str, pl.DataFrame] | None = None) -> Iterator[dict[str, Any]]:
    """The register's requests of every association (see `verzoeken`), in the order of the sheet; `frames` with `_norm` as key."""
    if frames is None:
        frames = _zonder_alle(boek)
    rijen: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for sleutel, frame in frames.items():
        per = rijen.setdefault(sleutel, {})
        for rij in frame.drop(RIJ).iter_rows(named=True):
            per.setdefault(rij["_norm"], []).append(rij)
    sleutels = frames[boek.werkboek.verenigingsblad]["_norm"].unique(maintain_order=True).to_list()
    return verzoeken(boek.werkboek, boek.schema, rijen, sleutels)


def _zonder_alle(boek: Gelezen) -> dict[str, pl.DataFrame]:
    return {s: _zonder(boek, b, set()) for s, b in boek.bladen.items()}
