"""The manifest of the Office.js add-in: built as Microsoft publishes it, every reference and every address good.

Microsoft's own validator asks a service on the internet; the order, kinds and lengths it checks are written out here.
"""

from __future__ import annotations

import re

import pytest
from lxml import etree

from kit.knoppen import KNOPPEN

NS = {"o": "http://schemas.microsoft.com/office/appforoffice/1.1", "bt": "http://schemas.microsoft.com/office/officeappbasictypes/1.0",
      "v": "http://schemas.microsoft.com/office/taskpaneappversionoverrides"}  # fmt: skip
# Order and presence of elements as Microsoft publishes them for a task pane add-in with commands.
VOLGORDE = {
    "OfficeApp": "Id Version ProviderName DefaultLocale DisplayName Description IconUrl HighResolutionIconUrl SupportUrl "
    "AppDomains Hosts Requirements DefaultSettings Permissions VersionOverrides",
    "VersionOverrides": "Hosts Resources WebApplicationInfo",
    "Resources": "Images Urls ShortStrings LongStrings",
    "DesktopFormFactor": "FunctionFile ExtensionPoint",
    "Control": "Label Supertip Icon Action",
    "WebApplicationInfo": "Id Resource Scopes",
}


@pytest.fixture(scope="module")
def manifest(klant) -> etree._Element:
    return etree.fromstring(klant.get("/manifest.xml").content)


def test_manifest_heeft_de_gepubliceerde_opbouw(manifest) -> None:
    for element in manifest.iter("{*}*"):
        volgorde = VOLGORDE.get(etree.QName(element).localname)
        if volgorde:
            delen = [etree.QName(k).localname for k in element]
            verwacht = [n for n in volgorde.split() if n in delen]
            assert delen == verwacht
            assert set(volgorde.split()) - set(delen) <= {"WebApplicationInfo"}
    assert re.fullmatch(r"\d+(\.\d+){3}", manifest.findtext("o:Version", namespaces=NS))
    assert re.fullmatch(r"[0-9a-f-]{36}", manifest.findtext("o:Id", namespaces=NS))
    ids = [e.get("id") for e in manifest.iter("{*}Control", "{*}Group", "{*}CustomTab")]
    assert len(ids) == len(set(ids)) and all(len(i) <= 125 for i in ids)


def test_elke_verwijzing_in_het_manifest_bestaat_en_past(manifest) -> None:
    bronnen = {
        e.get("id"): (etree.QName(e.getparent()).localname, e.get("DefaultValue"))
        for e in manifest.iterfind(".//v:Resources//*[@id]", NS)
    }
    soort = {"Label": "ShortStrings", "Title": "ShortStrings", "Description": "LongStrings", "Image": "Images"}
    for e in manifest.iterfind(".//*[@resid]"):
        naam = e.get("resid")
        assert len(naam) <= 32 and bronnen[naam][0] == soort.get(etree.QName(e).localname, "Urls")
    grens = {"ShortStrings": 125, "LongStrings": 250}
    assert all(len(waarde) <= grens[groep] for groep, waarde in bronnen.values() if groep in grens)
    functies = {e.text for e in manifest.iter("{*}FunctionName")}
    assert functies == {k.opdracht for k in KNOPPEN}


def test_alle_adressen_in_het_manifest_antwoorden(manifest, klant, adres) -> None:
    adressen = {w for e in manifest.iter() for w in [*e.attrib.values(), e.text or ""] if w.startswith(adres)} - {adres}
    assert len(adressen) > 25
    for a in adressen:
        antwoord = klant.get(a)
        assert antwoord.status_code == 200, a
        if a.endswith(".png"):
            maat = int(re.search(r"-(\d+)\.png", a)[1])
            assert antwoord.content[16:24] == maat.to_bytes(4) * 2
