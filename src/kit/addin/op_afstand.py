"""The adapter for Office.js: the request holds all that may be read, the answer is a list of actions.

xlwings' request has values, names and where notes are. Colours, texts of notes, merged cells and protection stand under
`kit`, read by our own script in the page (`addin/web/werkmap.js`), because xlwings cannot ask back during a request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import xlwings as xw

from kit.addin.beeld import Beeld, Bladbeeld, te_lezen
from kit.addin.gastheer import Formule, Inhoud, constante, formaat_voor, plek_van
from kit.addin.lijstblad import als_tekst, schrijf_lijstblad, schrijf_tekstblad
from kit.addin.schilderwerk import Plek, Schilderwerk
from kit.rooster import NAAM_SCHEMA, NAAM_WERKBOEK
from kit.schema import Schema
from kit.werkboek.overzicht import CONTROLENAMEN

_PUNTEN_PER_TEKEN = 5.5


class OpAfstand:
    """One workbook in an Excel elsewhere, as its page sent it."""

    def __init__(self, book: xw.Book) -> None:
        self.book = book
        self.api: dict[str, Any] = book.impl.api
        self.extra: dict[str, Any] = self.api.get("kit") or {}

    @contextmanager
    def bezig(self, wat: str) -> Iterator[None]:  # noqa: ARG002 - the page itself shows what is going on
        yield

    def beeld(self, schema: Schema, *, formules: bool = False) -> Beeld:  # noqa: ARG002 - the page sends them along when asked for repair
        namen = {n.name: n for n in self.book.names}
        bladen = {b.name: b for b in self.book.sheets}
        gelezen = self.extra.get("bladen", {})
        return Beeld(
            bestand=self.book.name,
            bladen={n: _blad(b, gelezen.get(n, {})) for n, b in bladen.items() if te_lezen(n, schema)},
            bladnamen=tuple(bladen),
            werkboek=constante(namen.get(NAAM_WERKBOEK)),
            versie=constante(namen.get(NAAM_SCHEMA)),
            ooit_bewaard=self.extra.get("ooit_bewaard", True),
            alles_bewaard=self.extra.get("alles_bewaard", True),
            structuur_beveiligd=self.extra.get("structuur_beveiligd", False),
            controle={n: plek_van(namen[n]) for n in CONTROLENAMEN if n in namen and namen[n].impl.api.get("address")},
            selectie=(self.book.sheets.active.name, (self.api["book"].get("selection") or "A1").split(":")[0]),
        )

    def kleuren(self, cellen: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
        gelezen = self.extra.get("bladen", {})
        alle = {blad: gelezen.get(blad, {}).get("kleuren", {}) for blad in cellen}
        return {blad: {c: alle[blad][c].upper() for c in wens if c in alle[blad]} for blad, wens in cellen.items()}

    def _doe(self, wat: str, *gegevens: object) -> None:
        """Ask for one of our own actions in the page; each is one round trip to Excel, however many cells."""
        self.book.impl.append_json_action(func=wat, args=list(gegevens))

    def schilder(self, werk: Schilderwerk) -> None:
        actief = self.book.sheets.active
        if werk.oud_lijstblad:
            self.verwijder_blad(werk.oud_lijstblad)
        kleuren = [[b, k, list(a)] for b, per_kleur in werk.kleuren.items() for k, a in per_kleur.items()]
        notities = [[b, c, n.was, n.wordt] for b, per_cel in werk.notities.items() for c, n in per_cel.items()]
        if kleuren or notities:
            self._doe("kitSchilder", kleuren, notities)
        if werk.cellen:
            self._doe("kitZet", [[blad, cel, None, False, f"'{tekst}"] for (blad, cel), tekst in werk.cellen.items()])
        if werk.lijstblad:
            schrijf_lijstblad(self.book, werk.lijstblad, self._kleur, punten=_PUNTEN_PER_TEKEN)
        if actief.name in self.book.sheet_names:
            actief.activate()

    def _kleur(self, blad: xw.Sheet, kleur: str | None, adressen: Sequence[str]) -> None:
        if adressen:
            self._doe("kitSchilder", [[blad.name, kleur, list(adressen)]], [])

    def zet(self, inhoud: Mapping[Plek, Inhoud]) -> None:
        cellen = [
            [blad, cel, formaat_voor(w), isinstance(w, Formule), als_tekst(w) if formaat_voor(w) == "@" else w]  # type: ignore[arg-type]
            for (blad, cel), w in inhoud.items()
        ]
        self._doe("kitZet", cellen)

    def ga_naar(self, blad: str, cel: str) -> None:
        self._doe("kitGaNaar", blad, cel)

    def schrijf_blad(self, naam: str, rijen: list[list[str]], *, breedtes: tuple[int, ...]) -> None:
        actief = self.book.sheets.active
        if naam in self.book.sheet_names:
            self.verwijder_blad(naam)
        schrijf_tekstblad(self.book, naam, rijen, breedtes, punten=_PUNTEN_PER_TEKEN)
        actief.activate()

    def verwijder_blad(self, naam: str) -> None:
        self.book.sheets[naam].delete()


def vergeet(book: xw.Book) -> None:
    """Let go of everything of this workbook: xlwings keeps the last book, and every range it ever gave."""
    from xlwings.pro._xlremote import get_range_api

    book.impl.json()["actions"] = []
    book.close()
    get_range_api.cache_clear()


def _blad(blad: xw.Sheet, extra: Mapping[str, Any]) -> Bladbeeld:
    laatste = blad.used_range.last_cell
    return Bladbeeld(
        naam=blad.name,
        waarden=blad.range((1, 1), (laatste.row, laatste.column)).options(ndim=2, err_to_str=True).value,
        notities=extra.get("notities", {}),
        gesprekken=frozenset(extra.get("gesprekken", ())),
        samengevoegd=[(v[0], v[1], v[2], v[3]) for v in extra.get("samengevoegd", ())],
        beveiligd=bool(extra.get("beveiligd")),
        formules=extra.get("formules", {}),
    )
