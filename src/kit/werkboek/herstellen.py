"""Write repairs into a copy of the user's file: only the repaired cells change."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kit.bestanden import Bron
from kit.herstel import Herstelling
from kit.schema import Werkboek
from kit.werkboek.ombouw import Ombouw
from kit.werkboek.xmltekst import Celtekst, tekstcel, voorvoegsel, wijzig_cellen


def herstel_bestand(bron: Bron, herstellingen: Sequence[Herstelling], werkboek: Werkboek) -> bytes:
    """The repaired copy, as bytes. Raises KitFout when the file cannot be read."""
    ombouw = Ombouw.open(bron)
    bladdelen = ombouw.nu.bladdelen()
    getallen = {k.kop for b in werkboek.bladen for k in b.kolommen if k.soort == "getal"}
    for blad in dict.fromkeys(h.blad for h in herstellingen):
        nieuw = {h.cel: h for h in herstellingen if h.blad == blad}
        deel = bladdelen[blad]
        p = voorvoegsel(ombouw.delen[deel])

        def zet(cel: Celtekst, nieuw: dict[str, Herstelling] = nieuw, p: str = p) -> bytes:
            h = nieuw[cel.adres]
            stijl = f' s="{cel.stijl}"' if cel.stijl else ""
            if not h.wordt:
                return f'<{p}c r="{cel.adres}"{stijl}/>'.encode()
            if h.kolom in getallen:
                return f'<{p}c r="{cel.adres}"{stijl}><{p}v>{h.wordt}</{p}v></{p}c>'.encode()
            return tekstcel(cel, h.wordt, p)

        ombouw.delen[deel] = wijzig_cellen(ombouw.delen[deel], set(nieuw), zet)
    _laat_herrekenen(ombouw)
    return ombouw.bytes()


def _laat_herrekenen(ombouw: Ombouw) -> None:
    """Excel recalculates on opening, and rebuilds the order of calculation: a repaired cell may have been a formula."""
    werkmap = ombouw.nu.werkmap
    keten = ombouw.deel_via(werkmap, "calcChain")
    if keten is not None:
        ombouw.verwijder_deel(keten, werkmap)
    xml = ombouw.delen[werkmap]
    if b"fullCalcOnLoad" not in xml:
        xml = re.sub(rb"<((?:\w+:)?calcPr)\b", rb'<\1 fullCalcOnLoad="1"', xml, count=1)
    ombouw.delen[werkmap] = xml
