"""The life cycle of capacities (lægekapacitetens livsforløb): events in two times, and the state on any day.

Nothing is ever changed or deleted. What was known at a moment is the events recorded by then, less those that an event
recorded by then annuls; the state on a day is what those events made of the capacity by that day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

import polars as pl

from fordel.casework.moves import MOVES, State
from fordel.tables import CapacityEvents

STATES = pl.Enum([str(state) for state in State])


class Event(NamedTuple):
    """One row of ``CapacityEvents``, whose columns these are."""

    event_id: str
    capacity_id: str
    move: str
    valid_on: date
    recorded_at: datetime
    municipality: str | None
    practice_id: str | None
    annuls: str | None
    recorded_by: str
    ground: str


class Step(NamedTuple):
    """What an event made of its capacity: the state before and after, where it is placed and who holds it."""

    capacity_id: str
    valid_on: date
    move: str
    before: State
    state: State
    since: date
    municipality: str | None
    practice_id: str | None


def read_events(frame: pl.DataFrame) -> list[Event]:
    """Read events from rows of ``CapacityEvents``."""
    return [Event(*row) for row in frame.select(Event._fields).iter_rows()]


def event_table(events: Iterable[Event]) -> pl.DataFrame:
    """Write events as rows of ``CapacityEvents``, in the order they were recorded."""
    schema = CapacityEvents.create_empty().select(Event._fields).schema
    frame = pl.DataFrame(list(events), schema=schema, orient="row")
    return pl.DataFrame(CapacityEvents.validate(frame)).sort("recorded_at", "event_id")


def standing(events: Iterable[Event], known_on: datetime | None = None) -> list[Event]:
    """Give the events that stood at a moment: recorded by then and not annulled by then.

    Returns:
        By capacity, in the order they hold; on the same day in the order they were recorded.
    """
    recorded = [event for event in events if known_on is None or event.recorded_at <= known_on]
    annulled = {event.annuls for event in recorded}
    stand = (event for event in recorded if event.annuls is None and event.event_id not in annulled)
    return sorted(stand, key=lambda e: (e.capacity_id, e.valid_on, e.recorded_at, e.event_id))


def timeline(events: Iterable[Event], known_on: datetime | None = None) -> list[Step]:
    """Follow every capacity from its release: one step per event that stands, by capacity, in order."""
    steps = []
    for capacity, life in groupby(standing(events, known_on), key=lambda e: e.capacity_id):
        step = Step(capacity, date.min, "", State.ALLOWED, State.ALLOWED, date.min, None, None)
        for event in life:
            step = _after(step, event)
            steps.append(step)
    return steps


def _after(step: Step, event: Event) -> Step:
    state = MOVES[event.move].target or step.state
    return Step(
        event.capacity_id,
        event.valid_on,
        event.move,
        step.state,
        state,
        step.since if state is step.state else event.valid_on,
        event.municipality or step.municipality,
        (event.practice_id or step.practice_id) if state.held else None,
    )


def state_on(events: Iterable[Event], day: date, known_on: datetime | None = None) -> pl.DataFrame:
    """Give the state of every capacity on a day, as known at a moment (kapaciteternes tilstand).

    Returns:
        ``capacity_id, state, since, municipality, practice_id``: one row per capacity released by then; ``since`` is
        the day the state began.
    """
    last = {step.capacity_id: step for step in timeline(events, known_on) if step.valid_on <= day}
    columns = ("capacity_id", "state", "since", "municipality", "practice_id")
    rows = [
        [str(value) if column == "state" else value for column in columns for value in [getattr(step, column)]]
        for step in last.values()
    ]
    schema = {
        "capacity_id": pl.String,
        "state": STATES,
        "since": pl.Date,
        "municipality": pl.String,
        "practice_id": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def count_by_state(states: pl.DataFrame, by: str = "municipality") -> pl.DataFrame:
    """Count capacities by state: released, filled and vacant ones are never mixed.

    Args:
        states: what ``state_on`` gives.
        by: ``municipality`` or ``practice_id``.

    Returns:
        One row per value of ``by`` with a column per state and ``counted``, those that count against the ceiling.
        Unit: capacities.
    """
    of = [state for state in State if state is not State.ALLOWED]
    counts = [(pl.col("state") == str(state)).sum().cast(pl.Int64).alias(str(state)) for state in of]
    counted = pl.sum_horizontal(str(state) for state in of if state.counts)
    return states.drop_nulls(by).group_by(by).agg(counts).with_columns(counted=counted).sort(by)


def capacities_on(
    events: Iterable[Event], shares: pl.DataFrame, day: date, known_on: datetime | None = None
) -> pl.DataFrame:
    """Give what each practice holds on a day, and how much of it doctors fill (udmøntede og besatte kapaciteter).

    A filled capacity counts in full unless doctors' shares are recorded for it: then it is filled by their sum on the
    day, at most 1.

    Args:
        events: the events recorded.
        shares: rows of ``DoctorShares``.
        day: the day asked for.
        known_on: the moment; None for all that is recorded.

    Returns:
        ``practice_id, capacities_released, capacities_filled``. Unit: capacities.
    """
    holds = (pl.col("valid_from") <= day) & (pl.col("valid_until").is_null() | (pl.col("valid_until") > day))
    recorded = shares.group_by("capacity_id").agg(share=pl.col("share").filter(holds).sum().clip(upper_bound=1.0))
    held = state_on(events, day, known_on).drop_nulls("practice_id").join(recorded, on="capacity_id", how="left")
    filled = pl.when(pl.col("state") == str(State.FILLED)).then(pl.col("share").fill_null(1.0)).otherwise(0.0)
    return (
        held.group_by("practice_id")
        .agg(capacities_released=pl.len().cast(pl.Float64), capacities_filled=filled.sum())
        .sort("practice_id")
    )
