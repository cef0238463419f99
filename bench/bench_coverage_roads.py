"""Roads: which practices reach which nodes within 15 km, against scipy's Dijkstra with a limit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
from _case import Case
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from fordel.coverage.matrix import Indices
from fordel.engines.roads import UNITS, Roads, reach_counts, two_nearest

TITLE = "Coverage: by road"
ABOUT = (
    "A synthetic road net (seeded): a crooked grid of 207-metre blocks, as a million nodes over Denmark's 43,000 km², "
    "with a tenth of the streets missing and a tenth one-way, practices at random nodes. Every search runs from the "
    "practices to 15 km. scipy is asked for twenty practices at a time; counts must be the very same."
)
PACKAGES = ("numba", "numpy", "scipy")
LIMIT = 15_000.0
BLOCK = 207.0  # metres


def grid(side: int) -> Roads:
    """Lay out a crooked grid of ``side`` times ``side`` nodes."""
    rng = np.random.default_rng(side)
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    xy = np.column_stack([450e3 + column.ravel() * BLOCK, 6_080e3 + row.ravel() * BLOCK]) + rng.normal(
        0, 30, (side**2, 2)
    )
    number = np.arange(side**2).reshape(side, side)
    tail = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    head = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    there = rng.random(len(tail)) < 0.9
    both = rng.random(there.sum()) < 0.9
    tail, head = tail[there], head[there]
    tail, head = np.concatenate([tail, head[both]]), np.concatenate([head, tail[both]])
    metres = np.hypot(*(xy[tail] - xy[head]).T)
    return Roads(xy, tail, head, metres, metres / 14, np.zeros(len(tail), np.bool_), "synthetic grid")


def matrix_of(roads: Roads) -> csr_array[Any, Any]:
    """Give the graph as scipy wants it, in the same whole centimetres."""
    start, head, length = roads.backwards(roads.metres)
    return csr_array((length.astype(np.float64), head, start), shape=(len(roads), len(roads)))


def by_scipy(matrix: Any, practices: Indices) -> Indices:
    """Count with scipy, twenty practices at a time."""
    counts = np.zeros(matrix.shape[0], np.int64)
    for chunk in np.array_split(practices, max(1, len(practices) // 20)):
        counts += (dijkstra(matrix, indices=chunk, limit=LIMIT * UNITS) <= LIMIT * UNITS).sum(axis=0)
    return counts


def equal(ours: Indices, theirs: Indices) -> bool:
    """Whether the counts are the very same."""
    return bool((ours == theirs).all())


def cases() -> Iterator[Case]:
    """A region, then a country of a million nodes; and the two nearest practices of every node."""
    for side, many, repeat in ((450, 350, 3), (1_000, 1_700, 1)):
        roads = grid(side)
        practices = np.random.default_rng(1).choice(side**2, many, replace=False)
        size, matrix = f"{side**2:,} nodes, {many:,} practices", matrix_of(roads)
        ours = partial(reach_counts, roads, practices, LIMIT)
        two_nearest(roads, practices[:2], 100.0), reach_counts(roads, practices[:2], 100.0)
        peer = f"scipy {version('scipy')} dijkstra(limit)"
        yield Case("all catchments of 15 km", size, ours, partial(by_scipy, matrix, practices), peer, equal, repeat)
        yield Case("the two nearest of every node", size, partial(two_nearest, roads, practices, LIMIT), repeat=3)
