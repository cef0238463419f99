"""What can go wrong when coverage is computed: each error says what was asked, what was found, and what to try."""

from fordel.law import Reason


class CoverageError(Reason):
    """Coverage was asked of places, practices or roads that do not allow an answer."""
