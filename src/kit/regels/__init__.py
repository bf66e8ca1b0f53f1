"""All rules of the kit. A new rule is one `registreer(...)` block in the module where its idea belongs."""

from kit.regels import (  # noqa: F401  (importing a module enters its rules)
    adres,
    contact,
    dubbel,
    getal,
    groepen,
    keuze,
    naam,
    nummers,
    structuur,
    tekst,
    titularis,
    vereniging,
)
from kit.regels.kern import (
    SOORT,
    Aard,
    Cel,
    Celsoort,
    Context,
    Ernst,
    Regel,
    Toegepast,
    Vak,
    alle_regels,
    regelnamen,
    registreer,
    toegepast,
    vergeet,
)

__all__ = [
    "SOORT",
    "Aard",
    "Cel",
    "Celsoort",
    "Context",
    "Ernst",
    "Regel",
    "Toegepast",
    "Vak",
    "alle_regels",
    "regelnamen",
    "registreer",
    "toegepast",
    "vergeet",
]
