"""`fordel plan backtest`: how ceilings would have moved on the people of past years."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from fordel.cli._settings import read_setting
from fordel.cli._shown import console, errors, parse_day, shown_to_user

if TYPE_CHECKING:
    import polars as pl

    from fordel.tables import Tables

LEVELS = ("nation", "region", "health_council", "municipality")


def backtest(
    snapshots: Annotated[
        list[Path] | None,
        typer.Option("--snapshot", metavar="FOLDER", help="A snapshot of a past day; repeat. By default 2008 to 2020."),
    ] = None,
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="DATE", parser=parse_day, help="Law date for every year; today if not given."),
    ] = None,
    level: Annotated[str, typer.Option("--level", help=f"One of {', '.join(LEVELS)}.")] = "health_council",
    total: Annotated[
        int | None, typer.Option("--total", min=0, help="The same total every year; by default each year's need.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter; may be repeated.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Also write every year and area as CSV.")
    ] = None,
) -> None:
    """Show how ceilings would have moved from year to year, had one day's law always held.

    Without --snapshot: people of each 1 January from 2008 to 2020 (Statistics Denmark), with assumed need weights.
    """
    from fordel.runs.backtest import backtest as run  # noqa: PLC0415 - help needs none of it
    from fordel.runs.backtest import movement  # noqa: PLC0415

    if level not in LEVELS:
        raise typer.BadParameter(f"No level is called {level!r}; use one of {', '.join(LEVELS)}.")
    day = on or date.today()  # noqa: DTZ011 - the user's own day
    settings = [read_setting(text) for text in set_ or []]
    with shown_to_user(OSError), errors.status("Reading the people of past years"):
        moves = run(_past(snapshots), day=day, total=total, settings=settings)
        if to is not None:
            moves.write_csv(to)
    _say(moves, day, shipped=not snapshots)
    console.print(_shown(movement(moves), level))
    if to is not None:
        console.print(f"Written to {to}", soft_wrap=True, highlight=False, markup=False)


def _say(moves: pl.DataFrame, day: date, *, shipped: bool) -> None:
    days = moves["snapshot_date"].unique().sort().to_list()
    console.print(f"Law of {day}; people of {days[0]} to {days[-1]}.", highlight=False)
    if shipped:
        console.print("Need weights are assumed, not fitted: the numbers show the method.", style="bold yellow")


def _past(folders: list[Path] | None) -> list[Tables]:
    if not folders:
        from fordel.demo.history import past_snapshots  # noqa: PLC0415 - loads the shipped open data

        return past_snapshots()
    from fordel.stores import BadInput, read_snapshot  # noqa: PLC0415

    with shown_to_user(BadInput):
        return [read_snapshot(folder) for folder in folders]


def _shown(moved: pl.DataFrame, level: str) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, head in enumerate(("Area", "First", "Last", "Years up", "Years down", "Largest move")):
        shown.add_column(head, justify="left" if place == 0 else "right")
    for _, _, name, *numbers in moved.filter(level=level).iter_rows():
        shown.add_row(escape(name), *(f"{number or 0:,}" for number in numbers))
    return shown
