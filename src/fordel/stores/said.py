"""Sentences in two languages, kept as a key and its parts until somebody reads them; from the word lists."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Lang = Literal["en", "da"]
LISTS = ("words.toml", "faults.toml")


@cache
def words() -> dict[str, Any]:
    """Read the word lists that come with the package."""
    lists = [tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8")) for name in LISTS]
    return {section: entries for found in lists for section, entries in found.items()}


@dataclass(frozen=True)
class Phrase:
    """Words in either language; as a string in English.

    Attributes:
        path: where the word lists have it, such as ``("kinds", "Date", "expected")``.
        parts: what stands in its braces.
    """

    path: tuple[str, ...]
    parts: Mapping[str, Part] = field(default_factory=dict)

    def told(self, lang: Lang) -> str:
        """Tell it in a language."""
        entry: Any = words()
        for key in self.path[:-1]:
            entry = entry[key]
        template: str = entry[self.path[-1] + ("_dansk" if lang == "da" else "")]
        return template.format(**{name: written(part, lang) for name, part in self.parts.items()})

    def __str__(self) -> str:
        return self.told("en")


Part = str | int | float | date | Phrase


def phrase(key: str, **parts: Part) -> Phrase:
    """Give a phrase of ``faults.toml``."""
    return Phrase(("phrases", key, "text"), parts)


def written(part: Part, lang: Lang) -> str:
    """Write a part of a sentence: whole numbers with signs between thousands, days as the language does."""
    if isinstance(part, Phrase):
        return part.told(lang)
    if isinstance(part, date):
        return f"{part.day}.{part.month}.{part.year}" if lang == "da" else str(part)
    if isinstance(part, int | float):
        plain = f"{part:,}"
        return plain.translate(str.maketrans(",.", ".,")) if lang == "da" else plain
    return part
