"""Invented Flemish associations, streets and people, with valid but fake numbers.

National numbers belong to people born from 1880 to 1899: valid, and nobody's today. Account numbers use bank code 000's
neighbour 099, phone numbers a block of zeros, and web and mail addresses the reserved domain `example`.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from kit.schema import Kolom, Schema

_SOORTEN = {
    "JGDW": ("Jeugdclub", "Speelclub", "Jeugdbeweging", "Scoutsgroep", "Speelpleinwerking"),
    "SPRT": ("Wandelclub", "Turnkring", "Petanqueclub", "Badmintonclub", "Zaalvoetbalploeg", "Fietsclub", "Duikclub"),
    "KECU": ("Harmonie", "Toneelkring", "Fanfare", "Koor", "Heemkring", "Fotoclub", "Dansgroep"),
    "HOSP": ("Kaartersclub", "Schaakkring", "Modelbouwclub", "Postzegelclub", "Quizploeg"),
    "BWWC": ("Buurtcomité", "Wijkcomité", "Feestcomité", "Straatcomité"),
    "NMDW": ("Natuurvrienden", "Tuinclub", "Imkersgilde", "Vogelvrienden"),
    "SOVO": ("Seniorenclub", "Praatgroep", "Leesgroep", "Vriendenkring"),
    "GEWE": ("Zelfhulpgroep", "Bezoekgroep", "Bloedgeversafdeling"),
    "KLDU": ("Klimaatgroep", "Repaircafé", "Energiekring"),
    "VORM": ("Oudercomité", "Vormingskring"),
}
_NAMEN = (
    "De Zwaluw", "De Kwikstaart", "Het Madeliefje", "De Windwijzer", "De Klaproos", "De Eekhoorn", "De Zilveren Sleutel",
    "Morgenstond", "De Kiekens", "De Platte Pet", "Eendracht", "De Gouden Bal", "Het Roggebroodje", "De Krekel", "Lustig",
    "De Waterjuffer", "Zonder Zorgen", "De Lindeboom", "De Ijsvogel", "Vrij en Blij", "De Molenwiek", "De Boerenzwaluw",
    "Het Zevengesternte", "De Houtduif", "De Kruiwagen", "Altijd Samen", "De Kastanje", "De Vuurvlieg", "Noorderwind",
    "Het Weeuwtje", "De Rode Laars", "De Halve Maan", "Sint-Joris", "Sint-Cecilia", "De Drie Eiken", "Plezant", "De Korenaar",
)  # fmt: skip
_STRAAT_VOOR = (
    "Zilverlinde", "Kwikstaart", "Braamkruis", "Turfkoning", "Hazelmuis", "Wolkenvanger", "Appelbloesem", "Regenwulp",
    "Vlasbloem", "Sleedoorn", "Kluisberken", "Waterkers", "Roggelelie", "Zonnedauw", "Hooiwagen", "Kamperfoelie",
)  # fmt: skip
_STRAAT_NA = ("dreef", "hof", "steeg", "pad", "plein", "weg", "laan", "straat")
_VOORNAMEN = (
    "An", "Bram", "Cato", "Dries", "Els", "Femke", "Gert", "Hilde", "Ilse", "Joris", "Katrien", "Lien", "Maarten", "Nele",
    "Oscar", "Paulien", "Quinten", "Roos", "Stijn", "Tine", "Wannes", "Yasmina", "Zeno", "Amir", "Fatima", "Gert-Jan",
)  # fmt: skip
_ACHTERNAMEN = (
    "Zwaluwmans", "Kwikstaarts", "Van den Turfhoek", "De Roggeman", "Braamkruis", "Vlasbloems", "Wolkenvanger", "Van Hazelmuis",
    "Klaproosen", "De Windwijzer", "Lindebosch", "Molenwiekx", "Van de Zilverberg", "Eekhoorns", "Waterkerse", "Sleedoorns",
    "D'Appelbloesem", "Kamperfoelie", "Van Regenwulpen", "Houtduivel",
)  # fmt: skip
_ROLLEN = ("Voorzitter", "Secretaris", "Penningmeester", "Contactpersoon", "Materiaalmeester")
_DIENSTEN = ("Jeugddienst", "Sportdienst", "Cultuurdienst", "Dienst Burgerzaken", "Seniorendienst")

Rij = dict[str, object]


@dataclass
class Verzinner:
    """Draws invented values; the same seed gives the same values.

    `plaatsen`: only these postcodes. `reeks` sets the KBO-nummers of one sample apart from those of another.
    """

    kans: random.Random
    schema: Schema
    plaatsen: tuple[str, ...] = ()
    reeks: int = 0

    def kies(self, *uit: str) -> str:
        return self.kans.choice(uit)

    def insz(self) -> str:
        dag = dt.date(1880, 1, 1) + dt.timedelta(days=self.kans.randrange(7300))
        basis = f"{dag:%y%m%d}{self.kans.randint(1, 997):03d}"
        c = basis + f"{97 - int(basis) % 97:02d}"
        # A number that would be valid for both centuries is refused: draw again.
        if 97 - int("2" + basis) % 97 == int(c[9:]):
            return self.insz()
        return f"{c[:2]}.{c[2:4]}.{c[4:6]}-{c[6:9]}.{c[9:]}"

    def kbo(self, n: int) -> str:
        basis = f"{19_000_000 + 10_000 * self.reeks + n:08d}"
        c = basis + f"{97 - int(basis) % 97:02d}"
        return f"{c[:4]}.{c[4:7]}.{c[7:]}"

    def iban(self) -> str:
        tien = f"099{self.kans.randrange(10**7):07d}"
        bban = tien + f"{int(tien) % 97 or 97:02d}"
        c = f"BE{98 - int(bban + '111400') % 97:02d}{bban}"
        return " ".join(c[i : i + 4] for i in range(0, 16, 4))

    def telefoon(self) -> str:
        return f"0{self.kies('15', '50', '56')} 00 {self.kans.randrange(100):02d} {self.kans.randrange(100):02d}"

    def mobiel(self) -> str:
        return f"0470 00 {self.kans.randrange(100):02d} {self.kans.randrange(100):02d}"

    def persoon(self) -> tuple[str, str]:
        return self.kies(*_VOORNAMEN), self.kies(*_ACHTERNAMEN)

    def email(self, naam: str) -> str:
        return f"{_plat(naam)}{self.kans.randrange(1000)}@{self.kies('vereniging', 'club', 'post')}.example"

    def datum(self, van: int, tot: int) -> dt.date:
        return dt.date(van, 1, 1) + dt.timedelta(days=self.kans.randrange((tot - van) * 365))

    def straat(self) -> str:
        return self.kies(*_STRAAT_VOOR) + self.kies(*_STRAAT_NA)

    def plaats(self) -> tuple[str, str]:
        """A postcode with a name that belongs to it."""
        lijst = next(c for c in self.schema.codelijsten.values() if any(k.bij for k in c.keuzes))
        keuze = self.kans.choice(
            [k for k in lijst.keuzes if (k.code in self.plaatsen if self.plaatsen else not k.code.startswith("1"))]
        )
        return keuze.code, keuze.bij[0]

    def activiteit(self) -> tuple[str, str]:
        """A kind of association and the code of its main activity."""
        code = self.kies(*_SOORTEN)
        return self.kies(*_SOORTEN[code]), code

    def naam(self, soort: str, gemeente: str, n: int) -> str:
        naam = f"{soort} {self.kies(*_NAMEN)}"
        return self.kies(naam, f"{naam} {gemeente}") + (f" {n // 40}" if n >= 40 else "")

    def label(self, kolom: Kolom, code: str) -> str:
        lijst = self.schema.codelijst(kolom)
        assert lijst is not None
        return next(k.label for k in lijst.keuzes if k.code == code)

    def dienst(self) -> str:
        return self.kies(*_DIENSTEN)

    def rol(self) -> str:
        return self.kies(*_ROLLEN)


def _plat(naam: str) -> str:
    return "".join(c for c in naam.lower().replace(" ", ".") if c.isascii() and (c.isalnum() or c == ".")).strip(".")
