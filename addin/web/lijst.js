// The list of findings and the list of repairs, for the task pane and the web page alike.

const STUK = 200; // how many are shown at once; the rest on request
const $ = (id) => document.getElementById(id);

function maak(soort, klasse, tekst) {
  const e = document.createElement(soort);
  if (klasse) e.className = klasse;
  if (tekst !== undefined) e.textContent = tekst;
  return e;
}

/** `opKlik(bevinding)`: go to its cell; `opHerstel(bevinding)`: repair that cell. Without them there are no such buttons. */
export class Lijst {
  constructor({ opKlik, opHerstel } = {}) {
    Object.assign(this, { opKlik, opHerstel, alle: [], getoond: STUK });
    for (const id of ["zoek", "ernst", "blad"]) $(id).addEventListener("input", () => this.filter());
    $("meer").addEventListener("click", () => {
      const eerste = this.getoond;
      this.getoond += STUK;
      this.teken();
      $("lijst").children[eerste]?.querySelector("button, [tabindex]")?.focus();
    });
  }

  vul(bevindingen) {
    this.alle = bevindingen;
    const bladen = [...new Set(bevindingen.map((b) => b.blad))];
    $("blad").replaceChildren(new Option("alle bladen", ""), ...bladen.map((b) => new Option(b, b)));
    $("zoek").value = $("ernst").value = "";
    $("lijstvak").hidden = !bevindingen.length;
    this.filter();
  }

  filter() {
    const woorden = $("zoek").value.toLowerCase().split(/\s+/).filter(Boolean);
    this.gevonden = this.alle.filter((b) => {
      if ($("ernst").value && b.ernst !== $("ernst").value) return false;
      if ($("blad").value && b.blad !== $("blad").value) return false;
      const tekst = `${b.nr} ${b.blad} ${b.cel} ${b.kolom} ${b.waarde} ${b.melding} ${b.regel}`.toLowerCase();
      return woorden.every((w) => tekst.includes(w));
    });
    this.getoond = STUK;
    this.teken();
  }

  teken() {
    const stuk = this.gevonden.slice(0, this.getoond);
    $("lijst").replaceChildren(...stuk.map((b) => this.regel(b)));
    const [n, van] = [this.gevonden.length, this.alle.length];
    $("telling").textContent = n === van ? `${van} bevindingen` : `${n} van ${van} bevindingen`;
    $("meer").hidden = n <= this.getoond;
  }

  regel(b) {
    const li = maak("li", b.ernst);
    const plek = `${b.blad} ${b.cel}`;
    const kop = maak("p", "plek");
    kop.append(maak("span", "teken", b.ernst === "fout" ? "✖ fout" : "▲ let op"), " ");
    if (this.opKlik) {
      const knop = maak("button", "link", plek);
      knop.type = "button";
      knop.setAttribute("aria-label", `Ga naar ${plek}`);
      knop.addEventListener("click", () => this.opKlik(b));
      kop.append(knop);
    } else kop.append(maak("strong", "", plek));
    kop.append(maak("span", "klein", ` ${b.kolom}${b.nr ? ` · ${b.nr}` : ""} · ${b.regel}`));
    li.append(kop, maak("p", "", b.melding));
    if (b.voorstel !== null) {
      const voorstel = maak("p", "voorstel", `Voorstel: ${b.voorstel || "(leegmaken)"} `);
      if (this.opHerstel && b.herstelbaar) {
        const knop = maak("button", "knop klein", b.hersteld ? "Hersteld" : "Herstel deze cel");
        knop.type = "button";
        knop.disabled = Boolean(b.hersteld);
        knop.setAttribute("aria-label", `${knop.textContent}: ${plek}`);
        knop.addEventListener("click", () => this.opHerstel(b));
        voorstel.append(knop);
      }
      li.append(voorstel);
    }
    return li;
  }
}

/** The repairs as "was → wordt" with a tick for each; `gekozen()` gives the ticked ones. */
export class Voorstellen {
  constructor({ opToepassen } = {}) {
    $("pas_toe").addEventListener("click", () => opToepassen?.(this.gekozen(), $("bewaar").checked));
    $("niet_nu").addEventListener("click", () => this.verberg());
  }

  toon(voorstellen) {
    this.alle = voorstellen;
    $("voorstellen").replaceChildren(...voorstellen.map((v) => this.regel(v)));
    $("herstelvak").hidden = !voorstellen.length;
    this.tel();
    if (voorstellen.length) $("pas_toe").focus();
  }

  regel(v) {
    const li = maak("li");
    const label = maak("label", "vink");
    const vink = maak("input");
    Object.assign(vink, { type: "checkbox", checked: true });
    vink.addEventListener("change", () => this.tel());
    const tekst = maak("span");
    tekst.append(maak("strong", "", `${v.blad} ${v.cel}`), maak("span", "klein", ` ${v.kolom}`), document.createElement("br"));
    tekst.append(maak("del", "", v.was || "(leeg)"), " → ", maak("ins", "", v.wordt || "(leeg)"));
    label.append(vink, tekst);
    li.append(label);
    return li;
  }

  vinken() {
    return [...$("voorstellen").querySelectorAll("input")];
  }

  gekozen() {
    return this.vinken().flatMap((v, i) => (v.checked ? [[this.alle[i].blad, this.alle[i].cel]] : []));
  }

  tel() {
    const n = this.gekozen().length;
    $("pas_toe").textContent = n === 1 ? "Herstel 1 cel" : `Herstel ${n} cellen`;
    $("pas_toe").disabled = n === 0;
  }

  verberg() {
    $("herstelvak").hidden = true;
  }
}

/** What is going on, and how it went. */
export function bezig(tekst) {
  $("bezig").textContent = tekst;
  document.body.classList.toggle("aan_het_werk", Boolean(tekst));
}

export function toonUitkomst(titel, boodschap, soort) {
  const vak = $("uitkomst");
  vak.className = `uitkomst ${soort}`;
  vak.querySelector("h2").textContent = titel;
  vak.querySelector("p").textContent = boodschap;
  vak.hidden = false;
}

export function bewaarAls(naam, inhoud) {
  const a = maak("a");
  a.href = URL.createObjectURL(inhoud);
  a.download = naam;
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
}
