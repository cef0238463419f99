"""What every page needs: the run in one language, and tables that know how their columns are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish import formats
from fordel.publish.disclosure import COUNTED, shown_areas
from fordel.runs.record import columns

if TYPE_CHECKING:
    from fordel.publish.texts import Texts
    from fordel.runs.record import Run

Row = Mapping[str, Any]

# Where long headings may break, so that a table of areas fits a sheet of A4.
BREAKS = {
    "Behandlingsbehov": "Behandlings\u00adbehov",
    "Kapacitetsloft": "Kapacitets\u00adloft",
}


@dataclass(frozen=True)
class Column:
    """One column of a table on a page: heading, unit, what it means, and how a row is written in it."""

    heading: str
    meaning: str
    write: Callable[[Row], str]
    unit: str = ""
    numeric: bool = True


@dataclass(frozen=True)
class Line:
    """One row of a table on a page: its cells, the name first. ``href`` is where the name leads."""

    cells: list[str]
    anchor: str = ""
    href: str = ""
    total: bool = False


@dataclass(frozen=True)
class Group:
    """Rows under one heading; no heading where the table has one group."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True)
class Table:
    """A table on a page. ``short`` is what a list of contents calls it."""

    anchor: str
    caption: str
    columns: list[Column]
    groups: list[Group]
    short: str = ""


@dataclass(frozen=True, eq=False)
class Report:
    """A run and the language it is shown in."""

    run: Run
    texts: Texts

    @cached_property
    def nation(self) -> Row:
        """The row of the whole nation."""
        return shown_areas(self.run).areas.row(0, named=True)

    def at_level(self, level: str) -> list[Row]:
        """Give the areas of a level in Danish order of names."""
        rows = shown_areas(self.run).areas.filter(pl.col("level") == level).to_dicts()
        return sorted(rows, key=lambda row: (formats.danish_order(row["name"]), row["area_id"]))

    @cached_property
    def municipalities(self) -> list[Row]:
        """The municipalities in Danish order of names."""
        return self.at_level("municipality")

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of each area by its id."""
        return dict(self.run.areas.select("area_id", "name").iter_rows())

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Write a number in the report's language."""
        return formats.number(value, decimals, self.texts.lang)

    def brief(self, value: float) -> str:
        """Write capacities with a decimal only where they are not whole."""
        return self.number(value, 0 if value == round(value) else 1)

    def share(self, part: float | None, whole: float) -> str:
        """Write a part of a whole in per cent, or that the part is held back."""
        return self.texts("held_back") if part is None else formats.share(part, whole, self.texts.lang)

    def count(self, part: int | None) -> str:
        """Write a count of people, or that it is held back."""
        return self.texts("held_back") if part is None else self.number(part)

    def column(self, table: str, name: str) -> Column:
        """Make a column of a result table, written as its documentation says."""
        known = columns()[table][name]
        lang = self.texts.lang
        meaning = known.beskrivelse if lang == "da" else known.description
        unit = "" if known.decimals is None else known.unit_in(lang)
        return Column(
            _breakable(known.heading(lang)),
            meaning,
            self._writer(name, known.decimals),
            unit,
            known.decimals is not None,
        )

    def share_column(self, key: str, part: str) -> Column:
        """Make a column with the share of people that ``part`` counts."""
        return Column(
            self.texts(key), self.texts(f"{key}_text"), lambda row: self.share(row[part], row["people"]), unit="%"
        )

    def _writer(self, name: str, decimals: int | None) -> Callable[[Row], str]:
        if name in COUNTED:
            return lambda row: self.count(row[name])
        if decimals is not None:
            return lambda row: self.number(row[name], decimals)
        return lambda row: self._words(row[name])

    def _words(self, value: Any) -> str:
        """Write a word, or yes and no."""
        if isinstance(value, str):
            return value
        return self.texts.yes_no(answer=value)


def _breakable(heading: str) -> str:
    for word, parts in BREAKS.items():
        heading = heading.replace(word, parts)
    return heading


def line(row: Row, table: list[Column], **how: Any) -> Line:
    """Write one row of a table."""
    return Line([column.write(row) for column in table], **how)
