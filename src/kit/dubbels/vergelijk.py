"""Judge one pair: how alike the names are, what else is the same, and the reasons in words that a clerk understands.

The weights were set on `tests/vectoren/dubbels.csv` and on planted variants (docs/adr/0010-dubbels-zoeken.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, Indel

from kit.dubbels.kandidaat import Kandidaat
from kit.dubbels.naam import EIGEN, Naam, Woord, namen_van, ontleed, skelet
from kit.dubbels.plaatsen import Plaatsen

DREMPEL = 75
_TEGENSPRAAK = 55.0  # a pair that cannot be one association by its names stays below the threshold
_BEWIJS = (
    ("rekeningen", 25, "hetzelfde rekeningnummer"),
    ("e_mails", 15, "hetzelfde e-mailadres"),
    ("telefoons", 10, "hetzelfde telefoonnummer"),
    ("websites", 10, "dezelfde website"),
    ("personen", 10, "dezelfde vertegenwoordiger"),
)


@dataclass(frozen=True, slots=True)
class Oordeel:
    """`score` from 0 to 100; `dubbel`: probably one association; `redenen`: why, or why not, without any personal data."""

    score: int
    dubbel: bool
    redenen: tuple[str, ...]


def vergelijk(a: Kandidaat, b: Kandidaat, plaatsen: Plaatsen) -> Oordeel:
    """Judge two associations by name, place, KBO-nummer and what else they share."""
    return vergelijk_ontleed(a, namen_van_kandidaat(a, plaatsen), b, namen_van_kandidaat(b, plaatsen))


def namen_van_kandidaat(k: Kandidaat, plaatsen: Plaatsen) -> list[Naam]:
    return namen_van(k.naam, k.andere_namen, k.plaatsen, plaatsen)


def vergelijk_namen(a: str, b: str, plaatsen: Plaatsen, gemeente: str = "") -> Oordeel:
    """Judge two names of associations in the same municipality (without one: any place that they name is theirs)."""
    waar = [plaatsen.gemeente("", gemeente)] if gemeente else []
    naam = max(
        (_namen(x, y) for x in namen_van(a, (), waar, plaatsen) for y in namen_van(b, (), waar, plaatsen)),
        key=lambda o: o[0],
    )
    score = round(naam[0])
    return Oordeel(score, score >= DREMPEL, naam[1])


def vergelijk_ontleed(a: Kandidaat, namen_a: Sequence[Naam], b: Kandidaat, namen_b: Sequence[Naam]) -> Oordeel:
    """The same with names that were taken apart before: for one association against many."""
    if a.kbo and b.kbo:
        return Oordeel(100, True, ("hetzelfde KBO-nummer",)) if a.kbo == b.kbo else Oordeel(0, False, ("een ander KBO-nummer",))
    score, redenen, tegenspraak = _beste(namen_a, namen_b)
    bonus, gedeeld = 0, []
    for veld, punten, reden in _BEWIJS:
        eigen = getattr(a, veld)
        if eigen and (samen := set(eigen) & set(getattr(b, veld))):
            bonus += punten + 5 * (len(samen) > 1)
            gedeeld.append(reden)
    ergens_anders = bool(a.plaatsen) and bool(b.plaatsen) and not set(a.plaatsen) & set(b.plaatsen)
    if ergens_anders:
        # Names are only unique within a municipality: elsewhere a good name is not enough.
        score = min(score, 100.0) * 0.6
        redenen = (*redenen, "in een andere gemeente")
    if score >= 40 or bonus >= 40:
        score += bonus * (1 if score >= 40 else 0.9)
    if tegenspraak:
        score = min(score, _TEGENSPRAAK)
    eind = min(100, round(score))
    return Oordeel(eind, eind >= DREMPEL, (*redenen, *gedeeld))


def _beste(namen_a: Sequence[Naam], namen_b: Sequence[Naam]) -> tuple[float, tuple[str, ...], bool]:
    if len(namen_a) == 1 and len(namen_b) == 1:
        return _namen(namen_a[0], namen_b[0])
    hoofd = _namen(namen_a[0], namen_b[0])
    if hoofd[2]:
        return hoofd
    return max((hoofd, *(_namen(x, y) for x in namen_a for y in namen_b)), key=lambda o: o[0])


def _namen(a: Naam, b: Naam) -> tuple[float, tuple[str, ...], bool]:
    """Score, reasons, and whether the names contradict each other."""
    if a.plat == b.plat:
        return 100.0, ("dezelfde naam",), False
    strijd = _strijd(a, b)
    if strijd:
        return min(_TEGENSPRAAK, _overlap(a, b)[0]), (strijd,), True
    if a.geheel == b.geheel or (a.samen and a.samen == b.samen and a.nummers == b.nummers):
        return 98.0, ("dezelfde naam, op gemeente, rechtsvorm, spaties of leestekens na",), False
    score, redenen = _overlap(a, b)
    if a.nummers != b.nummers and any(n < 1800 for n in a.nummers ^ b.nummers):
        score, redenen = score * 0.93, (*redenen, "maar één van de twee heeft een nummer")
    return score, redenen, False


def _strijd(a: Naam, b: Naam) -> str | None:
    if a.nummers and b.nummers and not a.nummers & b.nummers:
        return "een ander nummer in de naam"
    if a.klassen and b.klassen and not a.klassen & b.klassen:
        return "een andere activiteit of koepel in de naam"
    if a.reeksen != b.reeksen and a.reeksen and b.reeksen:
        from kit.dubbels.woorden import woorden

        tegenover = woorden().tegenover
        for woord in a.reeksen - b.reeksen:
            ander = (b.reeksen - a.reeksen) & tegenover[woord]
            if ander:
                return f"“{woord}” tegenover “{min(ander)}”"
    return None


def _overlap(a: Naam, b: Naam) -> tuple[float, tuple[str, ...]]:
    """How much of what the names say is the same: 65 % the share of both together, 35 % of the shortest."""
    rest_b = list(b.woorden)
    rest_a: list[Woord] = []
    gelijk = 0.0
    for w in a.woorden:
        v = next((v for v in rest_b if v.tekst == w.tekst or (w.klasse and v.klasse == w.klasse)), None)
        if v is None:
            rest_a.append(w)
        else:
            rest_b.remove(v)
            gelijk += min(w.gewicht, v.gewicht)
    lijkend: list[str] = []
    for w in rest_a:
        kans = [(s, i) for i, v in enumerate(rest_b) if (s := _lijkt(w, v))]
        if kans:
            s, i = max(kans)
            v = rest_b.pop(i)
            gelijk += min(w.gewicht, v.gewicht) * s if w.gewicht == v.gewicht else (w.gewicht + v.gewicht) / 2 * s
            lijkend.append(f"“{w.tekst}” lijkt op “{v.tekst}”")
    som_a, som_b = sum(w.gewicht for w in a.woorden), sum(w.gewicht for w in b.woorden)
    if not som_a or not som_b:
        return 0.0, ("geen woorden om te vergelijken",)
    kleinste = min(som_a, som_b)
    score = 65 * 2 * gelijk / (som_a + som_b) + 35 * min(1.0, gelijk / kleinste)
    if score < DREMPEL and len(a.woorden) != len(b.woorden) and (s := _aaneen(a, b)):
        score, lijkend = max(score, 100 * s - 6), ["de namen verschillen weinig"]
    elif score < DREMPEL and a.een_woord and b.een_woord and _ingevoegd(*sorted((a.samen, b.samen), key=len)):
        score, lijkend = 80.0, ["de ene naam is de andere met iets ertussen"]
    elif score < DREMPEL and _is_afkorting(a, b):
        score, lijkend = 85.0, ["de ene naam is de afkorting van de andere"]
    if kleinste < EIGEN and abs(som_a - som_b) >= EIGEN / 2:
        # Only general words in common: "wandelclub" is not yet "wandelclub De Zwaluw". An umbrella with its place is.
        score *= 1.0 if a.koepel and a.plaats and b.plaats else 0.93
    if score >= 97:
        return min(score, 97.0), ("dezelfde woorden in de naam",)
    if lijkend:
        return score, tuple(lijkend)
    if gelijk >= 0.99 * kleinste:
        return score, ("de ene naam is een kortere vorm van de andere",)
    return score, ("een deel van de naam is hetzelfde",) if gelijk else ("de namen verschillen",)


def _aaneen(a: Naam, b: Naam) -> float:
    """How alike they are as one text: words may be written together in one of them."""
    return Indel.normalized_similarity(a.samen, b.samen, score_cutoff=0.9) if len(a.samen) >= 6 else 0.0


def _lijkt(a: Woord, b: Woord) -> float:
    """How alike two different words are, 0 or between 0.85 and 1."""
    if a.bekend and b.bekend:
        return 0.0
    return _gelijkenis(a.tekst, b.tekst) or (0.93 if a.bekend != b.bekend and _verschrijving(a.tekst, b.tekst) else 0.0)


def _verschrijving(a: str, b: str) -> bool:
    """One slip in a short word of the lists: `fotclub` for `fotoclub`."""
    return min(len(a), len(b)) >= 3 and max(len(a), len(b)) >= 4 and OSA.distance(a, b, score_cutoff=1) <= 1


@lru_cache(500_000)
def _gelijkenis(a: str, b: str) -> float:
    kort, lang = sorted((a, b), key=len)
    n = len(lang)
    if len(kort) < 4:
        return 0.0
    if lang.startswith(kort) and lang[len(kort) :] in ("s", "e", "en", "je", "tje", "se", "n", "jes"):
        return 0.97
    grens = 1 if n < 7 else 2 if n < 11 else 3
    d = OSA.distance(a, b, score_cutoff=4)
    if d <= grens or (d <= 2 and skelet(a) == skelet(b)):
        return 1 - 0.25 * d / n
    return 0.88 if _ingevoegd(kort, lang) else 0.0


def _ingevoegd(kort: str, lang: str) -> bool:
    """Is the long word the short one with something put in the middle? `missie(naai)kring`."""
    voor = next((i for i, (x, y) in enumerate(zip(kort, lang, strict=False)) if x != y), len(kort))
    achter = next((i for i, (x, y) in enumerate(zip(reversed(kort), reversed(lang), strict=False)) if x != y), len(kort))
    return len(kort) >= 8 and voor >= 4 and achter >= 3 and voor + achter >= len(kort)


def _is_afkorting(a: Naam, b: Naam) -> bool:
    kort, lang = sorted((a, b), key=lambda n: len(n.woorden))
    letters = "".join(w.tekst[0] for w in lang.woorden)
    return len(kort.woorden) == 1 and len(lang.woorden) >= 3 and kort.samen == letters


__all__ = ["DREMPEL", "Oordeel", "ontleed", "vergelijk", "vergelijk_namen", "vergelijk_ontleed"]
