"""The network simplex places as many people, at the same cost, as the linear programme."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fordel.coverage.homes import Homes
from fordel.coverage.matrix import cover_of
from fordel.coverage.reassign import Situation, Transport, close, problem_for
from fordel.engines.flow import LinearProgramme, NetworkSimplex


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Draw a small country with ties, full practices and places that reach nothing."""
    places, practices = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    pairs = draw(st.sets(st.tuples(st.integers(0, places - 1), st.integers(0, practices - 1)), max_size=30))
    place, practice = (np.array([pair[side] for pair in sorted(pairs)], dtype=np.int64) for side in (0, 1))
    metres = np.array([draw(st.sampled_from([100.0, 100.0, 2_500.0, 9_000.0])) for _ in pairs], dtype=np.float64)
    lived = draw(st.sets(st.tuples(st.integers(0, practices - 1), st.integers(0, places - 1)), max_size=20))
    owner, home = (np.array([pair[side] for pair in sorted(lived)], dtype=np.int64) for side in (0, 1))
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=practices))]).astype(np.int64)
    patients = np.array([draw(st.integers(1, 9)) for _ in lived], dtype=np.int64)
    return Situation(
        cover_of(place, practice, metres, (places, practices)),
        np.array([draw(st.booleans()) for _ in range(practices)], dtype=np.bool_),
        np.array([draw(st.integers(0, 12)) for _ in range(practices)], dtype=np.int64),
        np.full(places, 10, dtype=np.int64),
        Homes(start, home, patients, np.full(len(home), 500.0)),
    )


def everything(now: Situation, problem: Transport, closed: list[int]) -> Transport:
    """State the same problem with every arc, none left out as too far."""
    homes = np.unique(np.concatenate([now.homes.place[now.homes.of(number)] for number in closed]))
    rows = [
        (o, int(pair))
        for o, home in enumerate(homes)
        for pair in range(*now.roomy.row(int(home)).indices(now.roomy.pairs))
    ]
    rows = [(o, pair) for o, pair in rows if now.roomy.practice[pair] not in closed]
    origin, pair = (np.array([row[side] for row in rows], dtype=np.int64) for side in (0, 1))
    return Transport(
        problem.people, problem.room, origin, now.roomy.practice[pair].astype(np.int64), now.whole_metres[pair]
    )


@settings(max_examples=200, deadline=None)
@given(situations(), st.data())
def test_flow_equals_the_linear_programme_with_every_arc(now: Situation, data: st.DataObject) -> None:
    closed = sorted(data.draw(st.sets(st.integers(0, len(now.is_open) - 1), min_size=1, max_size=2)))
    after = close(now, closed, NetworkSimplex())
    place = np.concatenate([now.homes.place[now.homes.of(number)] for number in closed])
    patients = np.concatenate([now.homes.patients[now.homes.of(number)] for number in closed])
    homes, at = np.unique(place, return_inverse=True)
    people = np.bincount(at, patients, minlength=len(homes)).astype(np.int64)
    whole = everything(now, problem_for(now, homes, people, closed), closed)
    best = LinearProgramme().place(whole)
    assert after.patients.sum() == best.sum()
    assert after.metres_after == (best * whole.metres).sum()
    # Nobody appears or disappears, and no practice takes more than it has room for.
    assert after.patients.sum() + after.stranded == after.displaced == people.sum()
    assert (after.taken <= np.where(now.is_open, now.places_left, 0)).all()
    assert not after.taken[list(closed)].any()
    assert (after.choices_after <= after.choices_before).all()


@settings(max_examples=60, deadline=None)
@given(situations())
def test_a_sequence_of_closures_keeps_everybody(now: Situation) -> None:
    people = int(now.homes.patients.sum())
    stranded = 0
    for number in range(len(now.is_open)):
        after = close(now, [number], NetworkSimplex())
        now, stranded = now.without(after), stranded + after.stranded
        assert int(now.homes.patients.sum()) + stranded == people
        assert now.homes.of(number) == slice(now.homes.of(number).start, now.homes.of(number).start)
    assert not now.is_open.any()
