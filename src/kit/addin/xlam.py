"""Build the classic add-in `voorbereidingskit.xlam` from text, on any system, byte for byte the same each time.

pyOpenVBA writes the VBA project into an empty add-in that Excel itself once made; the macros of xlwings come from the
installed package (BSD), the ribbon and our macros from `knoppen` (docs/adr/0007-pyopenvba-bouwt-de-invoegtoepassing.md).
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path

import xlwings
from pyopenvba import ExcelFile
from pyopenvba.vba import VBAModuleKind, normalize_class_source

from kit.knoppen import KNOPPEN, TAB, bronmap, groepen
from kit.sjablonen import vul

NAAM = "voorbereidingskit"
BESTAND = f"{NAAM}.xlam"
KNOPPENMODULE = "Knoppen"
_UI_RELATIE = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_BEELD = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_OFFICE = "2DF8D04C-5BFA-101B-BDE5-00AA0044DE52"
# xlwings would let any opened workbook choose the Python program and the folders it loads modules from. Ours must not:
# only the settings that `kit addin installeer` writes for the user count.
_AANPASSINGEN = (
    ('PROJECT_NAME As String = "myaddin"', f'PROJECT_NAME As String = "{NAAM}"'),
    ('If SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf") = True Then', "If False Then"),
    ("If FileExists(GetDirectoryConfigFilePath()) = True Then", "If False Then"),
    ('If Right$(sht.Name, 3) = ".py" Then', "If False Then"),
)


def modules() -> dict[str, str]:
    """Name -> text of the VBA modules, with the line ends of VBA. Raises ValueError when xlwings' text has changed."""
    tekst = (Path(xlwings.__file__).parent / "xlwings_custom_addin.bas").read_text("cp1252")
    for oud, nieuw in _AANPASSINGEN:
        if oud not in tekst:
            raise ValueError(f"xlwings {xlwings.__version__} has no {oud!r} in its macros any more: look again")
        tekst = tekst.replace(oud, nieuw)
    woordenboek = (Path(xlwings.__file__).parent / "addin" / "Dictionary.cls").read_text("cp1252")
    return {
        "xlwings": _crlf(tekst),
        KNOPPENMODULE: _crlf(knoppentekst()),
        "Dictionary": _crlf(normalize_class_source(woordenboek)),
    }


def knoppentekst() -> str:
    """The macros behind the buttons."""
    return vul("knoppen.bas.j2", module=KNOPPENMODULE, knoppen=KNOPPEN)


def lint() -> str:
    """The ribbon as customUI XML."""
    return vul("lint.xml.j2", tab=TAB, groepen=groepen(), module=KNOPPENMODULE)


def bouw(modules_: dict[str, str] | None = None) -> bytes:
    """The whole add-in. `modules_`: other modules (a test puts a stand-in for xlwings)."""
    with tempfile.TemporaryDirectory() as map_:
        pad = Path(map_) / BESTAND
        with ExcelFile.create_new(str(pad)) as boek:
            project = boek.vba_project()
            for naam in [n for n in boek.module_names() if n.startswith("Module")]:
                project.delete_module(naam)
            for naam, tekst in (modules_ or modules()).items():
                soort = VBAModuleKind.other if "VB_PredeclaredId" in tekst else VBAModuleKind.standard
                project.add_module(naam, tekst, kind=soort)
            boek.add_reference(
                "Office",
                _OFFICE,
                major=2,
                minor=0,
                path=r"C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL",
                description="Microsoft Office 16.0 Object Library",
            )
            boek.save()
        return _met_lint(pad.read_bytes())


def _met_lint(pakket: bytes) -> bytes:
    """The package with ribbon and icons, its parts in a fixed order and with a fixed date."""
    with zipfile.ZipFile(io.BytesIO(pakket)) as z:
        delen = {n: z.read(n) for n in z.namelist()}
    delen["customUI/customUI14.xml"] = lint().encode()
    beelden = {k.naam: (bronmap() / "iconen" / f"{k.naam}-{64 if k.groot else 32}.png").read_bytes() for k in KNOPPEN}
    delen |= {f"customUI/images/{naam}.png": inhoud for naam, inhoud in beelden.items()}
    relaties = "".join(f'<Relationship Id="{n}" Type="{_BEELD}" Target="images/{n}.png"/>' for n in beelden)
    delen["customUI/_rels/customUI14.xml.rels"] = f'<Relationships xmlns="{_RELS}">{relaties}</Relationships>'.encode()
    delen["_rels/.rels"] = delen["_rels/.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="rIdKitLint" Type="{_UI_RELATIE}" Target="customUI/customUI14.xml"/></Relationships>'.encode(),
    )
    delen["docProps/core.xml"] = re.sub(
        rb"(<dc:creator>|<cp:lastModifiedBy>)[^<]*", rb"\1" + TAB.encode(), delen["docProps/core.xml"]
    )
    soorten = delen["[Content_Types].xml"]
    if b'Extension="png"' not in soorten:
        delen["[Content_Types].xml"] = re.sub(
            rb"(<Types\b[^>]*>)", rb'\1<Default Extension="png" ContentType="image/png"/>', soorten, count=1
        )
    eerst = ["[Content_Types].xml", "_rels/.rels"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as uit:
        for naam in [*eerst, *sorted(set(delen) - set(eerst))]:
            info = zipfile.ZipInfo(naam, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            uit.writestr(info, delen[naam])
    return buffer.getvalue()


def _crlf(tekst: str) -> str:
    return "\r\n".join(tekst.splitlines()) + "\r\n"
