"""Back-test (tilbageprøvning): how ceilings would have moved from year to year, had the law of one day always held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.law import Lawbook
from fordel.plan import make_areas
from fordel.professions import GP
from fordel.runs.laws import law_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from typing import Any

    from fordel.tables import Tables

KEY = ("level", "area_id")


def backtest(
    snapshots: Sequence[Tables],
    *,
    day: date,
    total: int | None = None,
    settings: Iterable[tuple[str, Any]] = (),
    book: Lawbook | None = None,
) -> pl.DataFrame:
    """Give the ceilings of general practice on every snapshot by the law of one day.

    Args:
        snapshots: of different days; areas are those of the law date in each.
        day: the law date, whatever the day of the snapshot.
        total: capacities the nation may have every year; by default each year's need, rounded.
        settings: parameters to set otherwise than the book.
        book: the lawbook; by default the one that comes with the package.

    Returns:
        One row per snapshot and area, ordered by day: ``snapshot_date, level, area_id, name, people, mean_weight, need,
        ceiling, gained, lost``. Gained and lost are capacities against the snapshot before, none in the first.

    Raises:
        LawError: the model is not in force on the law date, or a setting is not possible.
    """
    law = law_for(book or Lawbook.shipped(), day, settings)
    columns = ["level", "area_id", "name", "people", "mean_weight", "need", "ceiling"]
    years = [
        make_areas(law.recording(), tables, GP, total=total)
        .select(columns)
        .select(pl.lit(tables.snapshot_date).alias("snapshot_date"), pl.all())
        for tables in sorted(snapshots, key=lambda tables: tables.snapshot_date)
    ]
    before = pl.col("ceiling").shift().over(KEY, order_by="snapshot_date")
    return pl.concat(years).with_columns(
        gained=(pl.col("ceiling") - before).clip(lower_bound=0).fill_null(0),
        lost=(before - pl.col("ceiling")).clip(lower_bound=0).fill_null(0),
    )


def movement(moves: pl.DataFrame) -> pl.DataFrame:
    """Sum up a back-test: one row per area.

    Returns:
        ``level, area_id, name, first_ceiling, last_ceiling, times_up, times_down, largest_move``, areas in order.
    """
    larger = pl.max_horizontal("gained", "lost")
    return moves.group_by(KEY, maintain_order=True).agg(
        pl.col("name").first(),
        first_ceiling=pl.col("ceiling").first(),
        last_ceiling=pl.col("ceiling").last(),
        times_up=(pl.col("gained") > 0).sum(),
        times_down=(pl.col("lost") > 0).sum(),
        largest_move=larger.max(),
    )
