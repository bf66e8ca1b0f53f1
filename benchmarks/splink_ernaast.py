"""Splink beside our own search on the same planted duplicates: `python benchmarks/splink_ernaast.py [AANTAL]`.

Splink is no dependency of the kit: install it in an environment of its own (`pip install splink`). Settings are what one would
take for names and contacts; blocking by municipality with a shared beginning or end, or by a shared contact.
"""

from __future__ import annotations

import logging
import sys
import time

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from kit.dubbels.plaatsen import plaatsen_van
from kit.dubbels.woorden import plat
from kit.dubbels.zoek import zoek
from kit.schema import laad_schema
from kit.voorbeeld.dubbelgangers import maak_proef

logging.getLogger("splink").setLevel(logging.ERROR)


def main(aantal: int) -> None:
    schema = laad_schema()
    plaatsen = plaatsen_van(schema)
    proef = maak_proef(schema, aantal)
    begin = time.perf_counter()
    eigen = {(p.a, p.b) for p in zoek(proef.kandidaten, plaatsen)}
    _zeg("eigen zoektocht", eigen, proef.geplant, time.perf_counter() - begin)

    rijen = []
    for k in proef.kandidaten:
        woorden = plat(k.naam).split()
        rijen.append(
            {
                "unique_id": k.sleutel, "naam": " ".join(woorden), "gesorteerd": " ".join(sorted(woorden)),
                "plaats": k.plaatsen[0] if k.plaatsen else None, "begin": woorden[0][:4], "eind": woorden[-1][:4],
                "rekening": next(iter(k.rekeningen), None), "e_mail": next(iter(k.e_mails), None),
                "telefoon": next(iter(k.telefoons), None), "persoon": next(iter(k.personen), None),
            }
        )  # fmt: skip
    begin = time.perf_counter()
    velden = ("rekening", "e_mail", "telefoon", "persoon")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("naam", [0.95, 0.88]),
            cl.LevenshteinAtThresholds("gesorteerd", [2, 5]),
            cl.ExactMatch("plaats"),
            *(cl.ExactMatch(v) for v in velden),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("plaats", "begin"),
            block_on("plaats", "eind"),
            *(block_on(v) for v in velden),
        ],
    )
    linker = Linker(DuckDBAPI().register(pd.DataFrame(rijen)), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("gesorteerd", "plaats")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    # Only blocks that hold many true pairs teach it something.
    for samen in (("gesorteerd",), ("rekening",), ("e_mail",)):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*samen))
    for drempel in (0.01, 0.1, 0.5, 0.9):
        paren = linker.inference.predict(threshold_match_probability=drempel).as_pandas_dataframe()
        gevonden = {tuple(sorted(p)) for p in zip(paren.unique_id_l, paren.unique_id_r, strict=True)}
        _zeg(f"Splink, drempel {drempel}", gevonden, proef.geplant, time.perf_counter() - begin)


def _zeg(wie: str, gevonden: set[tuple[str, ...]], geplant: dict[tuple[str, str], str], seconden: float) -> None:
    goed = len(gevonden & geplant.keys())
    recall, precision = goed / len(geplant), goed / max(1, len(gevonden))
    print(f"{wie:<22} recall {recall:.3f}  precision {precision:.3f}  {seconden:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
