"""`fordel compare`: what changed from one run to another, and what changed it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from fordel.cli._shown import console, errors, shown_to_user
from fordel.publish.changes import write_changes
from fordel.publish.export import BadExport
from fordel.runs.record import BadRun, Run, columns, read_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from fordel.tables import Tables

LEVELS = ("nation", "region", "health_council", "municipality", "practice")
HEADS = {"parameters": "Param.", "geography": "Geogr."}

RunA = Annotated[Path, typer.Argument(metavar="A", help="Folder of the run to start from.")]
RunB = Annotated[Path, typer.Argument(metavar="B", help="Folder of the run to end at.")]


app = typer.Typer()


@app.command()
def compare(
    a: RunA,
    b: RunB,
    snapshot: Annotated[
        list[Path] | None,
        typer.Option(
            "--snapshot",
            metavar="FOLDER",
            help="Snapshot of both runs, or once for A and once for B: tells what changed each number.",
        ),
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Both runs were made on the demo snapshot.")] = False,  # noqa: FBT002
    level: Annotated[str, typer.Option("--level", help=f"One of {', '.join(LEVELS)}.")] = "region",
    number: Annotated[str | None, typer.Option("--number", metavar="NAME", help="Show one number, as ceiling.")] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write every row: .csv, .xlsx, .jsonl or .parquet.")
    ] = None,
) -> None:
    """Compare two runs, number by number.

    With their snapshots, the plan is made again, one ingredient at a time:
    data, parameters, wordings of rules, geography. The steps add up exactly.
    """
    if level not in LEVELS:
        raise typer.BadParameter(f"No level is called {level!r}; use one of {', '.join(LEVELS)}.")
    with shown_to_user(BadRun, BadExport, OSError), errors.status("Reading the runs") as status:
        before, after = read_run(a), read_run(b)
        changes = _changes(before, after, snapshot or [], status.update, demo=demo)
        if to is not None:
            write_changes(changes, to)
    _show(before, after, _asked(changes, level, number))
    if to is not None:
        console.print(f"Wrote {changes.height:,} rows to {to}.", soft_wrap=True, highlight=False, markup=False)


def _changes(before: Run, after: Run, snapshots: list[Path], say: Callable[[str], None], *, demo: bool) -> pl.DataFrame:
    """Compare records alone, or make both runs again where their snapshots are given."""
    if (demo and snapshots) or len(snapshots) > 2:
        raise typer.BadParameter("Give --demo, or --snapshot once or twice.")
    from fordel.runs.compare import NotComparable, recipe_of, waterfall  # noqa: PLC0415 - loads the plan
    from fordel.runs.differences import compare  # noqa: PLC0415 - likewise

    if not demo and not snapshots:
        return compare(before, after)
    with shown_to_user(NotComparable):
        tables = _tables(snapshots, say)
        start, end = recipe_of(before, tables[0]), recipe_of(after, tables[-1])
        return waterfall(start, end, lambda step: say(f"Making the plan again: {step}"))


def _tables(snapshots: list[Path], say: Callable[[str], None]) -> list[Tables]:
    if not snapshots:
        from fordel.demo import make_snapshot  # noqa: PLC0415 - loads the shipped open data

        return [make_snapshot(say)]
    from fordel.stores import BadInput, read_snapshot  # noqa: PLC0415

    with shown_to_user(BadInput):
        return [read_snapshot(folder) for folder in snapshots]


def _asked(changes: pl.DataFrame, level: str, number: str | None) -> pl.DataFrame:
    here = changes.filter(level=level)
    known = here["number"].unique(maintain_order=True).to_list()
    if number is not None and number not in known:
        raise typer.BadParameter(f"{level} has no number {number!r}; use one of {', '.join(known)}.")
    chosen = here if number is None else here.filter(number=number)
    steps = pl.col(chosen.columns[7:-1])
    return chosen.filter(pl.any_horizontal(steps != 0))


def _show(before: Run, after: Run, changes: pl.DataFrame) -> None:
    for name, run in (("A", before), ("B", after)):
        m = run.manifest
        said = f"{name}: law of {m.law_date}, {m.snapshot_name} of {m.snapshot_date}, run {m.run_id[:12]}."
        console.print(said, highlight=False, markup=False)
    if before.manifest.synthetic or after.manifest.synthetic:
        console.print("Synthetic data: the numbers show the method, not real practices.", style="bold yellow")
    if changes.is_empty():
        console.print("Nothing asked for changed.")
    for (number,), rows in changes.group_by("number", maintain_order=True):
        console.print(_table(str(number), rows))


def _table(number: str, rows: pl.DataFrame) -> Table:
    """Lay out one number's changes: areas down, what changed it across."""
    table_name = str(rows["table"][0])
    column = columns()[table_name][number]
    stages = rows.columns[6:]
    title = f"{column.label} ({column.unit})"
    cells = [
        [_signed(row[stage], column.decimals or 0, plain=stage in ("before", "after")) for stage in stages]
        for row in rows.to_dicts()
    ]
    heads = [HEADS.get(stage, stage.capitalize()) for stage in stages]
    widths = [max(map(len, of_stage)) for of_stage in zip(heads, *cells, strict=True)]
    names = [row["name"] + ("" if row["status"] == "both" else f" ({row['status']})") for row in rows.to_dicts()]
    left_for_names = max(12, console.width - sum(width + 1 for width in widths))
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=0, show_edge=False
    )
    name_width = min(left_for_names, max(4, *map(len, names)))
    table.add_column("Name", no_wrap=True, overflow="ellipsis", width=name_width)
    for head, width in zip(heads, widths, strict=True):
        table.add_column(head, justify="right", no_wrap=True, width=width)
    for name, numbers in zip(names, cells, strict=True):
        table.add_row(escape(name), *numbers)
    return table


def _signed(value: float, decimals: int, *, plain: bool) -> str:
    shown = f"{value:,.{decimals}f}"
    if not shown.strip("-0.,"):
        return "0" if plain else "·"
    return shown if plain or value < 0 else f"+{shown}"
