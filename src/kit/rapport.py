"""The HTML report of a validation run: totals, errors per sheet and rule as a chart, then the list."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kit import __version__
from kit.bevinding import Bevinding
from kit.gelezen import Gelezen
from kit.markering import TEKEN, samenvatting
from kit.regels import Ernst, alle_regels
from kit.sjablonen import vul

MAX_LIJST = 5_000


@dataclass(frozen=True)
class Balk:
    """One bar of a chart, with its width in percent of the longest."""

    naam: str
    uitleg: str
    fouten: int
    waarschuwingen: int
    breed_fouten: float
    breed_waarschuwingen: float


def rapport_html(werkboeken: Sequence[Gelezen], bevindingen: Sequence[Bevinding], wanneer: dt.datetime) -> str:
    """A page that stands alone: no script and nothing from another place. National numbers are masked."""
    eisen = {r.code: r.eis.replace("{max}", "128").replace("{van}", "0").replace("{tot}", "150") for r in alle_regels()}
    per_blad = Counter((f"{b.bestand}: {b.blad}", b.ernst) for b in bevindingen)
    bladnamen = [f"{w.bestand}: {b.naam}" for w in werkboeken for b in w.bladen.values()]
    per_regel = Counter((b.regel, b.ernst) for b in bevindingen)
    regelnamen = [r for r, _ in Counter(b.regel for b in bevindingen).most_common()]
    return vul(
        "rapport.html.j2",
        som=samenvatting(bevindingen, wanneer),
        bestanden=[(w.bestand, w.werkboek.titel, w.rijen) for w in werkboeken],
        rijen=sum(w.rijen for w in werkboeken),
        herstelbaar=len({(b.bestand, b.blad, b.cel) for b in bevindingen if b.voorstel is not None}),
        bladen=_balken(bladnamen, per_blad, {}),
        regels=_balken(sorted(regelnamen, key=lambda r: (per_regel[r, Ernst.FOUT] == 0, regelnamen.index(r))), per_regel, eisen),
        lijst=[b.als_dict() | {"teken": TEKEN[b.ernst]} for b in bevindingen[:MAX_LIJST]],
        meer=max(0, len(bevindingen) - MAX_LIJST),
        kit=__version__,
        schema=werkboeken[0].schema.versie if werkboeken else "",
    )


def _balken(namen: Sequence[str], telling: Counter[tuple[str, Ernst]], uitleg: dict[str, str]) -> list[Balk]:
    hoogste = max((telling[n, Ernst.FOUT] + telling[n, Ernst.WAARSCHUWING] for n in namen), default=0) or 1
    return [
        Balk(n, uitleg.get(n, ""), f, w, 100 * f / hoogste, 100 * w / hoogste)
        for n in namen
        for f, w in [(telling[n, Ernst.FOUT], telling[n, Ernst.WAARSCHUWING])]
    ]
