"""A round: send everything that may be sent, several at a time; what is finished stays finished, whatever happens."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa

from kit.dv import tabellen as t
from kit.dv.dossier import Dossier, nu
from kit.dv.instellingen import Instellingen
from kit.dv.register import Onzeker, Register, vcode_van
from kit.dv.registreren import Loket
from kit.dv.stand import Stand, standen
from kit.fouten import KitFout

Voortgang = Callable[[int, int], None]


@dataclass
class Verloop:
    """What one run did: associations by result. `te_doen` counts what was ready."""

    te_doen: int = 0
    gedaan: int = 0
    per_vereniging: dict[int, str] = field(default_factory=dict)

    @property
    def telling(self) -> Counter[str]:
        return Counter(self.per_vereniging.values())


def begin_ronde(dossier: Dossier, ronde: int) -> None:
    """Start or go on with a round. Raises KitFout for one that is over, or not yet there."""
    nu_ = dossier.ronde
    if ronde not in (nu_, nu_ + 1) or ronde < 1:
        raise KitFout(
            f"Ronde {ronde} kan nu niet: "
            + (f"ronde {nu_} is bezig. Ga verder met ronde {nu_} of begin ronde {nu_ + 1}." if nu_ else "begin met ronde 1.")
        )
    with dossier.in_een_keer() as c:
        if dossier_leeg(c):
            raise KitFout("Er is nog niets nagekeken. Doe eerst:  kit dv valideer")
        c.execute(t.werkmap.update().values(ronde=ronde))


def dossier_leeg(c: sa.Connection) -> bool:
    return c.execute(sa.select(t.vereniging.c.id).where(t.vereniging.c.fouten.is_not(None)).limit(1)).first() is None


def klaar_om_te_versturen(dossier: Dossier) -> list[Stand]:
    return [s for s in standen(dossier) if s.klaar]


async def proef(instellingen: Instellingen, ovo: str) -> None:
    """Ask the register one harmless question, to see that address and sign-in are right. Raises KitFout when not."""
    async with Register(instellingen) as register:
        try:
            await register.haal(vcode_van(1001), ovo)
        except Onzeker:
            raise KitFout("Het register antwoordt, maar met fouten. Probeer het later opnieuw.") from None


async def voer_uit(
    dossier: Dossier, instellingen: Instellingen, *, hoogstens: int | None = None, voortgang: Voortgang = lambda _n, _m: None
) -> Verloop:
    """Send what is ready, at most `hoogstens` associations. Raises KitFout when the register stays away; then resume."""
    verloop = Verloop()
    # What was tried, and what was known of its doubles then: knowing more, it may be tried once more.
    gedaan: dict[int, frozenset[str]] = {}
    async with Register(instellingen) as register:
        loket = Loket(dossier, register, dossier.ronde)
        while True:
            _koppel(dossier, verloop)
            beurt = [s for s in klaar_om_te_versturen(dossier) if gedaan.get(s.id) != s.anders]
            if hoogstens is not None:
                beurt = beurt[: max(0, hoogstens - len(gedaan))]
            if not beurt:
                break
            if not gedaan:
                await _open(loket, beurt[0].ovo)
            verloop.te_doen += len(beurt)
            gedaan |= {s.id: s.anders for s in beurt}
            await _samen(loket, beurt, verloop, voortgang)
    return verloop


async def _open(loket: Loket, ovo: str) -> None:
    try:
        await loket.open(ovo)
    except Onzeker:
        raise KitFout("Het register antwoordt, maar met fouten. Begin later opnieuw; er is niets verstuurd.") from None


async def _samen(loket: Loket, beurt: list[Stand], verloop: Verloop, voortgang: Voortgang) -> None:
    rij = iter(beurt)
    gestopt: list[BaseException] = []

    async def werk() -> None:
        for s in rij:
            if gestopt:
                return
            try:
                verloop.per_vereniging[s.id] = await loket.verwerk(s)
            except Onzeker:
                verloop.per_vereniging[s.id] = "wacht"
            except KitFout as fout:
                gestopt.append(fout)
                return
            verloop.gedaan += 1
            voortgang(verloop.gedaan, verloop.te_doen)

    # Whoever is halfway finishes its association first; then the reason to stop is told.
    await asyncio.gather(*(werk() for _ in range(loket.register.in_.gelijktijdig)))
    if gestopt:
        raise gestopt[0]


def _koppel(dossier: Dossier, verloop: Verloop) -> None:
    """Decided to be the same as one that has a vCode: that vCode is theirs too."""
    ronde = dossier.ronde
    while gelijk := [s for s in standen(dossier) if s.zelfde is not None]:
        with dossier.in_een_keer() as c:
            for s in gelijk:
                c.execute(
                    t.registratie.insert().values(
                        vereniging=s.id, hash=s.hash, vcode=s.zelfde, versie=0, wijze="zelfde", ronde=ronde,
                        volledig=True, op=nu(),
                    )
                )  # fmt: skip
        verloop.per_vereniging |= {s.id: "zelfde" for s in gelijk}
