"""`fordel check`: is the web application set up as it should be?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fordel.cli._shown import console, shown_to_user
from fordel.web.database import NoDatabase

app = typer.Typer()


class NotReady(Exception):
    """Something in the set-up is wrong."""


@app.command()
def check(
    home: Annotated[Path, typer.Option("--home", metavar="FOLDER", help="Folder of the installation.")] = Path("out"),
    deploy: Annotated[bool, typer.Option("--deploy", help="Also what only matters to others than you.")] = False,  # noqa: FBT002
) -> None:
    """Check settings, database and static files; exit code 2 where something is wrong."""
    with shown_to_user(NoDatabase, NotReady, OSError):
        from fordel.cli._web import open_home  # noqa: PLC0415 - `--help` needs no Django

        open_home(home)
        faults = _faults(deploy=deploy)
        if faults:
            raise NotReady("Not ready:\n" + "\n".join(f"  {fault}" for fault in faults))
    console.print("The web application is set up as it should be.")


def _faults(*, deploy: bool) -> list[str]:
    from django.conf import settings  # noqa: PLC0415 - once Django is set up
    from django.core import checks  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    from fordel.web.accounts import oidc  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    found = [f"The database lacks {len(waiting)} migrations. Try: fordel serve"] if waiting else []
    found += [f"{m.id}: {m.msg}" for m in checks.run_checks(include_deployment_checks=deploy) if not m.is_silenced()]
    if deploy:
        found += oidc.faults()
    if deploy and settings.DEMO:
        found.append("This is a demo: its accounts have a password everybody knows. Try: leave FORDEL_DEMO out")
    if deploy and not settings.REQUIRE_SECOND_STEP:
        found.append("Nobody needs a second step to sign in. Try: leave FORDEL_REQUIRE_SECOND_STEP out")
    return found
