"""A certificate of our own for trying the add-in out on this computer: Office only opens pages over HTTPS."""

from __future__ import annotations

from pathlib import Path

import trustme

from kit.bestanden import schrijf

UITGEVER, CERTIFICAAT, SLEUTEL = "kit-uitgever.pem", "localhost.pem", "localhost-sleutel.pem"


def eigen_certificaat(map_: Path) -> tuple[Path, Path]:
    """Certificate and key for localhost, made once and kept in this folder; only its owner reads the key."""
    certificaat, sleutel = map_ / CERTIFICAAT, map_ / SLEUTEL
    if not (certificaat.exists() and sleutel.exists()):
        uitgever = trustme.CA(organization_name="Voorbereidingskit, alleen op deze computer")
        blad = uitgever.issue_cert("localhost", "127.0.0.1")
        schrijf(map_ / UITGEVER, uitgever.cert_pem.bytes())
        schrijf(certificaat, b"".join(c.bytes() for c in blad.cert_chain_pems))
        schrijf(sleutel, blad.private_key_pem.bytes())
        sleutel.chmod(0o600)
    return certificaat, sleutel
