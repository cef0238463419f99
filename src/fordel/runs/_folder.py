"""A run's folder on disk: written whole or not at all, and read with every fault named."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.law import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = "manifest.json"


class BadRun(Reason):
    """A folder that should hold a run does not, or holds one that may not be overwritten."""


def run_id_in(folder: Path) -> str | None:
    """Give the id of the run a folder holds; None where a run may be written: no folder, or an empty one.

    Raises:
        BadRun: there is something else.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    try:
        return str(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["run_id"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BadRun(
            f"{folder} exists and holds no run, so nothing was written there.\n  Try: a new or empty folder",
            code="folder_taken",
        ) from None


def write_folder(folder: Path, frames: Mapping[str, pl.DataFrame], manifest: str) -> None:
    """Write tables and manifest beside the folder, see them on the disk, then give them the folder's name."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, frame in frames.items():
            frame.write_parquet(draft / f"{name}.parquet", compression="zstd", statistics=False)
        (draft / MANIFEST).write_text(manifest, encoding="utf-8", newline="\n")
        draft.chmod(0o755)
        for path in (*draft.iterdir(), draft):
            _to_disk(path)
        draft.replace(folder)
        _to_disk(folder.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def read_manifest(folder: Path, known_format: int) -> dict[str, Any]:
    """Read the manifest as plain JSON.

    Raises:
        BadRun: none there, not JSON, or of another format.
    """
    path = folder / MANIFEST
    if not path.is_file():
        what = "has no manifest.json" if folder.is_dir() else "is not there"
        raise BadRun(f"No run: {folder} {what}.\n  Try: fordel plan make --to {folder}", code="run_gone")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadRun(f"{path} is not JSON ({error}).\n  Try: make the run again", code="run_damaged") from error
    found = content.get("format") if isinstance(content, dict) else None
    if found != known_format:
        raise BadRun(f"{path} has format {found!r}; this version reads format {known_format}.", code="run_format")
    return dict(content)


def read_frame(folder: Path, name: str, faults: list[str]) -> pl.DataFrame | None:
    """Read one table; say in ``faults`` what stood in the way."""
    path = folder / f"{name}.parquet"
    if not path.is_file():
        faults.append(f"{path.name} is missing.")
        return None
    try:
        return pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        faults.append(f"{path.name} is not Parquet that can be read ({str(error).splitlines()[0]}).")
        return None


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
