"""What changed for the areas a person sees, from one run to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.runs.differences import compare

if TYPE_CHECKING:
    from fordel.web.runs.queries import Seen

NUMBERS = ("need", "ceiling", "capacities_released", "headroom", "surplus")


def of_areas(before: Seen, after: Seen) -> list[dict[str, Any]]:
    """Give the numbers of areas that changed, what changed most first within each level."""
    seen = set(before.areas["area_id"]) | set(after.areas["area_id"])
    rows = compare(before.run, after.run).filter(
        (pl.col("table") == "areas")
        & pl.col("known_as").is_in(sorted(seen))
        & pl.col("number").is_in(NUMBERS)
        & (pl.col("change") != 0)
    )
    return rows.cast({pl.Decimal: pl.Float64}).to_dicts()
