"""Notes (the yellow ones) on a sheet: added beside the user's own, and taken away again without a trace."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kit.markering import KENMERK
from kit.werkboek.ombouw import Ombouw
from kit.werkboek.pakket import MAIN
from kit.werkboek.xmltekst import splits, tekst, voeg_in_na_gegevens, voeg_voor, voorvoegsel

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LEEG_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    "</o:shapelayout></xml>"
)
_VORMSOORT = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def voeg_toe(ombouw: Ombouw, bladdeel: str, notities: Mapping[str, str]) -> None:
    """Put a note on these cells. A cell that has a note keeps it, with ours behind it."""
    if not notities:
        return
    deel = ombouw.deel_via(bladdeel, "comments")
    if deel is None:
        deel = ombouw.nieuw_deel(
            "xl/kitnotities{}.xml",
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{MAIN}"><authors></authors>'
            "<commentList></commentList></comments>",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml",
        )
        ombouw.voeg_relatie_toe(bladdeel, "rIdKitNotities", f"{_REL}/comments", deel)
    nieuw = _in_lijst(ombouw, deel, notities)
    _vormen(ombouw, bladdeel, nieuw)


def _in_lijst(ombouw: Ombouw, deel: str, notities: Mapping[str, str]) -> list[str]:
    """Write the texts into the comments part; returns the cells that had no note yet."""
    xml = ombouw.delen[deel]
    p = voorvoegsel(xml)
    auteurs = re.search(rf"<{p}authors\b[^>]*?(?:/>|>(.*?)</{p}authors>)".encode(), xml, re.DOTALL)
    namen = re.findall(rf"<{p}author\b[^>]*?(?:/>|>(.*?)</{p}author>)".encode(), auteurs[1] or b"", re.DOTALL) if auteurs else []
    bestaand = {
        m[1].decode(): m for m in re.finditer(rf'<{p}comment\b[^>]*?\bref="([A-Z]+\d+)".*?</{p}comment>'.encode(), xml, re.DOTALL)
    }
    nieuw = [cel for cel in notities if cel not in bestaand]
    for cel in notities:
        if cel in bestaand and not _is_gesprek(bestaand[cel][0], namen):
            oud = bestaand[cel][0]
            plek = oud.rindex(f"</{p}text>".encode())
            loop = f'<{p}r><{p}t xml:space="preserve">\n\n{tekst(notities[cel])}</{p}t></{p}r>'
            xml = xml.replace(oud, oud[:plek] + loop.encode() + oud[plek:], 1)
    if nieuw:
        xml = voeg_voor(xml, "authors", f"<{p}author>{KENMERK}</{p}author>")
        regels = (
            f'<{p}comment ref="{cel}" authorId="{len(namen)}"><{p}text><{p}r><{p}t xml:space="preserve">'
            f"{tekst(notities[cel])}</{p}t></{p}r></{p}text></{p}comment>"
            for cel in nieuw
        )
        xml = voeg_voor(xml, "commentList", "".join(regels))
    ombouw.delen[deel] = xml
    return nieuw


def _is_gesprek(notitie: bytes, namen: list[bytes]) -> bool:
    """Threaded comments leave a stand-in note that must not be changed."""
    m = re.search(rb'authorId="(\d+)"', notitie)
    return m is not None and int(m[1]) < len(namen) and namen[int(m[1])].startswith(b"tc=")


def _vormen(ombouw: Ombouw, bladdeel: str, cellen: list[str]) -> None:
    """The box in which each new note shows."""
    if not cellen:
        return
    deel = ombouw.deel_via(bladdeel, "vmlDrawing", element="legacyDrawing")
    if deel is None:
        deel = ombouw.nieuw_deel("xl/drawings/kitnotities{}.vml", _LEEG_VML, None)
        ombouw.voeg_standaardtype_toe("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
        ombouw.voeg_relatie_toe(bladdeel, "rIdKitVormen", f"{_REL}/vmlDrawing", deel)
        blad = ombouw.delen[bladdeel]
        element = f'<{voorvoegsel(blad)}legacyDrawing xmlns:r="{_REL}" r:id="rIdKitVormen"/>'
        ombouw.delen[bladdeel] = voeg_in_na_gegevens(blad, "legacyDrawing", element.encode())
    vml = ombouw.delen[deel]
    if b'id="_x0000_t202"' not in vml:
        vml = re.sub(rb"(</(?:o:)?shapelayout>)", lambda m: m[1] + _VORMSOORT.encode(), vml, count=1)
    hoogste = max((int(n) for n in re.findall(rb"_x0000_s(\d+)", vml)), default=1024)
    vormen = "".join(_vorm(cel, hoogste + i) for i, cel in enumerate(cellen, 1))
    plek = vml.rindex(b"</xml>")
    ombouw.delen[deel] = vml[:plek] + vormen.encode() + vml[plek:]


def _vorm(cel: str, nummer: int) -> str:
    rij, kolom = splits(cel)
    return (
        f'<v:shape id="_x0000_s{nummer}" type="#_x0000_t202" style="position:absolute;width:260pt;height:96pt;z-index:{nummer};'
        'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{kolom}, 15, {max(rij - 2, 0)}, 10, '
        f"{kolom + 4}, 15, {rij + 4}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{rij - 1}</x:Row>"
        f"<x:Column>{kolom - 1}</x:Column></x:ClientData></v:shape>"
    )


def haal_weg(ombouw: Ombouw, bladdeel: str) -> None:
    """Take all our notes away; parts, relations and elements that only served them go too."""
    deel = ombouw.deel_via(bladdeel, "comments")
    if deel is None:
        return
    xml = ombouw.delen[deel]
    p = voorvoegsel(xml)
    weg: list[str] = []

    def schoon(m: re.Match[bytes]) -> bytes:
        zonder = _zonder_onze_tekst(m[0], p)
        if zonder is None:
            weg.append(m[1].decode())
        return zonder or b""

    xml = re.sub(rf'<{p}comment\b[^>]*?\bref="([A-Z]+\d+)".*?</{p}comment>'.encode(), schoon, xml, flags=re.DOTALL)
    ombouw.delen[deel] = _zonder_onze_auteur(xml, p)
    vormdeel = ombouw.deel_via(bladdeel, "vmlDrawing", element="legacyDrawing")
    if vormdeel is not None:
        _haal_vormen_weg(ombouw, vormdeel, set(weg))
    if deel.startswith("xl/kitnotities"):
        ombouw.verwijder_deel(deel, bladdeel)
        if vormdeel is not None and vormdeel.startswith("xl/drawings/kitnotities"):
            ombouw.verwijder_deel(vormdeel, bladdeel)
            ombouw.delen[bladdeel] = re.sub(
                rb'<(?:\w+:)?legacyDrawing\b[^>]*"rIdKitVormen"[^>]*/>', b"", ombouw.delen[bladdeel], count=1
            )


def _zonder_onze_tekst(notitie: bytes, p: str) -> bytes | None:
    """The note up to our text, which is always last; None when nothing of the user's is left.

    Another program may have joined our text with the user's, or split it into several runs.
    """
    ons = re.search(rf"\s*{KENMERK}(?:\n|\r|&#1[03];|_x000[aAdD]_|<)".encode(), notitie)
    if ons is None:
        return notitie
    loop = notitie.rindex(f"<{p}r>".encode(), 0, ons.start()) if f"<{p}r>".encode() in notitie[: ons.start()] else None
    slot = notitie.index(f"</{p}text>".encode(), ons.end())
    voor = notitie[: ons.start()]
    if loop is not None and not re.sub(rb"<[^>]*>", b"", notitie[loop : ons.start()]).strip():
        voor = notitie[:loop]
    elif loop is not None:
        voor += f"</{p}t></{p}r>".encode()
    else:
        voor += f"</{p}t>".encode()
    tekst_over = re.sub(rb"<[^>]*>", b"", voor[voor.index(b">") + 1 :]).strip()
    return voor + notitie[slot:] if tekst_over else None


def _zonder_onze_auteur(xml: bytes, p: str) -> bytes:
    """Drop our name from the authors if it is the last one and no note counts on it."""
    onze = f"<{p}author>{KENMERK}</{p}author>".encode()
    if onze + f"</{p}authors>".encode() not in xml:
        return xml
    nummer = len(re.findall(rf"<{p}author\b".encode(), xml)) - 1
    return xml if f'authorId="{nummer}"'.encode() in xml else xml.replace(onze, b"", 1)


def _haal_vormen_weg(ombouw: Ombouw, deel: str, cellen: set[str]) -> None:
    plekken = {(rij - 1, kolom - 1) for rij, kolom in map(splits, cellen)}

    def houd(m: re.Match[bytes]) -> bytes:
        rij, kolom = re.search(rb"<x:Row>(\d+)</x:Row>", m[0]), re.search(rb"<x:Column>(\d+)</x:Column>", m[0])
        return b"" if rij and kolom and (int(rij[1]), int(kolom[1])) in plekken else m[0]

    vml = re.sub(rb"<v:shape\b(?!type|layout).*?</v:shape>", houd, ombouw.delen[deel], flags=re.DOTALL)
    if b"<v:shape " not in vml.replace(b"<v:shapetype", b""):
        vml = vml.replace(_VORMSOORT.encode(), b"")
    ombouw.delen[deel] = vml
