"""Compare two runs (sammenligning): what changed, and which of data, parameters, rules and geography changed it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.law import Lawbook
from fordel.professions import GP
from fordel.runs._one_at_a_time import data_of, frozen_book, frozen_geography, orders_of
from fordel.runs.execute import execute, settings_of
from fordel.runs.record import Run

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fordel.tables import Tables

INGREDIENTS = ("data", "parameters", "rules", "geography")
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


class NotComparable(Exception):
    """Two runs cannot be compared step by step."""


@dataclass(frozen=True, eq=False)
class Recipe:
    """All it takes to make a run again.

    Attributes:
        tables: the snapshot.
        day: the law date.
        total: capacities given for the nation; None leaves them to its need.
        settings: parameters set otherwise, by name.
        book: the lawbook; None is the one that comes with the package.
    """

    tables: Tables
    day: date
    total: int | None = None
    settings: tuple[tuple[str, Any], ...] = ()
    book: Lawbook | None = None

    @cached_property
    def run(self) -> Run:
        """The run it gives; made once."""
        return execute(self.tables, day=self.day, total=self.total, settings=self.settings, book=self.book)

    @property
    def lawbook(self) -> Lawbook:
        """The lawbook in use."""
        return self.book or Lawbook.shipped()


def compare(a: Run, b: Run) -> pl.DataFrame:
    """Compare two finished runs, whatever they were made from.

    Returns:
        One row per area or practice and number: ``table, level, known_as, name, number, status`` (``both``, ``new``
        or ``ended``: whether the area or practice is in both runs), ``before, change, after``. Exact decimals, six
        places; a number that is not there counts as 0, so that ``before + change = after`` on every row. Rows that did
        not change are there, too.
    """
    return _with_changes(_levels([a, b], ("before", "after")), ("before", "after"), ("change",))


def waterfall(a: Recipe, b: Recipe, progress: Callable[[str], None] | None = None) -> pl.DataFrame:
    """Go from one run to another, one ingredient at a time, and tell what each changed.

    First the data of ``b`` with the law and the geography of ``a``; then its parameters, its wordings of rules, and at
    last its geography (which areas there are, and which lie in which). Where ``b``'s law has no value for a parameter
    that ``a``'s rules read, it stays until the rules change.

    Returns:
        As ``compare``, with ``data, parameters, rules, geography`` in place of ``change``: on every row
        ``before + data + parameters + rules + geography = after``, exactly.

    Raises:
        NotComparable: the two are of different professions.
        LawError: the data of one do not fit the geography of the other.
    """
    say = progress or (lambda _: None)
    made: list[Run] = []
    for name, recipe in zip(("before", *INGREDIENTS), _stages(a, b), strict=True):
        say(name)
        made.append(recipe.run)
    stages = ("before", "after_data", "after_parameters", "after_rules", "after")
    return _with_changes(_levels(made, stages), stages, INGREDIENTS)


def _stages(a: Recipe, b: Recipe) -> list[Recipe]:
    """Make the five recipes from ``a`` to ``b``, each with one ingredient more of ``b``."""
    old_places = frozen_geography(data_of(b.tables, a.day, b.day), a.tables, a.day)
    old_orders = orders_of(old_places, a.tables, a.day, a.day)
    new_orders = orders_of(old_places, b.tables, a.day, b.day)
    mixed = frozen_book(a.lawbook, a.day, b.lawbook, b.day)
    return [
        a,
        Recipe(old_orders, a.day, a.total, a.settings, a.book),
        Recipe(new_orders, a.day, b.total, b.settings, mixed),
        Recipe(new_orders, b.day, b.total, b.settings, mixed),
        b,
    ]


def recipe_of(run: Run, tables: Tables) -> Recipe:
    """Give what a run was made from, and check that it comes out the same again.

    Raises:
        NotComparable: another profession, another snapshot, or another version of the law or of the package.
    """
    manifest = run.manifest
    if manifest.profession != GP.name:
        raise NotComparable(f"Run {manifest.run_id[:12]} is of {manifest.profession}; only {GP.name} is taken apart.")
    if tables.fingerprint != manifest.snapshot_fingerprint:
        raise NotComparable(
            f"Run {manifest.run_id[:12]} was made on {manifest.snapshot_name} with fingerprint "
            f"{manifest.snapshot_fingerprint[:12]}; this snapshot, {tables.name}, has {tables.fingerprint[:12]}."
        )
    recipe = Recipe(tables, manifest.law_date, manifest.total if manifest.total_given else None, settings_of(run))
    if recipe.run.manifest.tables != manifest.tables:
        raise NotComparable(
            f"Run {manifest.run_id[:12]}, made by version {manifest.version}, comes out otherwise today: "
            "the law or the program has changed since.\n  Try: make the run again, then compare"
        )
    return recipe


def _levels(runs: list[Run], stages: tuple[str, ...]) -> pl.DataFrame:
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


def _with_changes(levels: pl.DataFrame, stages: tuple[str, ...], changes: tuple[str, ...]) -> pl.DataFrame:
    """Subtract each stage from the next; what is not there counts as 0."""
    status = pl.when(~pl.col("at_first")).then(pl.lit("new")).when(~pl.col("at_last")).then(pl.lit("ended"))
    filled = levels.with_columns(pl.col(stages).fill_null(0), status=status.otherwise(pl.lit("both")))
    steps = {name: pl.col(new) - pl.col(old) for name, old, new in zip(changes, stages, stages[1:], strict=False)}
    level = pl.col("level").replace_strict(LEVELS, return_dtype=pl.Int64)
    ordered = filled.with_columns(**steps).sort("table", level, "known_as", "rank")
    return ordered.select("table", "level", "known_as", "name", "number", "status", stages[0], *changes, stages[-1])
