"""Ceilings over capacities: which binds when, and where recorded events would pass one."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

import polars as pl

from fordel.casework.capacity import Event, timeline

Changes = dict[tuple[date, str], int]


@dataclass(frozen=True)
class Ceiling:
    """How many capacities an area may have in a period (kapacitetsloft).

    Attributes:
        area_id: the area whose ceiling binds.
        municipalities: the municipalities it consists of.
        capacities: the ceiling, exceptions included. Unit: capacities.
        since, until: the first day, and the first day it no longer holds; None while it lasts.
    """

    area_id: str
    municipalities: frozenset[str]
    capacities: int
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether this is the ceiling on a day."""
        return self.since <= day and (self.until is None or day < self.until)


def binding_ceilings(areas: pl.DataFrame, since: date, until: date | None = None) -> list[Ceiling]:
    """Read the ceilings that bind from the areas of a plan.

    Args:
        areas: the plan's ``areas``: ``level, area_id, binding, ceiling, health_council``.
        since: first day they hold.
        until: first day they no longer hold.
    """
    municipalities = areas.filter(level="municipality")
    found = []
    for level, area_id, ceiling in areas.filter("binding").select("level", "area_id", "ceiling").iter_rows():
        column = "area_id" if level == "municipality" else level
        members = frozenset(municipalities.filter(**{column: area_id})["area_id"])
        found.append(Ceiling(area_id, members, ceiling, since, until))
    return found


def headroom_by_municipality(areas: pl.DataFrame) -> pl.DataFrame:
    """Give each municipality the headroom of the area whose ceiling binds there.

    Args:
        areas: the plan's ``areas``.

    Returns:
        ``municipality, binding_area, headroom``. Unit: capacities.
    """
    whole = pl.coalesce(
        pl.when(pl.col("binding_level") == level).then(pl.col("area_id" if level == "municipality" else level))
        for level in ("region", "health_council", "municipality")
    )
    placed = areas.filter(level="municipality").select("binding_level", municipality="area_id", binding_area=whole)
    bound = areas.filter("binding").select("headroom", binding_level="level", binding_area="area_id")
    joined = placed.join(bound, on=["binding_level", "binding_area"], how="left")
    return joined.select("municipality", "binding_area", "headroom")


def faults_of_ceilings(events: Sequence[Event], both: Sequence[Event], ceilings: Iterable[Ceiling]) -> Iterator[str]:
    """Find days on which an area grows, by what is new, to more capacities than its ceiling.

    Args:
        events: those recorded so far.
        both: those and the new ones.
        ceilings: those that bind.
    """
    had, has = _changes(events), _changes(both)
    known: dict[date, Changes] = {}
    for ceiling in ceilings:
        if ceiling.since not in known:
            began = datetime.combine(ceiling.since, time.min, UTC)
            known[ceiling.since] = _changes(event for event in both if event.recorded_at < began)
        found = (_Counts(changes, ceiling) for changes in (had, has, known[ceiling.since]))
        yield from _faults_of_one(ceiling, *found)


def _faults_of_one(ceiling: Ceiling, had: _Counts, has: _Counts, known: _Counts) -> Iterator[str]:
    """Judge every day of a ceiling on which the area's capacities change, and its first.

    On its first day an area may have what was on record of the day before: an event with an earlier day that is
    recorded later is growth under the ceiling. Growth that is on record stays, too, where a ceiling fell since.
    """
    eve = ceiling.since - timedelta(days=1)
    was = min(has.on(eve), max(had.on(eve), known.on(eve)))
    for day in sorted({ceiling.since, *filter(ceiling.holds_on, has.days)}):
        count = has.on(day)
        on_record = count <= had.on(day) and count - was <= had.growth(day)
        if count > max(was, ceiling.capacities) and not on_record:
            yield (
                f"{ceiling.area_id} would have {count} capacities on {day}, but its ceiling is "
                f"{ceiling.capacities}: take one back first, or wait for headroom."
            )
        was = count


class _Counts:
    """How many capacities an area has, day by day."""

    def __init__(self, changes: Changes, ceiling: Ceiling) -> None:
        by_day: Counter[date] = Counter()
        for (day, municipality), change in changes.items():
            if municipality in ceiling.municipalities:
                by_day[day] += change
        self.days = sorted(by_day)
        self._counts = [0, *accumulate(by_day[day] for day in self.days)]

    def on(self, day: date) -> int:
        """Give the capacities on a day."""
        return self._counts[bisect_right(self.days, day)]

    def growth(self, day: date) -> int:
        """Give by how many capacities the area grew on a day; less than 0 where it shrank."""
        return self.on(day) - self.on(day - timedelta(days=1))


def _changes(events: Iterable[Event]) -> Changes:
    """Give the capacities that came to, less those that left, each municipality on each day."""
    changes: Counter[tuple[date, str]] = Counter()
    placed: dict[str, str] = {}
    for step in timeline(events):
        left = placed.pop(step.capacity_id, None)
        if left is not None:
            changes[step.valid_on, left] -= 1
        if step.state.counts and step.municipality is not None:
            changes[step.valid_on, step.municipality] += 1
            placed[step.capacity_id] = step.municipality
    return changes
