"""`fordel plan`: make a plan and keep it as a run, show it, export it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from fordel.cli._backtest import backtest
from fordel.cli._plan_table import LEVELS, BadView, View, plan_table
from fordel.cli._settings import read_setting
from fordel.cli._shown import console, errors, parse_day, shown_to_user
from fordel.publish.export import FORMATS, BadExport, export_run
from fordel.runs.record import BadRun, read_run, run_id_in, write_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from fordel.publish._words import Lang
    from fordel.runs.record import Run
    from fordel.tables import Tables

app = typer.Typer(no_args_is_help=True)
app.command()(backtest)

RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run that `fordel plan make` wrote.")]

Danish = Annotated[bool, typer.Option("--danish", help="Danish headings; CSV with semicolons, decimal commas, BOM.")]
SmallCounts = Annotated[
    bool, typer.Option("--with-small-counts", help="Also counts of few people: for the authority's own use.")
]


@app.command()
def make(
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where to write the run; new or empty.")],
    snapshot: Annotated[
        Path | None, typer.Option("--snapshot", metavar="FOLDER", help="Snapshot to plan on.", show_default=False)
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Plan on the demo snapshot that comes with Fordel.")] = False,  # noqa: FBT002
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="DATE", parser=parse_day, help="Law date, as 2026-02-01; today if not given."),
    ] = None,
    total: Annotated[
        int | None, typer.Option("--total", min=0, help="Capacities the nation may have; by default its need, rounded.")
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option("--weights", metavar="FOLDER", help="Weights that `fordel need weigh` wrote.", show_default=False),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter for this run alone; may be repeated."),
    ] = None,
) -> None:
    """Make a plan on a snapshot and write it as a run."""
    from fordel.runs.execute import execute  # noqa: PLC0415 - reading and showing a run needs none of it

    day = on or date.today()  # noqa: DTZ011 - the user's own day
    if demo == (snapshot is not None):
        raise typer.BadParameter("Give a snapshot with --snapshot FOLDER, or --demo; one of the two.")
    settings = [read_setting(text) for text in set_ or []]
    with shown_to_user(BadRun, OSError), errors.status("Reading the snapshot") as status:
        run_id_in(to)
        tables = _weighed(_tables(snapshot, status.update), weights)
        status.update(f"Making the plan by the law of {day}")
        run = execute(tables, day=day, total=total, settings=settings)
        status.update("Writing the run")
        write_run(run, to)
    _say_what_it_is(run)
    console.print(f"Written to {to}. Next: fordel plan show {to}", soft_wrap=True, highlight=False, markup=False)


@app.command()
def show(
    folder: RunFolder,
    level: Annotated[str, typer.Option("--level", help=f"One of {', '.join(LEVELS)}.")] = "region",
    view: Annotated[
        View, typer.Option("--view", help="Capacities of areas, or open choices of people.")
    ] = View.capacities,
    sort: Annotated[
        str | None, typer.Option("--sort", metavar="COLUMN", help="Sort by a column of the run: numbers from the top.")
    ] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="Show only so many rows.")] = None,
) -> None:
    """Show a run as a table."""
    with shown_to_user(BadRun, BadView):
        run = read_run(folder)
        table = plan_table(run, level, view, sort, top)
    _say_what_it_is(run)
    console.print(table)


@app.command()
def export(
    folder: RunFolder,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where to write the files.")],
    formats: Annotated[str, typer.Option("--format", help=f"Some of {','.join(FORMATS)}.")] = ",".join(FORMATS),
    danish: Danish = False,  # noqa: FBT002
    with_small_counts: SmallCounts = False,  # noqa: FBT002
) -> None:
    """Export a run to files others can open; counts of few people are held back."""
    with shown_to_user(BadRun, BadExport, OSError), errors.status("Reading the run") as status:
        run = read_run(folder)
        asked = [name.strip() for name in formats.split(",") if name.strip()]
        say = lambda name: status.update(f"Writing {name}")  # noqa: E731
        lang: Lang = "da" if danish else "en"
        written = export_run(run, to, asked, lang=lang, progress=say, small_counts=with_small_counts)
    for path in written:
        console.print(str(path), soft_wrap=True, highlight=False, markup=False)


def _tables(snapshot: Path | None, progress: Callable[[str], None]) -> Tables:
    if snapshot is None:
        from fordel.demo import make_snapshot  # noqa: PLC0415 - loads the shipped open data

        return make_snapshot(progress)
    from fordel.stores import BadInput, read_snapshot  # noqa: PLC0415

    with shown_to_user(BadInput):
        return read_snapshot(snapshot)


def _weighed(tables: Tables, folder: Path | None) -> Tables:
    """Let a need model weigh the snapshot, where one was named."""
    if folder is None:
        return tables
    from fordel.runs.models import weighted_tables  # noqa: PLC0415 - loads the need model
    from fordel.runs.need_record import Kind, read_need_record  # noqa: PLC0415

    return weighted_tables(tables, read_need_record(folder, Kind.WEIGHTS))


def _say_what_it_is(run: Run) -> None:
    """Print what a run was made from, and that it is synthetic where it is."""
    manifest = run.manifest
    total = f"{manifest.total:,} capacities in all" + (" (given)" if manifest.total_given else " (the need, rounded)")
    console.print(
        f"Law of {manifest.law_date}, {manifest.snapshot_name} of {manifest.snapshot_date}, {total}.", highlight=False
    )
    if manifest.synthetic:
        console.print("Synthetic data: the numbers show the method, not real practices.", style="bold yellow")
    for note in run.sources.filter(pl.col("tables") == "weighted_sums")["note"]:
        console.print(note, highlight=False, markup=False)
    for parameter in manifest.settings:
        console.print(f"Set for this run: {parameter.name} = {parameter.value}", highlight=False, markup=False)
    console.print(
        f"{len(run.assumptions())} parameters rest on assumptions. Run {manifest.run_id[:12]}.", highlight=False
    )
