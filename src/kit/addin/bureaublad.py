"""The adapter for an Excel on this computer (xlwings over COM or Apple events): each read or write is a call, so few of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import PurePath

import xlwings as xw

from kit.addin.beeld import Beeld, Bladbeeld, te_lezen
from kit.addin.gastheer import Formule, Inhoud, constante, formaat_voor, plek_van
from kit.addin.lijstblad import als_tekst, schrijf_lijstblad, schrijf_tekstblad
from kit.addin.schilderwerk import Notitie, Plek, Schilderwerk, adres, reeksen
from kit.fouten import KitFout
from kit.rooster import NAAM_SCHEMA, NAAM_WERKBOEK
from kit.schema import Schema
from kit.werkboek.overzicht import CONTROLENAMEN
from kit.werkboek.veilig import MAX_CELLEN
from kit.werkboek.xmltekst import splits

Vak = tuple[int, int, int, int]
_ADRESLENGTE = 250  # Excel takes an address of at most 255 characters
_GEMENGD = object()


class Bureaublad:
    """One open workbook in a desktop Excel."""

    def __init__(self, book: xw.Book) -> None:
        self.book = book

    @contextmanager
    def bezig(self, wat: str) -> Iterator[None]:
        app = self.book.app
        scherm = app.screen_updating
        app.status_bar = f"Voorbereidingskit: {wat}…"
        app.screen_updating = False
        try:
            yield
        finally:
            app.screen_updating = scherm
            app.status_bar = False

    # --- reading ----------------------------------------------------------------------------------------------------

    def beeld(self, schema: Schema, *, formules: bool = False) -> Beeld:
        namen = {n: self._naam(n) for n in (NAAM_WERKBOEK, NAAM_SCHEMA, *CONTROLENAMEN)}
        bladen = list(self.book.sheets)
        actief = self.book.sheets.active
        plek = self.book.app.selection
        return Beeld(
            bestand=self.book.name,
            bladen={b.name: _blad(b, hoe == "gegevens", formules) for b in bladen if (hoe := te_lezen(b.name, schema))},
            bladnamen=tuple(b.name for b in bladen),
            werkboek=constante(namen[NAAM_WERKBOEK]),
            versie=constante(namen[NAAM_SCHEMA]),
            ooit_bewaard=PurePath(self.book.fullname).is_absolute() or "://" in self.book.fullname,
            alles_bewaard=bool(_api(self.book.api, "Saved", "saved", True)),
            structuur_beveiligd=bool(_api(self.book.api, "ProtectStructure", "protect_structure", False)),
            controle={n: plek_van(naam) for n in CONTROLENAMEN if (naam := namen[n]) is not None},
            selectie=(actief.name, plek.get_address(False, False).split(":")[0] if plek is not None else "A1"),
        )

    def _naam(self, naam: str) -> xw.Name | None:
        """One defined name: going through all of them is a call or three for each."""
        namen = self.book.names
        if naam not in namen:
            return None
        return namen[naam]

    def kleuren(self, cellen: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
        return {naam: _kleuren(self.book.sheets[naam], list(adressen)) for naam, adressen in cellen.items()}

    # --- writing ----------------------------------------------------------------------------------------------------

    def schilder(self, werk: Schilderwerk) -> None:
        actief = self.book.sheets.active
        if werk.oud_lijstblad:
            self.verwijder_blad(werk.oud_lijstblad)
        for naam, per_kleur in werk.kleuren.items():
            for kleur, adressen in per_kleur.items():
                _kleur(self.book.sheets[naam], kleur, adressen)
        for naam, teksten in werk.notities.items():
            blad = self.book.sheets[naam]
            for cel, notitie in teksten.items():
                _noteer(blad.range(cel), notitie)
        for (naam, cel), tekst in werk.cellen.items():
            self.book.sheets[naam].range(cel).value = f"'{tekst}"  # or Excel makes a date of the moment
        if werk.lijstblad:
            schrijf_lijstblad(self.book, werk.lijstblad, _kleur, punten=1)
        if actief.name in self.book.sheet_names:
            actief.activate()

    def zet(self, inhoud: Mapping[Plek, Inhoud]) -> None:
        per_blad: dict[str, dict[str, Inhoud]] = {}
        for (naam, cel), waarde in inhoud.items():
            per_blad.setdefault(naam, {})[cel] = waarde
        for naam, cellen in per_blad.items():
            blad = self.book.sheets[naam]
            # Texts of cells below each other go in one call; "@" first, or Excel makes a number of 0470.
            for reeks in reeksen(c for c, w in cellen.items() if isinstance(w, str) and not isinstance(w, Formule)):
                bereik = blad.range(reeks)
                bereik.number_format = "@"
                bereik.value = [[als_tekst(str(cellen[c]))] for c in _cellen(reeks)]
            for cel, waarde in cellen.items():
                if isinstance(waarde, str) and not isinstance(waarde, Formule):
                    continue
                if formaat := formaat_voor(waarde):
                    blad.range(cel).number_format = formaat
                if isinstance(waarde, Formule):
                    blad.range(cel).formula = str(waarde)
                else:
                    blad.range(cel).value = waarde

    def ga_naar(self, blad: str, cel: str) -> None:
        self.book.sheets[blad].activate()
        self.book.sheets[blad].range(cel).select()

    def schrijf_blad(self, naam: str, rijen: list[list[str]], *, breedtes: tuple[int, ...]) -> None:
        actief = self.book.sheets.active
        if naam in self.book.sheet_names:
            self.verwijder_blad(naam)
        schrijf_tekstblad(self.book, naam, rijen, breedtes, punten=1)
        actief.activate()

    def verwijder_blad(self, naam: str) -> None:
        waarschuw = self.book.app.display_alerts
        self.book.app.display_alerts = False
        try:
            self.book.sheets[naam].delete()
        finally:
            self.book.app.display_alerts = waarschuw


def _kleur(blad: xw.Sheet, kleur: str | None, adressen: Sequence[str]) -> None:
    for deel in _bundels(adressen):
        blad.range(deel).color = kleur


def _bundels(adressen: Sequence[str]) -> Iterator[str]:
    """Several addresses in one, as long as Excel takes it: many separate cells in few calls."""
    deel: list[str] = []
    for a in adressen:
        if deel and len(",".join([*deel, a])) > _ADRESLENGTE:
            yield ",".join(deel)
            deel = []
        deel.append(a)
    if deel:
        yield ",".join(deel)


def _noteer(cel: xw.Range, notitie: Notitie) -> None:
    if notitie.was is None:
        cel.add_note(notitie.wordt or "")
    elif (bestaand := cel.note) is not None:
        if notitie.wordt is None:
            bestaand.delete()
        else:
            bestaand.text = notitie.wordt


def _cellen(reeks: str) -> list[str]:
    van, _, tot = reeks.partition(":")
    (r1, k), (r2, _k) = splits(van), splits(tot or van)
    return [adres(r, k) for r in range(r1, r2 + 1)]


def _blad(blad: xw.Sheet, uiterlijk: bool, formules: bool) -> Bladbeeld:
    laatste = blad.used_range.last_cell
    rijen, kolommen = laatste.row, laatste.column
    if rijen * kolommen > MAX_CELLEN:
        raise KitFout(
            f"Blad {blad.name} gebruikt cellen ver buiten de gegevens. Verwijder de lege rijen en kolommen onderaan en rechts."
        )
    bereik = blad.range((1, 1), (rijen, kolommen))
    waarden = bereik.options(ndim=2, err_to_str=True).value
    if not uiterlijk:
        return Bladbeeld(blad.name, waarden)
    vak = (1, 1, rijen, kolommen)
    return Bladbeeld(
        naam=blad.name,
        waarden=waarden,
        notities={n.location.get_address(False, False): n.text for n in blad.notes},
        gesprekken=_gesprekken(blad),
        samengevoegd=_samengevoegd(blad, vak),
        beveiligd=bool(_api(blad.api, "ProtectContents", "protect_contents", False)),
        formules=_formules(bereik) if formules else {},
    )


def _kleuren(blad: xw.Sheet, cellen: list[str]) -> dict[str, str]:
    """The fills of these cells. Neighbours in the list that look alike cost one call together."""
    uit: dict[str, str] = {}
    for bundel in _bundels(cellen):
        wachtrij = [bundel.split(",")]
        while wachtrij:
            deel = wachtrij.pop()
            kleur = _lees_kleur(blad.range(",".join(deel)), len(deel))
            if kleur is _GEMENGD:
                wachtrij += [deel[: len(deel) // 2], deel[len(deel) // 2 :]]
            elif kleur is not None:
                uit |= dict.fromkeys(deel, str(kleur))
    return uit


def _gesprekken(blad: xw.Sheet) -> frozenset[str]:
    with suppress(NotImplementedError, AttributeError):  # an Excel without threaded comments
        return frozenset(c.location.get_address(False, False) for c in blad.comments)
    return frozenset()


def _formules(bereik: xw.Range) -> dict[str, str]:
    teksten = bereik.formula
    rijen = [[teksten]] if isinstance(teksten, str) else teksten
    return {
        adres(r, k): t
        for r, rij in enumerate(rijen, 1)
        for k, t in enumerate([rij] if isinstance(rij, str) else rij, 1)
        if isinstance(t, str) and t.startswith("=")
    }


def _lees_kleur(bereik: xw.Range, cellen: int) -> object:
    """Excel answers black, or nothing it can turn into a colour, for cells that differ."""
    try:
        kleur = bereik.color
    except TypeError:
        return _GEMENGD
    if kleur is None:
        return None
    return _GEMENGD if kleur == (0, 0, 0) and cellen > 1 else "#{:02X}{:02X}{:02X}".format(*kleur)


def _samengevoegd(blad: xw.Sheet, vak: Vak) -> list[Vak]:
    """Merged ranges, looked for by halves: a sheet without any costs one call."""
    r1, k1, r2, k2 = vak
    bereik = blad.range((r1, k1), (r2, k2))
    if bereik.merge_cells is False:
        return []
    if (r1, k1) == (r2, k2):
        gebied = bereik.merge_area
        return [(gebied.row, gebied.column, gebied.last_cell.row, gebied.last_cell.column)]
    if r2 - r1 >= k2 - k1:
        m = (r1 + r2) // 2
        helften = (r1, k1, m, k2), (m + 1, k1, r2, k2)
    else:
        m = (k1 + k2) // 2
        helften = (r1, k1, r2, m), (r1, m + 1, r2, k2)
    return sorted({v for helft in helften for v in _samengevoegd(blad, helft)})


def _api(api: object, com: str, appscript: str, anders: object) -> object:
    """A property that xlwings does not offer, as COM and Apple events call it."""
    if hasattr(api, com):
        return getattr(api, com)
    with suppress(Exception):
        return getattr(api, appscript).get()
    return anders
