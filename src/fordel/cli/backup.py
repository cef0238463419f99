"""`fordel backup`: keep the web application in one file, and make it of such a file again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fordel.cli._shown import console, shown_to_user
from fordel.web.backup import BadBackup
from fordel.web.database import NoDatabase

app = typer.Typer(no_args_is_help=True)
KNOWN = (BadBackup, NoDatabase, OSError)
File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]


@app.callback()
def backup() -> None:
    """Keep the web application in one file, and make it of such a file."""


@app.command()
def make(
    file: File,
    home: Annotated[Path, typer.Option("--home", metavar="FOLDER", help="Folder of the installation.")] = Path("out"),
) -> None:
    """Write database, runs, snapshots, uploads and keys to one file, while the application runs. Keep it secret."""
    with shown_to_user(*KNOWN):
        from fordel.cli._web import open_home  # noqa: PLC0415 - `--help` needs no Django

        open_home(home)
        from django.utils import timezone  # noqa: PLC0415 - once Django is set up

        from fordel.web.backup import keep  # noqa: PLC0415 - likewise

        kept = keep(home, file, at=timezone.now())
    console.print(
        f"{len(kept.files):,} files are kept in {file} ({file.stat().st_size / 1e6:,.1f} MB).", soft_wrap=True
    )
    console.print("It holds the keys of the installation: keep it where only its owner can read it.", soft_wrap=True)


@app.command()
def restore(
    file: File,
    home: Annotated[Path, typer.Option("--home", metavar="FOLDER", help="Where to; not there yet, or empty.")],
) -> None:
    """Make an installation of a backup: every file checked, the database filled at once, the audit log verified."""
    with shown_to_user(*KNOWN):
        from fordel.cli._web import open_home  # noqa: PLC0415 - `--help` needs no Django
        from fordel.web.backup import unpack  # noqa: PLC0415 - likewise

        kept = unpack(file, home)
        open_home(home)
        _fill(home)
    console.print(f"Restored what was kept at {kept.at} by Fordel {kept.fordel} to {home}.", soft_wrap=True)
    console.print(f"Next: fordel serve --home {home}", soft_wrap=True, highlight=False)


def _fill(home: Path) -> None:
    from fordel.web.audit.queries import verify  # noqa: PLC0415 - once Django is set up
    from fordel.web.backup import fill, missing_runs  # noqa: PLC0415 - likewise

    fill(home)
    found = verify()
    faults = [*found.faults, *(f"{folder} is not there." for folder in missing_runs(home))]
    if faults:
        raise BadBackup("Restored, but not whole:\n" + "\n".join(f"  {fault}" for fault in faults))
    console.print(f"The audit log is whole: {found.events:,} events, {found.sealed:,} sealed in {found.seals:,} seals.")
