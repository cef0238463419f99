"""Which practices a list holds, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish.formats import danish_order

if TYPE_CHECKING:
    from fordel.web.runs.queries import Seen

NUMBERS = (
    "capacities_released",
    "patients",
    "mean_weight",
    "minimum_per_capacity",
    "closing_minimum",
    "patients_missing",
)


def found(seen: Seen, asked: dict[str, str], sort: str) -> list[dict[str, Any]]:
    """Give the practices a person sees that fit the filter, in Danish order of names or by a number, most first."""
    frame = seen.practices
    if words := asked.get("q", "").strip():
        literal = pl.col("name").str.to_lowercase().str.contains(words.lower(), literal=True)
        frame = frame.filter(literal | pl.col("practice_id").str.starts_with(words))
    if municipality := asked.get("kommune"):
        frame = frame.filter(pl.col("municipality") == municipality)
    if access := asked.get("tilgang"):
        frame = frame.filter(pl.col("open_to_new") == (access == "aaben"))
    if minimum := asked.get("minimum"):
        missing = pl.col("patients_missing").fill_null(0) > 0
        frame = frame.filter(missing if minimum == "under" else ~missing)
    rows = sorted(frame.to_dicts(), key=lambda row: (danish_order(row["name"]), row["practice_id"]))
    if sort in NUMBERS:
        rows.sort(key=lambda row: -(row[sort] if row[sort] is not None else -1))
    return rows
