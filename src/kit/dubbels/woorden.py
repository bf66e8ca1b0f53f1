"""The word lists of `woorden.yaml`, ready for use, and the flat form in which all names are compared."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_SAMEN = re.compile(r"[.'’`´]")
_SCHEIDING = re.compile(r"[^a-z0-9]+")
_LIGATUREN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})


def plat(tekst: str) -> str:
    """Lower case without accents; dots and apostrophes go, all other signs become one space. `F.C. Ré-Ül` -> `fc re ul`."""
    klein = unicodedata.normalize("NFKD", tekst).casefold().translate(_LIGATUREN)
    zonder = "".join(c for c in klein if not unicodedata.combining(c))
    return _SCHEIDING.sub(" ", _SAMEN.sub("", zonder)).strip()


@dataclass(frozen=True)
class Woorden:
    """`klasse`: word -> what it does or which umbrella it is of (words of one class mean the same);
    `tegenover`: word -> series.
    """

    weg: frozenset[str]
    zwak: frozenset[str]
    gelijk: dict[str, tuple[str, ...]]
    koepels: frozenset[str]
    klasse: dict[str, str]
    tegenover: dict[str, frozenset[str]]
    achtervoegsels: tuple[str, ...]
    plaatsen: dict[str, str]

    @property
    def bekend(self) -> frozenset[str]:
        return frozenset(self.klasse) | self.zwak | frozenset(self.tegenover)


@cache
def woorden() -> Woorden:
    ruw = yaml.safe_load((Path(__file__).parent / "woorden.yaml").read_text("utf-8"))
    klasse = {w: f"koepel {w}" for w in ruw["koepels"]}
    for groep in ruw["activiteiten"]:
        klasse |= dict.fromkeys(groep, groep[0])
    return Woorden(
        weg=frozenset(map(str, ruw["weg"])),
        zwak=frozenset(ruw["zwak"]),
        gelijk={k: tuple(str(v).split()) for k, v in ruw["gelijk"].items()},
        koepels=frozenset(ruw["koepels"]),
        klasse=klasse,
        tegenover={w: frozenset(reeks) for reeks in ruw["tegenover"] for w in reeks},
        achtervoegsels=tuple(ruw["achtervoegsels"]),
        plaatsen=ruw["plaatsen"],
    )
