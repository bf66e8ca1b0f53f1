"""What can be wrong with the layout of a file. The reader finds these; they have no check or formula of their own."""

from kit.regels.kern import Aard, Ernst, registreer

KOLOM_ONTBREEKT = registreer(
    code="STRUCTUUR-01",
    ernst=Ernst.FOUT,
    aard=Aard.STRUCTUUR,
    eis="Elke verplichte kolom staat op het blad.",
    melding="De verplichte kolom {kop} ontbreekt. Voeg ze toe, of geef de kolom opnieuw haar oorspronkelijke kop.",
    bron="ontwerp.md 3",
)
WENSKOLOM_ONTBREEKT = registreer(
    code="STRUCTUUR-02",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.STRUCTUUR,
    eis="Elke kolom van de kit staat op het blad.",
    melding="De kolom {kop} ontbreekt. Dat mag, maar dan gaat er voor die kolom niets mee.",
    bron="ontwerp.md 3",
)
KOLOM_DUBBEL = registreer(
    code="STRUCTUUR-03",
    ernst=Ernst.FOUT,
    aard=Aard.STRUCTUUR,
    eis="Elke kop komt één keer voor.",
    melding="De kolom {kop} staat hier voor de tweede keer. Alleen de eerste telt: voeg ze samen of geef deze een andere kop.",
    bron="ontwerp.md 3",
)
KOLOM_ONBEKEND = registreer(
    code="STRUCTUUR-04",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.STRUCTUUR,
    eis="Eigen kolommen mogen.",
    melding="De kolom {kop} hoort niet bij de kit. U mag ze houden; ze gaat niet mee naar het register.",
    bron="ontwerp.md 5",
)
SAMENGEVOEGD = registreer(
    code="STRUCTUUR-05",
    ernst=Ernst.WAARSCHUWING,
    aard=Aard.STRUCTUUR,
    eis="Geen samengevoegde cellen tussen de gegevens.",
    melding="Deze cellen zijn samengevoegd. De kit leest de waarde voor elke rij ervan; splits ze liever.",
    bron="kitbeleid",
)
FORMULE_ZONDER_WAARDE = registreer(
    code="STRUCTUUR-06",
    ernst=Ernst.FOUT,
    aard=Aard.STRUCTUUR,
    eis="Een formule heeft een berekende waarde.",
    melding="Hier staat een formule zonder berekende waarde, en de kit rekent niet zelf. "
    "Open het bestand in Excel en bewaar het, of vervang de formule door haar waarde.",
    bron="testen-zonder-excel.md 6: bewaarde waarden kunnen ontbreken",
)
