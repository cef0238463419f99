"""What files may call things, and what the rules of the schemas are called in words; from ``words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import dataframely as dy

MOST_NAMED = 6


@cache
def words() -> dict[str, Any]:
    """Read the word list that comes with the package."""
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def plain(heading: str) -> str:
    """Write a heading as headings are compared: small letters, ``_`` for blanks and hyphens."""
    return "_".join(heading.strip().casefold().replace("-", " ").replace("_", " ").split())


def column_called(heading: str) -> str:
    """Give Fordel's name for a heading; the heading itself, in plain form, when it is not known."""
    name = plain(heading)
    return str(words()["columns"].get(name, name))


def expected_of(column: dy.Column) -> str:
    """Say what a column's cells should be."""
    if isinstance(column, dy.Enum):
        names = list(column.categories)
        return "one of " + (
            ", ".join(names) if len(names) <= MOST_NAMED else f"{names[0]}, {names[1]}, ... {names[-1]}"
        )
    if isinstance(column, dy.String) and column.regex in words()["patterns"]:
        return str(words()["patterns"][column.regex]["expected"])
    return str(words()["kinds"][type(column).__name__]["expected"])


def remedy_of(column: dy.Column) -> str:
    """Say what to do about a cell that is something else."""
    if isinstance(column, dy.String) and column.regex in words()["patterns"]:
        return str(words()["patterns"][column.regex]["remedy"])
    return str(words()["kinds"][type(column).__name__]["remedy"])
