#!/bin/sh
# Voor de Mac, zonder beheerdersrechten: zet de kit en de knoppen in Excel voor de huidige gebruiker.
#   sh installeer.sh [voorbereidingskit-0.1.0-py3-none-any.whl]    of    sh installeer.sh --verwijder
set -eu
command -v uv >/dev/null || { echo "uv ontbreekt. Vraag uw IT-dienst om uv." >&2; exit 2; }
kit="$(uv tool dir --bin)/kit"
if [ "${1:-}" = --verwijder ]; then
    "$kit" addin verwijder
    exec uv tool uninstall voorbereidingskit
fi
wheel="${1:-$(ls "$(dirname "$0")"/voorbereidingskit-*.whl 2>/dev/null | tail -1)}"
[ -n "$wheel" ] || { echo "Leg het bestand voorbereidingskit-...whl naast dit script, of noem het erachter." >&2; exit 2; }
uv tool install --force "$wheel"
exec "$kit" addin "${KIT_STAP:-installeer}"
