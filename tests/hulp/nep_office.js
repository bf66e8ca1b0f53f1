// A strict stand-in for Microsoft's office.js in the tests: an Excel of plain data, behind Office.js' own rules.
// What is not modelled throws; a property read before load() and sync() throws; writes happen at sync(), in order.
// It takes over Excel's habits that matter here: "'" hides, "=" begins a formula and digits become a number unless the
// cell is text, one note per cell, a protected sheet refuses, nothing works while a cell is being edited.
(function () {
  const model = {
    naam: "werkboek.xlsx", url: "https://voorbeeld.be/werkboek.xlsx", actief: 0, selectie: "A1", bladen: [], namen: [],
    gewijzigd: false, structuurslot: false, inCel: false, api: 18, meldingen: [], syncs: 0, opdrachten: 0,
  };
  const nieuwBlad = (naam) => ({ naam, cellen: {}, notities: {}, gesprekken: [], samen: [], slot: false, tabellen: [], breedtes: {}, verborgen: [], vast: null });
  window.__nep = { model, nieuwBlad, lint: {} };

  class Fout extends Error {
    constructor(code, tekst) { super(`${code}: ${tekst}`); this.code = code; }
  }
  const letters = (k) => { let s = ""; for (let n = k + 1; n > 0; n = Math.floor((n - 1) / 26)) s = String.fromCharCode(65 + ((n - 1) % 26)) + s; return s; };
  const nummer = (s) => [...s].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1;
  function vak(adres) {
    const kaal = adres.split("!").pop().replaceAll("$", "");
    const rijen = kaal.match(/^(\d+):(\d+)$/);
    if (rijen) return { r: rijen[1] - 1, k: 0, rijen: rijen[2] - rijen[1] + 1, kolommen: 16384 };
    const m = kaal.match(/^([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?$/);
    if (!m) throw new Fout("InvalidArgument", adres);
    const [r, k] = [m[2] - 1, nummer(m[1])];
    return { r, k, rijen: (m[4] ?? m[2]) - r, kolommen: nummer(m[3] ?? m[1]) - k + 1 };
  }
  const adresVan = (v) => { const a = letters(v.k) + (v.r + 1), z = letters(v.k + v.kolommen - 1) + (v.r + v.rijen); return a === z ? a : `${a}:${z}`; };

  function streng(naam, doel) {
    return new Proxy(doel, {
      get(t, p) { if (p in t || typeof p === "symbol" || p === "then" || p === "toJSON") return t[p]; throw new Fout("NietNagebootst", `${naam}.${String(p)}`); },
      set(t, p, w) { if (!(p in t)) throw new Fout("NietNagebootst", `${naam}.${String(p)} =`); t[p] = w; return true; },
    });
  }
  // A client object: `velden` {name: {lees, zet}}, `leden` its methods and children.
  function object(ctx, naam, velden, leden = {}) {
    const geladen = {};
    const t = { ...leden };
    t.load = (wat) => {
      const namen = (Array.isArray(wat) ? wat : String(wat ?? "").split(",")).map((n) => n.trim()).filter(Boolean);
      ctx.doe(() => {
        for (const n of namen) {
          const kop = n.split("/")[0];
          if (n in velden) geladen[n] = velden[n].lees();
          else if (kop in t && t[kop].load) t[kop].load(n.slice(kop.length + 1));
          else if (!(kop in t)) throw new Fout("NietNagebootst", `load ${naam}.${n}`);
        }
        if (velden.isNullObject) geladen.isNullObject = velden.isNullObject.lees();
      });
      return proxy;
    };
    if (velden.isNullObject) ctx.doe(() => { geladen.isNullObject = velden.isNullObject.lees(); });
    for (const [n, v] of Object.entries(velden)) {
      Object.defineProperty(t, n, {
        enumerable: true,
        get() { if (!(n in geladen)) throw new Fout("PropertyNotLoaded", `${naam}.${n}`); return geladen[n]; },
        set(w) { if (!v.zet) throw new Fout("AlleenLezen", `${naam}.${n}`); ctx.doe(() => v.zet(w)); },
      });
    }
    const proxy = streng(naam, t);
    return proxy;
  }
  function verzameling(ctx, naam, geef, leden = {}) {
    let geladen = null;
    const t = { ...leden };
    t.load = (wat) => {
      const namen = (Array.isArray(wat) ? wat : String(wat ?? "").split(",")).map((n) => n.trim().replace(/^items\/?/, "")).filter(Boolean);
      ctx.doe(() => { geladen = geef(); if (namen.length) for (const lid of geladen) { lid.load(namen); } });
      return proxy;
    };
    Object.defineProperty(t, "items", { enumerable: true, get() { if (!geladen) throw new Fout("PropertyNotLoaded", `${naam}.items`); return geladen; } });
    const proxy = streng(naam, t);
    return proxy;
  }

  function alsExcel(w, cel) {
    if (typeof w !== "string") return cel.nf === "@" && typeof w === "number" ? String(w) : w;
    if (w.startsWith("'")) return w.slice(1);
    if (cel.nf === "@") return w;
    if (w.startsWith("=")) throw new Fout("WaardeWerdFormule", w);
    return w.trim() !== "" && !Number.isNaN(Number(w)) ? Number(w) : w;
  }
  const schrijf = (blad) => { if (blad.slot) throw new Fout("AccessDenied", blad.naam); model.gewijzigd = true; };

  function bereik(ctx, bladVan, vakVan) {
    const B = () => bladVan(), V = () => vakVan();
    const cel = (r, k) => (B().cellen[`${r},${k}`] ??= { v: "", nf: "General" });
    const kijk = (r, k) => B().cellen[`${r},${k}`] ?? { v: "", nf: "General" };
    const rooster = (f) => { const v = V(); return Array.from({ length: v.rijen }, (_, i) => Array.from({ length: v.kolommen }, (_, j) => f(kijk(v.r + i, v.k + j)))); };
    const elke = (f) => { schrijf(B()); const v = V(); for (let i = 0; i < v.rijen; i += 1) for (let j = 0; j < v.kolommen; j += 1) f(cel(v.r + i, v.k + j), i, j); };
    const vorm = (w) => { const v = V(); if (w.length !== v.rijen || w.some((r) => r.length !== v.kolommen)) throw new Fout("InvalidArgument", `${w.length} rijen voor ${adresVan(v)}`); return w; };
    const eender = (f) => { const v = V(); const eerste = f(kijk(v.r, v.k)); for (let i = 0; i < v.rijen; i += 1) for (let j = 0; j < v.kolommen; j += 1) if (f(kijk(v.r + i, v.k + j)) !== eerste) return null; return eerste; };
    const vulling = object(ctx, "RangeFill", {
      color: { lees: () => eender((c) => c.vul ?? "#FFFFFF") ?? "", zet: (w) => elke((c) => { c.vul = w; }) },
      pattern: { lees: () => eender((c) => (c.vul ? "Solid" : "None")) },
    }, { clear: () => ctx.doe(() => elke((c) => { delete c.vul; })) });
    const opmaak = (naam) => ({ zet: (w) => elke((c) => { c[naam] = w; }) });
    const font = object(ctx, "RangeFont", { color: opmaak("letterkleur"), bold: opmaak("vet"), size: opmaak("maat") });
    const formaat = object(ctx, "RangeFormat", {
      wrapText: opmaak("omloop"), verticalAlignment: opmaak("verticaal"),
      columnWidth: { zet: (w) => { const v = V(); for (let j = 0; j < v.kolommen; j += 1) B().breedtes[letters(v.k + j)] = w; } },
    }, { fill: vulling, font });
    return object(ctx, "Range", {
      isNullObject: { lees: () => V() === null },
      address: { lees: () => (V() ? `${B().naam}!${adresVan(V())}` : null) },
      rowIndex: { lees: () => V()?.r }, columnIndex: { lees: () => V()?.k },
      rowCount: { lees: () => V()?.rijen }, columnCount: { lees: () => V()?.kolommen },
      values: { lees: () => rooster((c) => c.v), zet: (w) => { vorm(w); elke((c, i, j) => { if (w[i][j] !== null) { c.v = alsExcel(w[i][j], c); delete c.f; } }); } },
      formulas: {
        lees: () => rooster((c) => c.f ?? c.v),
        zet: (w) => { vorm(w); elke((c, i, j) => { if (c.nf === "@") throw new Fout("FormuleInTekstcel", w[i][j]); c.f = w[i][j]; c.v = /^=HYPERLINK\(".*","(.*)"\)$/.exec(w[i][j])?.[1] ?? 0; }); },
      },
      numberFormat: { lees: () => rooster((c) => c.nf), zet: (w) => elke((c, i, j) => { c.nf = w.length === 1 && w[0].length === 1 ? w[0][0] : vorm(w)[i][j]; }) },
      columnHidden: { zet: (w) => { const k = letters(V().k); B().verborgen = B().verborgen.filter((x) => x !== k); if (w) B().verborgen.push(k); } },
    }, {
      format: formaat,
      worksheet: object(ctx, "Worksheet", { position: { lees: () => model.bladen.indexOf(B()) } }),
      getEntireColumn: () => bereik(ctx, bladVan, () => ({ ...V(), r: 0, rijen: 1 })),
      getCellProperties: () => { const uit = { value: null }; ctx.doe(() => { uit.value = rooster((c) => ({ format: { fill: { color: c.vul ?? "#FFFFFF", pattern: c.vul ? "Solid" : "None" } } })); }); return uit; },
      getMergedAreasOrNullObject: () => object(ctx, "RangeAreas", { isNullObject: { lees: () => B().samen.length === 0 } }, {
        areas: verzameling(ctx, "RangeCollection", () => B().samen.map((a) => bereik(ctx, bladVan, () => vak(a)))),
      }),
      select: () => ctx.doe(() => { model.selectie = adresVan(V()); }),
    });
  }
  const gebruikt = (b) => {
    let [r1, k1, r2, k2] = [Infinity, Infinity, -1, -1];
    for (const [plek, c] of Object.entries(b.cellen)) if (c.v !== "" && c.v !== null) { const [r, k] = plek.split(",").map(Number); r1 = Math.min(r1, r); k1 = Math.min(k1, k); r2 = Math.max(r2, r); k2 = Math.max(k2, k); }
    return r2 < 0 ? null : { r: r1, k: k1, rijen: r2 - r1 + 1, kolommen: k2 - k1 + 1 };
  };
  const leeg = (ctx, naam) => verzameling(ctx, naam, () => []);
  const eist = (versie) => { if (model.api < versie) throw new Fout("ApiNotFound", `ExcelApi 1.${versie}`); };

  function blad(ctx, bladVan) {
    const B = () => { const b = bladVan(); if (!b) throw new Fout("ItemNotFound", "blad"); return b; };
    const notitie = (cel) => object(ctx, "Note", {
      isNullObject: { lees: () => !(cel in B().notities) },
      content: { lees: () => B().notities[cel], zet: (w) => { schrijf(B()); if (!(cel in B().notities)) throw new Fout("ItemNotFound", cel); B().notities[cel] = w; } },
    }, { getLocation: () => bereik(ctx, B, () => vak(cel)), delete: () => ctx.doe(() => { schrijf(B()); if (!(cel in B().notities)) throw new Fout("ItemNotFound", cel); delete B().notities[cel]; }) });
    return object(ctx, "Worksheet", {
      isNullObject: { lees: () => !bladVan() }, name: { lees: () => B().naam }, visibility: { lees: () => "Visible" },
      showGridlines: { lees: () => true },
      position: { lees: () => model.bladen.indexOf(B()), zet: (n) => { const b = B(), nu = model.bladen[model.actief]; model.bladen.splice(model.bladen.indexOf(b), 1); model.bladen.splice(n, 0, b); model.actief = model.bladen.indexOf(nu); } },
    }, {
      names: leeg(ctx, "NamedItemCollection"), charts: leeg(ctx, "ChartCollection"), pivotTables: leeg(ctx, "PivotTableCollection"), shapes: leeg(ctx, "ShapeCollection"),
      tables: verzameling(ctx, "TableCollection", () => [], {
        add: (adres, koppen) => { const t = { adres: vak(adres), koppen }; ctx.doe(() => { schrijf(B()); t.adres = adresVan(t.adres); B().tabellen.push(t); }); return object(ctx, "Table", { style: { zet: (w) => { t.stijl = w; } }, name: { zet: (w) => { t.naam = w; } } }); },
      }),
      protection: object(ctx, "WorksheetProtection", { protected: { lees: () => B().slot } }),
      pageLayout: streng("PageLayout", { getPrintAreaOrNullObject: () => object(ctx, "RangeAreas", { isNullObject: { lees: () => true } }, { areas: leeg(ctx, "RangeCollection") }) }),
      freezePanes: streng("FreezePanes", { freezeAt: (r) => { r.load("rowCount"); ctx.doe(() => { B().vast = r.rowCount; }); } }),
      getRange: (a) => bereik(ctx, B, () => vak(a)),
      getRangeByIndexes: (r, k, rijen, kolommen) => { if (rijen < 1 || kolommen < 1) throw new Fout("InvalidArgument", "leeg bereik"); return bereik(ctx, B, () => ({ r, k, rijen, kolommen })); },
      getRanges: (adressen) => { eist(9); const delen = adressen.split(",").map((a) => bereik(ctx, B, () => vak(a))); return streng("RangeAreas", { format: streng("RangeFormat", { fill: { clear: () => delen.forEach((d) => d.format.fill.clear()), set color(w) { delen.forEach((d) => { d.format.fill.color = w; }); } } }) }); },
      getUsedRangeOrNullObject: () => bereik(ctx, B, () => gebruikt(B())),
      activate: () => ctx.doe(() => { model.actief = model.bladen.indexOf(B()); }),
      delete: () => ctx.doe(() => { const nu = model.bladen[model.actief]; model.bladen.splice(model.bladen.indexOf(B()), 1); model.actief = Math.max(0, model.bladen.indexOf(nu)); }),
      notes: verzameling(ctx, "NoteCollection", () => { eist(18); return Object.keys(B().notities).map(notitie); }, {
        add: (cel, tekst) => ctx.doe(() => { eist(18); schrijf(B()); if (cel in B().notities || B().gesprekken.includes(cel)) throw new Fout("InvalidArgument", `notitie op ${cel}`); B().notities[cel] = tekst; }),
        getItem: (cel) => notitie(cel),
      }),
      comments: verzameling(ctx, "CommentCollection", () => B().gesprekken.map((cel) => object(ctx, "Comment", { id: { lees: () => cel } }, { getLocation: () => bereik(ctx, B, () => vak(cel)) }))),
    });
  }
  function naamlid(ctx, n) {
    const plek = /^='?(.+?)'?!(\$?[A-Z]+\$?\d+)$/.exec(n.verwijst);
    const bij = plek && (() => model.bladen.find((b) => b.naam === plek[1]));
    return object(ctx, "NamedItem", { name: { lees: () => n.naam }, type: { lees: () => (plek ? "Range" : "String") }, formula: { lees: () => n.verwijst } },
      { getRangeOrNullObject: () => bereik(ctx, bij, () => (bij() ? vak(plek[2]) : null)) });
  }

  class RequestContext {
    constructor() {
      this.rij = [];
      const ctx = this;
      const vind = (naam) => model.bladen.find((b) => b.naam === naam);
      this.workbook = object(ctx, "Workbook", { name: { lees: () => model.naam }, isDirty: { lees: () => model.gewijzigd } }, {
        names: verzameling(ctx, "NamedItemCollection", () => model.namen.map((n) => naamlid(ctx, n))),
        protection: object(ctx, "WorkbookProtection", { protected: { lees: () => model.structuurslot } }),
        application: object(ctx, "Application", { calculationMode: { lees: () => "Automatic" } }),
        getSelectedRange: () => bereik(ctx, () => model.bladen[model.actief], () => vak(model.selectie)),
        worksheets: verzameling(ctx, "WorksheetCollection", () => model.bladen.map((b) => { const o = blad(ctx, () => b); o.load("name"); return o; }), {
          getItem: (naam) => blad(ctx, () => vind(naam)), getItemOrNullObject: (naam) => blad(ctx, () => vind(naam)), getActiveWorksheet: () => blad(ctx, () => model.bladen[model.actief]),
          add: (naam) => { const b = nieuwBlad(naam); ctx.doe(() => { if (model.structuurslot) throw new Fout("AccessDenied", "structuur"); if (vind(naam)) throw new Fout("ItemAlreadyExists", naam); model.bladen.push(b); model.gewijzigd = true; }); return blad(ctx, () => b); },
        }),
      });
    }
    doe(f) { this.rij.push(f); }
    async sync() {
      model.syncs += 1;
      await Promise.resolve();
      if (model.inCel) throw new Fout("InvalidOperationInCellEditMode", "cel");
      while (this.rij.length) { model.opdrachten += 1; const rij = this.rij; const f = rij.shift(); const rest = rij.splice(0); f(); this.rij = [...this.rij, ...rest]; }
    }
  }
  window.Excel = streng("Excel", { run: async (f) => { const c = new RequestContext(); const uit = await f(c); await c.sync(); return uit; }, RequestContext, ShapeType: { image: "Image" }, CustomFunctionManager: { register: async () => {} } });
  window.Office = streng("Office", {
    onReady: async (f) => { const wie = { host: "Excel", platform: "OfficeOnline" }; f?.(wie); return wie; },
    context: streng("Context", { diagnostics: undefined, document: streng("Document", { get url() { return model.url; } }), requirements: { isSetSupported: (naam, versie = "1.1") => naam.toLowerCase() !== "excelapi" || Number(versie.split(".")[1]) <= model.api }, ui: {} }),
    actions: { associate: (naam, f) => { window.__nep.lint[naam] = f; } }, addin: { showAsTaskpane: async () => {} },
    auth: { getAccessToken: async () => window.__nep.token },
  });
  window.CustomFunctions = { associate() {}, Error: class {}, ErrorCode: {} };
})();
