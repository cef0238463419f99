"""What is done to imports, each with its event."""

from __future__ import annotations

import hashlib
import os
import secrets
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app as queue

from fordel.web.audit.actions import record
from fordel.web.imports.models import Import, State, Upload
from fordel.web.jobs.doing import WrongState, moved

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from fordel.web.runs.models import Snapshot

__all__ = ["READ", "SAVE", "WrongState", "begin", "confirm", "discard", "finish", "path_of", "refuse", "show", "undo"]
READ, SAVE = "fordel.read_import", "fordel.save_import"  # the worker has them; the pages only know their names


@transaction.atomic
def begin(base: Snapshot, files: Mapping[str, UploadedFile[Any]], *, region: str, by: str, at: datetime) -> Import:
    """Keep the files and let the worker read them. Nothing of the snapshot changes."""
    made = Import.objects.create(base=base, region=region, made_by=by, made_at=at)
    for kind, file in files.items():
        stored, size, digest = _keep(file)
        Upload.objects.create(of=made, kind=kind, name=_name(file), stored=stored, size=size, sha256=digest)
    named = {upload.kind: upload.sha256 for upload in made.uploads.all()}
    record("import.begun", "import", str(made.pk), by=by, at=at, new={"base": base.pk, "files": named})
    _enqueue(READ, made)
    return made


@transaction.atomic
def show(import_id: int, differences: list[dict[str, Any]]) -> None:
    """Let people see what would change.

    Raises:
        WrongState: it is not being read.
    """
    made = _moved(import_id, State.READY)
    made.differences = differences
    made.save(update_fields=["state", "differences"])


@transaction.atomic
def refuse(import_id: int, faults: list[dict[str, Any]], *, at: datetime) -> None:
    """Refuse an import with all that is wrong.

    Raises:
        WrongState: it is neither being read nor saved.
    """
    made = _moved(import_id, State.REFUSED)
    made.faults = faults
    made.save(update_fields=["state", "faults"])
    record("import.refused", "import", str(import_id), by=made.made_by, at=at, new={"faults": len(faults)})


@transaction.atomic
def confirm(import_id: int, *, by: str, at: datetime) -> None:
    """Let an import count: the worker makes a new snapshot of it.

    Raises:
        WrongState: it is not ready.
    """
    made = _moved(import_id, State.SAVING)
    made.save(update_fields=["state"])
    record("import.confirmed", "import", str(import_id), by=by, at=at)
    _enqueue(SAVE, made)


@transaction.atomic
def discard(import_id: int, *, by: str, at: datetime) -> None:
    """Let an import go.

    Raises:
        WrongState: it counts already, or is over.
    """
    _moved(import_id, State.DISCARDED).save(update_fields=["state"])
    record("import.discarded", "import", str(import_id), by=by, at=at)


@transaction.atomic
def finish(import_id: int, snapshot: Snapshot, *, at: datetime) -> None:
    """End an import with its snapshot.

    Raises:
        WrongState: it is not being saved.
    """
    made = _moved(import_id, State.DONE)
    made.snapshot = snapshot
    made.save(update_fields=["state", "snapshot"])
    record("import.done", "import", str(import_id), by=made.made_by, at=at, new={"snapshot": snapshot.pk})


@transaction.atomic
def undo(import_id: int, *, by: str, at: datetime) -> None:
    """Take a whole import back: its snapshot is withdrawn, and no page shows a run made from it unless asked for it.

    Raises:
        WrongState: it does not count.
    """
    made = _moved(import_id, State.UNDONE)
    made.save(update_fields=["state"])
    snapshot = made.snapshot
    if snapshot is not None:
        snapshot.withdrawn_at = at
        snapshot.save(update_fields=["withdrawn_at"])
    record("import.undone", "import", str(import_id), by=by, at=at, old={"snapshot": made.snapshot_id})


def path_of(upload: Upload) -> Path:
    """Give where a file is kept."""
    return Path(settings.MEDIA_ROOT) / upload.stored


def _moved(import_id: int, to: str) -> Import:
    return moved(Import, import_id, to)


def _enqueue(task: str, made: Import) -> None:
    queue.configure_task(task, allow_unknown=True, queue="runs").defer(import_id=made.pk)


def _keep(file: UploadedFile[Any]) -> tuple[str, int, str]:
    """Write a file under a name of our own, readable by us alone; give that name, its size and SHA-256."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{secrets.token_hex(16)}{Path(file.name or '').suffix.lower()}"
    digest, size = hashlib.sha256(), 0
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return name, size, digest.hexdigest()


def _name(file: UploadedFile[Any]) -> str:
    """Give what a file was called, without folders and letters that cannot be seen."""
    bare = (file.name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in bare if unicodedata.category(c)[0] != "C")[-200:]
