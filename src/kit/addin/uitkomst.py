"""What an entry point has to say, as data: a dialog in Excel and the task pane each show it in their own way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kit.bevinding import Bevinding
from kit.herstel import Herstelling
from kit.markering import Samenvatting


@dataclass(frozen=True)
class Uitkomst:
    """`soort` tells how it went. `voorstellen`: repairs that wait for a yes. `bestanden`: name -> content to hand over."""

    titel: str
    boodschap: str
    soort: Literal["goed", "let_op", "fout"] = "goed"
    bestand: str = ""
    samenvatting: Samenvatting | None = None
    bevindingen: tuple[Bevinding, ...] = ()
    voorstellen: tuple[Herstelling, ...] = ()
    met_de_hand: int = 0
    bestanden: dict[str, bytes] = field(default_factory=dict)
