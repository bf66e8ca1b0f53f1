"""The buttons, once: from here come the ribbon of the classic add-in, its macros, the manifest, the task pane and *Lees mij*."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TAB = "Voorbereidingskit"


@dataclass(frozen=True)
class Knop:
    """`naam` is the entry point in `kit.addin` and its icon; `groot`: its size on the ribbon."""

    naam: str
    label: str
    uitleg: str
    groep: str
    groot: bool = True

    @property
    def macro(self) -> str:
        """The name of its macro: KitWisMarkeringen."""
        return "Kit" + "".join(deel.capitalize() for deel in self.naam.split("_"))

    @property
    def opdracht(self) -> str:
        """The name of its command in Office.js: kit-wis-markeringen."""
        return "kit-" + self.naam.replace("_", "-")


KNOPPEN = (
    Knop("valideer", "Valideer", "Kijk het werkboek na. Foute cellen worden roze, cellen om na te kijken geel, elk met uitleg "
         "in een notitie; het blad Bevindingen toont de hele lijst.", "Nakijken"),
    Knop("naar_volgende", "Volgende", "Ga naar de volgende cel die uw aandacht vraagt.", "Nakijken"),
    Knop("herstel", "Herstel", "Toon wat de kit vanzelf kan herstellen, zoals spaties en notaties, en herstel het als u ja zegt.",
         "Verbeteren"),
    Knop("maak_ongedaan", "Herstel terugdraaien", "Zet terug wat het laatste herstel wijzigde, als u de oude waarden bewaarde.",
         "Verbeteren", groot=False),
    Knop("wis_markeringen", "Markeringen wissen", "Haal de kleuren, notities en de lijst van de kit weg. Uw eigen opmaak blijft.",
         "Verbeteren", groot=False),
    Knop("exporteer", "Exporteer", "Maak de bestanden voor Digitaal Vlaanderen. Dat kan pas als er geen fouten meer zijn.",
         "Bezorgen"),
    Knop("over", "Over", "Welke versie dit is, en waar uw gegevens naartoe gaan.", "Bezorgen", groot=False),
)  # fmt: skip


def groepen() -> dict[str, list[Knop]]:
    """The groups of the ribbon with their buttons."""
    uit: dict[str, list[Knop]] = {}
    for knop in KNOPPEN:
        uit.setdefault(knop.groep, []).append(knop)
    return uit


def bronmap() -> Path:
    """The folder `addin/` with icons and web files, in a checkout or in an installed package."""
    pakket = Path(__file__).parent
    return next(m for m in (pakket / "addin_bronnen", pakket.parents[1] / "addin") if m.is_dir())
