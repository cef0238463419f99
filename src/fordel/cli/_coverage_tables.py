"""Tables of coverage that fit a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from rich import box
from rich.markup import escape
from rich.table import Table

from fordel.cli._shown import console
from fordel.coverage.choices import choices_by

if TYPE_CHECKING:
    from fordel.coverage.options import Option
    from fordel.coverage.survey import Survey
    from fordel.runs.record import Run

WIDEST_NUMBER, WIDEST_SHARE = len("5,837,213"), len("100.0")
CHOICES = ("no_choice", "one_choice", "two_choices")
LEVELS = ("nation", "region", "health_council", "municipality")


def people_by_area(survey: Survey, run: Run, level: str) -> pl.DataFrame:
    """Count people by choices per area of a level, with the area's name."""
    places = with_wholes(survey.choices, run)
    names = run.areas.filter(level=level).select("name", area_id="area_id")
    return choices_by(places, level).rename({level: "area_id"}).join(names, on="area_id", how="left")


def with_wholes(places: pl.DataFrame, run: Run) -> pl.DataFrame:
    """Say of each place in which area of every level it lies."""
    wholes = run.areas.filter(level="municipality").select(
        "health_council", "region", municipality="area_id", nation=pl.lit("dk")
    )
    return places.join(wholes, on="municipality", how="left", maintain_order="left")


def access_table(frame: pl.DataFrame) -> Table:
    """Lay out access: one row per area."""
    title = "Capacities reached per 10,000 weighted citizens (RAAM: cost)"
    table = _table(title, "Area", "2SFCA", "E2SFCA", "3SFCA", "RAAM", "Per cap.")
    for row in frame.iter_rows(named=True):
        ratios = ("" if row[name] is None else f"{row[name]:.2f}" for name in ("2sfca", "e2sfca", "3sfca", "raam"))
        each = f"{10_000 / row['2sfca']:,.0f}" if row["2sfca"] else ""
        table.add_row(escape(str(row["name"] or row["area_id"])), *ratios, each)
    return table


def fifths_table(frame: pl.DataFrame) -> Table:
    """Lay out access by fifths of need."""
    table = _table("By need", "Fifth (1: least)", "People", "E2SFCA")
    for row in frame.iter_rows(named=True):
        table.add_row(str(row["need_fifth"]), f"{row['people']:,}", f"{row['mean_access']:.2f}")
    return table


def before_after_table(frame: pl.DataFrame) -> Table:
    """Lay out people by choices before and after an event: one row per area in which something changes."""
    table = _table("People by open choices, before → after", "Area", "None", "One", "Two +")
    for row in frame.iter_rows(named=True):
        pairs = ((row[f"people_{name}_{when}"] for when in ("before", "after")) for name in CHOICES)
        table.add_row(escape(str(row["name"] or row["area_id"])), *(f"{b:,} → {a:,}" for b, a in pairs))
    return table


def choices_table(frame: pl.DataFrame, title: str) -> Table:
    """Lay out people by choices: one row per area."""
    columns = {"no_choice": "None %", "one_choice": "One %", "two_choices": "Two + %", "mixed": "Mixed %"}
    if "share_over_water" in frame.columns:
        columns["over_water"] = "Water %"
    table = _table(title, "Area", "People", *columns.values())
    for row in frame.iter_rows(named=True):
        shares = (row[f"share_{name}"] for name in columns)
        name = row.get("name") or row.get("area_id") or row.get("landmass")
        table.add_row(escape(str(name)), f"{row['people']:,}", *(_percent(share) for share in shares))
    return table


def ranking_table(ranking: pl.DataFrame, names: dict[str, str]) -> Table:
    """Lay out closures, worst first."""
    table = _table("Which closure hurts most", "Practice", "List", "No room", "Lose last", "Below two")
    columns = ("displaced", "stranded", "people_losing_all", "people_losing_two")
    for row in ranking.iter_rows(named=True):
        counts = (f"{row[name]:,}" for name in columns)
        label = f"{row['practice_id']} {names[row['practice_id']]}"
        table.add_row(escape(label), *counts)
    return table


def moves_table(moves: pl.DataFrame) -> Table:
    """Lay out where patients go: one row per practice that takes some."""
    table = _table("Where the patients find room", "Practice", "Takes", "Room left", "Mean km")
    for row in moves.iter_rows(named=True):
        label = f"{row['practice_id']} {row['name']}"
        table.add_row(escape(label), f"{row['taken']:,}", f"{row['left']:,}", f"{row['mean_km']:.1f}")
    return table


def options_table(options: list[Option], lang: str) -> Table:
    """Lay out a citizen's options, nearest first, with the reason in a sentence."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=True)
    table.add_column("km", justify="right", no_wrap=True)
    table.add_column("Praksis" if lang == "da" else "Practice", ratio=1)
    table.add_column("Må jeg vælge den?" if lang == "da" else "May I choose it?", ratio=2)
    for option in options:
        table.add_row(f"{option.metres / 1000:.1f}", escape(option.name), escape(option.sentence(lang)))
    return table


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    widths = [max(len(other), WIDEST_SHARE if other.endswith("%") else WIDEST_NUMBER) for other in others]
    # Names, never numbers, give way on a narrow terminal; three characters of each go to the space between.
    for_name = max(12, console.width - sum(widths) - 3 * len(widths) - 3)
    table.add_column(first, overflow="ellipsis", no_wrap=True, max_width=for_name)
    for other, width in zip(others, widths, strict=True):
        table.add_column(other, justify="right", no_wrap=True, min_width=width)
    return table


def _percent(share: Any) -> str:
    return "" if share is None else f"{share * 100:.1f}"
