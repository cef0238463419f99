"""Write a folder whole or not at all: a power cut or a kill leaves the old one as it was."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # linux/fs.h


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a draft folder to write in; when the block ends well it takes the place and name of ``folder``.

    The files are seen on the disk before the name changes, and what stood there before is deleted after.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.draft-", dir=folder.parent))
    try:
        yield draft
        draft.chmod(0o755)
        for path in (*draft.iterdir(), draft):
            _to_disk(path)
        _take_place(draft, folder)
        _to_disk(folder.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _take_place(draft: Path, folder: Path) -> None:
    """Rename the draft; where a folder stands already, exchange the two in one step if the system can."""
    if not folder.exists():
        draft.rename(folder)
    elif not _exchanged(draft, folder):
        former = folder.with_name(f".{folder.name}.former")
        folder.rename(former)
        draft.rename(folder)
        shutil.rmtree(former)


def _exchanged(draft: Path, folder: Path) -> bool:
    """Exchange two names atomically (Linux, renameat2); afterwards the draft's name holds the old content."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    return bool(rename(AT_FDCWD, os.fsencode(draft), AT_FDCWD, os.fsencode(folder), RENAME_EXCHANGE) == 0)


def _to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open a folder to flush it
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
