"""Reassignment (omplacering): where the patients of a closing practice find room, moving nobody else.

Only the displaced move: nobody may be asked to leave a practice that stays. They go to open practices with places left
within the radius of their homes, as many as there is room for, and then as near as possible (minimum-cost flow). Those
for whom there is no room are counted and named, never squeezed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fordel.coverage.errors import CoverageError
from fordel.coverage.homes import Homes
from fordel.coverage.matrix import Cover, Indices


@dataclass(frozen=True, eq=False)
class Transport:
    """A transportation problem: people at origins, room at targets, arcs between them.

    Attributes:
        people: ``(origins,)``; room: ``(targets,)``. Unit: people.
        origin, target: ``(arcs,)``, sorted by origin, then target.
        metres: ``(arcs,)`` whole metres.
    """

    people: Indices
    room: Indices
    origin: Indices
    target: Indices
    metres: Indices


class FlowEngine(Protocol):
    """What moves people: places as many as there is room for, then at the least metres in all."""

    def place(self, problem: Transport) -> Indices:
        """Give people per arc, whole numbers; ``(arcs,)``."""


@dataclass(frozen=True, eq=False)
class Reassignment:
    """What one or several closures do.

    Attributes:
        closed: practice numbers that close.
        home: ``(moves,)`` place number; to: practice number; patients; metres: the move.
        unplaced_home, unplaced: places and patients for whom no open practice within the radius has room.
        displaced: patients who lose their practice.
        metres_before: sum over those placed of metres to the practice that closes (of a home's patients all alike).
        taken: ``(practices,)`` patients each practice takes over.
        choices_before, choices_after: ``(places,)`` open choices, without those that close or are full after.
    """

    closed: tuple[int, ...]
    home: Indices
    to: Indices
    patients: Indices
    metres: Indices
    unplaced_home: Indices
    unplaced: Indices
    displaced: int
    metres_before: int
    taken: Indices
    choices_before: Indices
    choices_after: Indices

    @property
    def stranded(self) -> int:
        """Patients without room within the radius."""
        return int(self.unplaced.sum())

    @property
    def metres_after(self) -> int:
        """Sum over those placed of metres to their new practice."""
        return int((self.patients * self.metres).sum())


@dataclass(frozen=True, eq=False)
class Situation:
    """How things stand: what every what-if starts from.

    Attributes:
        cover: who lies within the radius of whom.
        is_open: ``(practices,)`` open for intake; places_left: ``(practices,)`` patients each may still take.
        people: ``(places,)``.
        homes: where patients live.
    """

    cover: Cover
    is_open: NDArray[np.bool_]
    places_left: Indices
    people: Indices
    homes: Homes
    choices: Indices = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "choices", self.cover.counts(self.is_open))

    @cached_property
    def roomy(self) -> Cover:
        """The pairs to open practices with places left: where people may move."""
        return self.cover.keep((self.is_open & (self.places_left > 0))[self.cover.practice])

    @cached_property
    def near_first(self) -> Indices:
        """Order of the roomy pairs by distance within each place."""
        return np.lexsort((self.roomy.metres, self.roomy.place))

    @cached_property
    def nearer_room(self) -> Indices:
        """Places left at all pairs before each one in the order of ``near_first``, over all places; one entry more."""
        room = self.places_left[self.roomy.practice[self.near_first]]
        return np.concatenate([[0], np.cumsum(room)]).astype(np.int64)

    @cached_property
    def whole_metres(self) -> Indices:
        """Distances of the roomy pairs in whole metres."""
        return np.round(self.roomy.metres).astype(np.int64)

    def without(self, after: Reassignment) -> Situation:
        """Give the situation once a reassignment has happened: for sequences of closures."""
        left = self.places_left - after.taken
        gone = np.isin(np.arange(len(left)), after.closed)
        is_open = self.is_open & ~gone & ~((after.taken > 0) & (left <= 0))
        return Situation(
            self.cover, is_open, np.where(gone, 0, left), self.people, _moved(self.homes, after, len(left))
        )


def close(now: Situation, closed: Sequence[int], engine: FlowEngine) -> Reassignment:
    """Close practices, or none, and find room for their patients, moving nobody else.

    Raises:
        CoverageError: a practice number is not there, or is named twice.
    """
    if len(set(closed)) != len(closed) or not all(0 <= number < len(now.is_open) for number in closed):
        raise CoverageError(f"Practices to close must be different numbers below {len(now.is_open)}; found {closed}.")
    rows = np.concatenate([np.empty(0, np.int64), *(np.arange(p.start, p.stop) for p in map(now.homes.of, closed))])
    place, patients = now.homes.place[rows], now.homes.patients[rows]
    walked = now.homes.metres[rows] * patients
    homes, at = np.unique(place, return_inverse=True)
    people = np.bincount(at, patients, minlength=len(homes)).astype(np.int64)
    problem = problem_for(now, homes, people, closed)
    flow = engine.place(problem)
    moved = np.flatnonzero(flow)
    taken = np.bincount(problem.target, flow, minlength=len(now.is_open)).astype(np.int64)
    unplaced = people - np.bincount(problem.origin, flow, minlength=len(homes)).astype(np.int64)
    stuck = np.flatnonzero(unplaced)
    before = int(np.round(np.bincount(at, walked, minlength=len(homes)) @ (1 - unplaced / np.maximum(people, 1))))
    left = _choices_after(now, closed, taken)
    return Reassignment(
        tuple(closed), homes[problem.origin[moved]], problem.target[moved], flow[moved], problem.metres[moved],
        homes[stuck], unplaced[stuck], int(people.sum()), before, taken, now.choices, left,
    )  # fmt: skip


def problem_for(now: Situation, homes: Indices, people: Indices, closed: Sequence[int]) -> Transport:
    """State the moves that may be best: every roomy practice in reach, nearest first, until all displaced would fit.

    Leaving out the farther ones loses nothing: were one used, some nearer one would still have room.
    """
    begin, end = now.roomy.start[homes], now.roomy.start[homes + 1]
    enough = now.nearer_room[begin] + people.sum() + now.places_left[list(closed)].sum()
    sizes = np.minimum(np.searchsorted(now.nearer_room, enough), end) - begin
    origin = np.repeat(np.arange(len(homes)), sizes)
    row = np.arange(len(origin)) + np.repeat(begin - np.cumsum(sizes) + sizes, sizes)
    pair = now.near_first[row]
    target = now.roomy.practice[pair].astype(np.int64)
    order = np.argsort(origin * len(now.is_open) + target)
    order = order[~np.isin(target[order], closed)]
    return Transport(people, now.places_left, origin[order], target[order], now.whole_metres[pair[order]])


def _choices_after(now: Situation, closed: Sequence[int], taken: Indices) -> Indices:
    """Count open choices once the closed are gone and the practices that filled up have closed their lists."""
    full = np.flatnonzero(now.is_open & (taken > 0) & (taken >= now.places_left))
    after = now.choices.copy()
    turned = now.cover.turned
    for number in {*closed, *full.tolist()}:
        if now.is_open[number]:
            after[turned.practice[turned.row(number)]] -= 1
    return after


def _moved(homes: Homes, after: Reassignment, practices: int) -> Homes:
    practice = np.repeat(np.arange(practices), np.diff(homes.start))
    stays = ~np.isin(practice, after.closed)
    owner = np.concatenate([practice[stays], after.to])
    order = np.argsort(owner, kind="stable")
    both = (
        np.concatenate([kept[stays], new])[order]
        for kept, new in ((homes.place, after.home), (homes.patients, after.patients), (homes.metres, after.metres))
    )
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=practices))]).astype(np.int64)
    return Homes(start, *both)
