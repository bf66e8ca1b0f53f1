"""A workbook with one sheet per rule and generated values, to compare the rule's formula with its check in LibreOffice."""

from __future__ import annotations

import datetime as dt
import io
import random
import warnings
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import xlsxwriter
from python_calamine import CalamineWorkbook

from kit.regels import Aard, Context, Ernst, Toegepast, toegepast
from kit.regels.kern import Regel, alle_regels
from kit.regels.tekens import TEKENLIJSTEN
from kit.rooster import kolomreeksen
from kit.schema import Blad, Kolom, Schema
from kit.werkboek.formules import EERSTE_RIJ, Formules, bladnaam
from kit.werkboek.genereer import schrijf_cel
from kit.werkboek.stijl import ERNST, GETALFORMAAT

PER_BLAD = 900  # LibreOffice circles at most a thousand cells a call


@dataclass(frozen=True)
class Proef:
    """One rule as the schema applies it, on a sheet of its own; column A is the judged one."""

    regel: Regel
    toegepast: Toegepast
    aantal: int

    @property
    def blad(self) -> Blad:
        return self.toegepast.blad


def proeven(schema: Schema, aantal: int) -> list[Proef]:
    """Every value and row rule that has a formula, in its first use in the schema."""
    uit = []
    for regel in alle_regels():
        if regel.formule is None or regel.aard not in (Aard.WAARDE, Aard.RIJ):
            continue
        t = next(t for w in schema.werkboeken for b in w.bladen for t in toegepast(b) if t.regel is regel)
        andere = [t.blad.per_sleutel[s] for s in dict.fromkeys([*t.op, *dict(t.als)]) if s != t.kolom.sleutel]
        broers = [k for k in t.blad.groep(t.kolom.groep) if k != t.kolom]
        for begin in range(0, aantal, PER_BLAD):
            deel = min(PER_BLAD, aantal - begin)
            blad = Blad(
                sleutel=f"p{len(uit)}", naam=f"{regel.code} {begin // PER_BLAD}", titel="", kolommen=(t.kolom, *andere, *broers)
            )
            uit.append(Proef(regel, Toegepast(regel, blad, t.kolom, t.op, t.als), deel))
    return uit


def maak(pad: Path, schema: Schema, lijst: list[Proef], zaad: int) -> None:
    """Write the bench: per sheet the values, the rule's validation on column A and its colour."""
    buffer = io.BytesIO()
    boek = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False})
    formules = Formules(schema, {p.blad.sleutel: p.aantal for p in lijst})
    rood = boek.add_format({"bg_color": ERNST[Ernst.FOUT][0]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for p in lijst:
            kans = random.Random(f"{zaad} {p.blad.naam}")
            ws = boek.add_worksheet(p.blad.naam)
            ws.write_string(0, 0, p.regel.code)  # an empty first row would be left out of the HTML
            # Some rows nearly empty, others nearly full: rules between columns need both.
            leegte = [kans.choice([0.1, 0.35, 0.97]) for _ in range(p.aantal)]
            for n, kolom in enumerate(p.blad.kolommen):
                formaat = boek.add_format({"num_format": GETALFORMAAT[kolom.soort]})
                ws.set_column(n, n, 20, formaat)
                ws.write_string(EERSTE_RIJ - 2, n, kolom.kop)
                for r in range(p.aantal):
                    leeg = (n > 0 and kans.random() < leegte[r]) or (p.regel.leeg and kans.random() < 0.3)
                    waarde = None if leeg else willekeurig(kans, p, kolom, schema)
                    schrijf_cel(ws, EERSTE_RIJ - 1 + r, n, waarde, formaat)
            for r in range(p.aantal + EERSTE_RIJ):
                ws.set_row(r, 15)  # one height for all, so that a circle tells its row
            goed = p.toegepast.formule(formules.vak)
            assert goed is not None
            boek.define_name(f"goed_{p.blad.sleutel}", "=" + goed)
            bereik = formules.bereik(p.blad, p.toegepast.kolom)
            fouten = f"=NOT(IFERROR(goed_{p.blad.sleutel},FALSE))"
            if not p.regel.leeg:
                fouten = f'=AND($A{EERSTE_RIJ}<>"",NOT(IFERROR(goed_{p.blad.sleutel},FALSE)))'
            optie = {"validate": "custom", "value": f"=goed_{p.blad.sleutel}", "ignore_blank": not p.regel.leeg}
            assert ws.data_validation(bereik.replace("$", ""), optie) == 0
            ws.conditional_format(bereik.replace("$", ""), {"type": "formula", "criteria": fouten, "format": rood})
        intern = boek.add_worksheet("_lijsten")
        reeksen = {f"lijst_{c.sleutel}": c.toegelaten for c in schema.codelijsten.values()}
        reeksen |= {f"tekens_{n}": t for n, t in TEKENLIJSTEN.items()}
        for n, (naam, waarden) in enumerate(reeksen.items()):
            letter = xlsxwriter.utility.xl_col_to_name(n)
            intern.write_column(0, n, waarden)
            for r, w in enumerate(waarden):
                intern.write_string(r, n, w)
            boek.define_name(naam, f"={bladnaam('_lijsten')}!${letter}$1:${letter}${len(waarden)}")
        intern.hide()
        boek.close()
    pad.write_bytes(buffer.getvalue())


def oordelen(pad: Path, schema: Schema, lijst: list[Proef]) -> dict[str, list[bool]]:
    """What the checks say of the very file: {sheet: one verdict per row}."""
    boek = CalamineWorkbook.from_path(str(pad))
    uit = {}
    for p in lijst:
        rijen = boek.get_sheet_by_name(p.blad.naam).to_python(skip_empty_area=False)[EERSTE_RIJ - 1 :]
        rijen += [[]] * (p.aantal - len(rijen))
        frame = pl.DataFrame(
            [
                reeks
                for n, kolom in enumerate(p.blad.kolommen)
                for reeks in kolomreeksen(kolom, [r[n] if len(r) > n else "" for r in rijen]).values()
            ]
        )
        ctx = Context(schema, schema.werkboeken[0], frames={p.blad.sleutel: frame})
        uit[p.blad.naam] = frame.select(o=p.toegepast.oordeel(ctx))["o"].to_list()
    return uit


# --- values ---------------------------------------------------------------------------------------------------------

NASTIG = [
    "=1+1", "+32", "-1", "@x", "'x", '"', '""', "TRUE", "WAAR", "1E5", "1,5", "1.5", "5%", "€ 5", "(5)", "0x1F", "½", "²",
    "Ⅷ", "٣", "٠٤١٢٣٤٥٦٧٨", "１２３", "王", "Ünïcödé", "ﬁ", "İ", "ß", "😀", "e\u0301", "\u200b", "\u00a0", " ", "  ", "a\nb",
    "<b>", "<>", "<\n>", "a<b", "a>b<c", "*", "?", "~", "*a*", "a?", "~*", "[a]", "#N/A", "NULL", "null", "0", "00", "-0",
    "1900-01-00", "0000-00-00", "2000-02-29", "1900-02-29", "1500-02-29", "2024-02-30", "1999-13-01", "1999-1-1", "31/12/1999",
    "12:30", "2024-01-01 12:00", "x" * 127, "x" * 128, "x" * 129, "😀" * 64, "😀" * 65, "a" * 300, "http://", "https://.", "HTTP://a.b",
    "ht\u0442p://a.b", "https//a.b", "V0001000", "V0001001", "v9999999", "V000100a", "BE", "be68539007547034", "NVT", "nvt",
    "Niet van toepassing", "JGDW", "jgdw", "jeugdwerk", "Ja", "NEE", "ja ", " ja",
]  # fmt: skip


def willekeurig(kans: random.Random, p: Proef, kolom: Kolom, schema: Schema) -> object:
    """A good, a bad or a nasty value for a column: text, number or date."""
    soort = kans.random()
    regel = p.regel
    if soort < 0.12:
        return kans.choice(NASTIG)
    if soort < 0.2 and (regel.goed or regel.slecht) and kolom is p.toegepast.kolom:
        return _gebogen(kans, kans.choice([*regel.goed, *(s for s in regel.slecht if s), "x"]))
    if soort < 0.28:
        return kans.choice(
            [0, 1, 2, 5, 149, 150, 151, -1, 0.5, 12.5, 60, 61, 2800, 10**9, 1131500149, 403019261, 2958465, 2958466, 1e15]
        )
    if kolom.sleutel in dict(p.toegepast.als) and kans.random() < 0.6:
        return dict(p.toegepast.als)[kolom.sleutel]
    if kolom.soort == "datum":
        return _datum(kans)
    if kolom.max and kans.random() < 0.4:
        return kans.choice(["x", "é", "😀"]) * (kolom.max + kans.randint(-66, 3))
    if kolom.soort == "getal":
        return kans.choice([kans.randint(-3, 160), str(kans.randint(0, 160)), kans.random() * 150])
    if kolom.codelijst:
        lijst = schema.codelijsten[kolom.codelijst].toegelaten
        keuze = kans.choice(kans.choice([lijst, lijst[:25], lijst[-3:]]))
        return kans.choice([keuze, keuze, keuze.upper(), _gebogen(kans, keuze)])
    namen = [n for n in (*p.regel.namen, *(t.regel for t in kolom.regels)) if n in MAKERS]
    maker = MAKERS.get(next(iter(namen), ""))
    if maker is None:
        return "".join(kans.choice("ab1<> .;@\u00a0é") for _ in range(kans.randint(1, 20)))
    waarde = maker(kans)
    return waarde if kans.random() < 0.6 else _gebogen(kans, waarde)


def _gebogen(kans: random.Random, w: str) -> str:
    """The value with one thing changed: a character more, less, another, or the case."""
    i = kans.randrange(len(w) + 1)
    teken = kans.choice("0123456789 .-/+;@aAeE_:\u00a0é٣²")
    return kans.choice(
        [w[:i] + w[i + 1 :], w[:i] + teken + w[i:], w[:i] + teken + w[i + 1 :], w.upper(), w.lower(), w + " ", " " + w]
    )


def _datum(kans: random.Random) -> object:
    dag = dt.date(1900, 3, 1) + dt.timedelta(days=kans.randint(0, 70_000))
    nu = dt.date.today() + dt.timedelta(days=kans.choice([-1, 0, 1]))
    lang = f"{kans.randint(0, 2100):04d}-{kans.randint(0, 13):02d}-{kans.randint(0, 31):02d}"
    return kans.choice(
        [dag, dag, nu, nu.isoformat(), dag.isoformat(), lang, _gebogen(kans, dag.isoformat()), dag.strftime("%d/%m/%Y"),
         kans.randint(61, 60_000), dt.datetime.combine(nu, dt.time(13, 30))]
    )  # fmt: skip


def _insz(kans: random.Random) -> str:
    maand = kans.choice([kans.randint(1, 12), kans.randint(0, 99)])
    basis = f"{kans.randint(0, 99):02d}{maand:02d}{kans.randint(0, 40):02d}{kans.randint(0, 999):03d}"
    som = 97 - int(kans.choice(["", "2"]) + basis) % 97
    c = basis + f"{som:02d}"
    return kans.choice([c, c, f"{c[:2]}.{c[2:4]}.{c[4:6]}-{c[6:9]}.{c[9:]}", f"{c[:6]}-{c[6:9]}.{c[9:]}"])


def _kbo(kans: random.Random) -> str:
    basis = f"{kans.randint(0, 19_999_999):08d}"
    c = basis + f"{97 - int(basis) % 97:02d}"
    return kans.choice([c, f"{c[:4]}.{c[4:7]}.{c[7:]}", f"BE{c}", f"{c[:4]} {c[4:]}", f".{c}", c.lstrip("0")])


def _iban(kans: random.Random) -> str:
    bban = f"{kans.randint(0, 10**12 - 1):012d}"
    c = f"BE{98 - int(bban + '111400') % 97:02d}{bban}"
    return kans.choice([c, " ".join(c[i : i + 4] for i in range(0, 16, 4)), c.lower(), "NL91ABNA0417164300"])


MAKERS = {
    "insz": _insz,
    "kbo_nummer": _kbo,
    "iban": _iban,
    "vcode": lambda k: k.choice("VvX") + f"{k.choice([k.randint(0, 2000), k.randint(0, 9_999_999)]):07d}",
    "telefoon": lambda k: "".join(k.choice("0123456789 ./()-+") for _ in range(k.randint(1, 16))),
    "website": lambda k: k.choice(["http://", "https://", "HTTPS://", "www.", "ftp://", ""])
    + k.choice(["a.be", "x", "a b.be", ".", "é.be/a"]),
    "sociale_media": lambda k: k.choice(["http://", "https://", "www."]) + k.choice(["a.be", "x", "www.facebook.com/a b"]),
    "e_mail": lambda k: k.choice(["jan", "jan.peeters", "j_", "-j", "a'b", "é", ""])
    + k.choice(["@", "@@", "(at)"])
    + k.choice(["x.be", "x", "x-y.co.be", ".be"]),
    "voornaam": lambda k: k.choice(["An", "Gert-Jan", "D'hondt", "王", "n0el", "X Æ A-Xii", "...", "٣", "-"]),
    "achternaam": lambda k: k.choice(["Peeters", "Van den Borre", "2de", "Ø", "_", "Łukasz", "१", "%%%"]),
    "titularissen": lambda k: "; ".join(
        k.choice(["An Peeters", "an peeters", "x" * 128, "y" * 129, ""]) for _ in range(k.randint(1, 3))
    ),
    "adres_id": lambda k: k.choice(["https://data.vlaanderen.be/id/adres/", "http://data.vlaanderen.be/id/adres/", ""])
    + str(k.randint(1, 10**6)),
}  # fmt: skip
