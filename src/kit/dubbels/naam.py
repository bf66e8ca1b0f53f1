"""Take the name of an association apart: what it does, of which umbrella, where, which number, and what is left."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from kit.dubbels.plaatsen import Plaatsen
from kit.dubbels.woorden import plat, woorden

_NUMMER = re.compile(r"(\d+)(?:e|de|ste|er|eme|ieme)?")
_DELEN = re.compile(r"\s+[-–/|]\s+|\s*[/|(]\s*")
_KLINKERS = re.compile(r"[aeiouyh]")
_KLANKEN = (("ck", "k"), ("ph", "f"), ("qu", "k"), ("x", "ks"), ("c", "k"), ("z", "s"), ("v", "f"), ("d", "t"), ("j", ""))
EIGEN, SOORT, REEKS, KORT, ZWAK = 1.0, 0.7, 0.5, 0.2, 0.15


@dataclass(frozen=True, slots=True)
class Woord:
    """`gewicht`: how much it says about who the association is; `klasse`: what it does or its umbrella, "" when unknown."""

    tekst: str
    gewicht: float
    klasse: str
    bekend: bool


@dataclass(frozen=True, slots=True)
class Naam:
    """`woorden` without place, legal form and articles; `samen`: the same as one text; `plaats`: does it name its place?

    `geheel`: the whole flat name without spaces; `een_woord`: without its place it is one (compound) word; `leeg`: its place is
    all it names.
    """

    plat: str
    geheel: str
    een_woord: bool
    leeg: bool
    woorden: tuple[Woord, ...]
    samen: str
    plaats: bool
    nummers: frozenset[int]
    klassen: frozenset[str]
    koepel: bool
    reeksen: frozenset[str]


def ontleed(naam: str, gemeenten: Iterable[str], plaatsen: Plaatsen) -> Naam:
    """Take a name apart. `gemeenten`: the municipalities of the association; none = any place name counts as its place."""
    return _ontleed(plat(naam), tuple(gemeenten), plaatsen)


def namen_van(naam: str, andere: Iterable[str], gemeenten: Iterable[str], plaatsen: Plaatsen) -> list[Naam]:
    """The name, the parts of a name in two languages or with an addition, and the other names; at most four."""
    teksten = [naam]
    delen = [d.strip(" )") for d in _DELEN.split(naam)]
    if len(delen) > 1:
        teksten += [d for d in delen if len(d) >= 8 and plat(d) not in plaatsen.per_naam]
    teksten += [a for a in andere if not _is_letterwoord(a, naam)]
    uit = [ontleed(t, gemeenten, plaatsen) for t in teksten]
    goed = [n for n in uit[1:] if not n.leeg and sum(w.gewicht for w in n.woorden) >= EIGEN and n.plat != uit[0].plat]
    return [uit[0], *goed[:3]]


def _is_letterwoord(kort: str, naam: str) -> bool:
    """A few letters tell too little: many associations have the same ones."""
    letters = plat(kort).replace(" ", "")
    return len(letters) <= 5 or letters == "".join(w[0] for w in plat(naam).split())


def _ontleed(tekst: str, gemeenten: tuple[str, ...], plaatsen: Plaatsen) -> Naam:
    lijst = woorden()
    kaal, gevonden = tekst, False
    for gemeente in gemeenten or ("",):
        kaal, keer = plaatsen.patroon(gemeente).subn(" ", kaal)
        gevonden = gevonden or keer > 0
    eigennamen = {n for g in gemeenten for n in plaatsen.namen.get(g, ()) if len(n) > 3}
    uit: list[Woord] = []
    nummers: set[int] = set()
    rest = kaal.split() or tekst.split()
    for ruw in rest:
        deel, geplakt = _zonder_plaats(ruw, eigennamen) if gemeenten else _zonder_enige_plaats(ruw, plaatsen)
        gevonden = gevonden or geplakt
        for stuk in _ontbind(deel) if deel else ():
            for woord in lijst.gelijk.get(stuk, (stuk,)):
                if (nummer := _NUMMER.fullmatch(woord)) is not None:
                    nummers.add(int(nummer[1][:9]))
                elif woord not in lijst.weg:
                    uit.append(_woord(woord))
    klassen = frozenset(w.klasse for w in uit if w.klasse)
    return Naam(
        plat=tekst,
        geheel=tekst.replace(" ", ""),
        een_woord=len(rest) == 1,
        leeg=not kaal.strip(),
        woorden=tuple(uit),
        samen="".join(w.tekst for w in uit),
        plaats=gevonden,
        nummers=frozenset(nummers),
        klassen=klassen,
        koepel=any(k.startswith("koepel") for k in klassen),
        reeksen=frozenset(w.tekst for w in uit if w.tekst in lijst.tegenover),
    )


def _zonder_plaats(woord: str, namen: set[str]) -> tuple[str, bool]:
    """`chiromariakerke` -> `chiro`: a place stuck to the word before it; `tervurren` -> "": a place with a slip in it."""
    bekend = woorden().bekend
    for naam in namen:
        if len(woord) >= 6 and woord not in bekend and OSA.distance(woord, naam, score_cutoff=1) <= 1:
            return "", True
        if woord.endswith(naam) and len(woord) - len(naam) >= 3:
            return woord.removesuffix(naam), True
    return woord, False


def _zonder_enige_plaats(woord: str, plaatsen: Plaatsen) -> tuple[str, bool]:
    for i in range(3, len(woord) - 4):
        if woord[i:] in plaatsen.per_naam and woord[:i] in woorden().klasse:
            return woord[:i], True
    return woord, False


@lru_cache(200_000)
def _ontbind(woord: str) -> tuple[str, ...]:
    """`wandelclub` -> wandel, club; `jongenschiro` -> jongens, chiro."""
    lijst = woorden()
    if woord in lijst.klasse or woord in lijst.gelijk or woord in lijst.zwak:
        return (woord,)
    for achter in lijst.achtervoegsels:
        stam = woord.removesuffix(achter)
        if stam != woord and len(stam) >= 3:
            return (_stam(stam), achter)
    return (_stam(woord),)


def _stam(woord: str) -> str:
    """A word without its diminutive or linking letter when what is left is a word of the lists."""
    lijst = woorden()
    for eind in ("s", "en", "e", "n", "je", "jes", "tje"):
        if woord.endswith(eind) and woord not in lijst.klasse and woord.removesuffix(eind) in lijst.klasse:
            return woord.removesuffix(eind)
    return woord


@lru_cache(200_000)
def _woord(tekst: str) -> Woord:
    lijst = woorden()
    klasse = lijst.klasse.get(tekst, "")
    if klasse:
        gewicht = KORT if len(tekst) <= 3 and not klasse.startswith("koepel") else SOORT
    elif tekst in lijst.zwak:
        gewicht = ZWAK
    elif tekst in lijst.tegenover:
        gewicht = REEKS
    else:
        gewicht = EIGEN if len(tekst) > 2 else KORT
    return Woord(tekst, gewicht, klasse, bool(klasse) or tekst in lijst.zwak or tekst in lijst.tegenover)


@lru_cache(200_000)
def skelet(woord: str) -> str:
    """What is heard first: consonants only, alike sounds as one, no doubles. `ommekeer` and `omkeer` are both `mkr`."""
    for van, naar in _KLANKEN:
        woord = woord.replace(van, naar)
    kaal = _KLINKERS.sub("", woord)
    return re.sub(r"(.)\1+", r"\1", kaal)
