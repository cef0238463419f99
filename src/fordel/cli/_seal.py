"""The seal beside a demo snapshot: which recipe made it. Reads no table, so what is there is known at once."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path


def fingerprint_there(to: Path) -> str:
    """Give the fingerprint of the demo snapshot that is there, if today's recipe made it; else nothing."""
    sealed = sealed_as((to / "snapshot").with_name("snapshot.made.json"))
    return sealed["fingerprint"] if sealed is not None and sealed["recipe"] == recipe_now() else ""


def sealed_as(seal: Path) -> dict[str, str] | None:
    """Read what made the snapshot beside it; None where nothing tells."""
    try:
        content = json.loads(seal.read_text(encoding="utf-8"))
        return {key: str(content[key]) for key in ("recipe", "fingerprint")}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def recipe_now() -> str:
    """SHA-256 over the demo's own data and code, and the schemas it fills: another recipe, another snapshot."""
    digest = hashlib.sha256()
    for package in ("fordel.demo", "fordel.tables"):
        for name, file in sorted(_files(files(package), package)):
            digest.update(f"|{name}|".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _files(entry, f"{path}/{entry.name}")
        elif entry.is_file():
            yield f"{path}/{entry.name}", entry
