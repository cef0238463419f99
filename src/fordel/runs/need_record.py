"""Frozen outcomes of the need step: a fitted model, its check, its weights, each a folder of tables. Never a person."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fordel.runs._folder import MANIFEST, BadRun, read_frame, write_folder
from fordel.runs.record import checksum

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

FORMAT = 1


class Kind(StrEnum):
    """What a folder holds, and which command writes it."""

    MODEL = "model"
    CHECK = "check"
    WEIGHTS = "weights"
    INTERVALS = "intervals"
    COMPARISON = "comparison"


MADE_BY = {
    Kind.MODEL: "fordel need fit",
    Kind.CHECK: "fordel need check",
    Kind.WEIGHTS: "fordel need weigh",
    Kind.INTERVALS: "fordel need intervals",
    Kind.COMPARISON: "fordel need compare",
}


@dataclass(frozen=True, eq=False)
class NeedRecord:
    """One outcome of the need step.

    Attributes:
        kind: what it is.
        facts: what it was made from, as texts by name; ``synthetic`` is ``yes`` or ``no``.
        frames: its tables by name; which there are depends on the kind.
    """

    kind: Kind
    facts: Mapping[str, str]
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def record_id(self) -> str:
        """SHA-256 over facts and the content of every table."""
        return hashlib.sha256(json.dumps(self._content(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def synthetic(self) -> bool:
        """Whether it was made from synthetic citizens."""
        return self.facts.get("synthetic") != "no"

    def _content(self) -> dict[str, Any]:
        tables = {name: {"rows": f.height, "sha256": checksum(f)} for name, f in sorted(self.frames.items())}
        return {"format": FORMAT, "kind": str(self.kind), "facts": dict(self.facts), "tables": tables}


def write_need_record(record: NeedRecord, folder: Path) -> Path:
    """Write an outcome into a folder of its own: all of it or nothing. Writing the same again changes nothing.

    Raises:
        BadRun: the folder holds something else.
    """
    refuse_other(folder, record)
    if not folder.exists() or not any(folder.iterdir()):
        text = json.dumps({**record._content(), "record_id": record.record_id}, ensure_ascii=False, indent=2) + "\n"
        write_folder(folder, record.frames, text)
    return folder


def refuse_other(folder: Path, record: NeedRecord | None = None) -> None:
    """Refuse a folder that holds anything but this very record; without a record, anything but need outcomes.

    Raises:
        BadRun: there is something else.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    there = _read_manifest(folder).get("record_id") if (folder / MANIFEST).is_file() else None
    if there is None:
        raise BadRun(
            f"{folder} exists and holds no outcome of the need step, so nothing was written there.\n  Try: a new folder"
        )
    if record is not None and there != record.record_id:
        raise BadRun(
            f"{folder} already holds {str(there)[:12]}; an outcome is never overwritten.\n"
            f"  Try: another folder for {record.record_id[:12]}"
        )


def read_need_record(folder: Path, kind: Kind) -> NeedRecord:
    """Read an outcome back and verify every checksum.

    Raises:
        BadRun: none there, of another kind, or changed since; every fault is listed.
    """
    if not (folder / MANIFEST).is_file():
        what = "has no manifest.json" if folder.is_dir() else "is not there"
        raise BadRun(f"No need {kind}: {folder} {what}.\n  Try: {MADE_BY[kind]} … --to {folder}")
    content = _read_manifest(folder)
    found, tables, facts = content.get("kind"), content.get("tables"), content.get("facts")
    if content.get("format") != FORMAT or not isinstance(tables, dict) or not isinstance(facts, dict):
        raise BadRun(
            f"{folder} does not hold a need {kind} of this version.\n  Try: {MADE_BY[kind]} … --to another folder"
        )
    if found != kind:
        raise BadRun(
            f"{folder} holds a need {found}, not a need {kind}.\n  Try: the folder that `{MADE_BY[kind]}` wrote"
        )
    faults: list[str] = []
    frames = {name: frame for name in tables if (frame := read_frame(folder, name, faults)) is not None}
    changed = [name for name, frame in frames.items() if checksum(frame) != tables[name]["sha256"]]
    faults += [f"{name}.parquet is not what was written: its checksum differs." for name in changed]
    record = NeedRecord(kind, facts, frames)
    if not faults and record.record_id != content.get("record_id"):
        faults.append(f"{MANIFEST} is not what was written: its id differs.")
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        raise BadRun(f"The need {kind} in {folder} has been changed or damaged:\n{listed}\n  Try: make it again")
    return record


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadRun(f"{path} is not JSON ({error}).\n  Try: make it again") from error
    return dict(content) if isinstance(content, dict) else {}
