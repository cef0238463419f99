"""`fordel chiropractor`: the ideal distribution of chiropractors beside the actual one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table

from fordel.cli._shown import console, parse_day, shown_to_user

if TYPE_CHECKING:
    import polars as pl

app = typer.Typer(no_args_is_help=True)

HEADS = ("Area", "Treated", "Insured", "Back", "Now", "Ideal", "Whole", "Missing", "Surplus")


@app.callback()
def _noun() -> None:
    """Chiropractors: ideal and actual distribution."""


@app.command()
def plan(
    table: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, Parquet or Excel, one row per area.")],
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="DATE", parser=parse_day, help="Law date, as 2026-02-01; today if not given."),
    ] = None,
    total: Annotated[
        int | None, typer.Option("--total", min=0, help="Capacities in all; by default those there are.")
    ] = None,
    authority: Annotated[str, typer.Option("--authority", metavar="ID", help="Whose law.")] = "region-hovedstaden",
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Also write the table as CSV.")] = None,
) -> None:
    """Compare ideal and actual capacities.

    The file has the columns area_id, name, treated, insured, back_disease and capacities.
    """
    from fordel.law import Lawbook  # noqa: PLC0415 - help needs none of it
    from fordel.professions import ideal_and_actual  # noqa: PLC0415
    from fordel.stores import BadInput, read_table  # noqa: PLC0415
    from fordel.tables import ChiropractorAreas  # noqa: PLC0415

    day = on or date.today()  # noqa: DTZ011 - the user's own day
    with shown_to_user(BadInput, OSError):
        areas = read_table(table, ChiropractorAreas)
        law = Lawbook.shipped().on(day, authority)
        frame = ideal_and_actual(law, areas, total)
        if to is not None:
            frame.write_csv(to)
    console.print(f"Law of {day}, {authority}, {frame['ideal'].sum():,.1f} capacities in all.", highlight=False)
    console.print(_shown(frame))
    if to is not None:
        console.print(f"Written to {to}", soft_wrap=True, highlight=False, markup=False)


def _shown(frame: pl.DataFrame) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, head in enumerate(HEADS):
        shown.add_column(head, justify="left" if place == 0 else "right")
    for row in frame.iter_rows(named=True):
        people = (f"{row[name]:,}" for name in ("treated", "insured", "back_disease"))
        whole = "–" if row["whole_ideal"] is None else f"{row['whole_ideal']:,}"
        compared = (f"{row[name]:,.2f}" if row[name] else "–" for name in ("capacities_missing", "surplus"))
        shown.add_row(row["name"], *people, f"{row['capacities']:,.1f}", f"{row['ideal']:,.3f}", whole, *compared)
    return shown
