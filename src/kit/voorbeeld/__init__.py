"""Sample data: believable associations that do not exist, with or without planted errors and their answer key."""

from kit.voorbeeld.maken import Voorbeeld, maak_voorbeeld
from kit.voorbeeld.planten import Geplant

__all__ = ["Geplant", "Voorbeeld", "maak_voorbeeld"]
