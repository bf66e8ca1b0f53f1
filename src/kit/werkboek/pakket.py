"""The parts of an xlsx package: where each sheet lives, its relations, its document properties."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass

from lxml import etree

from kit.bestanden import Bron
from kit.fouten import KitFout
from kit.werkboek.veilig import lees_deel, leesbaar

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006/relationships"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def parseer(inhoud: bytes) -> etree._Element:
    return etree.fromstring(inhoud, _PARSER)


def relpad(deel: str) -> str:
    return posixpath.join(posixpath.dirname(deel), "_rels", posixpath.basename(deel) + ".rels")


def doel(van: str, target: str) -> str:
    """The part that a relation of `van` points to."""
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(van), target))


@dataclass(frozen=True)
class Pakket:
    """All parts of a workbook file in order, each as bytes, after the safety checks of `veilig`."""

    naam: str
    delen: dict[str, bytes]

    @classmethod
    def open(cls, pad: Bron) -> Pakket:
        with leesbaar(pad) as z:
            delen = {
                i.filename: lees_deel(z, i.filename, pad.name)
                if i.filename.endswith((".xml", ".rels", ".vml"))
                else z.read(i.filename)
                for i in z.infolist()
                if not i.is_dir()
            }
        return cls(pad.name, delen)

    def relaties(self, deel: str) -> dict[str, tuple[str, str]]:
        """Relation id -> (last word of its type, part)."""
        inhoud = self.delen.get(relpad(deel))
        if inhoud is None:
            return {}
        return {
            r.get("Id", ""): (r.get("Type", "").rsplit("/", 1)[-1], doel(deel, r.get("Target", "")))
            for r in parseer(inhoud)
            if r.get("TargetMode") != "External"
        }

    @property
    def werkmap(self) -> str:
        for soort, deel in self.relaties("").values():
            if soort == "officeDocument":
                return deel
        return "xl/workbook.xml"

    def bladdelen(self) -> dict[str, str]:
        """Sheet name -> its part, in the order of the tabs."""
        relaties = self.relaties(self.werkmap)
        uit = {}
        for s in parseer(self.delen[self.werkmap]).iter("{*}sheet"):
            rid = next((v for k, v in s.attrib.items() if str(k).endswith("}id")), "")
            if rid in relaties and relaties[rid][1] in self.delen:
                uit[s.get("name", "")] = relaties[rid][1]
        return uit

    def eigenschappen(self) -> dict[str, str]:
        """The custom document properties (schema and kit version)."""
        inhoud = self.delen.get("docProps/custom.xml")
        if inhoud is None:
            return {}
        return {p.get("name", ""): "".join(str(t) for t in p.itertext()) for p in parseer(inhoud)}


def lees_structuur(z: zipfile.ZipFile, naam: str) -> Pakket:
    """A package with only the small parts (workbook, relations, properties), for looking around quickly."""
    klein = [n for n in z.namelist() if n.endswith(".rels") or n.endswith("workbook.xml") or n == "docProps/custom.xml"]
    try:
        pakket = Pakket(naam, {n: lees_deel(z, n, naam) for n in klein})
        # Sheet parts only need to be known by name here.
        pakket.delen.update({n: b"" for n in z.namelist() if n not in pakket.delen})
        pakket.bladdelen()
    except (etree.XMLSyntaxError, KeyError) as fout:
        raise KitFout(f"{naam} is beschadigd en kan niet geopend worden. Open en herstel het in Excel.") from fout
    return pakket
