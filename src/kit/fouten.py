"""The one error that a user sees. The command line turns it into a Dutch message and exit code 2."""


class KitFout(Exception):
    """The kit cannot do what was asked. `str(fout)` is the Dutch message, without national numbers."""
