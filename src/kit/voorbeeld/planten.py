"""Plant errors: every rule breaks where the answer key says so. What breaks a rule stands in the rule itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kit.gelezen import kolomletter
from kit.regels import Aard, Toegepast, alle_regels, toegepast
from kit.schema import Blad, Kolom, Schema, Werkboek
from kit.voorbeeld.verzinnen import Rij, Verzinner
from kit.werkboek.formules import EERSTE_RIJ


@dataclass(frozen=True)
class Geplant:
    """One line of the answer key: this rule must speak about this cell."""

    bestand: str
    blad: str
    cel: str
    regel: str


@dataclass(frozen=True)
class _Verwacht:
    werkboek: Werkboek
    blad: Blad
    rij: Rij
    kolom: Kolom
    regel: str


def plant(
    schema: Schema, rijen: dict[str, dict[str, list[Rij]]], verzin: Verzinner, aantal: int, procent: float
) -> list[Geplant]:
    """Change `rijen` in place so that rules break, one error per association, and return the answer key."""
    verwacht: list[_Verwacht] = []
    beurten = _beurten(schema, verzin)
    vrij = {w.sleutel: verzin.kans.sample(range(aantal), aantal) for w in schema.werkboeken}
    te_doen = max(len(alle_regels()), round(aantal * len(schema.werkboeken) * procent / 100))
    for beurt in range(te_doen):
        werkboek, t = beurten[beurt % len(beurten)]
        if len(vrij[werkboek.sleutel]) < 2 or any(len(v) < 1 for v in vrij.values()):
            break
        bed = Plantbed(schema, werkboek, t, rijen, verzin, vrij)
        bed.breek()
        verwacht += bed.verwacht
    return _met_adres(verwacht, rijen)


def _beurten(schema: Schema, verzin: Verzinner) -> list[tuple[Werkboek, Toegepast]]:
    """Every rule on every column, shuffled, but first each rule once so that none is missed."""
    alle = [(w, t) for w in schema.werkboeken for b in w.bladen for t in toegepast(b) if _plantbaar(t)]
    verzin.kans.shuffle(alle)
    eerst: dict[str, tuple[Werkboek, Toegepast]] = {}
    for w, t in alle:
        eerst.setdefault(t.regel.code, (w, t))
    return [*eerst.values(), *(p for p in alle if p not in eerst.values())]


def _plantbaar(t: Toegepast) -> bool:
    return t.regel.aard != Aard.STRUCTUUR and (t.regel.plant is not None or bool(t.regel.slecht))


def _met_adres(verwacht: list[_Verwacht], rijen: dict[str, dict[str, list[Rij]]]) -> list[Geplant]:
    plek = {id(rij): n for bladen in rijen.values() for lijst in bladen.values() for n, rij in enumerate(lijst)}
    return [
        Geplant(
            v.werkboek.bestand,
            v.blad.naam,
            f"{kolomletter(v.blad.kolommen.index(v.kolom) + 1)}{EERSTE_RIJ + plek[id(v.rij)]}",
            v.regel,
        )
        for v in verwacht
    ]


class Plantbed:
    """One association in which one rule is broken; the `plant` of a rule works with these verbs."""

    def __init__(
        self,
        schema: Schema,
        werkboek: Werkboek,
        t: Toegepast,
        rijen: dict[str, dict[str, list[Rij]]],
        verzin: Verzinner,
        vrij: dict[str, list[int]],
    ) -> None:
        self.schema, self.werkboek, self.t, self.rijen, self.verzin, self.vrij = schema, werkboek, t, rijen, verzin, vrij
        self.hoofdrij = self._neem_vereniging(werkboek)
        self.rij = self._rij_op(t.blad)
        self.verwacht: list[_Verwacht] = []

    def breek(self) -> None:
        for sleutel, code in self.t.als:
            self.rij[sleutel] = self.verzin.label(self.t.blad.per_sleutel[sleutel], code)
        self._verwacht(self.rij)
        if self.t.regel.plant is not None:
            self.t.regel.plant(self)
        else:
            self.rij[self.t.kolom.sleutel] = self.verzin.kies(*self.t.regel.slecht)

    def _verwacht(self, rij: Rij) -> None:
        self.verwacht.append(_Verwacht(self.werkboek, self.t.blad, rij, self.t.kolom, self.t.regel.code))

    def _neem_vereniging(self, werkboek: Werkboek) -> Rij:
        """An association in which nothing was planted yet."""
        return self.rijen[werkboek.sleutel][werkboek.verenigingsblad][self.vrij[werkboek.sleutel].pop()]

    def _sleutel(self, rij: Rij) -> object:
        return rij[self.werkboek.sleutelkolom]

    def _rijen_van(self, blad: str, hoofdrij: Rij, werkboek: Werkboek | None = None) -> list[Rij]:
        werkboek = werkboek or self.werkboek
        s = werkboek.sleutelkolom
        return [r for r in self.rijen[werkboek.sleutel][blad] if r[s] == hoofdrij[s]]

    def _rij_op(self, blad: Blad) -> Rij:
        from kit.voorbeeld.maken import maak_rij  # makes rows for the bed, which makes rows for the sample

        bestaand = self._rijen_van(blad.sleutel, self.hoofdrij)
        if bestaand:
            return bestaand[0]
        postcode, gemeente = self.verzin.plaats()
        thema = {
            "naam": "Vriendenkring De Zwaluw",
            "soort": "Club",
            "activiteit": "SPRT",
            "postcode": postcode,
            "gemeente": gemeente,
        }
        rij = maak_rij(blad, self.werkboek, thema | {self.werkboek.sleutelkolom: self._sleutel(self.hoofdrij)}, self.verzin, 0)
        self.rijen[self.werkboek.sleutel][blad.sleutel].append(rij)
        return rij

    # --- verbs ------------------------------------------------------------------------------------------------------

    def _op(self, i: int) -> str:
        return self.t.op[i] if self.t.op else self.t.kolom.sleutel

    def zet(self, i: int, waarde: object) -> None:
        """Set the rule's own column (0) or the i-th other one."""
        self.rij[self._op(i)] = waarde

    def zet_vandaag(self) -> None:
        self.zet(0, dt.date.today())

    def kopie(self, wijzig: dict[int, object], *, andere_vereniging: bool = False, verwacht: bool = False) -> None:
        """Put the row on the sheet a second time; with `verwacht` the copy is the wrong one, not the original."""
        rij = dict(self.rij) | {self._op(i): w for i, w in wijzig.items()}
        if andere_vereniging:
            rij[self.werkboek.sleutelkolom] = self._sleutel(self._neem_vereniging(self.werkboek))
        self.rijen[self.werkboek.sleutel][self.t.blad.sleutel].append(rij)
        if verwacht:
            self.verwacht.clear()
        self._verwacht(rij)

    def zet_broer(self, waarde: str | None = None) -> None:
        """Fill the column and a numbered brother: with the same value, or with this value beside another."""
        broer = next(k for k in self.t.blad.groep(self.t.kolom.groep) if k != self.t.kolom)
        lijst = self.schema.codelijst(self.t.kolom)
        assert lijst is not None
        for k in self.t.blad.groep(self.t.kolom.groep):
            self.rij.pop(k.sleutel, None)
        self.rij[self.t.kolom.sleutel] = waarde or lijst.keuzes[2].label
        self.rij[broer.sleutel] = lijst.keuzes[2].label

    def onbekende_sleutel(self) -> None:
        kbo = any(t.regel == "kbo_nummer" for t in self.t.kolom.regels)
        self.rij = dict(self.rij) | {self.t.kolom.sleutel: self.verzin.kbo(900_000) if kbo else "99999999"}
        self.rijen[self.werkboek.sleutel][self.t.blad.sleutel].append(self.rij)
        self.verwacht.clear()
        self._verwacht(self.rij)

    def zonder_rijen(self, plaats: str) -> None:
        blad = next(b for b in self.werkboek.bladen if b.plaats == plaats)
        lijst = self.rijen[self.werkboek.sleutel][blad.sleutel]
        s = self.werkboek.sleutelkolom
        lijst[:] = [r for r in lijst if r[s] != self.hoofdrij[s]]

    def zelfde_naam(self) -> None:
        """Another association of this workbook gets the same name and the same place."""
        ander = self._neem_vereniging(self.werkboek)
        ander[self._op(0)] = f"{self.rij[self._op(0)]}"
        self._verwacht(ander)
        for blad in self.werkboek.bladen:
            plaatskolommen = [k.sleutel for k in blad.kolommen if k.codelijst and not k.streng]
            if not plaatskolommen:
                continue
            self._rij_op(blad)
            bron = self._rijen_van(blad.sleutel, self.hoofdrij)[0]
            doelen = self._rijen_van(blad.sleutel, ander)
            for rij in doelen:
                rij.update({s: bron[s] for s in plaatskolommen})

    def ook_elders(self) -> None:
        ander = next(w for w in self.schema.werkboeken if w.sleutel != self.werkboek.sleutel)
        self._neem_vereniging(ander)[self._op(0)] = self.rij[self._op(0)]

    def lid_van_moeder(self) -> None:
        """The mother association is also one that this association is a member of."""
        for blad in self.werkboek.bladen:
            kolom = next((k for k in blad.kolommen if any(t.regel == "vcode" for t in k.regels)), None)
            if kolom is None:
                continue
            if blad.sleutel == self.werkboek.verenigingsblad:
                self.hoofdrij[kolom.sleutel] = "V0001001"
            else:
                self._rij_op(blad)[kolom.sleutel] = "V0001001"
