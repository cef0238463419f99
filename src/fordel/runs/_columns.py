"""What each column of a run means, in Danish and English (columns.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Column:
    """One column of a result table.

    Attributes:
        table, name: where it stands.
        label, dansk: heading in English and Danish.
        unit, enhed: unit in English and Danish; empty for words and codes.
        decimals: how many to show; None for what is not a number.
        rule: the rule that gives it; empty where it comes from the snapshot.
        description, beskrivelse: what it means, in English and Danish.
    """

    table: str
    name: str
    label: str
    dansk: str
    description: str
    beskrivelse: str
    unit: str = ""
    enhed: str = ""
    decimals: int | None = None
    rule: str = ""

    def heading(self, lang: str) -> str:
        """Give the heading: ``da`` or ``en``."""
        return self.dansk if lang == "da" else self.label

    def unit_in(self, lang: str) -> str:
        """Give the unit: ``da`` or ``en``."""
        return self.enhed if lang == "da" else self.unit


@cache
def columns() -> dict[str, dict[str, Column]]:
    """Give the documented columns of the result tables, by table and name, in their order."""
    text = (files("fordel.runs") / "columns.toml").read_text(encoding="utf-8")
    return {
        table: {name: Column(table, name, **block) for name, block in blocks.items()}
        for table, blocks in tomllib.loads(text).items()
    }
