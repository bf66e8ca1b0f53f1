// The open workbook, around xlwings' own page script: reads what its request does not hold, and does in one round trip
// what it would do cell by cell. Decides nothing: what to change comes from the server.

const VEEL = 500; // addresses in one call
const KOPRIJEN = 3; // rows above the data look different in every column

const kan = (versie) => Office.context.requirements.isSetSupported("ExcelApi", versie);
const kaal = (adres) => adres.split("!").pop().replaceAll("$", "");

function letters(kolom) {
  let uit = "";
  for (let n = kolom + 1; n > 0; n = Math.floor((n - 1) / 26)) uit = String.fromCharCode(65 + ((n - 1) % 26)) + uit;
  return uit;
}

function hoeken(adres) {
  const nummer = (s) => [...s].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0);
  const [van, tot] = kaal(adres).split(":").map((a) => a.match(/^([A-Z]+)(\d+)$/));
  const eind = tot ?? van;
  return [Number(van[2]), nummer(van[1]), Number(eind[2]), nummer(eind[1])];
}

/** Colours, notes, merged cells, protection and (for a repair) formulas of every sheet that is read. */
export async function leesExtra(context, overslaan, metFormules) {
  const boek = context.workbook.load("isDirty");
  const slot = boek.protection.load("protected");
  const bladen = boek.worksheets.load("items/name");
  await context.sync();
  const delen = bladen.items
    .filter((blad) => !overslaan.has(blad.name))
    .map((blad) => ({
      blad,
      gebruikt: blad.getUsedRangeOrNullObject(true).load("rowIndex,columnIndex,rowCount,columnCount"),
      slot: blad.protection.load("protected"),
      notities: kan("1.18") ? blad.notes.load("items/content") : null,
      gesprekken: kan("1.10") ? blad.comments.load("items/id") : null,
    }));
  await context.sync();
  for (const d of delen) {
    d.notitieplek = d.notities?.items.map((n) => n.getLocation().load("address")) ?? [];
    d.gesprekplek = d.gesprekken?.items.map((g) => g.getLocation().load("address")) ?? [];
    if (d.gebruikt.isNullObject) continue;
    const { rowIndex, columnIndex, rowCount, columnCount } = d.gebruikt;
    d.rijen = rowIndex + rowCount;
    d.kolommen = columnIndex + columnCount;
    const alles = d.blad.getRangeByIndexes(0, 0, d.rijen, d.kolommen);
    d.samen = kan("1.13") ? alles.getMergedAreasOrNullObject().load("areas/items/address") : null;
    if (metFormules) d.formules = alles.load("formulas");
    d.kleurdelen = [[0, 0, Math.min(KOPRIJEN, d.rijen), d.kolommen]];
    for (let k = 0; d.rijen > KOPRIJEN && k < d.kolommen; k += 1) d.kleurdelen.push([KOPRIJEN, k, d.rijen - KOPRIJEN, 1]);
    d.vullingen = d.kleurdelen.map((vak) => d.blad.getRangeByIndexes(...vak).format.fill.load("color,pattern"));
  }
  await context.sync();
  for (const d of delen) {
    // One colour, or none, for a whole column needs no look at its cells.
    d.perCel = (d.vullingen ?? []).map((v, i) =>
      v.pattern === "None" ? null : d.blad.getRangeByIndexes(...d.kleurdelen[i]).getCellProperties({ format: { fill: { color: true, pattern: true } } }),
    );
  }
  await context.sync();
  return {
    ooit_bewaard: Boolean(Office.context.document?.url),
    alles_bewaard: !boek.isDirty,
    structuur_beveiligd: slot.protected,
    bladen: Object.fromEntries(delen.map((d) => [d.blad.name, gegevens(d)])),
  };
}

function gegevens(d) {
  const kleuren = {};
  (d.perCel ?? []).forEach((cellen, i) => {
    const [rij, kolom] = d.kleurdelen[i];
    cellen?.value.forEach((r, y) =>
      r.forEach(({ format: { fill } }, x) => {
        if (fill.pattern !== "None" && fill.color) kleuren[`${letters(kolom + x)}${rij + y + 1}`] = fill.color;
      }),
    );
  });
  const formules = {};
  d.formules?.formulas.forEach((r, y) =>
    r.forEach((f, x) => {
      if (typeof f === "string" && f.startsWith("=")) formules[`${letters(x)}${y + 1}`] = f;
    }),
  );
  return {
    kleuren,
    formules,
    notities: Object.fromEntries(d.notitieplek.map((p, i) => [kaal(p.address), d.notities.items[i].content])),
    gesprekken: d.gesprekplek.map((p) => kaal(p.address)),
    samengevoegd: d.samen && !d.samen.isNullObject ? d.samen.areas.items.map((a) => hoeken(a.address)) : [],
    beveiligd: d.slot.protected,
  };
}

// --- actions that the server asks for; xlwings calls them by name ---------------------------------------------------

async function kitSchilder(context, { args: [kleuren, notities] }) {
  const blad = (naam) => context.workbook.worksheets.getItem(naam);
  for (const [naam, kleur, adressen] of kleuren) {
    for (let i = 0; i < adressen.length; i += VEEL) {
      const vulling = blad(naam).getRanges(adressen.slice(i, i + VEEL).join(",")).format.fill;
      if (kleur === null) vulling.clear();
      else vulling.color = kleur;
    }
  }
  await context.sync();
  if (!kan("1.18")) return; // an older Excel shows the colours and the list, without notes
  for (const [i, [naam, cel, was, wordt]] of notities.entries()) {
    const alle = blad(naam).notes;
    if (was === null) alle.add(cel, wordt);
    else if (wordt === null) alle.getItem(cel).delete();
    else alle.getItem(cel).content = wordt;
    if (i % VEEL === VEEL - 1) await context.sync();
  }
  await context.sync();
}

async function kitZet(context, { args: [cellen] }) {
  for (const [i, [naam, cel, formaat, isFormule, waarde]] of cellen.entries()) {
    const bereik = context.workbook.worksheets.getItem(naam).getRange(cel);
    if (formaat) bereik.numberFormat = [[formaat]];
    if (isFormule) bereik.formulas = [[waarde]];
    else bereik.values = [[waarde ?? ""]];
    if (i % VEEL === VEEL - 1) await context.sync();
  }
  await context.sync();
}

async function kitGaNaar(context, { args: [naam, cel] }) {
  const blad = context.workbook.worksheets.getItem(naam);
  blad.activate();
  blad.getRange(cel).select();
  await context.sync();
}

for (const actie of [kitSchilder, kitZet, kitGaNaar]) globalThis.xlwings.registerCallback(actie);

// --- one click ------------------------------------------------------------------------------------------------------

/** Run an entry point on the server and carry out what it answers; `stap` is told what is going on. */
export async function voerUit(naam, args, stap) {
  await Office.onReady();
  try {
    return await Excel.run(async (context) => {
      stap("Het werkboek wordt gelezen…");
      const bladen = context.workbook.worksheets.load("items/name");
      await context.sync();
      const vast = new Set(globalThis.config.kitOverslaan);
      const overslaan = new Set(bladen.items.map((b) => b.name).filter((n) => vast.has(n) || n.startsWith("_")));
      const verzoek = await globalThis.xlwings.getBookData({ exclude: [...overslaan].join(",") }, context);
      verzoek.kit = await leesExtra(context, overslaan, args.length > 0);
      verzoek.args = args;
      stap("Het werkboek wordt nagekeken…");
      const antwoord = await stuur(naam, verzoek);
      stap("Het resultaat wordt aangeduid…");
      await globalThis.xlwings.runActions(antwoord, context);
      return antwoord.kit;
    });
  } catch (fout) {
    throw new Error(inMensentaal(fout));
  }
}

/** Go to a cell, without the server. */
export async function gaNaar(blad, cel) {
  await Excel.run((context) => kitGaNaar(context, { args: [blad, cel] }));
}

class Geweigerd extends Error {}

async function stuur(naam, verzoek) {
  const koppen = { "Content-Type": "application/json" };
  if (globalThis.config.authProviders.length) koppen.Authorization = await globalThis.xlwings.getAccessToken();
  let antwoord;
  try {
    antwoord = await globalThis.xwRequest.post(`/excel/${naam}`, verzoek, {
      headers: koppen,
      timeout: globalThis.config.requestTimeout * 1000,
    });
  } catch (fout) {
    if (fout.response) throw new Geweigerd(fout.response.data?.fout ?? `De server antwoordde met ${fout.response.status}.`);
    throw new Geweigerd("De server is niet bereikbaar. Controleer uw verbinding en probeer opnieuw.");
  }
  return antwoord.data;
}

const UITLEG = {
  InvalidOperationInCellEditMode: "Excel is nog bezig met een cel. Druk op Enter of Esc en klik opnieuw. Er is niets gewijzigd.",
  AccessDenied: "Dit blad is beveiligd. Hef de beveiliging op via Controleren en klik opnieuw.",
  RequestPayloadSizeLimitExceeded: "Dit werkboek is te groot voor Excel op het web. Open het in Excel op uw computer, of gebruik de webpagina.",
  ResponsePayloadSizeLimitExceeded: "Dit werkboek is te groot voor Excel op het web. Open het in Excel op uw computer, of gebruik de webpagina.",
};

function inMensentaal(fout) {
  if (fout instanceof Geweigerd) return fout.message;
  const code = fout.cause?.code ?? fout.code;
  return UITLEG[code] ?? `Excel kon dit niet uitvoeren (${code ?? fout.name}). Klik op Markeringen wissen en probeer opnieuw.`;
}
