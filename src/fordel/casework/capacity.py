"""The life cycle of capacities (lægekapacitetens livsforløb): events in two times, and the state on any day.

Nothing is ever changed or deleted. What was known on a day is the events recorded by then, less those that an event
recorded by then annuls; the state on a day is what those events made of the capacity by that day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.casework.moves import MOVES, State
from fordel.tables import CapacityEvents

if TYPE_CHECKING:
    from datetime import date, datetime

ORDER = ("valid_on", "recorded_at", "event_id")
STATES = pl.Enum([str(state) for state in State])


def no_events() -> pl.DataFrame:
    """Give the empty event table."""
    return pl.DataFrame(CapacityEvents.create_empty())


def events_known(events: pl.DataFrame, known_on: datetime | None = None) -> pl.DataFrame:
    """Give the events that stood at a moment: recorded by then and not annulled by then.

    Args:
        events: rows of ``CapacityEvents``.
        known_on: the moment; None for all that is recorded.
    """
    recorded = events if known_on is None else events.filter(pl.col("recorded_at") <= known_on)
    annulled = recorded["annuls"].drop_nulls().implode()
    stands = (pl.col("move") != "annul") & ~pl.col("event_id").is_in(annulled)
    return recorded.filter(stands).sort("capacity_id", *ORDER)


def timeline(events: pl.DataFrame, known_on: datetime | None = None) -> pl.DataFrame:
    """Give what each event that stands made of its capacity.

    Returns:
        One row per event, in order: ``capacity_id, valid_on, move, state, municipality, practice_id``; the holder is
        empty unless a practice holds the capacity.
    """
    target = {verb: str(move.target) for verb, move in MOVES.items() if move.target is not None}
    held = [str(state) for state in State if state.held]
    known = events_known(events, known_on).with_columns(pl.col("move").cast(pl.String))
    state = pl.col("move").replace_strict(target, default=None, return_dtype=pl.String)
    return known.with_columns(
        state=state.forward_fill().over("capacity_id").cast(STATES),
        municipality=pl.col("municipality").forward_fill().over("capacity_id"),
        practice_id=pl.col("practice_id").forward_fill().over("capacity_id"),
    ).select(
        "capacity_id",
        "valid_on",
        "move",
        "state",
        "municipality",
        practice_id=pl.when(pl.col("state").cast(pl.String).is_in(held)).then("practice_id"),
    )


def state_on(events: pl.DataFrame, day: date, known_on: datetime | None = None) -> pl.DataFrame:
    """Give the state of every capacity on a day, as known at a moment (kapaciteternes tilstand).

    Returns:
        ``capacity_id, state, since, municipality, practice_id``: one row per capacity released by then; ``since`` is
        the day the state began.
    """
    by_then = timeline(events, known_on).filter(pl.col("valid_on") <= day)
    began = (pl.col("state") != pl.col("state").shift(1)).fill_null(value=True).over("capacity_id")
    last = by_then.with_columns(since=pl.when(began).then("valid_on").forward_fill().over("capacity_id"))
    return (
        last.group_by("capacity_id", maintain_order=True)
        .last()
        .select("capacity_id", "state", "since", "municipality", "practice_id")
    )


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
    events: pl.DataFrame, shares: pl.DataFrame, day: date, known_on: datetime | None = None
) -> pl.DataFrame:
    """Give what each practice holds on a day, and how much of it doctors fill (udmøntede og besatte kapaciteter).

    A capacity that nobody's share is recorded for counts as filled in full when its state says so; otherwise it is
    filled by the sum of its doctors' shares, at most 1.

    Args:
        events: rows of ``CapacityEvents``.
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
