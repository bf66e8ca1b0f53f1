"""One association into the register, with everything that belongs to it: never twice, and resumable after any interruption.

Before a call leaves, it is written down as `onderweg`. What may have happened without our hearing of it is looked for in the
register before it is sent again: a registration among the vCodes given since, anything else in the association's own detail
(docs/adr/0011-niets-twee-keer.md).
"""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kit.dv import tabellen as t
from kit.dv.dossier import Dossier, nu
from kit.dv.inhoud import is_aanwezig, is_dezelfde, vertegenwoordiger
from kit.dv.register import Antwoord, Onzeker, Register, vcode_van
from kit.dv.stand import Stand
from kit.dv.tabellen import OPEN
from kit.fouten import KitFout

Verzoek = dict[str, Any]
ONDERWEG, ONZEKER, GELUKT, GEWEIGERD, DUBBEL, NIET_GEBEURD, NAGEGAAN = (
    "onderweg",
    "onzeker",
    "gelukt",
    "geweigerd",
    "dubbel",
    "niet gebeurd",
    "nagegaan",
)


@dataclass(frozen=True)
class Plaats:
    """Where an association is in the register. `versie` None: look first."""

    vcode: str
    versie: int | None


@dataclass(frozen=True)
class _Blik:
    """A look at the register: when it began, above which vCode, and what was there that is not ours."""

    begonnen: float
    vanaf: int
    gevonden: dict[str, Antwoord]


class Loket:
    """Registers associations of one round. One `Loket` per run: it knows which vCodes are ours."""

    def __init__(self, dossier: Dossier, register: Register, ronde: int) -> None:
        self.dossier, self.register, self.ronde = dossier, register, ronde
        self.onze = {r.vcode for r in dossier.rijen(sa.select(t.registratie.c.vcode))}
        self.top = 0
        self._zoeken = asyncio.Lock()
        self._blik: _Blik | None = None

    async def open(self, ovo: str) -> None:
        """Find out up to which vCode the register has come."""
        bekend = [int(v[1:]) for v in self.onze]
        bekend += [
            int(r.hoogste[1:])
            for r in self.dossier.rijen(sa.select(sa.func.max(t.registerlijst.c.vcode).label("hoogste")))
            if r.hoogste
        ]
        bekend += [
            int(r.vanaf[1:]) for r in self.dossier.rijen(sa.select(sa.func.max(t.oproep.c.vanaf).label("vanaf"))) if r.vanaf
        ]
        self.top = await self.register.hoogste(max(bekend, default=1000), ovo)

    async def verwerk(self, s: Stand) -> str:
        """Do what is left to do for one association; returns geregistreerd, geweigerd, dubbel or wacht."""
        rij = self.dossier.rijen(sa.select(t.vereniging.c.verzoeken).where(t.vereniging.c.id == s.id))[0]
        verzoeken: list[Verzoek] = rij.verzoeken
        if s.vcode is not None:
            plaats: Plaats | str = Plaats(s.vcode, None)
        else:
            plaats = await (self._kbo if verzoeken[0]["pad"].endswith("/kbo") else self._vzer)(s, verzoeken[0])
        if isinstance(plaats, str):
            return plaats
        return "geregistreerd" if await self._vul_aan(s, verzoeken[1:], plaats) else "wacht"

    # --- the registration itself ------------------------------------------------------------------------------------

    async def _kbo(self, s: Stand, verzoek: Verzoek) -> Plaats | str:
        """By its number: a second time gives the same association, so this may simply be sent again."""
        vanaf = min(self._open_oproepen(s).values(), default=self.top)
        oproep, correlatie = self._begin(s, 0, verzoek)
        try:
            antwoord = await self.register.roep(
                "POST", verzoek["pad"], ovo=s.ovo, body=verzoek["body"], correlatie=correlatie, veilig=True
            )
        except Onzeker:
            self._sluit(oproep, ONZEKER)
            return "wacht"
        if not antwoord.gelukt:
            self._weiger(oproep, antwoord)
            return "geweigerd"
        if antwoord.vcode is None:
            self._sluit(oproep, ONZEKER, antwoord)
            return "wacht"
        # "Already there" may be what an interrupted call of ours did.
        nieuw = antwoord.status == 202 or int(antwoord.vcode[1:]) > vanaf
        self._geregistreerd(s, oproep, antwoord, antwoord.vcode, "nieuw" if nieuw else "bestaand")
        return Plaats(antwoord.vcode, antwoord.versie if antwoord.status == 202 else None)

    async def _vzer(self, s: Stand, verzoek: Verzoek) -> Plaats | str:
        twijfel = self._open_oproepen(s)
        token: str | None = None
        for _ in range(self.register.in_.pogingen):
            if twijfel:
                gevonden = await self._vind_terug(s, verzoek["body"], twijfel)
                if gevonden is not None:
                    return gevonden
                if s.vragen:
                    return "dubbel"
                twijfel, token = {}, None
            oproep, correlatie = self._begin(s, 0, verzoek)
            vanaf = self.top
            try:
                antwoord = await self.register.roep(
                    "POST", verzoek["pad"], ovo=s.ovo, body=verzoek["body"], token=token, correlatie=correlatie
                )
            except Onzeker:
                self._sluit(oproep, ONZEKER)
                twijfel[oproep] = vanaf
                continue
            if antwoord.gelukt and antwoord.vcode is not None:
                self._geregistreerd(s, oproep, antwoord, antwoord.vcode, "nieuw")
                return Plaats(antwoord.vcode, antwoord.versie)
            if antwoord.gelukt:
                self._sluit(oproep, ONZEKER, antwoord)
                twijfel[oproep] = vanaf
                continue
            if antwoord.status != 409:
                self._weiger(oproep, antwoord)
                return "geweigerd"
            mogelijk = [d for d in antwoord.inhoud.get("mogelijkeDuplicateVerenigingen", []) if d.get("vCode")]
            self._sluit(oproep, DUBBEL, antwoord)
            if token is not None or any(d["vCode"] not in s.anders for d in mogelijk):
                self._bewaar_dubbels(s, mogelijk)
                return "dubbel"
            token = str(antwoord.inhoud.get("bevestigingsToken") or "")
        return "wacht"

    def _weiger(self, oproep: int, antwoord: Antwoord, *ook: int) -> None:
        """The register refuses the content (400, `ook`). Raises KitFout for any other answer: it says nothing of the data."""
        if antwoord.status not in (400, *ook):
            self._sluit(oproep, NIET_GEBEURD, antwoord)
            raise KitFout(
                f"Het register gaf een onverwacht antwoord ({antwoord.status}). Klopt KIT_REGISTER_URL? "
                "Kijk dat na en begin opnieuw; wat klaar was, blijft klaar."
            )
        self._sluit(oproep, GEWEIGERD, antwoord)

    def _open_oproepen(self, s: Stand) -> dict[int, int]:
        """Registrations that left and were never answered: id of the call -> vCode number from where to look."""
        o = t.oproep.c
        vraag = sa.select(o.id, o.vanaf).where(o.vereniging == s.id, o.volgnr == 0, o.stand.in_(OPEN))
        return {r.id: int(r.vanaf[1:]) for r in self.dossier.rijen(vraag)}

    async def _vind_terug(self, s: Stand, body: dict[str, Any], twijfel: dict[int, int]) -> Plaats | None:
        """Look among the vCodes given since for an association with exactly our content that is nobody's yet."""
        # The register may still be working on it: what is not there now can be there in a moment.
        await asyncio.sleep(self.register.in_.geduld)
        sindsdien = await self._gekomen_na(min(twijfel.values()), s.ovo)
        for vcode, detail in sindsdien.items():
            if vcode not in self.onze and is_dezelfde(body, detail.inhoud):
                eerste, *rest = twijfel
                self._geregistreerd(s, eerste, detail, vcode, "nieuw")
                self._sluit_alle(rest, NIET_GEBEURD)
                return Plaats(vcode, None)
        self._sluit_alle(list(twijfel), NIET_GEBEURD)
        return None

    async def _gekomen_na(self, vanaf: int, ovo: str) -> dict[str, Antwoord]:
        """What stands in the register above this vCode and is not ours; one look serves all who wait for one."""
        gevraagd = time.monotonic()
        async with self._zoeken:
            if self._blik is None or self._blik.begonnen < gevraagd or self._blik.vanaf > vanaf:
                gevonden: dict[str, Antwoord] = {}
                begonnen, nummer, iets = time.monotonic(), vanaf, True
                while iets:
                    venster = [vcode_van(n) for n in range(nummer + 1, nummer + 1 + self.register.in_.gaten)]
                    vreemd = [v for v in venster if v not in self.onze]
                    daar = await asyncio.gather(*(self.register.haal(v, ovo) for v in vreemd))
                    erbij = {v: a for v, a in zip(vreemd, daar, strict=True) if a.status == 200}
                    gevonden |= erbij
                    nummer += len(venster)
                    iets = bool(erbij) or len(vreemd) < len(venster)
                self._blik = _Blik(begonnen, vanaf, gevonden)
                self.top = max([self.top, *(int(v[1:]) for v in gevonden)])
            return self._blik.gevonden

    # --- what belongs to it -----------------------------------------------------------------------------------------

    async def _vul_aan(self, s: Stand, verzoeken: list[Verzoek], plaats: Plaats) -> bool:
        """The calls after the registration; True when all were answered."""
        klaar = self._afgehandeld(s)
        versie, detail = plaats.versie, None
        for n, verzoek in enumerate(verzoeken, 1):
            if n in klaar:
                continue
            for _ in range(self.register.in_.pogingen):
                if versie is None or (verzoek.get("zoek") and detail is None):
                    try:
                        daar = await self.register.haal(plaats.vcode, s.ovo)
                    except Onzeker:
                        continue
                    versie, detail = daar.versie, daar.inhoud
                if detail is not None and is_aanwezig(
                    verzoek["methode"], verzoek["pad"], verzoek["body"], detail, verzoek.get("zoek")
                ):
                    self._sluit(self._begin(s, n, verzoek)[0], GELUKT)
                    break
                pad = _pad(verzoek, plaats.vcode, detail)
                oproep, correlatie = self._begin(s, n, verzoek)
                if pad is None:
                    self._sluit(oproep, GEWEIGERD, melding="De KBO kent bij deze vereniging geen vertegenwoordiger met dit INSZ.")
                    break
                try:
                    antwoord = await self.register.roep(
                        verzoek["methode"], pad, ovo=s.ovo, body=verzoek["body"], versie=versie, correlatie=correlatie
                    )
                except Onzeker:
                    self._sluit(oproep, ONZEKER)
                    versie = None
                    continue
                if antwoord.status == 412:
                    self._sluit(oproep, NIET_GEBEURD, antwoord)
                    versie = None
                    continue
                if antwoord.gelukt:
                    self._sluit(oproep, GELUKT, antwoord)
                else:
                    self._weiger(oproep, antwoord, 404)
                versie = antwoord.versie or (versie if antwoord.status == 200 or not antwoord.gelukt else None)
                break
            else:
                return False
        with self.dossier.in_een_keer() as c:
            c.execute(t.registratie.update().where(t.registratie.c.vereniging == s.id).values(volledig=True, versie=versie or 0))
        return True

    def _afgehandeld(self, s: Stand) -> set[int]:
        o = t.oproep.c
        vraag = sa.select(o.volgnr).where(o.vereniging == s.id, o.hash == s.hash, o.stand.in_((GELUKT, GEWEIGERD)))
        return {r.volgnr for r in self.dossier.rijen(vraag)}

    # --- writing down -----------------------------------------------------------------------------------------------

    def _begin(self, s: Stand, volgnr: int, verzoek: Verzoek) -> tuple[int, str]:
        """Write a call down before it leaves; returns its id and correlation id."""
        correlatie, o = str(uuid.uuid4()), t.oproep.c
        with self.dossier.in_een_keer() as c:
            # Whoever sends again has looked what became of the earlier ones.
            eerder = (o.vereniging == s.id, o.volgnr == volgnr, o.stand.in_(OPEN))
            c.execute(t.oproep.update().where(*eerder).values(stand=NAGEGAAN, klaar=nu()))
            (oproep,) = c.execute(
                t.oproep.insert().values(
                    vereniging=s.id, hash=s.hash, volgnr=volgnr, ronde=self.ronde, methode=verzoek["methode"], pad=verzoek["pad"],
                    correlatie=correlatie, vanaf=vcode_van(self.top), stand=ONDERWEG, begonnen=nu(),
                )
            ).inserted_primary_key or (0,)  # fmt: skip
        return oproep, correlatie

    def _sluit(self, oproep: int, stand: str, antwoord: Antwoord | None = None, melding: str | None = None) -> None:
        with self.dossier.in_een_keer() as c:
            c.execute(_klaar(oproep, stand, antwoord, melding))

    def _sluit_alle(self, oproepen: list[int], stand: str) -> None:
        with self.dossier.in_een_keer() as c:
            c.execute(t.oproep.update().where(t.oproep.c.id.in_(oproepen)).values(stand=stand, klaar=nu()))

    def _geregistreerd(self, s: Stand, oproep: int, antwoord: Antwoord, vcode: str, wijze: str) -> None:
        """The vCode and the end of the call in one transaction."""
        with self.dossier.in_een_keer() as c:
            c.execute(_klaar(oproep, GELUKT, antwoord, None))
            c.execute(
                t.registratie.insert().values(
                    vereniging=s.id, hash=s.hash, vcode=vcode, versie=antwoord.versie or 0, wijze=wijze, ronde=self.ronde,
                    volledig=False, op=nu(),
                )
            )  # fmt: skip
        self.onze.add(vcode)
        self.top = max(self.top, int(vcode[1:]))

    def _bewaar_dubbels(self, s: Stand, mogelijk: list[dict[str, Any]]) -> None:
        d = t.dubbel
        with self.dossier.in_een_keer() as c:
            c.execute(d.delete().where(d.c.vereniging == s.id, d.c.herkomst == "register"))
            for m in mogelijk:
                plaatsen = [f"{x.get('postcode', '')} {x.get('gemeente', '')}".strip() for x in m.get("locaties") or []]
                getoond = {"naam": m.get("naam", ""), "andere_namen": [m["korteNaam"]] if m.get("korteNaam") else []}
                c.execute(
                    d.insert().values(
                        vereniging=s.id, hash=s.hash, vcode=m["vCode"], herkomst="register", score=100,
                        redenen=["het register vindt de namen gelijkend"], getoond=getoond | {"plaatsen": plaatsen},
                    )
                )  # fmt: skip


def _klaar(oproep: int, stand: str, antwoord: Antwoord | None, melding: str | None) -> sa.Update:
    if antwoord is not None and stand in (GEWEIGERD, NIET_GEBEURD):
        melding = antwoord.melding
    waarden = {"stand": stand, "klaar": nu(), "melding": melding, "status": antwoord.status if antwoord else None}
    return t.oproep.update().where(t.oproep.c.id == oproep).values(**waarden)


def _pad(verzoek: Verzoek, vcode: str, detail: dict[str, Any] | None) -> str | None:
    """The path with its numbers; None when the register does not know the representative."""
    pad: str = verzoek["pad"].replace("{vCode}", vcode)
    if "{vertegenwoordigerId}" not in pad:
        return pad
    wie = vertegenwoordiger(detail or {}, verzoek.get("zoek") or {})
    return None if wie is None else pad.replace("{vertegenwoordigerId}", str(wie["vertegenwoordigerId"]))
