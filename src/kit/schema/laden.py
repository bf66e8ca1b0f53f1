"""Read a schema folder (YAML and CSV) into the model, and say file and line when something in it is wrong."""

from __future__ import annotations

import csv
import difflib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kit.fouten import KitFout
from kit.schema.model import Blad, Codelijst, Keuze, Kolom, Schema, Toepassing, Werkboek

VERSIES = Path(__file__).parent / "versies"
STANDAARDVERSIE = "2026.1"
GEDEELD = "gedeeld.yaml"
_DEEL_VAN_GEDEELD = {"gedeelde_kolommen", "gedeelde_bladen", "verrijking", "verwijskolom"}


def schemaversies() -> list[str]:
    """The schema versions that this installation carries, oldest first."""
    return sorted(p.name for p in VERSIES.iterdir() if (p / "schema.yaml").is_file())


def laad_schema(bron: str | Path | None = None) -> Schema:
    """Load a schema: nothing (the newest), a version (`2026.1`) or a folder.

    Raises KitFout with file and line for an unknown key, rule, code list or column.
    """
    if bron is None or (isinstance(bron, str) and (VERSIES / bron / "schema.yaml").is_file()):
        return _laad(VERSIES / (bron or STANDAARDVERSIE))
    map_ = Path(bron)
    if not (map_ / "schema.yaml").is_file():
        raise KitFout(
            f"Er is geen schema {bron}. Deze kit kent de versies {', '.join(schemaversies())}; "
            "een eigen schema is een map met een schema.yaml erin."
        )
    return _laad(map_.resolve())


@cache
def _laad(map_: Path) -> Schema:
    bestand = _Yaml(map_ / "schema.yaml")
    ruw = dict(bestand.data)
    with bestand.plaats_bij_fouten():
        lijsten = {
            s: _laad_codelijst(map_, s, dict(d), bestand.data["codelijsten"]) for s, d in ruw.pop("codelijsten", {}).items()
        }
    gedeeld = (map_ / GEDEELD).read_text("utf-8") if (map_ / GEDEELD).is_file() else ""
    werkboeken = [_laad_werkboek(_Yaml(map_ / naam, gedeeld), lijsten) for naam in ruw.pop("werkboeken", [])]
    with bestand.plaats_bij_fouten():
        return Schema.model_validate(ruw | {"codelijsten": lijsten, "werkboeken": werkboeken})


def _laad_codelijst(map_: Path, sleutel: str, d: dict[str, Any], alle: dict[str, Any]) -> Codelijst:
    kolom_code, kolom_naam = d.pop("code", "code"), d.pop("naam", "naam")
    kolommen_ook, kolommen_bij = d.pop("ook", []), d.pop("bij", [])
    rijen = _lees_csv(map_ / d.pop("bestand"), sleutel, {kolom_code, kolom_naam, *kolommen_ook, *kolommen_bij})

    def namen_in(rij: dict[str, str], kolommen: list[str]) -> list[str]:
        return [naam for k in kolommen for naam in rij[k].split("|") if naam]

    paren: dict[tuple[str, str], list[str]] = {}
    for r in rijen:
        paren.setdefault((r[kolom_code], r[kolom_naam]), []).extend(namen_in(r, kolommen_bij))
    namen = Counter(naam for _, naam in paren)
    gezien: set[str] = set()
    keuzes = []
    for (code, naam), bij in paren.items():
        # A name that two codes share (Poperinge) would make the choice ambiguous: later ones carry their code.
        label = f"{naam} ({code})" if namen[naam] > 1 and naam in gezien else naam
        gezien.add(naam)
        keuzes.append(Keuze(code=code, label=label, bij=tuple(bij)))
    ook = dict.fromkeys(naam for r in rijen for naam in namen_in(r, kolommen_ook))
    if oud := d.pop("oude_namen", None):
        oude = _lees_csv(map_ / alle[oud]["bestand"], oud, {"code", "naam"})
        d["oud"] = {r["code"]: r["naam"] for r in oude}
    return Codelijst(sleutel=sleutel, keuzes=tuple(keuzes), ook=tuple(ook), **d)


def _lees_csv(pad: Path, sleutel: str, kolommen: set[str]) -> list[dict[str, str]]:
    if not pad.is_file():
        raise KitFout(f"Codelijst {sleutel}: het bestand {pad} bestaat niet.")
    with pad.open(encoding="utf-8-sig", newline="") as f:
        lezer = csv.DictReader(f)
        if weg := kolommen - set(lezer.fieldnames or ()):
            raise KitFout(f"{pad}, regel 1: de codelijst {sleutel} mist de kolom {', '.join(sorted(weg))}.")
        return list(lezer)


def _laad_werkboek(bestand: _Yaml, lijsten: dict[str, Codelijst]) -> Werkboek:
    ruw = dict(bestand.data)
    gedeelde_bladen, verwijskolom = ruw.get("gedeelde_bladen", {}), ruw.get("verwijskolom")
    bladen = []
    with bestand.plaats_bij_fouten():
        for i, d in enumerate(ruw.pop("bladen", [])):
            d = dict(d)
            plek: tuple[Any, ...] = ("bladen", i)
            if gebruik := d.pop("gebruik", None):
                if gebruik not in gedeelde_bladen:
                    bestand.weiger(plek, f"er is geen gedeeld blad {gebruik!r}{_bedoelde(gebruik, list(gedeelde_bladen))}")
                basis = gedeelde_bladen[gebruik]
                d = basis | d | {"kolommen": [verwijskolom, *basis["kolommen"]]}
                plek = ("gedeelde_bladen", gebruik)
            bladen.append(_laad_blad(d, ruw["sleutelkolom"], bestand, plek, lijsten))
        ruw = {k: v for k, v in ruw.items() if k not in _DEEL_VAN_GEDEELD}
        return Werkboek.model_validate(ruw | {"bladen": bladen})


def _laad_blad(
    d: dict[str, Any], sleutelkolom: str, bestand: _Yaml, plek: tuple[Any, ...], lijsten: dict[str, Codelijst]
) -> Blad:
    kolommen: list[Kolom] = []
    for j, k in enumerate(_vlak(d.pop("kolommen"))):
        try:
            kolom = Kolom.model_validate(k)
        except ValidationError as fout:
            bestand.weiger_validatie(fout, (*plek, "kolommen", j))
        if kolom.codelijst and kolom.codelijst not in lijsten:
            bestand.weiger(
                (*plek, "kolommen", j),
                f"kolom {kolom.kop!r} noemt een onbekende codelijst {kolom.codelijst!r}"
                + _bedoelde(kolom.codelijst, list(lijsten)),
            )
        kolommen += kolom.uitgevouwen()
    blad = Blad.model_validate(d | {"kolommen": kolommen})
    regels = tuple(t.model_copy(update={"op": tuple(sleutelkolom if o == "@sleutel" else o for o in t.op)}) for t in blad.regels)
    blad = blad.model_copy(update={"regels": regels})
    _controleer_regels(blad, bestand, plek)
    return blad


def _controleer_regels(blad: Blad, bestand: _Yaml, plek: tuple[Any, ...]) -> None:
    from kit.regels import regelnamen  # the rules import the model: asked for only here, when the model is complete

    bekend = regelnamen()
    plaatsen: list[tuple[Toepassing, tuple[Any, ...]]] = [
        *((t, (*plek, "regels", i)) for i, t in enumerate(blad.regels)),
        *((t, (*plek, "kolommen", j)) for j, k in enumerate(blad.kolommen) for t in k.regels),
    ]
    for toepassing, waar in plaatsen:
        if toepassing.regel not in bekend:
            bestand.weiger(waar, f"er is geen regel {toepassing.regel!r}{_bedoelde(toepassing.regel, sorted(bekend))}")
        for sleutel in (*toepassing.op, *toepassing.als):
            if sleutel not in blad.per_sleutel:
                bestand.weiger(
                    waar,
                    f"regel {toepassing.regel!r} noemt een kolom {sleutel!r} die blad {blad.naam} niet heeft"
                    + _bedoelde(sleutel, list(blad.per_sleutel)),
                )


def _vlak(kolommen: list[Any]) -> Iterator[dict[str, Any]]:
    for k in kolommen:
        if isinstance(k, list):
            yield from k
        else:
            yield k


def _bedoelde(naam: str, bekend: list[str]) -> str:
    gelijkend = difflib.get_close_matches(naam, bekend, 1)
    return f" (bedoelde u {gelijkend[0]!r}?)" if gelijkend else f" (bekend: {', '.join(bekend)})"


class _Yaml:
    """A YAML file with, for every path into it, the line on which that part starts."""

    def __init__(self, pad: Path, vooraf: str = "") -> None:
        self.pad = pad
        self._verschuiving = vooraf.count("\n")
        try:
            tekst = vooraf + pad.read_text("utf-8")
            self.data: dict[str, Any] = yaml.safe_load(tekst) or {}
            self._boom = yaml.compose(tekst, Loader=yaml.SafeLoader)
        except FileNotFoundError:
            raise KitFout(f"Het schemabestand {pad} bestaat niet.") from None
        except yaml.MarkedYAMLError as fout:
            regel = fout.problem_mark.line + 1 if fout.problem_mark else 1
            raise KitFout(f"{self._waar(regel)}: dit is geen geldige YAML ({fout.problem}).") from None

    def _waar(self, regel: int) -> str:
        if regel <= self._verschuiving:
            return f"{self.pad.parent / GEDEELD}, regel {regel}"
        return f"{self.pad}, regel {regel - self._verschuiving}"

    def regel(self, plek: tuple[Any, ...]) -> int:
        knoop, regel = self._boom, 1
        for stap in plek:
            if isinstance(knoop, yaml.MappingNode):
                volgende = next((v for k, v in knoop.value if k.value == str(stap)), None)
            elif isinstance(knoop, yaml.SequenceNode) and isinstance(stap, int) and stap < len(knoop.value):
                volgende = knoop.value[stap]
            else:
                volgende = None
            if volgende is None:
                break
            knoop, regel = volgende, volgende.start_mark.line + 1
        return regel

    def weiger(self, plek: tuple[Any, ...], waarom: str) -> None:
        raise KitFout(f"{self._waar(self.regel(plek))}: {waarom}.")

    def weiger_validatie(self, fout: ValidationError, plek: tuple[Any, ...] = ()) -> None:
        eerste = fout.errors()[0]
        pad = (*plek, *eerste["loc"])
        self.weiger(pad, f"{'.'.join(str(s) for s in eerste['loc'])}: {eerste['msg']}")

    def plaats_bij_fouten(self) -> _Plaats:
        return _Plaats(self)


class _Plaats:
    """Context manager that turns pydantic's errors (and a missing key) into a KitFout with file and line."""

    def __init__(self, bestand: _Yaml) -> None:
        self._bestand = bestand

    def __enter__(self) -> None:
        return None

    def __exit__(self, soort: object, fout: object, spoor: object) -> None:
        if isinstance(fout, ValidationError):
            self._bestand.weiger_validatie(fout)
        if isinstance(fout, KeyError):
            self._bestand.weiger((), f"de sleutel {fout.args[0]!r} ontbreekt")
