"""`fordel placement`: where new capacities should lie, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import polars as pl
import typer
from pyproj import Transformer
from rich import box
from rich.markup import escape
from rich.table import Table

from fordel.cli._coverage_shown import Folder, On, faults, say_what_it_is, write_tables
from fordel.cli._shown import console, errors, shown_to_user
from fordel.cli._surveyed import surveyed
from fordel.coverage.survey import MEASURES
from fordel.placement.errors import PlacementError

if TYPE_CHECKING:
    from fordel.placement.problem import Placement

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """Keep `propose` a command of its own."""


@app.command()
def propose(
    folder: Folder,
    region: Annotated[str, typer.Option("--region", metavar="ID", help="The region that places them.")],
    capacities: Annotated[int, typer.Option("--capacities", min=1, help="How many are offered.")],
    sites: Annotated[int | None, typer.Option("--sites", min=1, help="At most this many places.")] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="Time limit; the best plan so far is given.")] = 60,
    gap: Annotated[float, typer.Option("--gap", min=0, max=1, help="Stop this near the best possible (share).")] = 0.0,
    measure: Annotated[str, typer.Option("--measure", help=f"One of {', '.join(MEASURES)}.")] = MEASURES[0],
    on: On = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help="Write CSV and GeoJSON.", show_default=False)
    ] = None,
) -> None:
    """Propose where new capacities give most people two open choices."""
    if measure not in MEASURES:
        raise typer.BadParameter(f"No measure for placement is called {measure!r}; use {' or '.join(MEASURES)}.")
    from fordel.runs.placing import answer, ask, wanted  # noqa: PLC0415 - help must not wait for it

    with faults(), shown_to_user(PlacementError), errors.status("Surveying coverage") as status:
        found = surveyed(folder, on, measure)
        question = wanted(ask(found.law, found.survey, found.run.areas, region, capacities), sites)
        status.update(f"Searching among {question.problem.candidates:,} places")
        tell = lambda at, value, bound: status.update(f"{at:.0f} s: {value:,.0f} people, at most {bound:,.0f}")  # noqa: E731
        plan, proposed = answer(question, seconds, gap, tell)
    say_what_it_is(found)
    _say(plan, int(question.problem.people[question.problem.beyond_help].sum()), capacities)
    console.print(_table(proposed))
    if to is not None:
        with faults():
            write_tables(to, {"placement": proposed})
            console.print(str(_write_geojson(proposed, to, synthetic=found.run.manifest.synthetic)), soft_wrap=True)


def _say(plan: Placement, beyond: int, capacities: int) -> None:
    """Say what the plan gives, how good any could be, and what it leaves."""
    placed = int(plan.capacities.sum())
    proof = "proven best" if plan.proven else f"no plan gives more than {plan.bound:,.0f}, a gap of {plan.gap:.2%}"
    console.print(
        f"{plan.value:,} people newly get two open choices by {placed} capacities in {len(plan.chosen)} places: "
        f"{proof}, in {plan.seconds:.1f} s.",
        highlight=False,
    )
    if placed < capacities:
        console.print(
            f"{capacities - placed} capacities found no place within headroom and the wishes.", highlight=False
        )
    if beyond:
        console.print(f"{beyond:,} people lack choices that no place allowed can give.", highlight=False)


def _table(proposed: pl.DataFrame) -> Table:
    """Lay out the sites: one row each."""
    table = Table(title="Proposed places", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Municipality")
    table.add_column("Cell")
    for name in ("Cap.", "Second", "First", "Next best gives"):
        table.add_column(name, justify="right")
    for row in proposed.iter_rows(named=True):
        less = "" if row["people_lost"] is None else f"{-row['people_lost']:+,}"
        counted = (f"{row[name]:,}" for name in ("capacities", "people_second", "people_first"))
        table.add_row(escape(row["name"]), row["cell_id"], *counted, less)
    table.caption = "Second, first: people who would lack that choice without the place."
    return table


def _write_geojson(proposed: pl.DataFrame, folder: Path, *, synthetic: bool) -> Path:
    """Write the sites as points in WGS 84."""
    to_degrees = Transformer.from_crs(25832, 4326, always_xy=True)
    lonlat = np.round(np.column_stack(to_degrees.transform(proposed["easting"], proposed["northing"])), 6)
    features = [
        {"type": "Feature", "id": row["cell_id"], "properties": row, "geometry": {"type": "Point", "coordinates": at}}
        for row, at in zip(proposed.drop("easting", "northing").to_dicts(), lonlat.tolist(), strict=True)
    ]
    path = folder / "placement.geojson"
    whole = {"type": "FeatureCollection", "synthetic": synthetic, "features": features}
    path.write_text(json.dumps(whole, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
