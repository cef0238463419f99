"""Our apportionment equals the PyPI package `apportionment` (M. Lackner), which no code of ours shares."""

from __future__ import annotations

from fractions import Fraction

from apportionment import methods as peer
from hypothesis import assume, given
from hypothesis import strategies as st

from fordel.allocation import METHODS, apportion
from fordel.allocation.apportionment import DIVISORS

PEER_NAMES = {"huntington_hill": "huntington"}
VOTES = st.lists(st.integers(1, 100_000), min_size=1, max_size=50, unique=True).map(lambda v: sorted(v, reverse=True))


@given(VOTES, st.integers(0, 150), st.sampled_from(METHODS))
def test_equals_the_package_apportionment(votes: list[int], extra: int, method: str) -> None:
    """From the largest down, so that both break ties alike; at least one seat each, as the package needs it."""
    total = len(votes) + extra
    assume(method not in ("webster", "huntington_hill") or _clear(votes, total, method))
    theirs = peer.compute(PEER_NAMES.get(method, method), votes, total, parties=[str(i) for i in range(len(votes))])
    assert apportion(votes, total, method) == [int(seats) for seats in theirs]


def _clear(votes: list[int], total: int, method: str) -> bool:
    """Tell whether the last seat is not a near tie, which the package decides in floating point."""
    seats = apportion(votes, total, method)
    worth = DIVISORS[method].worth
    last = min(worth(v, s - 1) for v, s in zip(votes, seats, strict=True) if s)
    following = max(worth(v, s) for v, s in zip(votes, seats, strict=True))
    return last == float("inf") or float(following) < float(last) * (1 - 1e-9)


@given(VOTES, st.integers(1, 60))
def test_the_quota_method_equals_its_definition(votes: list[int], total: int) -> None:
    """Seat by seat in exact fractions, with no queue: the slow obvious reference."""
    seats = [0] * len(votes)
    for house in range(1, total + 1):
        eligible = [a for a, v in enumerate(votes) if seats[a] < Fraction(v * house, sum(votes))]
        best = max(eligible, key=lambda a: (Fraction(votes[a], seats[a] + 1), votes[a], -a))
        seats[best] += 1
    assert apportion(votes, total, "quota") == seats
