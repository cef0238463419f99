"""Take finished runs and snapshots into the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from fordel.web.audit.actions import record
from fordel.web.runs.models import FinishedRun, Snapshot

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from fordel.runs.record import Run


@transaction.atomic
def add_snapshot(
    *, fingerprint: str, name: str, day: date, synthetic: bool, folder: Path, by: str, at: datetime
) -> Snapshot:
    """Take in a snapshot; one that is there already stays as it is."""
    snapshot, new = Snapshot.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={
            "name": name,
            "day": day,
            "synthetic": synthetic,
            "folder": below_home(folder),
            "added_at": at,
            "added_by": by,
        },
    )
    if new:
        record("snapshot.added", "snapshot", fingerprint, by=by, at=at, new={"name": name, "day": str(day)})
    return snapshot


@transaction.atomic
def add_run(run: Run, folder: Path, *, by: str, at: datetime) -> FinishedRun:
    """Take in a finished run whose snapshot is there; one that is there already stays as it is."""
    manifest = run.manifest
    finished, new = FinishedRun.objects.get_or_create(
        run_id=manifest.run_id,
        defaults={
            "law_date": manifest.law_date,
            "profession": manifest.profession,
            "snapshot_id": manifest.snapshot_fingerprint,
            "version": manifest.version,
            "total": manifest.total,
            "total_given": manifest.total_given,
            "settings": {used.name: used.value for used in manifest.settings},
            "folder": below_home(folder),
            "made_at": at,
            "made_by": by,
        },
    )
    if new:
        record("run.made", "run", manifest.run_id, by=by, at=at, new={"law_date": str(manifest.law_date)})
    return finished


def below_home(folder: Path) -> str:
    """Name a folder as seen from the installation's own, so that the whole can be moved.

    Raises:
        ValueError: it lies elsewhere.
    """
    return folder.resolve().relative_to(settings.HOME).as_posix()
