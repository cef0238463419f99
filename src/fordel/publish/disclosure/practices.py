"""Hold back what lists of few patients tell of their need.

How many patients a practice has is published, and no secret of theirs. What their need weighs is: of a list of three it
is nearly each one's own. So the weight of such a list is held back, and every minimum that was computed from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import polars as pl

from fordel.publish.disclosure.least import least_shown

if TYPE_CHECKING:
    from fordel.runs.record import Run

FROM_NEED = (
    *("weighted_patients", "mean_weight", "indicative_minimum", "settled_minimum", "minimum_per_capacity"),
    *("minimum_sway", "practice_minimum", "closing_minimum", "may_close", "patients_missing", "years_to_minimum"),
)
_KEPT: WeakKeyDictionary[Run, pl.DataFrame] = WeakKeyDictionary()


def shown_practices(run: Run) -> pl.DataFrame:
    """Give the practices of a run without what is held back of small lists; worked out once per run."""
    kept = _KEPT.get(run)
    if kept is None:
        kept = _KEPT[run] = hold_back_practices(run.practices, least_shown(run.manifest.law_date))
    return kept


def hold_back_practices(practices: pl.DataFrame, least: int) -> pl.DataFrame:
    """Give practices with nothing in place of what tells the need of fewer than ``least`` patients."""
    few = is_few(least)
    columns = [name for name in FROM_NEED if name in practices.columns]
    return practices.with_columns(pl.when(few).then(None).otherwise(pl.col(name)).alias(name) for name in columns)


def is_few(least: int) -> pl.Expr:
    """Tell which practices have a list of so few patients. Unit of ``least``: people."""
    return (pl.col("patients") > 0) & (pl.col("patients") < least)
