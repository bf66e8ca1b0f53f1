"""Invented associations with planted duplicates, for proving the search: each double is told with the way in which it differs."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from kit.dubbels.kandidaat import Kandidaat
from kit.dubbels.naam import ontleed
from kit.dubbels.plaatsen import Plaatsen, plaatsen_van
from kit.schema import Schema
from kit.voorbeeld.verzinnen import Verzinner

_BIJ = (
    "Rode", "Blauwe", "Gouden", "Zilveren", "Vrolijke", "Dappere", "Stille", "Snelle", "Wilde", "Eerlijke", "Guitige",
    "Kromme", "Losse", "Trage", "Vlugge", "Zachte", "Koppige", "Lustige", "Warme", "Ronde", "Scherpe", "Fiere", "Brave",
    "Deugniete", "Sterke", "Frisse",
)  # fmt: skip
_WIE = (
    "Zwaluw", "Kwikstaart", "Madelief", "Windwijzer", "Klaproos", "Eekhoorn", "Sleutel", "Morgenstond", "Kiekens", "Pet",
    "Eendracht", "Bal", "Krekel", "Waterjuffer", "Lindeboom", "IJsvogel", "Molenwiek", "Houtduif", "Kruiwagen",
    "Kastanje", "Vuurvlieg", "Laars", "Maan", "Korenaar", "Egel", "Distel", "Meridiaan", "Pijlstaart", "Roerdomp",
    "Salamander", "Trapgevel", "Vlinder", "Wulp", "Zandloper", "Bever", "Duizendpoot", "Fazant", "Gaai", "Hazelaar",
    "Jeneverbes", "Karekiet", "Libel", "Meerkoet", "Nachtegaal", "Otter", "Parelmoer", "Rietzanger", "Specht", "Tureluur",
    "Uilskuiken", "Veldmuis", "Wielewaal", "Zilverreiger", "Baken", "Dorpel", "Fakkel", "Hamer", "Kompas", "Lantaarn",
)  # fmt: skip
_KOEPELS = ("Chiro", "KSA", "KLJ", "Okra", "Samana", "Ferm", "KWB", "Neos", "Gezinsbond", "Davidsfonds", "Natuurpunt")
_HEILIGEN = ("Jozef", "Cecilia", "Martinus", "Barbara", "Rochus", "Godelieve", "Amandus", "Rumoldus", "Kristoffel", "Hubertus")


@dataclass(frozen=True)
class Proef:
    """`kandidaten`: all of them; `geplant`: pair of keys (sorted) -> the kind of difference."""

    kandidaten: list[Kandidaat]
    geplant: dict[tuple[str, str], str]


def maak_proef(schema: Schema, aantal: int, zaad: int = 1, aandeel: float = 0.05, bron: str = "proef", tweede: str = "") -> Proef:
    """`aantal` associations of which `aandeel` are doubles of another one, spread evenly over the kinds in `SOORTEN`.

    The doubles come from `tweede` when that is given (for example "register"). No two others have the same name and place.
    """
    kans = random.Random(f"dubbels {zaad} {aantal}")
    verzin = Verzinner(kans, schema)
    plaatsen = plaatsen_van(schema)
    dubbels = round(aantal * aandeel)
    gezien: set[tuple[str, tuple[str, ...]]] = set()
    uit: list[Kandidaat] = []
    while len(uit) < aantal - dubbels:
        k = _verzin(verzin, plaatsen, f"{bron}:{len(uit) + 1}", bron)
        # Two names that say the same would be a double that nobody planted.
        zegt = (ontleed(k.naam, k.plaatsen, plaatsen).samen, k.plaatsen)
        if zegt not in gezien:
            gezien.add(zegt)
            uit.append(k)
    geplant: dict[tuple[str, str], str] = {}
    namen = list(SOORTEN)
    for n, origineel in enumerate(kans.sample(uit, dubbels)):
        soort = namen[n % len(namen)]
        van = tweede or bron
        dubbel = replace(SOORTEN[soort](origineel, verzin), sleutel=f"{van}:d{n + 1}", bron=van)
        uit.append(dubbel)
        eerste, laatste = sorted((origineel.sleutel, dubbel.sleutel))
        geplant[eerste, laatste] = soort
    kans.shuffle(uit)
    return Proef(uit, geplant)


def _verzin(v: Verzinner, plaatsen: Plaatsen, sleutel: str, bron: str) -> Kandidaat:
    soort, _ = v.activiteit()
    postcode, gemeente = v.plaats()
    gemeente = gemeente.split(" (")[0]
    eigen = f"De {v.kies(*_BIJ)} {v.kies(*_WIE)}"
    if (worp := v.kans.random()) < 0.06:
        naam = f"{v.kies(*_KOEPELS)} Sint-{v.kies(*_HEILIGEN)} {gemeente}"
    elif worp < 0.12:
        naam = f"{v.kies('Harmonie', 'Fanfare', 'Toneelkring', 'Koor')} Sint-{v.kies(*_HEILIGEN)}"
    elif worp < 0.5:
        naam = f"{soort} {eigen} {gemeente}"
    else:
        naam = f"{soort} {eigen}"
    return Kandidaat(
        sleutel=sleutel,
        bron=bron,
        naam=naam,
        plaatsen=(plaatsen.gemeente(postcode, gemeente),),
        postcodes=(postcode,),
        e_mails=(v.email(eigen),) if v.kans.random() < 0.5 else (),
        telefoons=(f"{v.kans.randrange(10**8):08d}",) if v.kans.random() < 0.4 else (),
        rekeningen=(v.iban().replace(" ", ""),) if v.kans.random() < 0.4 else (),
        personen=tuple(v.insz().replace(".", "").replace("-", "") for _ in range(v.kans.randrange(3))),
    )


def _kaal(k: Kandidaat) -> Kandidaat:
    """Only the name and the place: what another service knows of it."""
    return replace(k, e_mails=(), telefoons=(), rekeningen=(), personen=())


def _naam(verander: Callable[[str, Kandidaat, Verzinner], str]) -> Callable[[Kandidaat, Verzinner], Kandidaat]:
    return lambda k, v: replace(_kaal(k), naam=verander(k.naam, k, v))


def _tikfout(naam: str, _k: Kandidaat, v: Verzinner) -> str:
    lang = [w for w in re.findall(r"[^\W\d]+", naam) if len(w) >= 5]
    woord = v.kies(*lang) if lang else max(naam.split(), key=len)
    i = v.kans.randrange(1, len(woord) - 1)
    fout = v.kies(
        woord[:i] + woord[i + 1 :], woord[:i] + woord[i] + woord[i:], woord[:i] + woord[i + 1] + woord[i] + woord[i + 2 :]
    )
    return naam.replace(woord, fout, 1)


def _volgorde(naam: str, _k: Kandidaat, _v: Verzinner) -> str:
    eerste, *rest = naam.split()
    return " ".join([*rest, eerste])


def _gemeente(naam: str, k: Kandidaat, _v: Verzinner) -> str:
    plaats = k.plaatsen[0].title()
    zonder = naam.lower().replace(k.plaatsen[0], "").strip()
    return zonder.title() if len(zonder) < len(naam) else f"{naam} {plaats}"


def _samengevoegd(naam: str, _k: Kandidaat, _v: Verzinner) -> str:
    *voor, a, b = naam.split()
    return " ".join([*voor, a + b.lower()]) if len(voor) > 1 else "".join([*voor, a.lower(), b.lower()])


def _klanken(naam: str, _k: Kandidaat, _v: Verzinner) -> str:
    for van, naar in (("ij", "y"), ("ks", "x"), ("aa", "ae"), ("ee", "é"), ("c", "k"), ("w", "vv"), ("k", "ck")):
        if van in naam:
            return naam.replace(van, naar, 1)
    return naam + "s"


def _verhuis(k: Kandidaat, v: Verzinner) -> Kandidaat:
    """Another postcode in another municipality, the same contacts."""
    postcode, gemeente = v.plaats()
    zelfde = replace(k, postcodes=(postcode,), plaatsen=(plaatsen_van(v.schema).gemeente(postcode, gemeente),))
    return zelfde if k.rekeningen or k.e_mails else replace(zelfde, plaatsen=k.plaatsen)


SOORTEN: dict[str, Callable[[Kandidaat, Verzinner], Kandidaat]] = {
    "tikfout": _naam(_tikfout),
    "twee tikfouten": _naam(lambda n, k, v: _tikfout(_tikfout(n, k, v), k, v)),
    "woordvolgorde": _naam(_volgorde),
    "rechtsvorm": _naam(lambda n, _k, v: v.kies(f"{n} vzw", f"VZW {n}", f"{n} v.z.w.", f"Feitelijke vereniging {n}")),
    "gemeente erbij of weg": _naam(_gemeente),
    "hoofdletters en leestekens": _naam(lambda n, _k, _v: n.upper().replace(" ", "-", 1) + "!"),
    "aaneen geschreven": _naam(_samengevoegd),
    "klanken": _naam(_klanken),
    "koninklijke": _naam(lambda n, _k, v: f"{v.kies('Koninklijke', 'Kon.', 'K.')} {n}"),
    "sint": _naam(lambda n, _k, v: n.replace("Sint-", v.kies("St. ", "St.-", "Sint ")) if "Sint-" in n else f"St. {n}"),
    "lidwoord weg": _naam(lambda n, _k, _v: n.replace("De ", "", 1)),
    "tweede taal erbij": _naam(lambda n, _k, v: f"{n} / {v.kies('Les Amis Réunis', 'Cercle Royal Avenir', 'La Joie de Vivre')}"),
    "woord erbij": _naam(lambda n, _k, v: f"{n} {v.kies('Jong', 'Anno', 'Samen')}"),
    "andere naam, zelfde rekening": lambda k, _v: replace(
        k, naam=k.naam.split(" ", 1)[1], rekeningen=k.rekeningen or ("BE" + "0" * 14,), e_mails=k.e_mails, personen=()
    ),
    "verhuisd": _verhuis,
}
