"""The entry points that Excel calls: `f(book: xw.Book) -> Uitkomst`, the same for every engine of xlwings."""

from kit.addin.handelingen import exporteer, herstel, maak_ongedaan, naar_volgende, over, valideer, wis_markeringen
from kit.addin.uitkomst import Uitkomst

__all__ = ["Uitkomst", "exporteer", "herstel", "maak_ongedaan", "naar_volgende", "over", "valideer", "wis_markeringen"]
