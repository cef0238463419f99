"""`fordel ceilings`: methods side by side, alerts, exceptions, planning areas, and what a release would leave."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from fordel.cli._shown import console, shown_to_user
from fordel.runs.record import BadRun, columns, read_run

if TYPE_CHECKING:
    from fordel.runs.record import Run

app = typer.Typer(no_args_is_help=True)

RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run that `fordel plan make` wrote.")]
LEVELS = ("binding", "region", "health_council", "municipality")


class What(StrEnum):
    """What to list."""

    alerts = "alerts"
    exceptions = "exceptions"
    planning = "planning"


class BadQuestion(Exception):
    """What was asked cannot be answered from the run."""


LISTS: dict[What, tuple[str, ...]] = {
    What.alerts: ("name", "capacities_missing", "whole_name", "whole_headroom", "missing_in_whole", "island"),
    What.exceptions: ("decision_id", "kind", "name", "capacities", "standing", "valid_until"),
    What.planning: ("name", "split_by", "people", "need", "ceiling", "capacities_released"),
}
NOTHING = {
    What.alerts: "No area is short within a binding area that cannot help it.",
    What.exceptions: "No exception is decided in the snapshot.",
    What.planning: "The snapshot has no planning areas or districts on the law date.",
}


@app.command("list")
def list_(
    folder: RunFolder, what: Annotated[What, typer.Argument(help="What to list.", show_choices=True)] = What.alerts
) -> None:
    """List alerts, exceptions, or planning areas and districts."""
    with shown_to_user(BadRun):
        frame = read_run(folder).frames()[what.value]
    if frame.is_empty():
        console.print(NOTHING[what])
        return
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    documented = columns()[what.value]
    for name in LISTS[what]:
        shown.add_column(documented[name].label, justify="left" if documented[name].decimals is None else "right")
    for row in frame.iter_rows(named=True):
        shown.add_row(*(_cell(row[name], documented[name].decimals) for name in LISTS[what]))
    console.print(shown)


@app.command()
def methods(
    folder: RunFolder,
    level: Annotated[str, typer.Option("--level", help=f"One of {', '.join(LEVELS)}.")] = "binding",
    at_least: Annotated[int, typer.Option("--at-least", min=0, help="Fewest capacities of an area with need.")] = 0,
    at_most: Annotated[int | None, typer.Option("--at-most", min=0, help="Most capacities of an area.")] = None,
    total: Annotated[
        int | None, typer.Option("--total", min=0, help="Capacities in all; by default the run's.")
    ] = None,
) -> None:
    """Apportion the run's capacities by every method, side by side. Areas whose number depends on it are in bold."""
    from fordel.allocation import TIE_ORDER, side_by_side  # noqa: PLC0415 - help needs none of it

    with shown_to_user(BadRun, BadQuestion, ValueError):
        run = read_run(folder)
        areas = _at(run, level)
        bounds: dict[str, list[int]] = {}
        if at_least:
            bounds["lower"] = [at_least if need else 0 for need in areas["need"]]
        if at_most is not None:
            bounds["upper"] = [at_most] * areas.height
        shared = side_by_side(areas["need"].to_list(), run.manifest.total if total is None else total, **bounds)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    shown.add_column("Area")
    for head in ("Need", *(name.replace("huntington_hill", "hill").capitalize() for name in shared)):
        shown.add_column(head, justify="right")
    for place, row in enumerate(areas.iter_rows(named=True)):
        numbers = [seats[place] for seats in shared.values()]
        style = "bold" if len(set(numbers)) > 1 else None
        shown.add_row(escape(row["name"]), f"{row['need']:,.2f}", *(f"{n:,}" for n in numbers), style=style)
    console.print(shown)
    console.print(f"Order: {TIE_ORDER}.")


@app.command()
def release(
    folder: RunFolder,
    area: Annotated[str, typer.Option("--area", metavar="ID", help="Where capacities would be placed.")],
    capacities: Annotated[float, typer.Option("--capacities", min=0.0, help="How many.")] = 1.0,
) -> None:
    """Try a release before it is made: a placed capacity is not replaced by another."""
    from fordel.allocation import left_after_release  # noqa: PLC0415
    from fordel.law import Lawbook  # noqa: PLC0415

    with shown_to_user(BadRun, BadQuestion):
        run = read_run(folder)
        law = Lawbook.shipped().on(run.manifest.law_date)
        chain = _chain(run, area).with_columns(
            may=pl.col("releasable") + pl.col("exception_capacities"), now=capacities
        )
        decided = chain.filter(pl.col("binding"))["may"]
        if decided.len() and capacities > decided.item():
            where = chain.filter(pl.col("binding"))["name"].item()
            raise BadQuestion(
                f"{where}, whose ceiling binds, may release {decided.item():,.1f}; {capacities:,.1f} are asked."
            )
        left = law.apply(left_after_release, pl.col("may"), pl.col("now"))
        chain = chain.with_columns(left=left)
    shown = Table("Level", "Area", "May release", "Left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for row in chain.iter_rows(named=True):
        shown.add_row(row["level"], escape(row["name"]), _cell(row["may"], 1), _cell(row["left"], 1))
    console.print(shown)


def _at(run: Run, level: str) -> pl.DataFrame:
    if level not in LEVELS:
        raise BadQuestion(f"No level is called {level!r}; use one of {', '.join(LEVELS)}.")
    return run.areas.filter("binding") if level == "binding" else run.areas.filter(level=level)


def _chain(run: Run, area: str) -> pl.DataFrame:
    """Give an area and the areas it lies in, smallest first."""
    here = run.areas.filter(pl.col("area_id") == area)
    if here.is_empty():
        raise BadQuestion(f"The run has no area {area!r}.\n  Try: fordel plan show RUN --level municipality")
    row = here.row(0, named=True)
    above = [name for name in (row["health_council"], row["region"], "dk") if name and name != area]
    return pl.concat([here, *(run.areas.filter(pl.col("area_id") == name) for name in above)])


def _cell(value: object, decimals: int | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.{decimals or 0}f}" if isinstance(value, int | float) else escape(str(value))
