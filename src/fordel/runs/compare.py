"""Compare two runs (sammenligning): what changed, and which of data, parameters, rules and geography changed it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fordel.law import Lawbook
from fordel.professions import GP
from fordel.runs._one_at_a_time import data_of, frozen_book, frozen_geography, orders_of
from fordel.runs.differences import levels, with_changes
from fordel.runs.execute import execute
from fordel.runs.laws import settings_of
from fordel.runs.record import Run
from fordel.runs.waterfalls import INGREDIENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import polars as pl

    from fordel.tables import Tables


class NotComparable(Exception):
    """Two runs cannot be compared step by step.

    Attributes:
        reason: ``profession``, ``snapshot`` or ``changed``, for those who say it in other words.
    """

    def __init__(self, says: str, reason: str) -> None:
        super().__init__(says)
        self.reason = reason


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
    return with_changes(levels(made, stages), stages, INGREDIENTS)


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
        raise NotComparable(
            f"Run {manifest.run_id[:12]} is of {manifest.profession}; only {GP.name} is taken apart.",
            "profession",
        )
    if tables.fingerprint != manifest.snapshot_fingerprint:
        raise NotComparable(
            f"Run {manifest.run_id[:12]} was made on {manifest.snapshot_name} with fingerprint "
            f"{manifest.snapshot_fingerprint[:12]}; this snapshot, {tables.name}, has {tables.fingerprint[:12]}.",
            "snapshot",
        )
    recipe = Recipe(tables, manifest.law_date, manifest.total if manifest.total_given else None, settings_of(run))
    if recipe.run.manifest.tables != manifest.tables:
        raise NotComparable(
            f"Run {manifest.run_id[:12]}, made by version {manifest.version}, comes out otherwise today: "
            "the law or the program has changed since.\n  Try: make the run again, then compare",
            "changed",
        )
    return recipe
