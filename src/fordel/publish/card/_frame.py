"""What every part of the card needs: the records in one language, words, and tables made of a frame's columns."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fordel.publish import formats
from fordel.publish.report._frame import Column, Group, Table, line
from fordel.publish.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fordel.runs.need_record import NeedRecord


@cache
def words() -> dict[str, dict[str, str]]:
    """Give the card's own texts by key, then by language."""
    return tomllib.loads((files("fordel.publish.card") / "texts.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class CardTexts(Texts):
    """The card's own texts, and those it shares with the report."""

    def __call__(self, key: str, **values: object) -> str:
        """Give a text, its placeholders filled in.

        Raises:
            KeyError: no such text, or a placeholder without a value.
        """
        own = words()
        return own[key][self.lang].format(**values) if key in own else super().__call__(key, **values)


@dataclass(frozen=True, eq=False)
class Card:
    """A model, its check where there is one, and the language it is shown in."""

    model: NeedRecord
    check: NeedRecord | None
    texts: CardTexts

    @cached_property
    def facts(self) -> dict[str, str]:
        """The facts of the model's own card."""
        return dict(self.model.frames["card"].iter_rows())

    @cached_property
    def covariates(self) -> dict[str, dict[str, Any]]:
        """The covariates as the model file declares them."""
        return dict(json.loads(self.facts["model"])["covariates"])

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Write a number in the card's language; a dash where there is none."""
        return formats.number(value, decimals, self.texts.lang)

    def term(self, covariates: str, levels: str) -> str:
        """Name a term for people: in Danish by the model file's Danish words."""
        if not covariates:
            return self.texts("constant")
        pairs = zip(covariates.split(":"), levels.split(":"), strict=True)
        return " × ".join(self.level(covariate, level) for covariate, level in pairs)

    def level(self, covariate: str, level: str) -> str:
        """Name a level of a covariate for people."""
        name = self.covariate(covariate)
        if self.texts.lang == "da":
            entry = self.covariates[covariate]
            known = {one["name"]: one["dansk"] for one in entry.get("levels", [])}
            level = known.get(level, self.texts("missing") if level == "missing" else level)
            if "levels" not in entry and "breaks" not in entry:
                level = level.replace(".", ",")  # bounds of numbers
        return f"{name}: {level.replace('_', ' ')}" if level else name

    def covariate(self, name: str) -> str:
        """Name a covariate for people."""
        return str(self.covariates[name]["dansk"]) if self.texts.lang == "da" else name.replace("_", " ")

    def table(self, key: str, columns: Iterable[tuple[str, int | None]], rows: Iterable[Mapping[str, Any]]) -> Table:
        """Make a table: column names with their decimals; None is for words."""
        made = [self._column(name, decimals) for name, decimals in columns]
        return Table(key, self.texts(key), made, [Group("", [line(row, made) for row in rows])])

    def _column(self, name: str, decimals: int | None) -> Column:
        heading, meaning = self.texts(f"column_{name}"), words().get(f"column_{name}_text", {}).get(self.texts.lang, "")
        if decimals is None:
            return Column(heading, meaning, lambda row: str(row[name]), numeric=False)
        return Column(heading, meaning, lambda row: self.number(row[name], decimals))
