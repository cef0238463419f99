"""The register of capacities: one CSV file of events, added to under a lock and replaced in one step."""

from __future__ import annotations

import fcntl
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fordel.casework.capacity import Event, event_table, read_events
from fordel.casework.record import Ceiling, record
from fordel.stores.table import read_table
from fordel.tables import CapacityEvents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


def read_register(path: Path) -> list[Event]:
    """Read the events of a register; a file that is not there yet holds none.

    Raises:
        BadInput: with every fault of the file.
    """
    return read_events(read_table(path, CapacityEvents)) if path.exists() else []


def add_events(
    path: Path, new: Callable[[Sequence[Event]], Sequence[Event]], ceilings: Iterable[Ceiling]
) -> list[Event]:
    """Record events in a register: all of them or none, on the disk before this returns.

    Args:
        path: the register's CSV file.
        new: gives the events to add, from those recorded so far; called while nobody else may write.
        ceilings: those that bind.

    Returns:
        The events that were added.

    Raises:
        BadInput: the register is not in order.
        NotAllowed: naming every event that may not be recorded; the file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path):
        events = read_register(path)
        added = list(new(events))
        _replace(path, record(events, added, ceilings))
    return added


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time add to a register."""
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(path: Path, events: Iterable[Event]) -> None:
    """Write the file anew beside the old one and let it take its name: a kill leaves the one or the other."""
    content = event_table(events).write_csv(datetime_format="%Y-%m-%dT%H:%M:%S%.fZ")
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.draft-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
