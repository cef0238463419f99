"""The minimums of all practices, from list to right to close, rule after rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.minimum.decided import decisions_in_force
from fordel.minimum.leaving import minimum_sway, years_to_minimum
from fordel.minimum.rules import closing_minimum, indicative_minimum, may_close, patients_missing, practice_minimum
from fordel.minimum.settling import decided_minimum, dispensed_closing_minimum, settled_minimum

if TYPE_CHECKING:
    from fordel.law import Law
    from fordel.tables import Tables


def minimums_of(law: Law, tables: Tables, weighted_patients: pl.DataFrame) -> pl.DataFrame:
    """Give every practice its indicative minimum, the one that holds, and its right to close.

    Args:
        law: the law of the day.
        tables: practices, decisions and minimums announced before.
        weighted_patients: ``practice_id, patients, weighted_patients`` of the practices that have patients.

    Returns:
        One row per practice, sorted by ``practice_id``: the practice, its list, and its minimums.

    Raises:
        LawError: decisions that are not in order.
    """
    frame = tables.practices.drop("patients").join(weighted_patients, on="practice_id", how="left")
    frame = frame.with_columns(pl.col("patients", "weighted_patients").fill_null(0)).with_columns(
        mean_weight=pl.when(pl.col("patients") > 0).then(pl.col("weighted_patients") / pl.col("patients"))
    )
    frame = frame.join(_earlier(law, tables.minimums), on="practice_id", how="left")
    frame = frame.join(decisions_in_force(law, tables.decisions, frame), on="practice_id", how="left")
    return _right_to_close(law, _held(law, frame)).sort("practice_id")


def _earlier(law: Law, announced: pl.DataFrame) -> pl.DataFrame:
    """Give the newest minimum announced before the law date: columns ``practice_id``, ``earlier_minimum``."""
    before = announced.filter(pl.col("valid_from") < law.day).sort("practice_id", "valid_from")
    newest = before.group_by("practice_id", maintain_order=True).last()
    return newest.select("practice_id", earlier_minimum="minimum_per_capacity")


def _held(law: Law, frame: pl.DataFrame) -> pl.DataFrame:
    """Go from the indicative minimum to the one that holds, per capacity and for the whole practice."""
    col = pl.col
    frame = frame.with_columns(indicative_minimum=law.apply(indicative_minimum, col("mean_weight")))
    frame = frame.with_columns(
        settled_minimum=law.apply(settled_minimum, col("indicative_minimum"), col("earlier_minimum"))
    )
    decided = law.apply(decided_minimum, col("settled_minimum"), col("decided_minimum"))
    frame = frame.with_columns(minimum_per_capacity=decided)
    whole = law.apply(practice_minimum, col("minimum_per_capacity"), col("capacities_released"))
    return frame.with_columns(
        practice_minimum=whole, minimum_sway=law.apply(minimum_sway, col("minimum_per_capacity"), col("patients"))
    )


def _right_to_close(law: Law, frame: pl.DataFrame) -> pl.DataFrame:
    """Compare the list with the patients at which the practice may close."""
    held, patients, limit = pl.col("capacities_released"), pl.col("patients"), pl.col("closing_minimum")
    closing = law.apply(closing_minimum, pl.col("practice_minimum"), held)
    if frame["dispensed_minimum"].count():
        closing = law.apply(dispensed_closing_minimum, closing, pl.col("dispensed_minimum"), held)
    return frame.with_columns(closing_minimum=closing).with_columns(
        may_close=law.apply(may_close, patients, limit),
        patients_missing=law.apply(patients_missing, patients, limit),
        years_to_minimum=law.apply(years_to_minimum, patients, limit),
    )
