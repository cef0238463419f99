"""The bounded search gives the distances of scipy on random graphs, one-way streets and zero lengths included."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fordel.coverage.paces import Paces
from fordel.engines import roads as engine
from fordel.engines.roads import Roads, cover_by_road, reach_by_scipy, reach_counts, two_nearest
from fordel.law import Lawbook

PACES = Lawbook.shipped().on(date(2026, 2, 1)).load(Paces)[0]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Roads, np.ndarray, float]:
    """Draw a road graph, practices at its nodes, and a limit."""
    nodes = draw(st.integers(2, 14))
    arcs = draw(st.lists(st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1)), min_size=1, max_size=40))
    metres = np.array([draw(st.sampled_from([0.0, 1.0, 7.25, 33.0, 333.33, 1_000.0])) for _ in arcs])
    tail, head = (np.array([arc[side] for arc in arcs], dtype=np.int64) for side in (0, 1))
    xy = np.column_stack([600e3 + np.arange(nodes) * 10.0, np.full(nodes, 6.2e6)])
    roads = Roads(xy, tail, head, metres, metres / 10, np.zeros(len(arcs), np.bool_), "drawn")
    practices = np.array(draw(st.lists(st.integers(0, nodes - 1), min_size=1, max_size=5)), dtype=np.int64)
    return roads, practices, draw(st.sampled_from([0.0, 10.0, 400.0, 1_500.0]))


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_counts_and_pairs_equal_scipy(drawn: tuple[Roads, np.ndarray, float]) -> None:
    roads, practices, limit = drawn
    graph, wanted = roads.backwards(roads.metres), np.ones(len(roads), np.bool_)
    expected = reach_by_scipy(graph, practices, np.zeros(len(practices)), limit, wanted)
    found = engine._reach(graph, practices, np.zeros(len(practices)), limit, wanted)
    order = np.lexsort((found[0], found[1]))
    assert [part[order].tolist() for part in found[:2]] == [part.tolist() for part in expected[:2]]
    assert np.allclose(found[2][order], expected[2], atol=1e-3)
    counts = np.bincount(expected[0], minlength=len(roads))
    assert reach_counts(roads, practices, limit).tolist() == counts.tolist()


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_the_two_nearest_equal_scipy(drawn: tuple[Roads, np.ndarray, float]) -> None:
    roads, practices, limit = drawn
    graph, wanted = roads.backwards(roads.metres), np.ones(len(roads), np.bool_)
    node, _, length = reach_by_scipy(graph, practices, np.zeros(len(practices)), limit, wanted)
    number, found = two_nearest(roads, practices, limit)
    for n in range(len(roads)):
        expected = [*sorted(length[node == n])[:2], np.inf, np.inf][:2]
        assert np.allclose(found[n], expected, atol=1e-3)
        assert number[n, 0] != number[n, 1] or number[n, 0] == -1


def test_the_cover_by_road_adds_the_way_to_the_road() -> None:
    xy = np.array([[600e3, 6.2e6], [601e3, 6.2e6]])
    roads = Roads(
        xy, np.array([0]), np.array([1]), np.array([1_100.0]), np.array([99.0]), np.zeros(1, np.bool_), "drawn"
    )
    home, practice, lost = [600e3, 6.2e6 + 30], [601e3, 6.2e6 - 40], [590e3, 6.2e6]
    cover = cover_by_road(roads, np.array([home, lost]), np.array([practice]), 2_000.0, PACES)
    assert cover.start.tolist() == [0, 1, 1]
    assert abs(cover.metres[0] - (30 + 1_100 + 40)) < 0.1
    # The arc is one-way: nobody gets from the practice's side to the other.
    back = cover_by_road(roads, np.array([practice]), np.array([home]), 2_000.0, PACES)
    assert back.pairs == 0
