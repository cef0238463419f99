"""The register of capacities: one CSV file of events, added to under a lock and replaced in one step."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from fordel.casework.capacity import Event, event_table, read_events
from fordel.casework.ceilings import Ceiling
from fordel.casework.record import record
from fordel.stores._folder import whole_folder
from fordel.stores._formats import as_text, write_table
from fordel.stores.faults import BadInput, Place
from fordel.stores.table import read_table
from fordel.tables import CapacityEvents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import polars as pl


def read_register(path: Path) -> list[Event]:
    """Read the events of a register; a file that is not there yet holds none.

    Raises:
        BadInput: with every fault of the file.
    """
    return read_events(read_table(path, CapacityEvents, may_be_empty=True)) if path.exists() else []


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


def write_new_folder(folder: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    """Write tables as CSV files in a new folder: all of them or none. One that is there is left alone.

    Raises:
        BadInput: the folder is there and holds something, perhaps events added since.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fault = Place(str(folder)).fault("register_there" if folder.is_dir() else "register_is_file")
        raise BadInput(str(folder), [fault])
    with whole_folder(folder) as draft:
        for name, frame in frames.items():
            write_table(frame, draft, name, "csv")


if sys.platform == "win32":
    import msvcrt

    def _wait_for(lock: IO[str]) -> None:
        """Wait until no other process holds the lock; closing the file gives it back, and so does a kill."""
        msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _wait_for(lock: IO[str]) -> None:
        """Wait until no other process holds the lock; closing the file gives it back, and so does a kill."""
        fcntl.flock(lock, fcntl.LOCK_EX)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time add to a register."""
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        _wait_for(lock)
        yield


def _replace(path: Path, events: Iterable[Event]) -> None:
    """Write the file anew beside the old one and let it take its name: a kill leaves the one or the other."""
    content = as_text(event_table(events)).write_csv()
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.draft-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
