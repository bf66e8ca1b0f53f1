"""Planted errors are all found, in the right cell with the right code; a sample without errors has no fout."""

from kit.regels import Aard, Ernst, alle_regels


def test_alle_geplante_fouten_worden_gevonden(geplant, kijk_na) -> None:
    paden, voorbeeld = geplant
    gevonden = {(b.bestand, b.blad, b.cel, b.regel) for b in kijk_na(*paden)}
    gemist = [g for g in voorbeeld.geplant if (g.bestand, g.blad, g.cel, g.regel) not in gevonden]
    assert gemist == []
    assert len(voorbeeld.geplant) > 300


def test_elke_regel_is_geplant(geplant) -> None:
    _, voorbeeld = geplant
    plantbaar = {r.code for r in alle_regels() if r.aard != Aard.STRUCTUUR}
    assert plantbaar == {g.regel for g in voorbeeld.geplant}


def test_foutloos_voorbeeld_heeft_geen_fouten(foutloos, kijk_na) -> None:
    assert [b for b in kijk_na(*foutloos) if b.ernst == Ernst.FOUT] == []


def test_elke_bevinding_noemt_haar_plaats_en_zegt_wat_te_doen(geplant, kijk_na) -> None:
    for b in kijk_na(*geplant[0]):
        assert b.bestand and b.blad and b.cel and b.kolom and b.regel
        assert b.cel.endswith(str(b.rij))
        assert b.melding.endswith((".", "?", "”?")) and "{" not in b.melding


def test_zelfde_zaad_geeft_zelfde_voorbeeld(schema) -> None:
    from kit.voorbeeld import maak_voorbeeld

    een, twee = (maak_voorbeeld(schema, 30, zaad=7, fouten=20) for _ in range(2))
    assert een == twee
    assert een.rijen != maak_voorbeeld(schema, 30, zaad=8, fouten=20).rijen
