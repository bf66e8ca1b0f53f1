"""Intake: what a GI delivers (an export, encrypted or not, or filled-in workbooks) into the dossier, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage
import sqlalchemy as sa

from kit.bestanden import InGeheugen
from kit.dubbels.kandidaat import Kandidaat, kandidaten
from kit.dv import tabellen as t
from kit.dv.dossier import Dossier, nu
from kit.dv.tabellen import OPEN
from kit.export import MANIFEST, sleutels_van, verzoeken_van
from kit.fouten import KitFout
from kit.gelezen import RIJ, Gelezen
from kit.schema import Schema, laad_schema
from kit.werkboek.lezen import lees

_OVO = re.compile(r"OVO\d{6}")
_GROOTSTE = 500 * 2**20


def controleer_ovo(ovo: str) -> str:
    """The code in its usual form. Raises KitFout when it is none."""
    if not _OVO.fullmatch(code := ovo.strip().upper()):
        raise KitFout(f"{ovo} is geen OVO-code. Ze bestaat uit OVO en zes cijfers, zoals OVO001234.")
    return code


@dataclass(frozen=True)
class Inzending:
    """What stands ready: the workbooks, and the manifest when it is an export."""

    soort: str
    werkboeken: list[InGeheugen]
    manifest: dict[str, Any] | None = None


def lees_inzending(pad: Path, sleutel: Path | None = None) -> Inzending:
    """A folder or file that a GI delivered. Raises KitFout when it is damaged, changed after the export, or cannot be opened."""
    if not pad.exists():
        raise KitFout(f"{pad} bestaat niet.")
    if pad.is_dir():
        namen = sorted(p.name for p in pad.iterdir() if p.is_file() and not p.name.startswith((".", "~$")))
        inhoud = {n: (pad / n).read_bytes() for n in namen if n.lower().endswith((".xlsx", ".xlsm", ".jsonl", ".json", ".age"))}
        pakket = next((n for n in inhoud if n.endswith(".age")), None)
        if pakket is not None and MANIFEST not in inhoud:
            return _export(_ontsleutel(inhoud[pakket], pakket, sleutel), "versleutelde export")
        if MANIFEST in inhoud:
            return _export(inhoud, "export")
        boeken = [InGeheugen(n, b) for n, b in inhoud.items() if n.lower().endswith((".xlsx", ".xlsm"))]
        if not boeken:
            raise KitFout(f"In {pad} staat geen export en geen werkboek.")
        return Inzending("werkboek", boeken)
    bytes_ = pad.read_bytes()
    if pad.suffix == ".age":
        return _export(_ontsleutel(bytes_, pad.name, sleutel), "versleutelde export")
    if pad.suffix.lower() in (".xlsx", ".xlsm"):
        return Inzending("werkboek", [InGeheugen(pad.name, bytes_)])
    raise KitFout(
        f"{pad.name} is geen werkboek en geen export. De kit neemt .xlsx, .xlsm, export.zip.age of de map van een export aan."
    )


def _ontsleutel(inhoud: bytes, naam: str, sleutel: Path | None) -> dict[str, bytes]:
    if sleutel is None:
        raise KitFout(f"{naam} is versleuteld. Wijs met --sleutel het bestand met de geheime sleutel van DV aan.")
    try:
        regels = [r.strip() for r in sleutel.read_text("utf-8").splitlines() if r.strip() and not r.startswith("#")]
        identiteiten = [pyrage.x25519.Identity.from_str(r) for r in regels]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        raise KitFout(f"{sleutel.name} bevat geen geheime sleutel. Die begint met AGE-SECRET-KEY-1.") from None
    try:
        with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(inhoud, identiteiten))) as z:
            if sum(i.file_size for i in z.infolist()) > _GROOTSTE:
                raise KitFout(f"{naam} is uitgepakt groter dan een export ooit is. Het is niet ontvangen.")
            return {i.filename: z.read(i) for i in z.infolist()}
    except pyrage.DecryptError:
        raise KitFout(
            f"{naam} kan niet geopend worden met deze sleutel: het is voor een andere gemaakt, of onderweg beschadigd."
        ) from None
    except zipfile.BadZipFile:
        raise KitFout(f"{naam} is beschadigd: er zit geen leesbaar pakket in.") from None


def _export(inhoud: dict[str, bytes], soort: str) -> Inzending:
    try:
        manifest = json.loads(inhoud[MANIFEST])
        beloofd = {str(b["naam"]): b["sha256"] for b in manifest["bestanden"]}
        for a in manifest.get("niet_gemigreerd", []):
            str(a["nr"])
    except KeyError:
        raise KitFout("Dit is geen volledige export: het manifest ontbreekt of mist de lijst met bestanden.") from None
    except (ValueError, TypeError):
        raise KitFout(
            "Het manifest van deze export kan niet gelezen worden. Vraag de gemeente om de export opnieuw te maken."
        ) from None
    for naam, som in beloofd.items():
        if re.search(r"[\\/:]", naam):
            raise KitFout("Het manifest van deze export noemt een bestand in een andere map. Er is niets ontvangen.")
        if naam not in inhoud:
            raise KitFout(f"In deze export ontbreekt {naam}. Er is niets ontvangen; vraag de gemeente om de hele export.")
        if hashlib.sha256(inhoud[naam]).hexdigest() != som:
            raise KitFout(f"{naam} is gewijzigd nadat de export gemaakt werd. Er is niets ontvangen; vraag om een nieuwe export.")
    vreemd = [n for n in inhoud if n.lower().endswith((".xlsx", ".xlsm", ".jsonl")) and n not in beloofd]
    if vreemd:
        raise KitFout(f"{vreemd[0]} hoort niet bij deze export: het staat niet in het manifest. Er is niets ontvangen.")
    boeken = [InGeheugen(n, inhoud[n]) for n in beloofd if n.endswith((".xlsx", ".xlsm"))]
    if not boeken:
        raise KitFout("In deze export zit geen werkboek. Er is niets ontvangen.")
    return Inzending(soort, boeken, manifest)


@dataclass
class Verschil:
    """One workbook of a delivery against the one before: numbers of the associations. `al_ontvangen`: the very same file."""

    bestand: str
    werkboek: str
    aantal: int = 0
    nieuw: list[str] = field(default_factory=list)
    gewijzigd: list[str] = field(default_factory=list)
    weg: list[str] = field(default_factory=list)
    al_ontvangen: bool = False
    eerste: bool = False

    def in_woorden(self) -> str:
        """One line for who receives it; the numbers of at most ten associations of each kind."""
        if self.al_ontvangen:
            return f"{self.bestand}: precies dit bestand was al ontvangen. Er is niets veranderd."
        if self.eerste:
            return f"{self.bestand}: {self.aantal} verenigingen ontvangen."
        delen = [f"{len(nrs)} {wat} ({_opsomming(nrs)})" for wat, nrs in self._soorten() if nrs]
        return f"{self.bestand}: opnieuw geleverd, {self.aantal} verenigingen: {', '.join(delen) or 'niets veranderd'}."

    def _soorten(self) -> tuple[tuple[str, list[str]], ...]:
        return (("nieuw", self.nieuw), ("gewijzigd", self.gewijzigd), ("niet meer geleverd", self.weg))


@dataclass(frozen=True)
class Vereniging:
    """One association as delivered, ready for the dossier."""

    nr: str
    rij: int
    naam: str
    migreren: bool
    reden: str
    kandidaat: Kandidaat | None
    verzoeken: list[dict[str, Any]]

    @property
    def hash(self) -> str:
        """Over everything that goes to the register, so that one changed letter is another content."""
        inhoud = json.dumps([self.naam, self.verzoeken], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(inhoud.encode()).hexdigest()


def _opsomming(nrs: list[str]) -> str:
    return "Nr " + ", ".join(nrs[:10]) + (" ..." if len(nrs) > 10 else "")


def schema_voor(versie: str | None) -> Schema:
    """The schema that a delivery was made with. Raises KitFout when this kit does not have it."""
    return laad_schema(versie) if versie else laad_schema()


def verenigingen_van(boek: Gelezen, bron: str) -> Iterator[Vereniging]:
    """Every row of the association sheet. A number that is missing or used twice gets its row with it: nothing is lost."""
    werkboek = boek.werkboek
    hoofd = boek.bladen[werkboek.verenigingsblad]
    per_nr = {v["nr"]: v["verzoeken"] for v in verzoeken_van(boek)}
    kenmerken = dict(kandidaten(werkboek, boek.schema, boek.frames, bron))
    kolom = hoofd.blad.per_sleutel[werkboek.migreerkolom]
    lijst = boek.schema.codelijst(kolom)
    redenkolom = next((x.op[0] for x in hoofd.blad.regels if x.regel == "reden_bij_nee"), None)
    gezien: set[str] = set()
    normen = sleutels_van(boek, hoofd)
    for plek, (norm, rij) in enumerate(zip(normen, hoofd.frame.iter_rows(named=True), strict=True)):
        nr = norm
        if not nr or nr in gezien:
            nr = f"{nr} (rij {rij[RIJ]})".strip()
        gezien.add(nr)
        waarde = rij[kolom.sleutel]
        yield Vereniging(
            nr=nr,
            rij=rij[RIJ],
            naam=rij["naam"] or "",
            migreren=not (waarde and lijst is not None and lijst.code(waarde.strip()) == "nee"),
            reden=(rij[redenkolom] if redenkolom else "") or "",
            kandidaat=kenmerken.get(plek),
            verzoeken=per_nr.get(norm, []),
        )


def ontvang(dossier: Dossier, inzending: Inzending, ovo: str, naam: str | None = None, dienst: str = "") -> list[Verschil]:
    """Take a delivery in: all its workbooks, or none. Raises KitFout for a new GI without a name or an unreadable workbook."""
    ovo = controleer_ovo(ovo)
    bekend = dossier.gi_naam(ovo)
    if bekend is None and not naam:
        raise KitFout(f"{ovo} is nieuw in deze werkmap. Klopt de code? Geef dan ook de naam van het bestuur met --naam.")
    schema = schema_voor((inzending.manifest or {}).get("schema"))
    gelezen = [(b, lees(b, schema)) for b in inzending.werkboeken]
    soorten = [g.werkboek.sleutel for _, g in gelezen]
    if len(set(soorten)) < len(soorten):
        raise KitFout("Er zijn twee bestanden van dezelfde soort. Geef ze apart, elk met de dienst erbij: --dienst NAAM.")
    with dossier.in_een_keer() as c:
        if bekend is None:
            c.execute(t.gi.insert().values(ovo=ovo, naam=naam, sinds=nu()))
        elif naam and naam != bekend:
            c.execute(t.gi.update().where(t.gi.c.ovo == ovo).values(naam=naam))
        return [_neem_op(c, ovo, dienst, inzending, bron, boek) for bron, boek in gelezen]


def _neem_op(c: sa.Connection, ovo: str, dienst: str, inzending: Inzending, bron: InGeheugen, boek: Gelezen) -> Verschil:
    werkboek = boek.werkboek.sleutel
    som = hashlib.sha256(bron.inhoud).hexdigest()
    zelfde = sa.and_(t.levering.c.ovo == ovo, t.levering.c.dienst == dienst, t.levering.c.werkboek == werkboek)
    vorige = c.execute(sa.select(t.levering.c.id, t.levering.c.sha256).where(zelfde, t.levering.c.actueel)).one_or_none()
    verschil = Verschil(bron.name, boek.werkboek.titel, eerste=vorige is None)
    if vorige is not None and vorige.sha256 == som:
        verschil.al_ontvangen = True
        return verschil
    c.execute(t.levering.update().where(zelfde).values(actueel=False))
    (levering,) = c.execute(
        t.levering.insert().values(
            ovo=ovo,
            dienst=dienst,
            werkboek=werkboek,
            bestand=bron.name,
            soort=inzending.soort,
            sha256=som,
            manifest=inzending.manifest,
            schema=boek.schema.versie,
            ontvangen=nu(),
            inhoud=bron.inhoud,
            actueel=True,
        )
    ).inserted_primary_key or (0,)
    hier = sa.and_(t.vereniging.c.ovo == ovo, t.vereniging.c.dienst == dienst, t.vereniging.c.werkboek == werkboek)
    oud = {r.nr: r for r in c.execute(sa.select(*t.vereniging.c["id", "nr", "hash", "aanwezig", "migreren"]).where(hier))}
    onderweg = _onderweg(c, [r.id for r in oud.values()])
    erbij, anders = [], []
    for v in (*verenigingen_van(boek, f"{ovo}/{dienst}/{werkboek}"), *_achtergelaten(inzending.manifest, boek)):
        verschil.aantal += 1
        waarden = {
            "levering": levering,
            "rij": v.rij,
            "naam": v.naam,
            "hash": v.hash,
            "migreren": v.migreren,
            "reden": v.reden,
            "kandidaat": als_json(v.kandidaat),
            "verzoeken": v.verzoeken,
            "aanwezig": True,
            "fouten": None,
        }
        was = oud.pop(v.nr, None)
        if was is None:
            erbij.append({"ovo": ovo, "dienst": dienst, "werkboek": werkboek, "nr": v.nr, **waarden})
            verschil.nieuw.append(v.nr)
            continue
        if was.id in onderweg and was.hash != v.hash:
            raise _eerst_afmaken(v.nr)
        anders.append({"b_id": was.id, **waarden})
        if not was.aanwezig:
            verschil.nieuw.append(v.nr)
        elif was.hash != v.hash or was.migreren != v.migreren:
            verschil.gewijzigd.append(v.nr)
    if erbij:
        c.execute(t.vereniging.insert(), erbij)
    if anders:
        zet: dict[str, Any] = {k: sa.bindparam(k) for k in anders[0] if k != "b_id"}
        c.execute(t.vereniging.update().where(t.vereniging.c.id == sa.bindparam("b_id")).values(zet), anders)
    verdwenen = [r for r in oud.values() if r.aanwezig]
    for r in verdwenen:
        if r.id in onderweg:
            raise _eerst_afmaken(r.nr)
    if verdwenen:
        verschil.weg = [r.nr for r in verdwenen]
        c.execute(t.vereniging.update().where(t.vereniging.c.id.in_([r.id for r in verdwenen])).values(aanwezig=False))
    return verschil


def _onderweg(c: sa.Connection, ids: list[int]) -> set[int]:
    """Which of these were sent to the register without an answer: their content must stay until that is found out."""
    o = t.oproep.c
    vraag = sa.select(o.vereniging).where(o.volgnr == 0, o.stand.in_(OPEN)).distinct()
    return {r.vereniging for r in c.execute(vraag)} & set(ids)


def _eerst_afmaken(nr: str) -> KitFout:
    return KitFout(
        f"Nr {nr} is naar het register gestuurd zonder dat er antwoord kwam, en is nu anders geleverd. Maak eerst de ronde af "
        "met kit dv migreer, en ontvang dan opnieuw. Er is niets ontvangen."
    )


def _achtergelaten(manifest: dict[str, Any] | None, boek: Gelezen) -> Iterator[Vereniging]:
    """What the GI chose to leave out is no row of the export, but it was delivered: the manifest tells."""
    for a in (manifest or {}).get("niet_gemigreerd", []):
        if a.get("werkboek") == boek.werkboek.sleutel:
            yield Vereniging(str(a["nr"]), 0, str(a.get("naam", "")), False, str(a.get("reden", "")), None, [])


def als_json(k: Kandidaat | None) -> dict[str, Any] | None:
    """What the dossier keeps of a candidate."""
    if k is None:
        return None
    return {veld: getattr(k, veld) for veld in Kandidaat.__slots__ if getattr(k, veld) and veld not in ("sleutel", "bron")}


def als_kandidaat(gegevens: dict[str, Any], sleutel: str, bron: str) -> Kandidaat:
    """The candidate that the dossier keeps of an association."""
    velden: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in gegevens.items()}
    return Kandidaat(sleutel=sleutel, bron=bron, **velden)


def leveringsmappen(map_: Path) -> list[tuple[str, str, Path]]:
    """OVO-code, name and path of the folders of many GI's: each is named by its code, and after it, if you like, its name."""
    uit = []
    for pad in sorted(p for p in map_.iterdir() if p.is_dir()):
        m = re.match(r"(OVO\d{6})[ _-]*(.*)", pad.name)
        if m:
            uit.append((m[1], m[2].strip() or m[1], pad))
    return uit
