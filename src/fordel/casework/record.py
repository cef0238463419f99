"""Record events of capacities: all of them or none, and never so that an area passes its ceiling."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from fordel.casework.capacity import Event, timeline
from fordel.casework.ceilings import Ceiling, faults_of_ceilings
from fordel.casework.errors import NotAllowed
from fordel.casework.moves import ANNUL, MOVES

PLACES = {
    "municipality": (r"\d{4}", "a municipality, by its code of four digits such as 0101", ("release", "relocate")),
    "practice_id": (r"\d{6}", "a practice, by its provider number of six digits such as 012345", ("award",)),
}


def record(events: Sequence[Event], new: Sequence[Event], ceilings: Iterable[Ceiling]) -> list[Event]:
    """Add events to those recorded (registrering af hændelser).

    Every capacity that is touched is followed anew from its release, so that an event with an earlier day, or one
    that annuls another, is judged by all it changes. Where the capacities of an area grow, its ceiling on that day
    must have room; what was on record when a ceiling came may stay above it.

    Args:
        events: what is recorded so far.
        new: what to add.
        ceilings: those that bind.

    Returns:
        Both, in the order they were recorded.

    Raises:
        NotAllowed: naming every event that may not be recorded, and why; nothing is.
    """
    ceilings = list(ceilings)
    faults = [*_faults_of_content(new, ceilings), *_faults_of_identity(events, new)]
    if not faults:
        both = [*events, *new]
        faults = [*_faults_of_moves(both, new), *faults_of_ceilings(events, both, ceilings)]
    if faults:
        raise NotAllowed(faults)
    return sorted(both, key=lambda e: (e.recorded_at, e.event_id))


def _faults_of_content(new: Iterable[Event], ceilings: Sequence[Ceiling]) -> Iterator[str]:
    """Find events that do not say what their move needs, or place a capacity where no ceiling is known."""
    for event in new:
        name, place = event.event_id, event.municipality
        if event.move not in (*MOVES, ANNUL):
            yield f"Event {name}: no move is called {event.move!r}; use one of {', '.join((*MOVES, ANNUL))}."
        if (event.move == ANNUL) != (event.annuls is not None):
            yield f"Event {name}: an annulment, and nothing else, names the event that it annuls."
        for column, (pattern, what, moves) in PLACES.items():
            value = getattr(event, column)
            if value is None and event.move in moves:
                yield f"Event {name}: {event.move} needs {what}."
            elif value is not None and not re.fullmatch(pattern, value):
                yield f"Event {name}: {value!r} is not {what}."
        holding = [ceiling for ceiling in ceilings if ceiling.holds_on(event.valid_on)]
        if place is not None and holding and not any(place in ceiling.municipalities for ceiling in holding):
            yield f"Event {name}: no ceiling on {event.valid_on} covers the municipality {place}."


def _faults_of_identity(events: Sequence[Event], new: Sequence[Event]) -> Iterator[str]:
    """Find events recorded twice, before earlier ones, or annulling what is not there."""
    known = {event.event_id: event for event in events}
    newest = max((event.recorded_at for event in events), default=None)
    for event in sorted(new, key=lambda e: (e.recorded_at, e.event_id)):
        if event.event_id in known:
            yield f"Event {event.event_id} is recorded already; give the new one another event_id."
        if newest is not None and event.recorded_at <= newest:
            yield (
                f"Event {event.event_id} is recorded at {event.recorded_at}, no later than the newest one ({newest}): "
                "what was known then would change."
            )
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
