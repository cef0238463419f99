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
STATED = ("stated_maximum", "list_utilisation")


def numbers(seen: Seen) -> tuple[str, ...]:
    """Give the columns that are shown; what practices have stated, only where the run knows of some."""
    there = [name for name in STATED if name in seen.run.practices.columns]
    return (*NUMBERS, *there)


def above_stated(row: dict[str, Any]) -> bool:
    """Whether a practice's minimum is higher than the most patients it has said it will have; that may be so."""
    least, most = row["practice_minimum"], row.get("stated_maximum")
    return least is not None and most is not None and bool(least > most)


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
    if sort in numbers(seen):
        rows.sort(key=lambda row: -(row[sort] if row[sort] is not None else -1))
    return rows
