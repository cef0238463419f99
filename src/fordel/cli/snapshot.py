"""`fordel snapshot`: check a folder of input tables, show what it holds, convert it, start an empty one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from fordel.cli._shown import console, errors, shown_to_user
from fordel.stores import BadInput, read_snapshot, write_snapshot
from fordel.stores.template import described, summary_of, write_template
from fordel.tables import SCHEMAS

if TYPE_CHECKING:
    import polars as pl

    from fordel.tables import Tables

app = typer.Typer(no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder with snapshot.json and one file per table.")]


class Form(StrEnum):
    """What tables can be written as."""

    PARQUET = "parquet"
    CSV = "csv"
    XLSX = "xlsx"


class EmptyForm(StrEnum):
    """What empty tables can be written as."""

    XLSX = "xlsx"
    CSV = "csv"


@app.command()
def check(folder: Folder) -> None:
    """Read every table and list all that is wrong: file, row, column, what was expected, what to do."""
    tables = _read(folder)
    console.print(f"{folder} is a whole snapshot.", markup=False, highlight=False, soft_wrap=True)
    _say_what_it_is(tables)


@app.command()
def show(
    folder: Folder,
    table: Annotated[
        str | None, typer.Argument(metavar="[TABLE]", help="One table: its columns and their range.")
    ] = None,
) -> None:
    """Show what a snapshot holds: its tables and sources, or the columns of one table. Never its rows."""
    if table is not None and table not in SCHEMAS:
        raise typer.BadParameter(f"There is no table {table!r}; use one of {', '.join(SCHEMAS)}.")
    tables = _read(folder)
    if table is not None:
        _show_columns(table, tables.frames()[table])
        return
    _say_what_it_is(tables)
    _show_tables(tables)
    _show_sources(tables)


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="Folder of the snapshot to read.")],
    target: Annotated[Path, typer.Argument(metavar="TO", help="Folder to write; a snapshot there is replaced.")],
    form: Annotated[Form, typer.Option("--format", help="Format of the files.")] = Form.PARQUET,
) -> None:
    """Write a snapshot in another format. Its content, and so its fingerprint, stays the same."""
    tables = _read(source)
    with shown_to_user(BadInput, OSError), errors.status(f"Writing {form}"):
        write_snapshot(tables, target, form)
    console.print(f"Wrote {target}.", markup=False, highlight=False, soft_wrap=True)
    _say_what_it_is(tables)
    if form is Form.XLSX and (kept := sorted(path.name for path in target.glob("*.csv"))):
        console.print(f"Too large for a sheet, so written as CSV: {', '.join(kept)}.", soft_wrap=True)


@app.command()
def template(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write; new or empty.")],
    form: Annotated[EmptyForm, typer.Option("--format", help="Format of the files.")] = EmptyForm.XLSX,
) -> None:
    """Write empty tables to fill in, with a description of every column."""
    with shown_to_user(BadInput, OSError):
        write_template(folder, form)
    console.print(f"Wrote {len(SCHEMAS)} empty tables, README.md and snapshot.json to {folder}.", soft_wrap=True)
    console.print(f"Fill them in, then: fordel snapshot check {folder}", markup=False, highlight=False, soft_wrap=True)


def _read(folder: Path) -> Tables:
    with shown_to_user(BadInput, OSError), errors.status("Reading the snapshot"):
        return read_snapshot(folder)


def _say_what_it_is(tables: Tables) -> None:
    filled = tables.frames_with_rows()
    rows = sum(frame.height for frame in filled.values())
    people = tables.population["people"].sum()
    lines = {
        "Name": tables.name,
        "Day": tables.snapshot_date.isoformat(),
        "Rows": f"{rows:,} in {len(filled)} tables",
        "People": f"{people:,} in {tables.population['municipality'].n_unique()} municipalities",
        "Practices": f"{tables.practices.height:,}",
        "Synthetic": _synthetic(tables),
        "Fingerprint": tables.fingerprint,
    }
    for word, value in lines.items():
        console.print(f"{word + ':':<13}{value}", markup=False, highlight=False, soft_wrap=True)


def _synthetic(tables: Tables) -> str:
    made_up = tables.sources.filter("synthetic")["source_id"].to_list()
    return f"yes, in part made up and not observed: {', '.join(made_up)}" if made_up else "no"


def _show_tables(tables: Tables) -> None:
    grid = Table(title="Tables", title_justify="left", title_style="bold", box=None, pad_edge=False)
    grid.add_column("Table", no_wrap=True)
    grid.add_column("Rows", justify="right", no_wrap=True)
    grid.add_column("One row is")
    for name, frame in tables.frames().items():
        grid.add_row(name, f"{frame.height:,}", _row_means(name))
    console.print()
    console.print(grid)


def _row_means(table: str) -> str:
    return summary_of(SCHEMAS[table]).removeprefix("One row per ").split(". ")[0].rstrip(".")


def _show_sources(tables: Tables) -> None:
    grid = Table(title="Sources", title_justify="left", title_style="bold", box=None, pad_edge=False)
    for heading in ("Source", "Licence", "Describes", "Synthetic"):
        grid.add_column(heading)
    for source in tables.sources.iter_rows(named=True):
        made_up = "yes" if source["synthetic"] else "no"
        grid.add_row(source["title"], source["licence"], source["vintage"], made_up)
    console.print()
    console.print(grid)


def _show_columns(table: str, frame: pl.DataFrame) -> None:
    """Show ranges only: a row of small counts may point at a person."""
    console.print(f"{table}: {frame.height:,} rows. {summary_of(SCHEMAS[table])}", markup=False, highlight=False)
    grid = Table(box=None, pad_edge=False)
    grid.add_column("Column", no_wrap=True)
    grid.add_column("Least", overflow="ellipsis", no_wrap=True, max_width=12)
    grid.add_column("Most", overflow="ellipsis", no_wrap=True, max_width=12)
    grid.add_column("Distinct", justify="right")
    grid.add_column("What it holds")
    for name, holds, *_ in described(SCHEMAS[table]):
        cells = frame[name]
        least, most = ("", "") if cells.dtype.is_nested() or cells.dtype == bytes else (cells.min(), cells.max())
        grid.add_row(name, _short(least), _short(most), f"{cells.n_unique():,}", holds)
    console.print()
    console.print(grid)


def _short(value: object) -> str:
    if value is None or isinstance(value, bytes):
        return ""
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
