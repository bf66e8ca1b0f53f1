"""What Microsoft's schema validator does not see and Excel does not forgive. `lint(pad)` returns a list of complaints."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

from lxml import etree
from openpyxl.formula import Tokenizer
from openpyxl.utils import range_boundaries

from kit.werkboek.pakket import Pakket

_CELREF = re.compile(r"\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?")
_NIEUWE_FUNCTIES = {
    "XLOOKUP",
    "FILTER",
    "UNIQUE",
    "SORT",
    "LET",
    "LAMBDA",
    "TEXTJOIN",
    "CONCAT",
    "IFS",
    "SWITCH",
    "UNICODE",
    "UNICHAR",
    "XOR",
}


def lint(pad: Path) -> list[str]:
    pakket = Pakket.open(pad)
    return [
        *_pakket(pad, pakket),
        *_namen(pakket),
        *(f"{deel}: {klacht}" for deel, boom in _bladen(pakket) for klacht in _blad(pakket, deel, boom)),
        *_tabellen(pakket),
    ]


def _bladen(pakket: Pakket):
    return [(deel, etree.fromstring(pakket.delen[deel])) for deel in pakket.bladdelen().values()]


def _pakket(pad: Path, pakket: Pakket):
    with zipfile.ZipFile(pad) as z:
        dubbel = [n for n, k in Counter(n.lower() for n in z.namelist()).items() if k > 1]
    yield from (f"deel {n} staat er twee keer" for n in dubbel)
    typen = etree.fromstring(pakket.delen["[Content_Types].xml"])
    deel_typen = {e.get("PartName") for e in typen if e.tag.endswith("Override")}
    extensies = {e.get("Extension").lower() for e in typen if e.tag.endswith("Default")}
    for naam in pakket.delen:
        if naam != "[Content_Types].xml" and "/" + naam not in deel_typen and naam.rsplit(".", 1)[-1] not in extensies:
            yield f"{naam} heeft geen inhoudstype"
    yield from (f"inhoudstype voor {n}, dat er niet is" for n in deel_typen if n.lstrip("/") not in pakket.delen)
    for van in ["", *(n for n in pakket.delen if not n.endswith(".rels"))]:
        for rid, (_, doel) in pakket.relaties(van).items():
            if doel not in pakket.delen:
                yield f"relatie {rid} van {van or 'het pakket'} wijst naar {doel}, dat er niet is"


def _namen(pakket: Pakket):
    boom = etree.fromstring(pakket.delen[pakket.werkmap])
    namen = [(n.get("name"), n.get("localSheetId"), n.text or "") for n in boom.iter("{*}definedName")]
    for (naam, waar), keer in Counter((n.lower(), w) for n, w, _ in namen).items():
        if keer > 1:
            yield f"naam {naam} ({waar}) bestaat twee keer"
    for naam, _, formule in namen:
        if not naam.startswith("_xlnm.") and (
            not re.fullmatch(r"[^\W\d][\w.]*", naam) or re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]", naam)
        ):
            yield f"{naam} is geen geldige naam"
        yield from (f"naam {naam}: {k}" for k in _formule(formule, pakket))
    for blad in boom.iter("{*}sheet"):
        if len(blad.get("name")) > 31 or re.search(r"[\[\]:*?/\\]", blad.get("name")):
            yield f"bladnaam {blad.get('name')} mag niet"


def _bekende_namen(pakket: Pakket) -> set[str]:
    boom = etree.fromstring(pakket.delen[pakket.werkmap])
    return {n.get("name").lower() for n in boom.iter("{*}definedName")}


def _formule(formule: str, pakket: Pakket, *, in_regel: bool = False):
    """Complaints about one formula; `in_regel`: in a validation or a conditional format, where less is allowed."""
    if len(formule) > 8192:
        yield "formule langer dan 8192 tekens"
    if formule.startswith("="):
        yield "formule begint met ="
    kaal = re.sub(r'"[^"]*"', '""', formule)
    if ";" in kaal:
        yield "puntkomma als scheiding"
    if in_regel and ("{" in kaal or re.search(r"\w\[", kaal) or re.search(r"![^,()]*:[^,()]*!", kaal)):
        yield f"niet toegelaten in een regel: {kaal[:60]}"
    diepte = 0
    for t in Tokenizer("=" + formule).items:
        diepte += (t.subtype == "OPEN") - (t.subtype == "CLOSE")
        if t.type == "FUNC" and t.subtype == "OPEN" and t.value.rstrip("(").upper() in _NIEUWE_FUNCTIES:
            yield f"functie {t.value} zonder _xlfn."
        if t.type == "OPERAND" and t.subtype == "RANGE":
            yield from _verwijzing(t.value, pakket)
        if t.type == "OPERAND" and t.subtype == "TEXT" and len(t.value) > 257:
            yield "tekst langer dan 255 tekens in een formule"
    if diepte:
        yield "haakjes kloppen niet"


def _verwijzing(tekst: str, pakket: Pakket):
    if "#REF!" in tekst:
        yield "verwijzing die weg is"
    blad, _, rest = tekst.rpartition("!")
    if blad and blad.strip("'").replace("''", "'") not in pakket.bladdelen():
        yield f"onbekend blad in {tekst}"
    kern = rest.split(":")[0]
    is_bereik = (
        _CELREF.fullmatch(rest) or _CELREF.fullmatch(kern) or re.fullmatch(r"\$?\d+:\$?\d+|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}", rest)
    )
    if not is_bereik and kern.lower() not in _bekende_namen(pakket) and kern.upper() not in ("TRUE", "FALSE"):
        yield f"onbekende naam {tekst}"


def _blad(pakket: Pakket, deel: str, boom: etree._Element):
    vorige_rij = 0
    for rij in boom.iter("{*}row"):
        nummer = int(rij.get("r"))
        if nummer <= vorige_rij:
            yield f"rij {nummer} staat niet op volgorde"
        vorige_rij, vorige_kolom = nummer, 0
        for cel in rij.iter("{*}c"):
            kolom, r, _, _ = range_boundaries(cel.get("r"))
            if r != nummer or kolom <= vorige_kolom:
                yield f"cel {cel.get('r')} staat verkeerd of dubbel"
            vorige_kolom = kolom
            waarde = cel.findtext("{*}v")
            if (
                cel.get("t") in (None, "n")
                and waarde is not None
                and not re.fullmatch(r"-?[\d.]+(E[+-]?\d+)?", waarde, re.IGNORECASE)
            ):
                yield f"cel {cel.get('r')}: {waarde} is geen getal"
            if len("".join(t.text or "" for t in cel.iter("{*}t"))) > 32_767:
                yield f"cel {cel.get('r')}: tekst te lang"
            formule = cel.findtext("{*}f")
            if formule:
                yield from (f"cel {cel.get('r')}: {k}" for k in _formule(formule, pakket))
    yield from _stijlen(pakket, boom)
    yield from _validaties(pakket, boom)
    for regel in boom.iter("{*}cfRule"):
        for f in regel.iter("{*}formula"):
            yield from (f"kleurregel: {k}" for k in _formule(f.text or "", pakket, in_regel=True))
    for soort, doel in pakket.relaties(deel).values():
        if soort == "comments":
            refs = Counter(c.get("ref") for c in etree.fromstring(pakket.delen[doel]).iter("{*}comment"))
            yield from (f"twee notities op {ref}" for ref, k in refs.items() if k > 1)


def _stijlen(pakket: Pakket, boom: etree._Element):
    stijlen = etree.fromstring(next(inhoud for naam, inhoud in pakket.delen.items() if naam.endswith("styles.xml")))
    aantal = {
        g: len(stijlen.find("{*}" + g)) if stijlen.find("{*}" + g) is not None else 0
        for g in ("cellXfs", "dxfs", "fills", "fonts")
    }
    for groep, n in aantal.items():
        blok = stijlen.find("{*}" + groep)
        if blok is not None and blok.get("count") not in (None, str(n)):
            yield f"styles: {groep} telt {n}, zegt {blok.get('count')}"
    if any(int(c.get("s") or 0) >= aantal["cellXfs"] for c in boom.iter("{*}c")):
        yield "stijlnummer bestaat niet"
    if any(int(r.get("dxfId") or 0) >= max(1, aantal["dxfs"]) for r in boom.iter("{*}cfRule")):
        yield "kleurregel met een stijl die niet bestaat"


def _validaties(pakket: Pakket, boom: etree._Element):
    bezet: list[tuple[int, int, int, int]] = []
    for dv in boom.iter("{*}dataValidation"):
        waar = dv.get("sqref") or dv.findtext("{*}sqref") or ""
        for kenmerk, hoogstens in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 224)):
            if len(dv.get(kenmerk) or "") > hoogstens:
                yield f"validatie {waar}: {kenmerk} langer dan {hoogstens}"
        for f in (dv.find("{*}formula1"), dv.find("{*}formula2")):
            tekst = "".join(f.itertext()) if f is not None else ""
            if tekst.startswith('"') and len(tekst) > 257:
                yield f"validatie {waar}: lijst in de regel langer dan 255"
            elif tekst and not tekst.startswith('"'):
                if len(tekst) > 255:
                    yield f"validatie {waar}: formule langer dan 255"
                yield from (f"validatie {waar}: {k}" for k in _formule(tekst, pakket, in_regel=True))
        for stuk in waar.split():
            a = range_boundaries(stuk)
            if any(not (a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]) for b in bezet):
                yield f"validatie {waar} overlapt met een andere"
            bezet.append(a)


def _tabellen(pakket: Pakket):
    gezien: Counter[str] = Counter()
    teksten = []
    if "xl/sharedStrings.xml" in pakket.delen:
        gedeeld = etree.fromstring(pakket.delen["xl/sharedStrings.xml"])
        teksten = ["".join(t.text or "" for t in si.iter("{*}t")) for si in gedeeld.iter("{*}si")]
    for deel, boom in _bladen(pakket):
        cellen = {c.get("r"): c for c in boom.iter("{*}c")}
        for soort, doel in pakket.relaties(deel).values():
            if soort != "table":
                continue
            tabel = etree.fromstring(pakket.delen[doel])
            gezien.update([f"nummer {tabel.get('id')}", f"naam {tabel.get('displayName').lower()}"])
            k1, r1, k2, _ = range_boundaries(tabel.get("ref"))
            koppen = [c.get("name") for c in tabel.iter("{*}tableColumn")]
            if len(koppen) != k2 - k1 + 1 or len({k.lower() for k in koppen}) != len(koppen):
                yield f"{doel}: kolommen kloppen niet met het bereik"
            for n, kop in enumerate(koppen):
                cel = cellen.get(f"{_letter(k1 + n)}{r1}")
                inhoud = "" if cel is None else "".join(t.text or "" for t in cel.iter("{*}t"))
                if cel is not None and cel.get("t") == "s":
                    inhoud = teksten[int(cel.findtext("{*}v"))]
                if inhoud != kop:
                    yield f"{doel}: kop {kop!r} is niet de tekst van de cel ({inhoud!r})"
    yield from (f"tabel met {wat} bestaat twee keer" for wat, k in gezien.items() if k > 1)


def _letter(n: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(n)
