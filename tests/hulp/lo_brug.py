"""Runs under Debian's own python3 (the only one with UNO): talks to a headless LibreOffice and prints JSON.

/usr/bin/python3 lo_brug.py ongeldig BESTAND     data validation: {sheet: [rows whose column A is refused]}
/usr/bin/python3 lo_brug.py waarden BESTAND [harde herberekening]   {sheet: {cell: shown text}} of sheet Overzicht
"""

import bisect
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue


def eigenschap(naam, waarde):
    p = PropertyValue()
    p.Name, p.Value = naam, waarde
    return p


def vrije_poort():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def kantoor(env=None, profiel=None, headless=True):
    """A LibreOffice of its own: yields (context, desktop)."""
    with tempfile.TemporaryDirectory(prefix="lo-") as tijdelijk:
        poort = vrije_poort()
        opdracht = [
            "soffice",
            *(["--headless"] if headless else []),
            f"-env:UserInstallation=file://{profiel or tijdelijk}",
            f"--accept=socket,host=127.0.0.1,port={poort};urp;",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nofirststartwizard",
        ]
        proces = subprocess.Popen(opdracht, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
        lokaal = uno.getComponentContext()
        oplosser = lokaal.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", lokaal)
        einde = time.monotonic() + 60
        while True:
            try:
                ctx = oplosser.resolve(f"uno:socket,host=127.0.0.1,port={poort};urp;StarOffice.ComponentContext")
                break
            except Exception:
                if time.monotonic() > einde:
                    proces.kill()
                    raise
                time.sleep(0.2)
        bureau = ctx.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", ctx)
        try:
            yield ctx, bureau
        finally:
            if headless:
                with contextlib.suppress(Exception):
                    bureau.terminate()
            else:
                proces.terminate()  # a visible window would ask whether to save, for ever
            try:
                proces.wait(20)
            except subprocess.TimeoutExpired:
                proces.kill()


def laad(bureau, pad, verborgen=True):
    url = Path(pad).resolve().as_uri()
    return bureau.loadComponentFromURL(url, "_blank", 0, (eigenschap("Hidden", verborgen),))


def ongeldige_rijen(blad):
    """Rows (from 1) of the cells that LibreOffice's own validation engine circles. At most 1 000 per call."""
    # Where each row begins: text with a line break makes a row taller, so no row may be guessed from a height.
    cursor = blad.createCursor()
    cursor.gotoEndOfUsedArea(False)
    begin = [blad.getCellByPosition(0, r).Position.Y for r in range(cursor.RangeAddress.EndRow + 2)]
    blad.clearArrows()
    blad.showInvalid()
    tekenvel = blad.DrawPage
    vormen = (tekenvel.getByIndex(i) for i in range(tekenvel.Count))
    return sorted(bisect.bisect_right(begin, v.Position.Y + v.Size.Height / 2) for v in vormen)


def ongeldig(pad):
    with kantoor() as (_ctx, bureau):
        document = laad(bureau, pad)
        bladen = [document.Sheets.getByIndex(i) for i in range(document.Sheets.Count)]
        uit = {blad.Name: ongeldige_rijen(blad) for blad in bladen if blad.IsVisible}
        document.close(True)
    return uit


def waarden(pad, blad):
    with kantoor() as (_ctx, bureau):
        document = laad(bureau, pad)
        document.calculateAll()
        vel = document.Sheets.getByName(blad)
        cursor = vel.createCursor()
        cursor.gotoEndOfUsedArea(False)
        eind = cursor.RangeAddress
        uit = [[vel.getCellByPosition(k, r).String for k in range(eind.EndColumn + 1)] for r in range(eind.EndRow + 1)]
        document.close(True)
    return uit


def versleutel(pad, uit):
    with kantoor() as (_ctx, bureau):
        document = laad(bureau, pad)
        soort = eigenschap("FilterName", "Calc MS Excel 2007 XML")
        document.storeToURL(Path(uit).resolve().as_uri(), (soort, eigenschap("Password", "geheim")))
        document.close(True)


if __name__ == "__main__":
    opdracht, *rest = sys.argv[1:]
    print(json.dumps({"ongeldig": ongeldig, "waarden": waarden, "versleutel": versleutel}[opdracht](*rest)))
