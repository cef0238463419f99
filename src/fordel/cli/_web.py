"""What the commands of the web application share: its folder, its database, its demo."""

from __future__ import annotations

from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING

from fordel.web.database import connect

if TYPE_CHECKING:
    from pathlib import Path


def open_home(home: Path) -> None:
    """Name folder and database to Django, and set it up.

    Raises:
        NoDatabase: there is none.
    """
    import django  # noqa: PLC0415 - `--help` needs no Django

    connect(home)
    django.setup()


def migrate() -> None:
    """Bring the database's tables up to date, and gather the static files; nothing is done where all is done."""
    from django.core.management import call_command  # noqa: PLC0415 - once Django is set up

    migrate_database()
    call_command("collectstatic", verbosity=0, interactive=False)


def migrate_database() -> None:
    """Bring the database's tables up to date."""
    from django.core.management import call_command  # noqa: PLC0415 - once Django is set up

    call_command("migrate", verbosity=0, interactive=False)


def somebody_can_let_people_in() -> bool:
    """Whether there is an administrator who can sign in and make accounts."""
    from fordel.web.accounts.queries import administrators  # noqa: PLC0415 - once Django is set up

    return administrators() > 0


def take_in_demo(home: Path) -> None:
    """Make what the demo lacks: snapshot and run; take them in; make its accounts."""
    from django.utils import timezone  # noqa: PLC0415 - once Django is set up

    from fordel.cli._seal import fingerprint_there  # noqa: PLC0415
    from fordel.web.accounts.demo import make_demo_accounts  # noqa: PLC0415
    from fordel.web.runs.actions import add_run, add_snapshot  # noqa: PLC0415
    from fordel.web.runs.models import FinishedRun  # noqa: PLC0415

    now = timezone.now()
    make_demo_accounts(at=now)
    there = {"snapshot_id": fingerprint_there(home), "made_by": "demo", "version": version("fordel")}
    if FinishedRun.objects.filter(**there).exists():
        return
    from fordel.cli.demo import DEFAULT_DAY, make_quietly  # noqa: PLC0415 - loads all that makes a plan

    run, folder = make_quietly(home, date.fromisoformat(DEFAULT_DAY))
    manifest = run.manifest
    add_snapshot(
        fingerprint=manifest.snapshot_fingerprint,
        name=manifest.snapshot_name,
        day=manifest.snapshot_date,
        synthetic=manifest.synthetic,
        folder=home / "snapshot",
        by="demo",
        at=now,
    )
    add_run(run, folder, by="demo", at=now)
