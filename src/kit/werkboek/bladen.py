"""Hang a sheet of our own in somebody's package, and take it out again."""

from __future__ import annotations

import re

from kit.werkboek.ombouw import Ombouw
from kit.werkboek.pakket import REL, parseer
from kit.werkboek.xmltekst import kenmerk, voeg_voor, voorvoegsel

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def hang_aan(ombouw: Ombouw, naam: str, patroon: str, blad_xml: str, rid: str) -> str:
    """Add the sheet as the last one; `patroon` names its part, `rid` its relation. Returns the part."""
    werkmap = ombouw.nu.werkmap
    deel = ombouw.nieuw_deel(patroon, blad_xml, _SHEET_TYPE)
    ombouw.voeg_relatie_toe(werkmap, rid, f"{REL}/worksheet", deel)
    xml = ombouw.delen[werkmap]
    p = voorvoegsel(xml)
    ids = [int(n) for n in re.findall(rb'\bsheetId="(\d+)"', xml)]
    element = f'<{p}sheet name="{kenmerk(naam)}" sheetId="{max(ids) + 1}" xmlns:kitr="{REL}" kitr:id="{rid}"/>'
    ombouw.delen[werkmap] = voeg_voor(xml, "sheets", element)
    return deel


def verwijder(ombouw: Ombouw, naam: str, deel: str) -> None:
    """Remove a sheet with its tables, and keep the numbers of the other sheets right."""
    werkmap = ombouw.nu.werkmap
    volgnummer = list(ombouw.nu.bladdelen()).index(naam)
    rid = next(r for r, (_, d) in ombouw.nu.relaties(werkmap).items() if d == deel)
    for _, doel in ombouw.nu.relaties(deel).values():
        if "/tables/" in doel:
            ombouw.verwijder_deel(doel, deel)
    ombouw.verwijder_deel(deel, werkmap)
    xml = re.sub(rf'<(?:\w+:)?sheet\b[^>]*:id="{rid}"[^>]*/>'.encode(), b"", ombouw.delen[werkmap], count=1)

    def lokaal(m: re.Match[bytes]) -> bytes:
        nummer = int(m[2])
        if nummer == volgnummer:
            return b""
        return m[1] + str(nummer - (nummer > volgnummer)).encode() + m[3]

    xml = re.sub(
        rb'(<(?:\w+:)?definedName\b[^>]*\blocalSheetId=")(\d+)("[^>]*>.*?</(?:\w+:)?definedName>)', lokaal, xml, flags=re.DOTALL
    )
    aantal = len(re.findall(rb"<(?:\w+:)?sheet\b", xml))
    ombouw.delen[werkmap] = re.sub(
        rb'(\b(?:activeTab|firstSheet)=")(\d+)"', lambda m: m[1] + str(min(int(m[2]), aantal - 1)).encode() + b'"', xml
    )


def gedeelde_teksten(ombouw: Ombouw) -> list[str]:
    """The texts that cells of the package point at."""
    deel = ombouw.deel_via(ombouw.nu.werkmap, "sharedStrings")
    if deel is None:
        return []
    return ["".join(t.text or "" for t in si.iter("{*}t")) for si in parseer(ombouw.delen[deel]).iter("{*}si")]


def celtekst(c: object, gedeeld: list[str]) -> str:
    """The text of a cell element, wherever it is kept."""
    inline = "".join(t.text or "" for t in c.iter("{*}t"))  # type: ignore[attr-defined]
    if inline:
        return inline
    waarde = next(c.iter("{*}v"), None)  # type: ignore[attr-defined]
    if waarde is None or not waarde.text:
        return ""
    return gedeeld[int(waarde.text)] if c.get("t") == "s" else str(waarde.text)  # type: ignore[attr-defined]
