"""The glossary: one English word and one Danish term per concept, defined in both languages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Term:
    """One concept: its word in the code, its term in Danish law, and what both mean.

    Attributes:
        word: English, as in names of the code, with spaces for underscores.
        dansk: the Danish term.
        definition: in English.
        definition_dansk: in Danish.
        source: where the term is used so.
    """

    word: str
    dansk: str
    definition: str
    definition_dansk: str
    source: str


@cache
def glossary() -> tuple[Term, ...]:
    """Read the glossary that comes with the package, in its order."""
    words = tomllib.loads(files("fordel.law").joinpath("glossary.toml").read_text(encoding="utf-8"))
    return tuple(Term(word.replace("_", " "), **entry) for word, entry in words.items())
