"""What files may call things, and what the rules of the schemas are called in words; from ``words.toml``."""

from __future__ import annotations

import dataframely as dy

from fordel.stores.said import Phrase, phrase, words

__all__ = ["column_called", "expected_of", "plain", "remedy_of", "words"]
MOST_NAMED = 6


def plain(heading: str) -> str:
    """Write a heading as headings are compared: small letters, ``_`` for blanks and hyphens."""
    return "_".join(heading.strip().casefold().replace("-", " ").replace("_", " ").split())


def column_called(heading: str) -> str:
    """Give Fordel's name for a heading; the heading itself, in plain form, when it is not known."""
    name = plain(heading)
    return str(words()["columns"].get(name, name))


def expected_of(column: dy.Column) -> Phrase:
    """Say what a column's cells should be."""
    if isinstance(column, dy.Enum):
        names = list(column.categories)
        some = ", ".join(names) if len(names) <= MOST_NAMED else f"{names[0]}, {names[1]}, ... {names[-1]}"
        return phrase("one_of", names=some)
    return _said_of(column, "expected")


def remedy_of(column: dy.Column) -> Phrase:
    """Say what to do about a cell that is something else."""
    return _said_of(column, "remedy")


def _said_of(column: dy.Column, what: str) -> Phrase:
    if isinstance(column, dy.String) and column.regex is not None and column.regex in words()["patterns"]:
        return Phrase(("patterns", column.regex, what))
    return Phrase(("kinds", type(column).__name__, what))
