"""The task pane and the web page in Chromium, as a clerk uses them: mouse, keyboard, errors, a second click, many rows."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser

from hulp import browser
from kit.regels import Ernst
from kit.voorbeeld import maak_voorbeeld
from kit.werkboek.genereer import genereer
from kit.werkboek.stijl import GESCHILDERD

ROZE = GESCHILDERD[Ernst.FOUT]
WEIGERING = "Failed to load resource"  # what Chromium itself says of an answer that is no 200


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as b:
        yield b


@pytest.fixture
def venster(chromium, adres) -> Iterator[browser.Venster]:
    v = browser.Venster(chromium, adres, "/taakvenster")
    yield v
    v.sluit()
    assert v.elders == [] and [f for f in v.fouten if WEIGERING not in f] == []


@pytest.fixture
def pagina(chromium, adres) -> Iterator[browser.Venster]:
    v = browser.Venster(chromium, adres, "/", breed=1100, hoog=900)
    yield v
    v.sluit()
    assert v.elders == [] and [f for f in v.fouten if WEIGERING not in f] == []


def cel(model: dict, blad: str, adres: str) -> dict:
    return next(b for b in model["bladen"] if b["naam"] == blad)["cellen"].get(browser.plek(adres), {})


# --- task pane -------------------------------------------------------------------------------------------------------


def test_valideer_kleurt_en_toont_de_lijst_en_een_klik_gaat_naar_de_cel(venster, fout_boek) -> None:
    venster.open(fout_boek)
    assert "te verbeteren" in venster.klik("valideer")
    assert cel(venster.model, "Contactgegevens", "C3")["vul"] == ROZE
    assert f"{venster.page.locator('#lijst li').count()} bevindingen" == venster.page.inner_text("#telling")
    venster.page.click("text=Contactgegevens C3")
    venster.page.wait_for_function("__nep.model.selectie === 'C3'")
    assert venster.model["bladen"][venster.model["actief"]]["naam"] == "Contactgegevens"
    assert venster.fouten == []


def test_tweede_klik_verandert_niets_meer(venster, fout_boek) -> None:
    venster.open(fout_boek)
    venster.klik("valideer")
    een = venster.model["bladen"]
    venster.klik("valideer")
    twee = venster.model["bladen"]
    for a, b in zip(een, twee, strict=True):
        if a["naam"] not in ("Bevindingen", "Overzicht"):  # those show the time
            assert a == b


def test_dubbelklik_is_een_klik(venster, fout_boek) -> None:
    venster.open(fout_boek)
    venster.page.dblclick("[data-knop=valideer]")
    venster.page.wait_for_selector("#uitkomst.fout")
    venster.page.wait_for_function("!document.body.classList.contains('aan_het_werk')")
    assert len(venster.verstuurd) == 1


def test_filter_op_tekst_ernst_en_blad(venster, fout_boek) -> None:
    venster.open(fout_boek)
    venster.klik("valideer")
    alles = venster.page.locator("#lijst li").count()
    venster.page.fill("#zoek", "web-01")
    assert venster.page.locator("#lijst li").count() == 1 and f"1 van {alles}" in venster.page.inner_text("#telling")
    venster.page.fill("#zoek", "")
    venster.page.select_option("#ernst", "waarschuwing")
    assert 0 < venster.page.locator("#lijst li").count() == venster.page.locator("#lijst li.waarschuwing").count() < alles
    venster.page.select_option("#ernst", "")
    venster.page.select_option("#blad", "Vertegenwoordigers")
    assert all("Vertegenwoordigers" in t for t in venster.page.locator("#lijst li").all_inner_texts())


def test_een_voorstel_herstelt_die_ene_cel(venster, fout_boek) -> None:
    venster.open(fout_boek)
    venster.klik("valideer")
    venster.page.click("[aria-label='Herstel deze cel: Contactgegevens C3']")
    venster.page.wait_for_selector("[aria-label='Hersteld: Contactgegevens C3']")
    assert cel(venster.model, "Contactgegevens", "C3")["v"] == "https://www.x.be"
    assert cel(venster.model, "Verenigingen", "B3")["v"] == " De Zwaluw "


def test_herstel_toont_eerst_en_kan_teruggedraaid_worden(venster, fout_boek) -> None:
    venster.open(fout_boek)
    venster.klik("herstel")
    assert venster.page.locator("#voorstellen li").count() >= 2
    assert cel(venster.model, "Contactgegevens", "C3")["v"] == "www.x.be"  # nothing yet
    venster.page.locator("#voorstellen li", has_text="Verenigingen B3").get_by_role("checkbox").uncheck()
    venster.page.click("#pas_toe")
    venster.page.wait_for_selector("#uitkomst >> text=/(is|zijn) hersteld/")
    assert cel(venster.model, "Contactgegevens", "C3")["v"] == "https://www.x.be"
    assert cel(venster.model, "Verenigingen", "B3")["v"] == " De Zwaluw "
    assert "Hersteld" in [b["naam"] for b in venster.model["bladen"]]
    assert "oude waarde terug" in venster.klik("maak_ongedaan")
    assert cel(venster.model, "Contactgegevens", "C3")["v"] == "www.x.be"
    assert "Hersteld" not in [b["naam"] for b in venster.model["bladen"]]


def test_wissen_volgende_en_over(venster, fout_boek) -> None:
    venster.open(fout_boek)
    voor = venster.model["bladen"]
    assert "Klik eerst op Valideer" in venster.klik("naar_volgende")
    venster.klik("valideer")
    assert "1 van" in venster.klik("naar_volgende") and venster.model["selectie"] != "A1"
    assert "weg" in venster.klik("wis_markeringen")
    na = venster.model["bladen"]
    for a, b in zip(voor, na, strict=True):
        kleuren = [{p: c["vul"] for p, c in x["cellen"].items() if "vul" in c} for x in (a, b)]
        assert kleuren[0] == kleuren[1] and a["notities"] == b["notities"]
    assert "server van uw organisatie" in venster.klik("over")


def test_export_komt_als_download(venster, foutloos) -> None:
    venster.open(foutloos[0])
    with venster.page.expect_download() as download:
        venster.klik("exporteer")
    with zipfile.ZipFile(download.value.path()) as z:
        assert "manifest.json" in z.namelist()


def test_export_met_fouten_zegt_waarom_niet(venster, fout_boek) -> None:
    venster.open(fout_boek)
    assert "niets geëxporteerd" in venster.klik("exporteer")


@pytest.mark.parametrize(
    ("toestand", "woorden"),
    [
        ("m.bladen.find(b => b.naam === 'Contactgegevens').slot = true", "beveiligd"),
        ("m.inCel = true", "Druk op Enter of Esc"),
        ("m.url = ''", "nog nooit bewaard"),
        ("m.structuurslot = true", "geen blad bij komen"),
        ("m.namen.find(n => n.naam === 'kit_schemaversie').verwijst = '=\"2020.1\"'", "oudere kit"),
        ("m.namen = []; m.bladen.forEach(b => { b.naam = 'x' + b.naam; b.cellen = {} })", "lijkt geen werkboek"),
    ],
)
def test_wat_niet_kan_wordt_vriendelijk_geweigerd_en_verandert_niets(venster, fout_boek, toestand, woorden) -> None:
    venster.open(fout_boek)
    venster.page.evaluate(f"(() => {{ const m = __nep.model; {toestand}; }})()")
    voor = venster.model["bladen"]
    assert woorden in venster.klik("valideer")
    venster.page.evaluate("__nep.model.inCel = false")
    assert venster.model["bladen"] == voor


def test_een_fout_van_de_server_is_te_zien(venster, fout_boek) -> None:
    venster.open(fout_boek)
    venster.page.route("**/excel/valideer", lambda r: r.fulfill(status=500, json={"fout": "Er ging iets mis op de server (X)."}))
    assert "Er ging iets mis op de server" in venster.klik("valideer")
    venster.page.route("**/excel/valideer", lambda r: r.abort())
    assert "niet bereikbaar" in venster.klik("valideer")


def test_lintknoppen_doen_hetzelfde_en_melden_dat_ze_klaar_zijn(venster, fout_boek) -> None:
    venster.open(fout_boek)
    klaar = "new Promise(r => __nep.lint['kit-valideer']({ completed: () => r('klaar') }))"
    assert venster.page.evaluate(klaar) == "klaar"
    assert cel(venster.model, "Contactgegevens", "C3")["vul"] == ROZE


def test_een_excel_zonder_notities_krijgt_kleuren_en_lijst(venster, fout_boek) -> None:
    venster.open(fout_boek)
    venster.page.evaluate("__nep.model.api = 17")
    assert "te verbeteren" in venster.klik("valideer")
    model = venster.model
    assert cel(model, "Contactgegevens", "C3")["vul"] == ROZE and all(not b["notities"] for b in model["bladen"])


def test_alleen_met_het_toetsenbord(venster, fout_boek) -> None:
    venster.open(fout_boek)
    toets = venster.page.keyboard.press
    toets("Tab")
    assert venster.page.evaluate("document.activeElement.dataset.knop") == "valideer"
    toets("Enter")
    venster.page.wait_for_selector("#lijst li")
    for _ in range(40):
        toets("Tab")
        if venster.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Ga naar Contactgegevens C3":
            break
    toets("Enter")
    venster.page.wait_for_function("__nep.model.selectie === 'C3'")
    toets("Tab")
    toets("Space")
    venster.page.wait_for_selector("[aria-label='Hersteld: Contactgegevens C3']")


def test_vijfduizend_verenigingen(venster, schema, tmp_path) -> None:
    pad = tmp_path / "fv.xlsx"
    pad.write_bytes(genereer(schema.per_sleutel["fv"], schema, maak_voorbeeld(schema, 5000, fouten=10).rijen["fv"]))
    venster.open(pad)
    assert "te verbeteren" in venster.klik("valideer", tijd=120)
    assert venster.page.locator("#lijst li").count() == 200
    venster.page.click("#meer")
    assert venster.page.locator("#lijst li").count() == 400
    assert "Bevindingen" in [b["naam"] for b in venster.model["bladen"]]


def test_taakvenster_is_toegankelijk(venster, fout_boek) -> None:
    venster.open(fout_boek)
    assert venster.axe() == []
    venster.klik("valideer")
    assert venster.axe() == []
    venster.klik("herstel")
    assert venster.axe() == []


# --- web page --------------------------------------------------------------------------------------------------------


def kies(pagina: browser.Venster, pad: Path) -> None:
    pagina.page.set_input_files("#bestand", pad)
    pagina.page.wait_for_selector("#uitkomst:not([hidden])", timeout=60_000)


def haal(pagina: browser.Venster, wat: str) -> bytes:
    with pagina.page.expect_download() as download:
        pagina.page.click(f"[data-bestand={wat}]")
    return Path(download.value.path()).read_bytes()


def test_webpagina_toont_de_bevindingen_en_geeft_de_kopieen(pagina, fout_boek) -> None:
    kies(pagina, fout_boek)
    assert int(pagina.page.inner_text("#t_fouten")) >= 2 and "WEB-01" in pagina.page.inner_text("#lijst")
    assert "Bevindingen" in openpyxl.load_workbook(io.BytesIO(haal(pagina, "gemarkeerd"))).sheetnames
    hersteld = openpyxl.load_workbook(io.BytesIO(haal(pagina, "hersteld")))
    assert hersteld["Contactgegevens"]["C3"].value == "https://www.x.be"
    assert pagina.page.is_disabled("[data-bestand=export]") and pagina.fouten == []


def test_webpagina_geeft_de_export_als_alles_klopt(pagina, foutloos) -> None:
    kies(pagina, foutloos[0])
    assert zipfile.ZipFile(io.BytesIO(haal(pagina, "export"))).testzip() is None


def test_webpagina_met_vijfduizend_verenigingen(pagina, schema, tmp_path) -> None:
    pad = tmp_path / "fv.xlsx"
    pad.write_bytes(genereer(schema.per_sleutel["fv"], schema, maak_voorbeeld(schema, 5000, fouten=10).rijen["fv"]))
    kies(pagina, pad)
    assert int(pagina.page.inner_text("#t_fouten")) > 100 and pagina.page.locator("#lijst li").count() == 200


def test_webpagina_neerzetten_en_een_ander_bestand_daarna(pagina, fout_boek, foutloos) -> None:
    zet = """async ([naam, b64]) => {
        const bytes = Uint8Array.from(atob(b64), (c) => c.charCodeAt(0)), d = new DataTransfer();
        d.items.add(new File([bytes], naam));
        const drop = new DragEvent('drop', { dataTransfer: d, bubbles: true, cancelable: true });
        document.getElementById('neerzetten').dispatchEvent(drop);
    }"""
    import base64

    pagina.page.evaluate(zet, ["gesleept.xlsx", base64.b64encode(fout_boek.read_bytes()).decode()])
    pagina.page.wait_for_selector("#uitkomst >> text=gesleept.xlsx")
    pagina.page.set_input_files("#bestand", foutloos[0])
    pagina.page.wait_for_selector(f"#uitkomst >> text={foutloos[0].name}", timeout=60_000)
    assert pagina.page.inner_text("#t_fouten") == "0" and pagina.page.is_enabled("[data-bestand=export]")


def test_webpagina_zegt_wat_er_mis_is_met_een_bestand(pagina, tmp_path) -> None:
    pad = tmp_path / "brief.xlsx"
    pad.write_text("Beste,")
    kies(pagina, pad)
    assert "brief.xlsx is een tekstbestand" in pagina.page.inner_text("#uitkomst")
    assert pagina.page.is_hidden("#ophalen")


def test_webpagina_zet_een_oud_werkboek_over(pagina, fout_boek, schema) -> None:
    from kit.werkboek.lezen import EIGENSCHAP_SCHEMA

    inhoud = fout_boek.read_bytes()
    bron, doel = zipfile.ZipFile(io.BytesIO(inhoud)), io.BytesIO()
    with zipfile.ZipFile(doel, "w") as uit:
        for deel in bron.infolist():
            tekst = bron.read(deel)
            if deel.filename == "docProps/custom.xml":
                assert EIGENSCHAP_SCHEMA.encode() in tekst
                tekst = tekst.replace(schema.versie.encode(), b"2025.1")
            uit.writestr(deel, tekst)
    fout_boek.write_bytes(doel.getvalue())
    kies(pagina, fout_boek)
    nieuw = openpyxl.load_workbook(io.BytesIO(haal(pagina, "overgezet")))
    assert nieuw["Contactgegevens"]["C3"].value == "www.x.be"


def test_webpagina_met_het_toetsenbord_en_toegankelijk(pagina, fout_boek) -> None:
    assert pagina.axe() == []
    pagina.page.keyboard.press("Tab")
    assert pagina.page.evaluate("document.activeElement.id") == "bestand"
    kies(pagina, fout_boek)
    assert pagina.axe() == []
    pagina.page.focus("[data-bestand=gemarkeerd]")
    with pagina.page.expect_download():
        pagina.page.keyboard.press("Enter")


def test_hulppagina_is_toegankelijk(chromium, adres) -> None:
    v = browser.Venster(chromium, adres, "/hulp", breed=1000)
    assert v.axe() == [] and v.fouten == [] and "roze cel" in v.page.inner_text("main")
    v.sluit()
