"""Monitoring (overvågning af lægedækning): what an event does to choices, and where it raises an alarm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import polars as pl

from fordel.coverage.errors import CoverageError
from fordel.coverage.matrix import Indices
from fordel.coverage.reassign import FlowEngine, Reassignment, Situation, close


class Kind(StrEnum):
    """What can happen to a practice."""

    CLOSURE = "closure"  # the practice ends (ophør), or its last capacity is returned
    LIST_CLOSED = "list closed"  # it stays, but closes for intake (lukket for tilgang)
    REDUCTION = "reduction"  # it stays with room for fewer patients (nedsættelse)


@dataclass(frozen=True)
class Event:
    """Something that happened to a practice.

    Attributes:
        kind: what.
        practice: practice number.
        places_lost: for a reduction, patients fewer that the practice can take. Unit: patients.
    """

    kind: Kind
    practice: int
    places_lost: int = 0


@dataclass(frozen=True, eq=False)
class Alarm:
    """Coverage before and after an event.

    Attributes:
        event: what happened.
        choices_before, choices_after: ``(places,)`` open choices.
        below_required: numbers of the places that fell below the required choices; to_none: those left with none.
        reassignment: where the patients went, for a closure.
    """

    event: Event
    choices_before: Indices
    choices_after: Indices
    below_required: Indices
    to_none: Indices
    reassignment: Reassignment | None

    @property
    def raised(self) -> bool:
        """Whether any place fell below the required choices, lost its last, or anybody was left without room."""
        stranded = self.reassignment is not None and self.reassignment.stranded > 0
        return bool(len(self.below_required) or len(self.to_none) or stranded)


def watch(now: Situation, event: Event, engine: FlowEngine, *, required: int = 2) -> Alarm:
    """Compare coverage before and after an event.

    Args:
        now: the situation before it.
        event: what happened.
        engine: what moves the patients of a closure.
        required: open choices the law asks for.

    Raises:
        CoverageError: no such practice, or a reduction by less than nothing.
    """
    if not 0 <= event.practice < len(now.is_open) or event.places_lost < 0:
        raise CoverageError(f"The event is about no practice of the situation, or loses less than nothing: {event}.")
    moved = close(now, [event.practice], engine) if event.kind is Kind.CLOSURE else None
    after = moved.choices_after if moved is not None else _shut(now, event).choices
    before = now.choices
    lived_in = now.people > 0
    fell = np.flatnonzero(lived_in & (before >= required) & (after < required))
    none = np.flatnonzero(lived_in & (before > 0) & (after == 0))
    return Alarm(event, before, after, fell, none, moved)


def _shut(now: Situation, event: Event) -> Situation:
    """Give the situation with the list closed, or with fewer places, which closes the list when none is left."""
    left, is_open = now.places_left.copy(), now.is_open.copy()
    lost = left[event.practice] if event.kind is Kind.LIST_CLOSED else event.places_lost
    shut = event.kind is Kind.LIST_CLOSED or lost >= left[event.practice]
    left[event.practice] = max(0, int(left[event.practice]) - int(lost))
    is_open[event.practice] &= not shut
    return replace(now, is_open=is_open, places_left=left)


def before_and_after(alarm: Alarm, places: pl.DataFrame, by: str) -> pl.DataFrame:
    """Count people by choices before and after, per area, only where something changes.

    Args:
        alarm: what ``watch`` gave.
        places: ``people`` and the column to group by, in the order of the situation.
        by: for example ``municipality``.

    Returns:
        ``by``, and for ``before`` and ``after``: ``people_no_choice_*, people_one_choice_*, people_two_choices_*``.
    """
    people, counted = pl.col("people"), []
    for when in ("before", "after"):
        choices = pl.col(f"choices_{when}")
        counted += [
            people.filter(choices == 0).sum().alias(f"people_no_choice_{when}"),
            people.filter(choices == 1).sum().alias(f"people_one_choice_{when}"),
            people.filter(choices >= 2).sum().alias(f"people_two_choices_{when}"),
        ]
    frame = places.select(by, "people").with_columns(
        choices_before=pl.Series(alarm.choices_before), choices_after=pl.Series(alarm.choices_after)
    )
    changed = frame.filter(pl.col("choices_before") != pl.col("choices_after"))[by].unique()
    return frame.filter(pl.col(by).is_in(changed.to_list())).group_by(by).agg(counted).sort(by)
