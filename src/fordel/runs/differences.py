"""What changed between two finished runs, told from their records alone: no law is opened, nothing is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from fordel.runs.record import Run

KEYS = {"areas": ("level", "area_id"), "practices": ("practice_id",)}
# Counts that add up over areas, and the numbers a practice is told. Means and shares follow from them.
COMPARED = {
    "areas": (
        *("people", "weighted_citizens", "need", "ceiling", "capacities_released", "capacities_filled"),
        *("headroom", "surplus", "releasable", "people_no_choice", "people_one_choice", "people_two_choices"),
    ),
    "practices": (
        *("patients", "weighted_patients", "capacities_released", "indicative_minimum", "minimum_per_capacity"),
        *("practice_minimum", "closing_minimum", "patients_missing"),
    ),
}
LEVELS = {"nation": 0, "region": 1, "health_council": 2, "municipality": 3, "practice": 4}
EXACT = pl.Decimal(28, 6)


def compare(a: Run, b: Run) -> pl.DataFrame:
    """Compare two finished runs, whatever they were made from.

    Returns:
        One row per area or practice and number: ``table, level, known_as, name, number, status`` (``both``, ``new``
        or ``ended``: whether the area or practice is in both runs), ``before, change, after``. Exact decimals, six
        places; a number that is not there counts as 0, so that ``before + change = after`` on every row. Rows that did
        not change are there, too.
    """
    return with_changes(levels([a, b], ("before", "after")), ("before", "after"), ("change",))


def levels(runs: list[Run], stages: tuple[str, ...]) -> pl.DataFrame:
    """Give every compared number of every run, as exact decimals: one column per stage."""
    return pl.concat(_levels_of(table, [run.frames()[table] for run in runs], stages) for table in KEYS)


def _levels_of(table: str, frames: list[pl.DataFrame], stages: tuple[str, ...]) -> pl.DataFrame:
    keys = list(KEYS[table])
    everyone = pl.concat(frame.select(*keys, "name") for frame in reversed(frames)).unique(keys, maintain_order=True)
    there = {
        flag: frame.select(*keys, pl.lit(True).alias(flag))
        for flag, frame in (("at_first", frames[0]), ("at_last", frames[-1]))
    }
    for flag, known in there.items():
        everyone = everyone.join(known, on=keys, how="left").with_columns(pl.col(flag).fill_null(False))
    ranked = pl.DataFrame({"number": COMPARED[table]}).with_row_index("rank")
    joined = everyone.join(ranked, how="cross")
    for frame, stage in zip(frames, stages, strict=True):
        joined = joined.join(_long(frame, table, stage), on=[*keys, "number"], how="left")
    level = pl.col("level").cast(pl.String) if "level" in keys else pl.lit("practice")
    named = joined.with_columns(table=pl.lit(table), level=level, known_as=pl.col(keys[-1]))
    return named.select("table", "level", "known_as", "name", "rank", "number", "at_first", "at_last", *stages)


def _long(frame: pl.DataFrame, table: str, stage: str) -> pl.DataFrame:
    numbers = [pl.col(name).cast(pl.Float64).round(6).cast(EXACT) for name in COMPARED[table]]
    return frame.select(*KEYS[table], *numbers).unpivot(index=KEYS[table], variable_name="number", value_name=stage)


def with_changes(found: pl.DataFrame, stages: tuple[str, ...], changes: tuple[str, ...]) -> pl.DataFrame:
    """Subtract each stage from the next; what is not there counts as 0."""
    status = pl.when(~pl.col("at_first")).then(pl.lit("new")).when(~pl.col("at_last")).then(pl.lit("ended"))
    filled = found.with_columns(pl.col(stages).fill_null(0), status=status.otherwise(pl.lit("both")))
    steps = {name: pl.col(new) - pl.col(old) for name, old, new in zip(changes, stages, stages[1:], strict=False)}
    level = pl.col("level").replace_strict(LEVELS, return_dtype=pl.Int64)
    ordered = filled.with_columns(**steps).sort("table", level, "known_as", "rank")
    return ordered.select("table", "level", "known_as", "name", "number", "status", stages[0], *changes, stages[-1])
