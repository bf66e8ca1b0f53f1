"""What the register itself will flag: a model of its own, wider net (register.md 4).

The register searches names in the same postcode or municipality, without the municipality's name, and wants 67 % of the words:
literally, or with small slips (twice as important), and a score of at least 3. Its scores depend on its whole index, which
nobody outside has; this model computes them (BM25) over the names that it is given.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz.distance import OSA

from kit.dubbels.kandidaat import Kandidaat

MINIMUMSCORE = 3.0
HOOGSTENS = 10
# Lucene's `_dutch_` stop words.
_STOP = frozenset((
    "de", "en", "van", "ik", "te", "dat", "die", "in", "een", "hij", "het", "niet", "zijn", "is", "was", "op", "aan",
    "met", "als", "voor", "had", "er", "maar", "om", "hem", "dan", "zou", "of", "wat", "mijn", "men", "dit", "zo", "door",
    "over", "ze", "zich", "bij", "ook", "tot", "je", "mij", "uit", "der", "daar", "haar", "naar", "heb", "hoe", "heeft",
    "hebben", "deze", "u", "want", "nog", "zal", "me", "zij", "nu", "ge", "geen", "omdat", "iets", "worden", "toch", "al",
    "waren", "veel", "meer", "doen", "toen", "moet", "ben", "zonder", "kan", "hun", "dus", "alles", "onder", "ja", "eens",
    "hier", "wie", "werd", "altijd", "doch", "wordt", "wezen", "kunnen", "ons", "zelf", "tegen", "na", "reeds", "wil",
    "kon", "niets", "uw", "iemand", "geweest", "andere",
))  # fmt: skip


def zonder_gemeente(naam: str, gemeenten: Iterable[str]) -> str:
    """The search text: lower case, without the names of the municipalities (register.md 4.4)."""
    tekst = naam.lower()
    for gemeente in gemeenten:
        m = re.fullmatch(r"(.*?) \((.*)\)", gemeente.lower())
        for g in (m[2], m[1]) if m else (gemeente.lower(),):
            tekst = tekst.replace(f" {g} ", " ")
            tekst = re.sub(rf"(?<=[^\w\s-]){re.escape(g)}(?=[^\w\s-])", "", tekst).strip()
            if tekst.startswith(f"{g} "):
                tekst = tekst.replace(f"{g} ", "")
            if tekst.endswith(f" {g}"):
                tekst = tekst.replace(f" {g}", "")
    return tekst.strip()


def woorden_van(tekst: str) -> list[str]:
    """The words as the register's analysers see them: `_` and `-` separate, dots go, folded, no stop words, digits apart."""
    plat = unicodedata.normalize("NFKD", re.sub("[_-]", " ", tekst).replace(".", "").lower())
    kaal = "".join(c for c in plat if not unicodedata.combining(c))
    ruw = re.findall(r"[^\W_]+(?:'[^\W_]+)*", kaal)
    return [w for woord in ruw if woord not in _STOP for w in re.findall(r"[a-z]+|\d+|[^\W\d_a-z]+", woord)]


def nodig(aantal: int) -> int:
    """How many of so many words must match: 67 %, rounded down, at least one."""
    return max(1, aantal * 67 // 100)


def lijkt(a: str, b: str) -> bool:
    """Fuzziness AUTO: under three signs exact, up to five one change, then two; a swap is one."""
    n = len(a)
    grens = 0 if n < 3 else 1 if n < 6 else 2
    return a == b or (abs(n - len(b)) <= grens and OSA.distance(a, b, score_cutoff=grens) <= grens)


@dataclass
class Registernet:
    """An index of names; `voeg_toe` and `zoek` as the register would."""

    minimum: float = MINIMUMSCORE
    _namen: dict[str, list[str]] = field(default_factory=dict)
    _waar: dict[str, set[str]] = field(default_factory=dict)
    _per_plaats: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _lengte: int = 0
    _vaak: Counter[str] = field(default_factory=Counter)
    _vaak_samen: Counter[str] = field(default_factory=Counter)

    def voeg_toe(self, sleutel: str, naam: str, postcodes: Iterable[str], gemeenten: Iterable[str]) -> None:
        eigen = woorden_van(naam)
        self._namen[sleutel] = eigen
        self._lengte += len(eigen)
        self._waar[sleutel] = {*postcodes, *(w for g in gemeenten for w in woorden_van(g))}
        self._vaak.update(set(eigen))
        self._vaak_samen.update({*eigen, *_paren(eigen)})
        for plek in self._waar[sleutel]:
            self._per_plaats[plek].append(sleutel)

    def zoek(self, naam: str, postcodes: Iterable[str], gemeenten: Iterable[str], zonder: str = "") -> list[tuple[str, float]]:
        """Keys and scores of what would be flagged, best first, at most ten; `zonder`: not this key itself."""
        gemeenten = list(gemeenten)
        gevraagd = woorden_van(zonder_gemeente(naam, gemeenten))
        if not gevraagd:
            return []
        plekken = {*postcodes, *(w for g in gemeenten for w in woorden_van(g))}
        uit = []
        for sleutel in dict.fromkeys(s for p in plekken for s in self._per_plaats.get(p, ())):
            if sleutel != zonder and (score := self._score(gevraagd, self._namen[sleutel])) >= self.minimum:
                uit.append((sleutel, score))
        return sorted(uit, key=lambda p: (-p[1], p[0]))[:HOOGSTENS]

    def _score(self, gevraagd: list[str], naam: list[str]) -> float:
        letterlijk = set(naam) | set(_paren(naam))
        # A word and the pair that begins with it stand in one place: one of them is enough.
        keuzes = [(w, *([w + gevraagd[i + 1]] if i + 1 < len(gevraagd) else [])) for i, w in enumerate(gevraagd)]
        exact = [[w for w in keuze if w in letterlijk] for keuze in keuzes]
        score = 0.0
        gewoon = self._lengte / max(1, len(self._namen))
        kort = 1 / (1 + 1.2 * (0.25 + 0.75 * len(naam) / gewoon))
        if sum(map(bool, exact)) >= nodig(len(gevraagd)):
            score += sum(self._gewicht(w, self._vaak_samen) for treffers in exact for w in treffers)
        slordig = [next((v for v in naam if lijkt(w, v)), None) for w in gevraagd]
        if sum(v is not None for v in slordig) >= nodig(len(gevraagd)):
            score += 2 * sum(self._gewicht(v, self._vaak) for v in slordig if v is not None)
        return score * kort

    def _gewicht(self, woord: str, vaak: Counter[str]) -> float:
        """How rare a word is, as BM25 counts it; `_score` adds how short the name is."""
        n = vaak[woord]
        return math.log(1 + (len(self._namen) - n + 0.5) / (n + 0.5))


def _paren(eigen: list[str]) -> list[str]:
    return [a + b for a, b in pairwise(eigen)]


def voorspel(
    nieuw: Iterable[tuple[Kandidaat, list[str]]], bestaand: Iterable[tuple[Kandidaat, list[str]]]
) -> dict[str, list[str]]:
    """Key of each new association -> keys that the register would name, from what it holds and what comes before in the batch.

    With each candidate go the municipalities as they are typed. Only associations with a place are searched (register.md 4.1).
    """
    net = Registernet()
    for k, gemeenten in bestaand:
        net.voeg_toe(k.sleutel, k.naam, k.postcodes, gemeenten)
    uit = {}
    for k, gemeenten in nieuw:
        if (k.postcodes or gemeenten) and not k.kbo and (gevonden := net.zoek(k.naam, k.postcodes, gemeenten)):
            uit[k.sleutel] = [s for s, _ in gevonden]
        net.voeg_toe(k.sleutel, k.naam, k.postcodes, gemeenten)
    return uit
