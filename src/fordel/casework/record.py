"""Record events of capacities: all of them or none, and never so that an area passes its ceiling."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fordel.casework.capacity import Event, timeline
from fordel.casework.errors import NotAllowed
from fordel.casework.moves import MOVES

if TYPE_CHECKING:
    import polars as pl


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


def record(events: Sequence[Event], new: Sequence[Event], ceilings: Iterable[Ceiling]) -> list[Event]:
    """Add events to those recorded (registrering af hændelser).

    Every capacity that is touched is followed anew from its release, so that an event with an earlier day, or one
    that annuls another, is judged by all it changes. Where the capacities of an area grow, its ceiling on that day
    must have room; nobody has to shrink because a ceiling falls.

    Args:
        events: what is recorded so far.
        new: what to add.
        ceilings: those that bind.

    Returns:
        Both, in the order they were recorded.

    Raises:
        NotAllowed: naming every event that may not be recorded, and why; nothing is.
    """
    faults = list(_faults_of_identity(events, new))
    if not faults:
        both = [*events, *new]
        faults = [*_faults_of_moves(both, new), *_faults_of_ceilings(events, both, ceilings)]
    if faults:
        raise NotAllowed(faults)
    return sorted(both, key=lambda e: (e.recorded_at, e.event_id))


def _faults_of_identity(events: Sequence[Event], new: Sequence[Event]) -> Iterator[str]:
    """Find events recorded twice, before earlier ones, or annulling what is not there."""
    known = {event.event_id: event for event in events}
    newest = max((event.recorded_at for event in events), default=None)
    for event in sorted(new, key=lambda e: (e.recorded_at, e.event_id)):
        if event.event_id in known:
            yield f"Event {event.event_id} is recorded already; give the new one another event_id."
        if newest is not None and event.recorded_at < newest:
            yield f"Event {event.event_id} is recorded at {event.recorded_at}, before the newest one ({newest})."
        if event.annuls is not None:
            yield from _faults_of_annulment(known, event)
        known[event.event_id] = event


def _faults_of_annulment(known: dict[str, Event], event: Event) -> Iterator[str]:
    annulled = known.get(event.annuls or "")
    if annulled is None:
        near = difflib.get_close_matches(event.annuls or "", sorted(known), n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        yield f"Event {event.event_id} annuls {event.annuls}, which is not recorded.{hint}"
    elif annulled.annuls is not None:
        yield f"Event {event.event_id} annuls {event.annuls}, itself an annulment; record the event anew instead."
    elif annulled.capacity_id != event.capacity_id:
        yield f"Event {event.event_id} is of {event.capacity_id}, but annuls one of {annulled.capacity_id}."


def _faults_of_moves(both: Iterable[Event], new: Iterable[Event]) -> Iterator[str]:
    """Find moves that start from a state they may not start from, once per capacity."""
    touched = {event.capacity_id for event in new}
    wrong: set[str] = set()
    for step in timeline(event for event in both if event.capacity_id in touched):
        origins = MOVES[step.move].origins
        if step.before not in origins and step.capacity_id not in wrong:
            wrong.add(step.capacity_id)
            yield (
                f"Capacity {step.capacity_id} is {step.before} on {step.valid_on}, so {step.move} is not possible: "
                f"it must be {' or '.join(origins)}."
            )


def _faults_of_ceilings(events: Iterable[Event], both: Iterable[Event], ceilings: Iterable[Ceiling]) -> Iterator[str]:
    """Find days on which an area grows, by what is new, to more capacities than its ceiling."""
    changes_before, changes_after = _changes(events), _changes(both)
    for ceiling in ceilings:
        had_on = _counts_by_day(changes_before, ceiling)
        was = 0
        for day, count in _counts_by_day(changes_after, ceiling).items():
            had = next((n for d, n in reversed(had_on.items()) if d <= day), 0)
            if count > max(was, had, ceiling.capacities) and ceiling.holds_on(day):
                yield (
                    f"{ceiling.area_id} would have {count} capacities on {day}, but its ceiling is "
                    f"{ceiling.capacities}: take one back first, or wait for headroom."
                )
            was = count


def _changes(events: Iterable[Event]) -> dict[tuple[date, str], int]:
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


def _counts_by_day(changes: dict[tuple[date, str], int], ceiling: Ceiling) -> dict[date, int]:
    """Give an area's capacities after each day on which something happened there, oldest day first."""
    by_day: Counter[date] = Counter()
    for (day, municipality), change in changes.items():
        if municipality in ceiling.municipalities:
            by_day[day] += change
    count, counts = 0, {}
    for day in sorted(by_day):
        count += by_day[day]
        counts[day] = count
    return counts
