"""`fordel audit`: is the audit log whole?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fordel.cli._shown import console, shown_to_user
from fordel.web.database import NoDatabase

app = typer.Typer(no_args_is_help=True)
Home = Annotated[Path, typer.Option("--home", metavar="FOLDER", help="Folder of the installation.")]


class LogBroken(Exception):
    """The audit log is not what was written."""


@app.callback()
def audit() -> None:
    """Check the audit log of the web application."""


@app.command()
def verify(home: Home = Path("out")) -> None:
    """Seal what is recorded, recompute every fingerprint and every link; exit code 2 where something was changed."""
    with shown_to_user(NoDatabase, LogBroken, OSError):
        from fordel.cli._web import open_home  # noqa: PLC0415 - `--help` needs no Django

        open_home(home)
        from django.utils import timezone  # noqa: PLC0415 - once Django is set up

        from fordel.web.audit import actions, queries  # noqa: PLC0415 - likewise

        actions.seal(at=timezone.now())
        found = queries.verify()
        if found.faults:
            raise LogBroken("The audit log has been changed:\n" + "\n".join(f"  {fault}" for fault in found.faults))
    console.print(f"The audit log is whole: {found.events:,} events, {found.sealed:,} sealed in {found.seals:,} seals.")
    console.print(f"Keep this elsewhere: the last seal is {found.head or 'none yet'}", soft_wrap=True)
