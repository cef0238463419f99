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
def verify(
    home: Home = Path("out"),
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Check an export instead; needs the key, no database.")
    ] = None,
    seal: Annotated[
        str, typer.Option("--seal", metavar="FINGERPRINT", help="A seal noted earlier that the export must hold.")
    ] = "",
) -> None:
    """Recompute every fingerprint and every link; exit code 2 where something was changed.

    Of an installation: what is recorded is sealed first. Of a file: what the
    page of the audit log exported as JSON lines.
    """
    if file is not None:
        _verify_file(file, home, seal)
        return
    if seal:
        raise typer.BadParameter("--seal goes with --file; of an installation, compare the seal that is printed.")
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


def _verify_file(file: Path, home: Path, seal: str) -> None:
    from fordel.web.audit.exported import BadExport, verify_file  # noqa: PLC0415 - only this asks for it
    from fordel.web.keys import NoKey, audit_key  # noqa: PLC0415 - likewise

    with shown_to_user(NoKey, BadExport, LogBroken, OSError):
        found = verify_file(file, audit_key(home))
        faults = list(found.faults)
        if seal and seal not in found.seals:
            faults.append(f"The seal {seal} is not in the file.")
        if faults:
            raise LogBroken(f"{file} is not what was exported:\n" + "\n".join(f"  {fault}" for fault in faults))
    loose = found.events - found.sealed
    told = f"{found.events:,} events, {found.sealed:,} bound by {len(found.seals):,} seals in a chain"
    console.print(f"{file} is whole: {told}, {loose:,} not yet sealed.", soft_wrap=True, highlight=False)
    console.print(f"The last seal is {found.head or 'none'}: compare it with one noted elsewhere.", soft_wrap=True)
