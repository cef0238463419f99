"""`fordel report`: make the report of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fordel.cli._shown import console, errors, shown_to_user
from fordel.publish.report import BadReport, write_report
from fordel.runs.record import BadRun, read_run

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """Make the report of a run."""


@app.command()
def make(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run that `fordel plan make` wrote.")],
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where to write the report.")],
) -> None:
    """Write the report as HTML, in Danish and English."""
    with shown_to_user(BadRun, BadReport), errors.status("Writing the report"):
        written = write_report(read_run(folder), to)
    for path in written:
        console.print(str(path), soft_wrap=True, highlight=False, markup=False)
