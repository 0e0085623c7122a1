"""The base of every error this package raises on purpose. It stands alone, so that catching it costs no loading."""


class CleanupError(Exception):
    """The base of every error this package raises on purpose; its text is one line a user can act on."""
