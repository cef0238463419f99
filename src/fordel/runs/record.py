"""The record of a run (kørsel): result tables, the rules that gave them, and a manifest with checksums. Immutable."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.law import ParameterUsed, RuleUsed, Trace
from fordel.runs._columns import Column, columns
from fordel.runs._folder import MANIFEST, BadRun, read_frame, read_manifest, run_id_in, write_folder

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "FRAMES",
    "BadRun",
    "Column",
    "Manifest",
    "Run",
    "TableRecord",
    "columns",
    "read_run",
    "run_id_in",
    "write_run",
]

FORMAT = 2
FRAMES = ("areas", "practices", "places", "planning", "exceptions", "alerts", "area_shapes", "sources")


@dataclass(frozen=True)
class TableRecord:
    """One table of a run: its rows and the SHA-256 of its content, which no file format changes."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a run was made from, and how to know that it is whole.

    Attributes:
        law_date: the day whose law was applied.
        profession, profession_dansk: short name and Danish name.
        snapshot_name, snapshot_date, snapshot_fingerprint: which tables were read.
        synthetic: whether any source of the snapshot is made up.
        version: version of the package.
        total: capacities apportioned over the nation; ``total_given`` tells whether the user named it.
        settings: parameters set for this run alone.
        tables: rows and checksum of each result table, by name.
        run_id: SHA-256 over all of this, the rules applied and the checksums.
    """

    law_date: date
    profession: str
    profession_dansk: str
    snapshot_name: str
    snapshot_date: date
    snapshot_fingerprint: str
    synthetic: bool
    version: str
    total: int
    total_given: bool
    settings: tuple[ParameterUsed, ...] = ()
    tables: dict[str, TableRecord] = field(default_factory=dict)
    run_id: str = ""


@dataclass(frozen=True, eq=False)
class Run:
    """A finished plan that holds all it takes to show and to explain it.

    Attributes:
        manifest: what it was made from.
        areas, practices, places, planning, exceptions, alerts: the tables of the plan; see ``columns`` for their
            columns and units.
        area_shapes: the land of each municipality, multipolygons as well-known binary, EPSG:25832.
        sources: where the snapshot comes from: licence, attribution, synthetic or not.
        rules: the rules applied, in order, with the parameters they read.
    """

    manifest: Manifest
    areas: pl.DataFrame
    practices: pl.DataFrame
    places: pl.DataFrame
    planning: pl.DataFrame
    exceptions: pl.DataFrame
    alerts: pl.DataFrame
    area_shapes: pl.DataFrame
    sources: pl.DataFrame
    rules: tuple[RuleUsed, ...]

    @classmethod
    def sealed(cls, manifest: Manifest, rules: tuple[RuleUsed, ...], **frames: pl.DataFrame) -> Run:
        """Make a run and fill in its manifest's checksums and run id."""
        tables = {name: TableRecord(frames[name].height, checksum(frames[name])) for name in FRAMES}
        manifest = replace(manifest, tables=tables, run_id="")
        return cls(replace(manifest, run_id=_run_id(manifest, rules)), rules=rules, **frames)

    def frames(self) -> dict[str, pl.DataFrame]:
        """Give the tables by name."""
        return {name: getattr(self, name) for name in FRAMES}

    def assumptions(self) -> list[ParameterUsed]:
        """Every parameter used that rests on an assumption or an inference, once each."""
        return Trace(list(self.rules)).assumptions()

    def rule(self, name: str) -> RuleUsed:
        """Give the first use of a rule, for example ``allocation.headroom``."""
        return Trace(list(self.rules)).of(name)


def checksum(frame: pl.DataFrame) -> str:
    """SHA-256 of a frame's columns, their types and its content as CSV: the same on every machine."""
    columns = ",".join(f"{name}:{dtype}" for name, dtype in frame.schema.items())
    plain = frame.with_columns(pl.col(pl.Binary).bin.encode("hex"))
    return hashlib.sha256(f"{columns}\n{plain.write_csv()}".encode()).hexdigest()


def write_run(run: Run, folder: Path) -> Path:
    """Write a run into a folder of its own: all of it or nothing. Writing the same run again changes nothing.

    Returns:
        The folder.

    Raises:
        BadRun: the folder holds another run, or something else.
    """
    there = run_id_in(folder)
    if there is None:
        write_folder(folder, run.frames(), _as_json(run.manifest, run.rules))
    elif there == run.manifest.run_id:
        read_run(folder)
    else:
        raise BadRun(
            f"{folder} already holds another run, {there[:12]}; a run is never overwritten.\n"
            f"  Try: another folder for run {run.manifest.run_id[:12]}",
            code="folder_taken",
        )
    return folder


def read_run(folder: Path) -> Run:
    """Read a run back and verify every checksum.

    Raises:
        BadRun: no run there, written by another version of the format, or changed since; every fault is listed.
    """
    content = read_manifest(folder, FORMAT)
    try:
        manifest = _manifest_of(content)
        rules = tuple(_rule_of(block) for block in content["rules"])
    except (KeyError, TypeError, ValueError) as error:
        said = f"{folder / MANIFEST} is not a run's manifest ({error!r}).\n  Try: make the run again"
        raise BadRun(said, code="run_damaged") from error
    faults: list[str] = []
    frames = {name: read_frame(folder, name, faults) for name in FRAMES}
    faults += [
        f"{name}.parquet is not what was written: its checksum differs."
        for name, frame in frames.items()
        if frame is not None and checksum(frame) != manifest.tables[name].sha256
    ]
    if _run_id(manifest, rules) != manifest.run_id:
        faults.append(f"{MANIFEST} is not what was written: its run id differs.")
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        said = f"The run in {folder} has been changed or damaged:\n{listed}\n  Try: make the run again"
        raise BadRun(said, code="run_damaged")
    return Run(manifest, rules=rules, **{name: frame for name, frame in frames.items() if frame is not None})


def _run_id(manifest: Manifest, rules: tuple[RuleUsed, ...]) -> str:
    return hashlib.sha256(_as_json(replace(manifest, run_id=""), rules).encode()).hexdigest()


def _as_json(manifest: Manifest, rules: tuple[RuleUsed, ...]) -> str:
    content = {"format": FORMAT, **asdict(manifest), "rules": [asdict(used) for used in rules]}
    return json.dumps(content, default=str, ensure_ascii=False, indent=2) + "\n"


def _manifest_of(content: dict[str, Any]) -> Manifest:
    plain = {f.name: content[f.name] for f in fields(Manifest)}
    tables = {name: TableRecord(**content["tables"][name]) for name in FRAMES}
    return Manifest(
        **{
            **plain,
            "law_date": date.fromisoformat(plain["law_date"]),
            "snapshot_date": date.fromisoformat(plain["snapshot_date"]),
            "settings": tuple(_parameter_of(block) for block in plain["settings"]),
            "tables": tables,
        }
    )


def _rule_of(block: dict[str, Any]) -> RuleUsed:
    parameters = tuple(_parameter_of(inner) for inner in block["parameters"])
    return RuleUsed(**{**block, "since": date.fromisoformat(block["since"]), "parameters": parameters})


def _parameter_of(block: dict[str, Any]) -> ParameterUsed:
    return ParameterUsed(**{**block, "since": date.fromisoformat(block["since"])})
