"""Access and equity: conservation, and values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fordel.coverage import CoverageError
from fordel.coverage.access import rational_agents, step_weights, supply_reached, three_step, two_step
from fordel.coverage.equity import by_need, concentration, gini, need_fifths
from fordel.coverage.matrix import Cover, cover_of


@st.composite
def markets(draw: st.DrawFn) -> tuple[Cover, np.ndarray, np.ndarray, np.ndarray]:
    places, practices = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    pairs = sorted(draw(st.sets(st.tuples(st.integers(0, places - 1), st.integers(0, practices - 1)), max_size=30)))
    place, practice = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    metres = np.array([draw(st.sampled_from([0.0, 5_000.0, 5_000.1, 10_000.0, 15_000.0, 15_000.1])) for _ in pairs])
    demand = np.array([float(draw(st.integers(0, 500))) for _ in range(places)])
    supply = np.array([draw(st.sampled_from([0.0, 0.5, 1.0, 4.0])) for _ in range(practices)])
    return cover_of(place, practice, metres.astype(np.float64), (places, practices)), demand, supply, metres


@settings(max_examples=150, deadline=None)
@given(markets())
def test_demand_times_index_is_the_supply_reached(market: tuple[Cover, np.ndarray, np.ndarray, np.ndarray]) -> None:
    cover, demand, supply, _ = market
    weights = step_weights(cover.metres, {5_000.0: 1.0, 10_000.0: 0.68, 15_000.0: 0.22})
    for index, reached in (
        (two_step(cover, demand, supply), supply_reached(cover, demand, supply)),
        (two_step(cover, demand, supply, weights), supply_reached(cover, demand, supply, weights)),
        (three_step(cover, demand, supply, weights), supply_reached(cover, demand, supply, weights)),
    ):
        assert (demand * index).sum() == pytest.approx(reached, rel=1e-12, abs=1e-12)
        assert np.isfinite(index).all()


@settings(max_examples=80, deadline=None)
@given(markets())
def test_rational_agents_are_counted_where_they_live(market: tuple[Cover, np.ndarray, np.ndarray, np.ndarray]) -> None:
    cover, demand, supply, _ = market
    cost = rational_agents(cover, demand.astype(np.int64), supply, tau=15_000.0, cycles=30)
    reaches = (cover.counts(supply > 0) > 0) & (demand > 0)
    assert (np.isfinite(cost) == reaches).all()
    assert (cost[reaches] >= 0).all()


def test_step_weights_include_their_limits() -> None:
    found = step_weights(np.array([0.0, 5_000.0, 5_000.1, 15_000.0, 15_000.1]), {5_000.0: 1.0, 15_000.0: 0.3})
    assert found.tolist() == [1.0, 1.0, 0.3, 0.3, 0.0]


@pytest.mark.parametrize(
    ("demand", "supply", "message"),
    [
        ([np.nan, 1.0], [1.0], r"1 values of demand are missing or negative; the first is number 1: nan"),
        ([1.0, 1.0], [-1.0], r"1 values of supply are missing or negative; the first is number 1: -1.0"),
        ([1.0], [1.0], r"given 1 values of demand; expected 2"),
    ],
)
def test_what_cannot_be_summed_is_refused(demand: list[float], supply: list[float], message: str) -> None:
    cover = cover_of(np.array([0]), np.array([0]), np.array([1.0]), (2, 1))
    with pytest.raises(CoverageError, match=message):
        two_step(cover, np.array(demand), np.array(supply))


def test_fifths_of_need_hold_a_fifth_of_the_people_each() -> None:
    weight, people = np.linspace(0.5, 2.0, 50), np.full(50, 10.0)
    order = np.random.default_rng(1).permutation(50)
    fifth = need_fifths(weight[order], people[order])
    assert np.bincount(fifth, people)[1:].tolist() == [100.0] * 5
    assert fifth[np.argsort(order)].tolist() == sorted(fifth.tolist())
    same = need_fifths(np.ones(4), np.ones(4))
    assert set(same.tolist()) == {3}
    assert by_need(np.array([1.0, 3.0]), np.array([1.0, 1.0]), np.array([3.0, 1.0])).rows() == [(3, 4.0, 1.5)]


def test_concentration_and_gini_by_hand() -> None:
    # Two people, one has all: Gini of a population of two is 1/2.
    assert gini(np.array([0.0, 1.0]), np.ones(2)) == pytest.approx(0.5)
    assert gini(np.array([2.0, 2.0, 2.0]), np.array([1.0, 5.0, 7.0])) == pytest.approx(0.0)
    # Ranked by need, access that falls with need is as uneven the other way.
    up = concentration(np.array([1.0, 2.0, 3.0]), np.array([0.8, 1.0, 1.2]), np.ones(3))
    down = concentration(np.array([3.0, 2.0, 1.0]), np.array([0.8, 1.0, 1.2]), np.ones(3))
    assert up == pytest.approx(2 / 9)
    assert down == pytest.approx(-2 / 9)
    # Ten people in one place are ten people in ten places.
    assert gini(np.array([1.0, 3.0]), np.array([10.0, 10.0])) == pytest.approx(
        gini(np.repeat([1.0, 3.0], 10), np.ones(20))
    )
    with pytest.raises(CoverageError, match="nobody has any access"):
        gini(np.zeros(3), np.ones(3))
