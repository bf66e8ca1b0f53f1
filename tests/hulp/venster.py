"""Runs under Debian's own python3: types into a real LibreOffice window (Dutch, Belgium) on a virtual screen.

    /usr/bin/python3 venster.py BESTAND STAPPEN.json     steps -> what each cell holds afterwards, as JSON

A step is {"blad", "cel"} with "typ" (text and Enter) or "plak" (put on the clipboard by another cell, then pasted).
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lo_brug import eigenschap, kantoor, laad

# Dutch windows, Belgian settings, and no windows of its own at the start.
_INSTELLINGEN = {
    ("Setup/L10N", "ooLocale"): "nl",
    ("Setup/L10N", "ooSetupSystemLocale"): "nl-BE",
    ("Office.Linguistic/General", "UILocale"): "nl",
    ("Office.Common/Misc", "ShowTipOfTheDay"): "false",
    ("Setup/Product", "LastTimeGetInvolvedShown"): "9999999999",
    ("Setup/Product", "LastTimeDonateShown"): "9999999999",
}
_PROFIEL = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + "".join(
        f'<item oor:path="/org.openoffice.{pad}"><prop oor:name="{naam}" oor:op="fuse"><value>{waarde}</value></prop></item>'
        for (pad, naam), waarde in _INSTELLINGEN.items()
    )
    + "</oor:items>"
)


class Venster:
    """The one window, driven by keys; every outside call has a time limit, since xdotool can hang."""

    def __init__(self, ctx, bureau, pad, env):
        self.ctx, self.env = ctx, env
        self.document = laad(bureau, pad, verborgen=False)
        self.venster = ""
        einde = time.monotonic() + 90
        while not self.venster and time.monotonic() < einde:
            for w in self.sh('xdotool search --onlyvisible --name "Calc"').split():
                self.venster = w
            time.sleep(0.3)
        self.sh(f"xdotool windowsize {self.venster} 1590 880; xdotool windowmove {self.venster} 0 0")
        time.sleep(1.5)

    def sh(self, opdracht, tijd=8):
        try:
            return subprocess.run(opdracht, shell=True, env=self.env, capture_output=True, text=True, timeout=tijd).stdout.strip()
        except subprocess.TimeoutExpired:
            return ""

    def toets(self, *toetsen):
        for t in toetsen:
            self.sh(f"xdotool key {t}")
            time.sleep(0.5)

    def doe(self, opdracht, **velden):
        helper = self.ctx.ServiceManager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", self.ctx)
        frame = self.document.CurrentController.Frame
        helper.executeDispatch(frame, opdracht, "", 0, tuple(eigenschap(k, v) for k, v in velden.items()))
        time.sleep(0.5)

    def naar(self, blad, cel):
        self.document.CurrentController.setActiveSheet(self.document.Sheets.getByName(blad))
        self.doe(".uno:GoToCell", ToPoint=cel)
        self.sh(f"timeout 3 xdotool windowactivate {self.venster}")
        time.sleep(0.4)

    def dialogen(self):
        """Titles of all windows except the main one."""
        ids = re.findall(r"0x[0-9a-f]+", self.sh("xprop -root _NET_CLIENT_LIST"))
        return [
            self.sh(f"xdotool getwindowname {int(i, 16)}") or "(zonder titel)" for i in ids if int(i, 16) != int(self.venster)
        ]

    def rood(self):
        """How many pixels of the screen have the kit's red."""
        telling = self.sh("import -window root png:- | convert - -depth 8 -format %c histogram:info:-", 30)
        m = re.search(r"(\d+):[^\n]*#FFC2C2", telling, re.IGNORECASE)
        return int(m[1]) if m else 0

    def stap(self, stap):
        self.naar(stap["blad"], stap["cel"])
        cel = self.document.Sheets.getByName(stap["blad"]).getCellRangeByName(stap["cel"])
        rood_voor = self.rood() if "plak" in stap else 0
        if "plak" in stap:
            bron = self.document.Sheets.getByName("Overzicht").getCellRangeByName("Z99")
            bron.String = stap["plak"]
            self.naar("Overzicht", "Z99")
            self.doe(".uno:Copy")
            self.naar(stap["blad"], stap["cel"])
            self.doe(".uno:PasteUnformatted")
            time.sleep(1)
        else:
            self.sh(f"xdotool type --delay 25 -- '{stap['typ']}'")
            self.toets("Return")
            time.sleep(0.7)
        dialogen = self.dialogen()
        if beeld := os.environ.get("KIT_BEELD"):
            self.sh(f"import -window root {beeld}/{stap['blad']}-{stap['cel']}.png")
        while dialogen and self.dialogen():
            self.toets("Escape", "Escape")
        return {
            "tekst": cel.String,
            "getal": cel.Value,
            "dialogen": dialogen,
            "rood": self.rood() - rood_voor if "plak" in stap else None,
        }


def main(bestand, stappen):
    with tempfile.TemporaryDirectory(prefix="venster-") as profiel:
        (Path(profiel) / "user").mkdir()
        (Path(profiel) / "user" / "registrymodifications.xcu").write_text(_PROFIEL)
        lezen, schrijven = os.pipe()
        scherm = subprocess.Popen(
            ["Xvfb", "-displayfd", str(schrijven), "-screen", "0", "1600x900x24"], pass_fds=[schrijven], stderr=subprocess.DEVNULL
        )
        env = os.environ | {
            "DISPLAY": ":" + os.read(lezen, 20).decode().strip(),
            "SAL_USE_VCLPLUGIN": "gtk3",
            "LC_ALL": "C.UTF-8",
        }
        beheerder = subprocess.Popen(["openbox"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with kantoor(env=env, profiel=profiel, headless=False) as (ctx, bureau):
                venster = Venster(ctx, bureau, bestand, env)
                uit = [venster.stap(s) for s in json.loads(Path(stappen).read_text())]
                venster.document.setModified(False)
                venster.document.close(True)
        finally:
            beheerder.terminate()
            scherm.terminate()
    print(json.dumps(uit))


if __name__ == "__main__":
    main(*sys.argv[1:])
