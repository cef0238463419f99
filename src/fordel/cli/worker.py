"""`fordel worker`: computes the runs that the pages ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fordel.cli._shown import shown_to_user
from fordel.web.database import NoDatabase

app = typer.Typer()


@app.command()
def worker(
    home: Annotated[Path, typer.Option("--home", metavar="FOLDER", help="Folder of the installation.")] = Path("out"),
) -> None:
    """Compute runs until stopped; jobs that a killed worker left are taken up."""
    with shown_to_user(NoDatabase, OSError):
        from fordel.cli._web import open_home  # noqa: PLC0415 - `--help` needs no Django

        open_home(home)
        from fordel.worker.run import work  # noqa: PLC0415 - once Django is set up

        work()
