// The task pane and the ribbon: which button asks what, and where the answer shows.

import { Lijst, Voorstellen, bewaarAls, bezig, toonUitkomst } from "./lijst.js";
import { gaNaar, voerUit } from "./werkmap.js";

let bezet = false;

/** One thing at a time: a second click while the first is at work does nothing. */
async function doe(naam, args = []) {
  if (bezet) return null;
  bezet = true;
  const knoppen = document.querySelectorAll("button");
  knoppen.forEach((k) => k.setAttribute("aria-disabled", "true"));
  try {
    const uitkomst = await voerUit(naam, args, bezig);
    toonUitkomst(uitkomst.titel, uitkomst.boodschap, uitkomst.soort);
    return uitkomst;
  } catch (fout) {
    toonUitkomst("Dat lukt nog niet", fout.message, "fout");
    return null;
  } finally {
    bezig("");
    knoppen.forEach((k) => k.removeAttribute("aria-disabled"));
    bezet = false;
  }
}

const lijst = new Lijst({
  opKlik: async (b) => {
    try {
      await gaNaar(b.blad, b.cel);
    } catch {
      toonUitkomst("Dat lukt nog niet", `De cel ${b.blad} ${b.cel} is er niet meer. Klik op Valideer.`, "fout");
    }
  },
  opHerstel: async (b) => {
    if (!(await doe("herstel", [[[b.blad, b.cel]], false]))) return;
    lijst.alle.filter((a) => a.blad === b.blad && a.cel === b.cel).forEach((a) => (a.hersteld = true));
    lijst.teken();
  },
});

const voorstellen = new Voorstellen({
  opToepassen: async (gekozen, bewaar) => {
    if (await doe("herstel", [gekozen, bewaar])) voorstellen.verberg();
  },
});

async function druk(naam) {
  const uitkomst = await doe(naam);
  if (!uitkomst) return;
  if (naam === "herstel") voorstellen.toon(uitkomst.voorstellen);
  else voorstellen.verberg();
  if (naam === "valideer") lijst.vul(uitkomst.bevindingen);
  else if (naam === "wis_markeringen") lijst.vul([]);
  if (uitkomst.download) {
    const inhoud = Uint8Array.from(atob(uitkomst.download.inhoud), (c) => c.charCodeAt(0));
    bewaarAls(uitkomst.download.naam, new Blob([inhoud], { type: "application/zip" }));
  }
}

for (const knop of document.querySelectorAll("[data-knop]")) knop.addEventListener("click", () => druk(knop.dataset.knop));

Office.onReady(() => {
  for (const [opdracht, naam] of Object.entries(globalThis.config.kitOpdrachten)) {
    Office.actions.associate(opdracht, async (event) => {
      await Office.addin?.showAsTaskpane?.();
      await druk(naam);
      event.completed();
    });
  }
  document.body.dataset.klaar = "ja";
});
