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

from fordel.casework.errors import CaseworkError
from fordel.casework.moves import MOVES, State
from fordel.tables import CapacityEvents
from fordel.tables.sums import sum_exactly

STATE_COLUMNS = pl.Schema(
    {
        "capacity_id": pl.String(),
        "state": pl.Enum([str(state) for state in State]),
        "since": pl.Date(),
        "municipality": pl.String(),
        "practice_id": pl.String(),
    }
)


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
    rows = [(s.capacity_id, str(s.state), s.since, s.municipality, s.practice_id) for s in last.values()]
    return pl.DataFrame(rows, schema=STATE_COLUMNS, orient="row")


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


def holds_on(day: date) -> pl.Expr:
    """Tell which rows with ``valid_from`` and ``valid_until`` hold on a day."""
    return (pl.col("valid_from") <= day) & (pl.col("valid_until").is_null() | (pl.col("valid_until") > day))


def shares_on(shares: pl.DataFrame, day: date, known_on: datetime | None = None) -> pl.DataFrame:
    """Give the parts of capacities that doctors fill on a day, as known at a moment.

    Args:
        shares: rows of ``DoctorShares``.
        day: the day asked for.
        known_on: the moment; None for all that is recorded.

    Returns:
        Rows of ``DoctorShares``: for each doctor, capacity and first day the one recorded last.
    """
    known = shares if known_on is None else shares.filter(pl.col("recorded_at") <= known_on)
    key = ("doctor_id", "capacity_id", "valid_from")
    last = known.sort("recorded_at").unique(key, keep="last").sort(key)
    return last.filter(holds_on(day) & (pl.col("share") > 0))


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
    ever = shares if known_on is None else shares.filter(pl.col("recorded_at") <= known_on)
    now = sum_exactly(shares_on(shares, day, known_on), "capacity_id", {"share": pl.col("share")})
    recorded = (
        ever.select(pl.col("capacity_id").unique())
        .join(now, on="capacity_id", how="left")
        .with_columns(pl.col("share").fill_null(0.0).clip(upper_bound=1.0))
    )
    held = state_on(events, day, known_on).drop_nulls("practice_id").join(recorded, on="capacity_id", how="left")
    filled = pl.when(pl.col("state") == str(State.FILLED)).then(pl.col("share").fill_null(1.0)).otherwise(0.0)
    return sum_exactly(
        held.with_columns(filled=filled, one=pl.lit(1.0)),
        "practice_id",
        {
            "capacities_released": pl.col("one"),
            "capacities_filled": pl.col("filled"),
        },
    )


def practices_on(
    practices: pl.DataFrame,
    events: Iterable[Event],
    shares: pl.DataFrame,
    day: date,
    known_on: datetime | None = None,
) -> pl.DataFrame:
    """Give the practices with the capacities that the register says they hold on a day, as known at a moment.

    Args:
        practices: rows of ``Practices``; one that the register does not name holds nothing.
        events: the events recorded.
        shares: rows of ``DoctorShares``.
        day: the day asked for.
        known_on: the moment; None for all that is recorded.

    Returns:
        Rows of ``Practices``, in the same order.

    Raises:
        CaseworkError: the register names practices that are not among them.
    """
    held = capacities_on(events, shares, day, known_on)
    unknown = held.filter(~pl.col("practice_id").is_in(practices["practice_id"].implode()))["practice_id"]
    if len(unknown):
        raise CaseworkError(
            f"On {day} the register says that capacities are held by practices that the snapshot lacks: "
            f"{', '.join(unknown.head(10))}. Add them to practices, or correct the register."
        )
    columns = ("capacities_released", "capacities_filled")
    joined = practices.drop(columns).join(held, on="practice_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col(columns).fill_null(0.0)).select(practices.columns)
