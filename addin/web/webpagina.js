// The web page: the workbook stays in this browser and is sent again for every file that is asked for.

import { Lijst, bewaarAls, bezig, toonUitkomst } from "./lijst.js";

const $ = (id) => document.getElementById(id);
const lijst = new Lijst();
let bestand = null;
let beurt = 0;

async function vraag(wat) {
  const antwoord = await fetch(`/api/${wat}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", "X-Bestandsnaam": encodeURIComponent(bestand.name) },
    body: bestand,
  }).catch(() => {
    throw new Error("De server is niet bereikbaar. Controleer uw verbinding en probeer opnieuw.");
  });
  if (antwoord.ok) return antwoord;
  if (antwoord.status === 401) window.location.assign("/aanmelden");
  throw new Error((await antwoord.json().catch(() => ({}))).fout ?? `De server antwoordde met ${antwoord.status}.`);
}

async function kijkNa(gekozen) {
  if (!gekozen) return;
  bestand = gekozen;
  const mijn = (beurt += 1); // a newer workbook wins from a slower answer
  for (const id of ["uitkomst", "totalen", "ophalen", "lijstvak"]) $(id).hidden = true;
  bezig(`${bestand.name} wordt nagekeken…`);
  try {
    const u = await (await vraag("nakijken")).json();
    if (mijn !== beurt) return;
    toonUitkomst(`${u.bestand}`, `${u.boodschap} ${u.rijen} rijen gelezen.`, u.soort);
    $("t_fouten").textContent = u.samenvatting.fouten;
    $("t_kijken").textContent = u.samenvatting.waarschuwingen;
    $("t_herstel").textContent = u.voorstellen.length;
    $("totalen").hidden = $("ophalen").hidden = false;
    knop("export").disabled = u.samenvatting.fouten > 0;
    knop("export").title = u.samenvatting.fouten ? "Dat kan pas als er geen fouten meer zijn." : "";
    knop("hersteld").disabled = !u.voorstellen.length;
    knop("overgezet").hidden = !u.versie || u.versie === u.schema;
    lijst.vul(u.bevindingen);
  } catch (fout) {
    if (mijn === beurt) toonUitkomst("Dat lukt niet", fout.message, "fout");
  } finally {
    if (mijn === beurt) bezig("");
  }
}

const knop = (wat) => document.querySelector(`[data-bestand="${wat}"]`);

for (const k of document.querySelectorAll("[data-bestand]")) {
  k.addEventListener("click", async () => {
    bezig(`${k.textContent.trim()} wordt gemaakt…`);
    try {
      const antwoord = await vraag(k.dataset.bestand);
      const naam = decodeURIComponent(antwoord.headers.get("content-disposition").split("''")[1]);
      bewaarAls(naam, await antwoord.blob());
      toonUitkomst("Klaar", `${naam} staat bij uw downloads.`, "goed");
    } catch (fout) {
      toonUitkomst("Dat lukt niet", fout.message, "fout");
    } finally {
      bezig("");
    }
  });
}

$("bestand").addEventListener("change", (e) => {
  kijkNa(e.target.files[0]);
  e.target.value = ""; // the same file again is a new look at it
});
const vak = $("neerzetten");
for (const soort of ["dragover", "dragleave", "drop"]) {
  vak.addEventListener(soort, (e) => {
    e.preventDefault();
    vak.classList.toggle("boven", soort === "dragover");
    if (soort === "drop") kijkNa(e.dataTransfer.files[0]);
  });
}
