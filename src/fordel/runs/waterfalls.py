"""The record of a waterfall: which ingredient changed each number from one run to another. Immutable, as runs are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from fordel.runs._folder import MANIFEST, BadRun, read_frame, read_manifest, write_folder
from fordel.runs.record import checksum

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["INGREDIENTS", "KEPT", "STAGES", "BadRun", "read_waterfall", "write_waterfall"]

FORMAT = 1
TABLE = "steps"
INGREDIENTS = ("data", "parameters", "rules", "geography")
STAGES = ("before", *INGREDIENTS, "after")
# What is kept: capacities of areas, and what practices are told. No count of people who live somewhere.
KEPT = {
    "areas": ("need", "ceiling", "capacities_released", "headroom", "surplus"),
    "practices": ("minimum_per_capacity", "closing_minimum", "patients_missing"),
}


def write_waterfall(steps: pl.DataFrame, folder: Path, *, before: str, after: str) -> Path:
    """Write what ``runs.compare.waterfall`` gives into a folder of its own: whole or not at all.

    A folder that already tells of the same two runs stays as it is.

    Args:
        steps: of every area and practice; only the numbers in ``KEPT`` are written.
        folder: new or empty.
        before, after: ids of the two runs.

    Raises:
        BadRun: the folder holds something else, or what it holds was changed.
    """
    if (folder / MANIFEST).is_file():
        read_waterfall(folder, before=before, after=after)
        return folder
    of_table = [(pl.col("table") == table) & pl.col("number").is_in(numbers) for table, numbers in KEPT.items()]
    kept = steps.filter(pl.any_horizontal(of_table))
    told = {"format": FORMAT, "before": before, "after": after, "rows": kept.height, "sha256": checksum(kept)}
    write_folder(folder, {TABLE: kept}, json.dumps(told, indent=2) + "\n")
    return folder


def read_waterfall(folder: Path, *, before: str, after: str) -> pl.DataFrame:
    """Read a waterfall back and verify it.

    Returns:
        ``table, level, known_as, name, number, status, before, data, parameters, rules, geography, after``; the steps
        are exact decimals and add up on every row.

    Raises:
        BadRun: none there, of other runs, or changed since it was written.
    """
    told, faults = read_manifest(folder, FORMAT), list[str]()
    frame = read_frame(folder, TABLE, faults)
    if (told.get("before"), told.get("after")) != (before, after):
        faults.append(f"{MANIFEST} tells of other runs.")
    if frame is None or checksum(frame) != told.get("sha256"):
        faults.append(f"{TABLE}.parquet is not what was written: its checksum differs.")
    if frame is None or faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        raise BadRun(f"The comparison in {folder} has been changed or damaged:\n{listed}\n  Try: ask for it again")
    return frame
