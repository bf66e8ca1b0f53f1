"""Three invented GI's for the rehearsal, and a register that knows some of their associations already."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from kit.schema import Schema
from kit.voorbeeld import Voorbeeld, maak_voorbeeld
from kit.werkboek.genereer import genereer

Rijen = dict[str, list[dict[str, Any]]]
# Postcodes of one municipality each; the names of the GI's are invented.
_PLAATSEN = {"Aarbeek": "8570", "Beverloo-aan-de-Demer": "3200", "Ceulegem": "9230"}


@dataclass
class Bestuur:
    """`werkboeken`: file name -> bytes. `diensten`: when services deliver apart. `geleverd`: associations in all files."""

    ovo: str
    naam: str
    rijen: dict[str, Rijen]
    diensten: tuple[str, ...] = ()
    werkboeken: dict[str, bytes] = field(default_factory=dict)

    @property
    def geleverd(self) -> int:
        return sum(len(r["verenigingen"]) for r in self.rijen.values())


def maak_besturen(schema: Schema, aantal: int) -> list[Bestuur]:
    """The first without errors, the second with planted errors, the third with two services that know the same associations."""
    een, twee, drie = _PLAATSEN
    fv = schema.per_sleutel["fv"]
    foutloos = _voorbeeld(schema, aantal, een, 1)
    foutloos.rijen["fv"]["verenigingen"][3] |= {"migreren": "nee", "reden": "gestopt in 2025"}
    met_fouten = _voorbeeld(schema, aantal, twee, 2, fouten=15)
    jeugd, cultuur = (_voorbeeld(schema, aantal, drie, n).rijen["fv"] for n in (3, 4))
    for n in range(4):
        _kopieer(jeugd, n, cultuur, 1000 + n)
    besturen = [
        Bestuur("OVO009001", een, foutloos.rijen),
        Bestuur("OVO009002", twee, met_fouten.rijen),
        Bestuur("OVO009003", drie, {"jeugddienst": jeugd, "cultuurdienst": cultuur}, ("jeugddienst", "cultuurdienst")),
    ]
    for b in besturen:
        for soort, rijen in b.rijen.items():
            werkboek = schema.per_sleutel.get(soort, fv)
            _lidmaatschappen(rijen, werkboek.sleutelkolom)
            naam = f"{soort}.xlsx" if b.diensten else werkboek.bestand
            b.werkboeken[naam] = genereer(werkboek, schema, rijen)
    return besturen


def _voorbeeld(schema: Schema, aantal: int, plaats: str, reeks: int, fouten: float = 0) -> Voorbeeld:
    return maak_voorbeeld(schema, aantal, 40 + reeks, fouten, plaatsen=(_PLAATSEN[plaats],), reeks=reeks)


def _kopieer(van: Rijen, plek: int, naar: Rijen, nr: int) -> None:
    """The same association in the list of another service: its name a little different, the rest the same."""
    bron = van["verenigingen"][plek]
    naam = str(bron["naam"])
    anders = (f"Koninklijke {naam}", naam.upper(), " ".join(reversed(naam.split(" ", 1))), naam.replace("De ", ""))[plek % 4]
    naar["verenigingen"].append(bron | {"nr": str(nr), "naam": anders})
    for blad, rijen in van.items():
        if blad != "verenigingen":
            naar[blad] += [r | {"nr": str(nr)} for r in rijen if r["nr"] == bron["nr"]]


def _lidmaatschappen(rijen: Rijen, sleutel: str) -> None:
    """Only of associations that the register has from the start, and each once."""
    gezien: dict[Any, int] = {}
    for rij in rijen["lidmaatschappen"]:
        n = gezien[rij[sleutel]] = gezien.get(rij[sleutel], 0) + 1
        if re.fullmatch(r"V\d{7}", str(rij.get("andere_vereniging"))):
            rij["andere_vereniging"] = f"V{1000 + n:07d}"


def zaad_voor_register(besturen: list[Bestuur]) -> dict[str, Any]:
    """What the register has already (some under another spelling), what the KBO knows, and whom the KSZ refuses."""
    een, twee, drie = besturen
    verenigingen = [_al_daar(een.rijen["fv"], n, variant) for n, variant in enumerate(("{} vzw", "Kon. {}", "{}"), 5)]
    verenigingen += [_al_daar(drie.rijen["jeugddienst"], n, variant) for n, variant in enumerate(("De {}", "{} Jong", "{}"), 8)]
    kbo: dict[str, Any] = {}
    for b in (een, twee):
        rijen = b.rijen["kbo"]
        for n, v in enumerate(rijen["verenigingen"]):
            nummer = _cijfers(v["kbo_nummer"])
            # One number is unknown to the KBO, so that something is refused.
            if n != 7 and len(nummer) == 10:
                insz = [
                    _cijfers(r["insz"])
                    for r in rijen["vertegenwoordigers"]
                    if r.get("kbo_nummer") == v["kbo_nummer"] and r.get("insz")
                ]
                kbo[nummer] = {
                    "naam": str(v.get("naam") or nummer),
                    "vertegenwoordigers": [{"insz": i, "voornaam": "Uit", "achternaam": "De KBO"} for i in dict.fromkeys(insz)],
                }
    bekend = _cijfers(een.rijen["kbo"]["verenigingen"][2]["kbo_nummer"])
    verenigingen.append({"kboNummer": bekend, **_leeg(), **kbo[bekend]})
    for n, v in enumerate(verenigingen[-1]["vertegenwoordigers"], 1):
        v["vertegenwoordigerId"] = n
    weigert = [een.rijen["fv"]["vertegenwoordigers"][20], drie.rijen["cultuurdienst"]["vertegenwoordigers"][20]]
    ksz = {_cijfers(r["insz"]): waarom for r, waarom in zip(weigert, ("overleden", "niet gekend"), strict=True)}
    return {"ksz": ksz, "kbo": kbo, "verenigingen": verenigingen}


def _al_daar(rijen: Rijen, plek: int, variant: str) -> dict[str, Any]:
    v = rijen["verenigingen"][plek]
    waar = next(r for r in rijen["locaties"] if r["nr"] == v["nr"])
    adres = {
        "straatnaam": "Dorpsplein",
        "huisnummer": "1",
        "postcode": str(waar["postcode"]),
        "gemeente": str(waar["gemeente"]),
        "land": "België",
    }
    locatie = {"locatieId": 1, "locatietype": "Activiteiten", "isPrimair": True, "naam": "", "adres": adres}
    return {"naam": variant.format(v["naam"]), **_leeg(), "locaties": [locatie]}


def _leeg() -> dict[str, Any]:
    namen = ("contactgegevens", "locaties", "vertegenwoordigers", "bankrekeningnummers", "lidmaatschappen", "erkenningen")
    return {n: [] for n in namen}


def _cijfers(waarde: object) -> str:
    return re.sub(r"\D", "", str(waarde))
