"""`fordel need compare`: two need models side by side."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import polars as pl
import typer
from rich.markup import escape

from fordel.cli._need_shown import grid_of, say, say_synthetic
from fordel.cli._shown import console, errors, parse_day, shown_to_user
from fordel.need import NeedError
from fordel.runs.need_record import Kind, NeedRecord, read_need_record, refuse_other, write_need_record
from fordel.runs.record import BadRun

if TYPE_CHECKING:
    from rich.table import Table

MOST_SHOWN = 10
Weights = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="What it weighs to: the folder of `fordel need weigh`.")
]


def compare(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder that `fordel need fit` wrote.")],
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="Another such folder.")],
    weights: Weights = None,
    other_weights: Weights = None,
    snapshot: Annotated[
        Path | None, typer.Option("--snapshot", metavar="FOLDER", help="Whose people and names are used.")
    ] = None,
    on: Annotated[
        date | None, typer.Option("--on", metavar="DATE", parser=parse_day, help="Law date; today if not given.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="FOLDER", help="Where to write all of it.")] = None,
) -> None:
    """Set two models side by side: coefficients, and with weights the need that the other moves. No person is read."""
    from fordel.law import Lawbook  # noqa: PLC0415
    from fordel.runs.need_compare import compare_models  # noqa: PLC0415
    from fordel.stores import BadInput, read_snapshot  # noqa: PLC0415

    if (weights is None) != (other_weights is None):
        raise typer.BadParameter("Give both --weights and --other-weights, or neither.")
    day = on or date.today()  # noqa: DTZ011 - the user's own day
    with shown_to_user(BadRun, NeedError, OSError, BadInput), errors.status("Comparing the models"):
        if to is not None:
            refuse_other(to)
        models = read_need_record(model, Kind.MODEL), read_need_record(other, Kind.MODEL)
        weighed = None
        if weights is not None and other_weights is not None:
            weighed = read_need_record(weights, Kind.WEIGHTS), read_need_record(other_weights, Kind.WEIGHTS)
        tables = read_snapshot(snapshot) if snapshot else None
        people = tables.population.group_by("municipality").agg(pl.col("people").sum()) if tables else None
        found = compare_models(models, weighed, law=Lawbook.shipped().on(day), people=people)
        if to is not None:
            write_need_record(found, to)
    names = dict(tables.areas_at("municipality", day).select("area_id", "name").iter_rows()) if tables else {}
    say_synthetic(found)
    _say(found, names)
    if to is not None:
        say(f"Written to {to}.")


def _say(found: NeedRecord, names: dict[str, str]) -> None:
    console.print(_coefficients(found.frames["coefficients"]))
    z = found.frames["coefficients"]["z"].drop_nulls().to_numpy()
    if len(z):
        say(f"{int(np.sum(np.abs(z) > 1.96))} of {len(z)} terms differ by more than chance explains (95 %).")
    if "measures" in found.frames:
        console.print(_moved(found.frames["municipalities"], names))
        for row in found.frames["measures"].filter(pl.col("areas") > 1).iter_rows(named=True):
            say(
                f"Weights of {row['areas']:,} {row['level']}: correlation {row['correlation']:.3f}, by rank "
                f"{row['rank_correlation']:.3f}; {row['mean_change']:.1%} apart in the mean, {row['changed_much']:.0%} "
                "by more than 5 %."
            )


def _coefficients(frame: pl.DataFrame) -> Table:
    grid = grid_of("Coefficients", "Term", "One", "Other", "Change", "z")
    parts = frame["part"].n_unique() > 1
    for row in frame.iter_rows(named=True):
        values = (row[name] for name in ("one", "other", "change"))
        shown = ["" if value is None else f"{value:.3f}" for value in values]
        name = f"{row['part']}: {row['term']}" if parts else row["term"]
        grid.add_row(escape(name), *shown, "" if row["z"] is None else f"{row['z']:.1f}")
    return grid


def _moved(frame: pl.DataFrame, names: dict[str, str]) -> Table:
    """Show the municipalities that the other model moves the most need to or from."""
    title = f"Need moved in all: {frame['change'].clip(0).sum():,.1f} capacities. The most"
    grid = grid_of(title, "Municipality", "People", "Weight, one", "Other", "Gains", "Loses")
    for row in frame.sort(pl.col("change").abs(), descending=True).head(MOST_SHOWN).iter_rows(named=True):
        name = names.get(row["area_id"], row["area_id"])
        moved = f"{abs(row['change']):.1f}"
        gains = (moved, "") if row["change"] >= 0 else ("", moved)
        grid.add_row(name, f"{row['people']:,}", f"{row['one']:.3f}", f"{row['other']:.3f}", *gains)
    return grid
