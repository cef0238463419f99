"""The words of the report in Danish and English (texts.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from fordel.publish import formats

if TYPE_CHECKING:
    from fordel.publish._words import Lang


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Give every text by key, then by language."""
    return tomllib.loads((files("fordel.publish") / "texts.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Texts:
    """The texts of one language: ``da`` or ``en``."""

    lang: Lang

    def __call__(self, key: str, **values: object) -> str:
        """Give a text, its placeholders filled in.

        Raises:
            KeyError: no such text, or a placeholder without a value.
        """
        return catalogue()[key][self.lang].format(**values)

    def yes_no(self, *, answer: bool | None) -> str:
        """Write yes, no, or a dash where the answer is not known."""
        return formats.NONE if answer is None else self("yes" if answer else "no")
