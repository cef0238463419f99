"""What the commands of `fordel coverage` share: their arguments, their faults, and what they say of a survey."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fordel.cli._coverage_tables import LEVELS
from fordel.cli._shown import console, parse_day, shown_to_user
from fordel.coverage.errors import CoverageError
from fordel.coverage.survey import MEASURES
from fordel.runs.record import BadRun

if TYPE_CHECKING:
    import polars as pl

    from fordel.cli._surveyed import Surveyed

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of a run or of a snapshot.")]
On = Annotated[
    date | None,
    typer.Option("--on", metavar="DATE", parser=parse_day, help="Law date for a snapshot; its own day if not given."),
]
Stated = Annotated[
    Path | None,
    typer.Option(
        "--stated",
        metavar="FILE",
        help="practice_id and stated_maximum, in CSV, Parquet or Excel: the most patients practices say they take.",
        show_default=False,
    ),
]
Measure = Annotated[
    str,
    typer.Option(
        "--measure",
        metavar="NAME|FILE",
        help=f"One of {', '.join(MEASURES)}; or a file of roads (OpenStreetMap, Vejmidte) or of travel (a table).",
    ),
]


def _known_level(level: str) -> str:
    if level not in LEVELS:
        raise typer.BadParameter(f"No level is called {level!r}; use one of {', '.join(LEVELS)}.")
    return level


Level = Annotated[str, typer.Option("--level", callback=_known_level, help=f"One of {', '.join(LEVELS)}.")]
To = Annotated[Path | None, typer.Option("--to", metavar="FOLDER", help="Write the tables as CSV.", show_default=False)]


@contextmanager
def faults() -> Iterator[None]:
    """Show every fault that reading and surveying may name."""
    from fordel.stores import BadInput  # noqa: PLC0415 - help must not wait for it

    with shown_to_user(BadInput, BadRun, CoverageError, OSError):
        yield


def write_tables(folder: Path, frames: dict[str, pl.DataFrame]) -> None:
    """Write tables as CSV and name each file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.write_csv(folder / f"{name}.csv")
        console.print(str(folder / f"{name}.csv"), soft_wrap=True, highlight=False, markup=False)
    console.print("These tables may hold counts of few people: they are for the authority's own use.")


def say_what_it_is(found: Surveyed) -> None:
    """Print what was surveyed, how distance was measured, and what is assumed."""
    manifest, measure = found.run.manifest, found.survey.measure
    factor = found.law.value("road_detour_factor")
    how = {"straight_line": "straight line", "detour": f"straight line times {factor} (an assumption)"}.get(
        measure, f"by {found.source}"
    )
    console.print(f"Law of {manifest.law_date}, {manifest.snapshot_name}. Distance: {how}.", highlight=False)
    if found.beyond:
        _say_beyond(found)
    if manifest.synthetic:
        console.print("Synthetic data: the numbers show the method, not real practices.", style="bold yellow")


def _say_beyond(found: Surveyed) -> None:
    """Say how many people no road of the file reaches, and what becomes of them."""
    limit = found.law.value("road_snap_limit")
    becomes = (
        "are left out, and near the edge of the roads choices beyond it are missing"
        if found.partial
        else "count as without choices"
    )
    console.print(f"{found.beyond:,} people live farther than {limit:.0f} m from these roads; they {becomes}.")
