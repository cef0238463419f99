"""Tables of a run that fit a terminal of 80 columns."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl
from rich import box
from rich.markup import escape
from rich.table import Table

from fordel.cli._shown import console
from fordel.publish.disclosure import shown_areas, shown_practices
from fordel.runs.record import columns

if TYPE_CHECKING:
    from fordel.runs.record import Run

LEVELS = ("nation", "region", "health_council", "municipality", "practice")


class BadView(Exception):
    """A run cannot be shown that way."""


class View(StrEnum):
    """What to show of areas."""

    capacities = "capacities"
    choices = "choices"


HEADS = {
    "area_id": "Id",
    "name": "Name",
    "people": "People",
    "mean_weight": "Weight",
    "need": "Need",
    "ceiling": "Ceiling",
    "capacities_released": "Held",
    "headroom": "Room",
    "surplus": "Surplus",
    "releasable": "Release",
    "people_no_choice": "No choice",
    "people_one_choice": "One",
    "people_two_choices": "Two or more",
    "met": "Enough %",
    "practice_id": "Id",
    "patients": "List",
    "indicative_minimum": "Min/cap",
    "closing_minimum": "Closes at",
    "patients_missing": "Missing",
    "open_to_new": "Open",
}
CAPACITIES = ("people", "mean_weight", "need", "ceiling", "capacities_released", "headroom", "surplus", "releasable")
CHOICES = ("people", "people_no_choice", "people_one_choice", "people_two_choices", "met")
PRACTICE = (
    "patients",
    "mean_weight",
    "capacities_released",
    "indicative_minimum",
    "closing_minimum",
    "patients_missing",
    "open_to_new",
)


def plan_table(run: Run, level: str, view: View, sort: str | None, top: int | None) -> Table:
    """Lay out a run for one level of areas, or its practices; counts of few people are held back.

    Raises:
        BadView: no such level, or no such column to sort by.
    """
    if level not in LEVELS:
        raise BadView(f"No level is called {level!r}; use one of {', '.join(LEVELS)}.")
    practices = level == "practice"
    frame = shown_practices(run) if practices else shown_areas(run).areas.filter(level=level)
    shown = (
        ("practice_id", "name", *PRACTICE)
        if practices
        else ("name", *(CAPACITIES if view is View.capacities else CHOICES))
    )
    ordered = _ordered(frame, sort, "practices" if practices else "areas")
    if not practices:
        ordered = ordered.with_columns(met=100 * pl.col("people_choice_met") / pl.col("people"))
    return _table(
        ordered.head(top or ordered.height), shown, f"{min(top or frame.height, frame.height):,} of {frame.height:,}"
    )


def _ordered(frame: pl.DataFrame, sort: str | None, table: str) -> pl.DataFrame:
    """Sort words upwards and numbers downwards; nothing comes last; rows that are equal keep their order."""
    if sort is None:
        return frame
    if sort not in frame.columns:
        raise BadView(f"{table} has no column {sort!r}; sort by one of {', '.join(frame.columns)}.")
    downwards = frame.schema[sort].is_numeric()
    return frame.sort(sort, descending=downwards, nulls_last=True, maintain_order=True)


def _table(frame: pl.DataFrame, shown: tuple[str, ...], caption: str) -> Table:
    """Lay out rows; where the terminal is narrow the names give way, never the numbers."""
    rows = [
        [_cell(name, value) for name, value in zip(shown, row, strict=True)] for row in frame.select(shown).iter_rows()
    ]
    widths = [max(len(HEADS[name]), *(len(row[place]) for row in rows), 0) for place, name in enumerate(shown)]
    left_for_names = console.width - sum(w + 1 for name, w in zip(shown, widths, strict=True) if name != "name")
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False, caption=caption, caption_justify="left")
    for name, width in zip(shown, widths, strict=True):
        words = name in ("name", "practice_id", "open_to_new")
        room = min(width, max(8, left_for_names)) if name == "name" else width
        table.add_column(
            HEADS[name], justify="left" if words else "right", width=room, no_wrap=True, overflow="ellipsis"
        )
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _cell(name: str, value: object) -> str:
    if value is None or isinstance(value, str):
        return "–" if value is None else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    documented = columns()["areas"].get(name) or columns()["practices"].get(name)
    decimals = 1 if documented is None or name == "need" else documented.decimals
    return f"{value:,.{decimals or 0}f}"


__all__ = ["LEVELS", "BadView", "View", "plan_table"]
