"""Find the pairs worth judging among many associations, and judge them.

Two associations are only compared when they share a municipality and a piece of a word of their names (what is heard, its
begin or its end), or anywhere a contact, account, person or KBO-nummer. Pieces that many share count only two together, so
the number of comparisons grows with the number of associations, not with its square (docs/adr/0010-dubbels-zoeken.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from kit.dubbels.kandidaat import Kandidaat
from kit.dubbels.motor import Lokaal, Motor
from kit.dubbels.naam import REEKS, Naam, skelet
from kit.dubbels.plaatsen import Plaatsen
from kit.dubbels.vergelijk import DREMPEL, Oordeel, namen_van_kandidaat, vergelijk_ontleed

GROOTSTE_BLOK = 60
_GROOTSTE_BEWIJSBLOK = 12
_VENSTER = 8
_PER_DEEL = 4_000
_BEWIJS = ("kbo", "rekeningen", "e_mails", "telefoons", "websites", "personen")
REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Paar:
    """Two keys in order, and the judgement. Two associations of the register are never a pair."""

    a: str
    b: str
    oordeel: Oordeel


def zoek(
    kandidaten: Iterable[Kandidaat],
    plaatsen: Plaatsen,
    *,
    motor: Motor | None = None,
    drempel: int = DREMPEL,
    voortgang: Callable[[int, int], None] = lambda _klaar, _alle: None,
) -> list[Paar]:
    """All probable duplicates, sorted by key. `voortgang` is told how many parts of the work are done, of how many."""
    alle = list(kandidaten)
    delen = [(deel, plaatsen, drempel) for deel in [*_per_gemeente(alle), *_met_zelfde_bewijs(alle)]]
    uit: dict[tuple[str, str], Paar] = {}
    for n, paren in enumerate((motor or Lokaal(1)).reken(_deel, delen), 1):
        for a, b, score, redenen in paren:
            uit.setdefault((a, b), Paar(a, b, Oordeel(score, True, redenen)))
        voortgang(n, len(delen))
    return [uit[sleutel] for sleutel in sorted(uit)]


Groep = tuple[bool, list[Kandidaat]]


def _per_gemeente(alle: list[Kandidaat]) -> Iterator[list[Groep]]:
    """Groups of one municipality, small ones together in one part of the work. The largest go first: nobody waits for them."""
    groepen: dict[str, list[Kandidaat]] = defaultdict(list)
    for k in alle:
        for plaats in k.plaatsen or ("",):
            groepen[plaats].append(k)
    yield from _bundel(
        (False, g) for g in sorted(groepen.values(), key=len, reverse=True) if len(g) > 1 and any(k.bron != REGISTER for k in g)
    )


def _met_zelfde_bewijs(alle: list[Kandidaat]) -> Iterator[list[Groep]]:
    """Groups over all municipalities that share a contact, account, person or KBO-nummer; what many share proves nothing."""
    wie: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, k in enumerate(alle):
        for veld in _BEWIJS:
            waarden = getattr(k, veld)
            for waarde in (waarden,) if isinstance(waarden, str) else waarden:
                if waarde:
                    wie[veld, waarde].append(i)
    groepen = ([alle[i] for i in plekken] for plekken in wie.values() if 1 < len(plekken) <= _GROOTSTE_BEWIJSBLOK)
    yield from _bundel(
        (True, g) for g in groepen if any(k.plaatsen != g[0].plaatsen for k in g) and any(k.bron != REGISTER for k in g)
    )


def _bundel(groepen: Iterable[Groep]) -> Iterator[list[Groep]]:
    deel: list[Groep] = []
    for groep in groepen:
        deel.append(groep)
        if sum(len(g) for _, g in deel) >= _PER_DEEL:
            yield deel
            deel = []
    if deel:
        yield deel


def _deel(werk: tuple[list[Groep], Plaatsen, int]) -> list[tuple[str, str, int, tuple[str, ...]]]:
    """One part of the work, in whatever process it runs."""
    groepen, plaatsen, drempel = werk
    uit = []
    for allemaal, leden in groepen:
        namen = [namen_van_kandidaat(k, plaatsen) for k in leden]
        paren = combinations(range(len(leden)), 2) if allemaal else _kansrijk(leden, namen)
        for i, j in paren:
            a, b = leden[i], leden[j]
            if a.sleutel == b.sleutel or (a.bron == REGISTER and b.bron == REGISTER):
                continue
            oordeel = vergelijk_ontleed(a, namen[i], b, namen[j])
            if oordeel.score >= drempel:
                eerste, tweede = sorted((a.sleutel, b.sleutel))
                uit.append((eerste, tweede, oordeel.score, oordeel.redenen))
    return uit


def _kansrijk(leden: list[Kandidaat], namen: list[list[Naam]]) -> Iterator[tuple[int, int]]:
    """Pairs of positions that share a key; each pair once."""
    nieuw = [k.bron != REGISTER for k in leden]
    stukken = [_stukken(k, n) for k, n in zip(leden, namen, strict=True)]
    blokken = _blokken((i, [s for _, s in eigen]) for i, eigen in enumerate(stukken))
    vol = {s for s, blok in blokken.items() if len(blok) > GROOTSTE_BLOK}
    klein = [b for s, b in blokken.items() if s not in vol]
    if vol:
        samen = _blokken(
            (i, [f"{x} {y}" for (w, x), (v, y) in combinations([p for p in eigen if p[1] in vol], 2) if w != v])
            for i, eigen in enumerate(stukken)
        )
        klein += samen.values()
    gezien: set[int] = set()
    n = len(leden)
    for blok in klein:
        if len(blok) > 4 * GROOTSTE_BLOK:
            blok.sort(key=lambda i: namen[i][0].geheel)
            buren: Iterator[tuple[int, int]] = ((i, j) for p, i in enumerate(blok) for j in blok[p + 1 : p + _VENSTER])
        else:
            buren = combinations(blok, 2)
        for i, j in buren:
            i, j = min(i, j), max(i, j)
            if (nieuw[i] or nieuw[j]) and (paar := i * n + j) not in gezien:
                gezien.add(paar)
                yield i, j


def _blokken(stukken: Iterable[tuple[int, list[str]]]) -> dict[str, list[int]]:
    blokken: dict[str, list[int]] = defaultdict(list)
    for i, eigen in stukken:
        for s in dict.fromkeys(eigen):
            blokken[s].append(i)
    return {s: blok for s, blok in blokken.items() if len(blok) > 1}


def _stukken(k: Kandidaat, namen: list[Naam]) -> list[tuple[int, str]]:
    """The keys of one association, each with the number of the word that it came from."""
    uit: list[tuple[int, str]] = []
    for naam in namen:
        for n, w in enumerate(naam.woorden):
            if w.gewicht < REEKS:
                continue
            uit.append((n, f"k{skelet(w.tekst) or w.tekst}"))
            if not w.bekend and len(w.tekst) >= 5:
                uit += [(n, f"b{w.tekst[:4]}"), (n, f"e{w.tekst[-4:]}")]
        uit += [(90, f"s{skelet(naam.samen) or naam.geheel}"), (91, f"g{naam.geheel[:12]}")]
    for veld in _BEWIJS:
        waarden = getattr(k, veld)
        uit += [(92, f"={veld}{w}") for w in ((waarden,) if isinstance(waarden, str) else waarden) if w]
    return uit
