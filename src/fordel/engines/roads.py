"""Distance and time by road and ferry: a graph, snapping with a limit, and our own bounded search.

All searching runs from the practices against the direction of the arcs, so that a distance is the way from home to the
practice. Nothing is moved far without a word: a point farther from the graph than the stated limit is not snapped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from fordel.coverage.distance import Metres, metres_between
from fordel.coverage.errors import CoverageError
from fordel.coverage.matrix import Cover, Indices, cover_of
from fordel.coverage.paces import Paces
from fordel.engines._shares import by_shares

UNITS = 100  # whole centimetres, whole hundredths of a second
BANDS = 4000


@dataclass(frozen=True, eq=False)
class Roads:
    """A road graph (vejnet), one arc per direction.

    Attributes:
        xy: ``(nodes, 2)`` easting and northing, EPSG:25832. Unit: metres.
        tail, head: ``(arcs,)`` node numbers.
        metres: ``(arcs,)`` length; seconds: ``(arcs,)`` driving or sailing time with waiting.
        ferry: ``(arcs,)`` whether the arc is sailed.
        source: what the graph was read from, with its licence.
    """

    xy: Metres
    tail: Indices
    head: Indices
    metres: Metres
    seconds: Metres
    ferry: NDArray[np.bool_]
    source: str

    def __len__(self) -> int:
        return len(self.xy)

    def without_ferries(self) -> Roads:
        """Give the graph as it is when nothing sails."""
        dry = ~self.ferry
        kept = {name: getattr(self, name)[dry] for name in ("tail", "head", "metres", "seconds", "ferry")}
        return replace(self, **kept)

    @cached_property
    def _used(self) -> Indices:
        return np.unique(np.concatenate([self.tail, self.head]))

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.xy[self._used])

    def snap(self, points: Metres, limit: float) -> Snapped:
        """Find the nearest node of each point; none when it is farther than the limit. Unit: metres.

        Raises:
            CoverageError: the graph has no arcs.
        """
        if not len(self._used):
            raise CoverageError(
                f"{self.source} holds no road a car may use.\n  Expected: ways with a highway or route=ferry tag.\n"
                f"  Try:      an extract that covers the practices."
            )
        _, near = self._tree.query(points)
        node = self._used[near]
        metres = metres_between(points, self.xy[node])
        return Snapped(np.where(metres <= limit, node, -1), metres, limit)

    def backwards(self, cost: Metres) -> tuple[Indices, NDArray[np.int32], NDArray[np.int32]]:
        """Give the arcs in compressed rows by head, costs in whole units rounded up: where to search from practices."""
        order = np.argsort(self.head, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(self.head, minlength=len(self)))]).astype(np.int64)
        whole = np.ceil(np.round(cost[order] * UNITS, 6)).astype(np.int32)
        return start, self.tail[order].astype(np.int32), whole


@dataclass(frozen=True, eq=False)
class Snapped:
    """Points on the graph: ``node`` is -1 where no node lies within ``limit``; ``metres`` is the way to the node."""

    node: Indices
    metres: Metres
    limit: float

    @property
    def missing(self) -> Indices:
        """Numbers of the points that lie too far from any road."""
        return np.flatnonzero(self.node < 0)


def cover_by_road(
    roads: Roads, places: Metres, practices: Metres, limit: float, paces: Paces, *, by: str = "metres"
) -> Cover:
    """Measure every place to every practice within a limit by road and ferry.

    Args:
        roads: the graph; leave ferries out with ``without_ferries``.
        places, practices: ``(n, 2)`` easting and northing, EPSG:25832.
        limit: metres or, by seconds, seconds.
        paces: how far from a road a point may lie, and how one gets to it.
        by: ``metres`` (the shortest way) or ``seconds`` (the fastest).

    Returns:
        the cover matrix; its ``metres`` are seconds when asked by seconds. Points that do not snap have no pairs.
    """
    here, there = (roads.snap(points, paces.road_snap_limit) for points in (places, practices))
    pace = 1.0 if by == "metres" else 3.6 / paces.walking_speed
    sources = np.flatnonzero(there.node >= 0)
    wanted = np.zeros(len(roads), dtype=np.bool_)
    wanted[here.node[here.node >= 0]] = True
    graph = roads.backwards(getattr(roads, by))
    offsets = there.metres[sources] * pace
    node, source, found = _reach(graph, there.node[sources], offsets, limit, wanted)
    order = np.argsort(here.node, kind="stable")
    first, end = (np.searchsorted(here.node[order], node, side) for side in ("left", "right"))
    pair = np.repeat(np.arange(len(node)), end - first)
    place = order[np.arange(len(pair)) - np.repeat(np.cumsum(end - first) - (end - first), end - first) + first[pair]]
    length = found[pair] + here.metres[place] * pace
    within = length <= limit
    practice = sources[source[pair]]
    return cover_of(place[within], practice[within], length[within], (len(places), len(practices)))


def reach_counts(roads: Roads, nodes: Indices, limit: float, by: str = "metres") -> Indices:
    """Count, at every node, the practices (given as nodes) that lie within the limit by road.

    Each core searches from practices that are neighbours, so that the net stays in its cache.
    """
    graph = roads.backwards(getattr(roads, by))
    if not find_spec("numba"):
        return sum(
            ((row <= limit).astype(np.int64) for row in _rows(graph, nodes, limit)), np.zeros(len(roads), np.int64)
        )
    whole, packed, search = int(limit * UNITS), _packed(graph), _search()

    def share(some: Indices) -> NDArray[np.int32]:
        offsets = np.zeros(len(some), np.int32)
        counts: NDArray[np.int32] = search.reach_counts(
            packed, nodes[some].astype(np.int32), offsets, whole, _shift(whole)
        )
        return counts

    total: Indices = np.sum(by_shares(share, np.argsort(nodes, kind="stable")), axis=0, dtype=np.int64)
    return total


def two_nearest(roads: Roads, nodes: Indices, limit: float, by: str = "metres") -> tuple[Indices, Metres]:
    """Find the two nearest practices (given as nodes) of every node: ``(nodes, 2)`` numbers and distances.

    Where there are fewer within the limit, the number is -1 and the distance infinite. A tie goes to the lower number.
    """
    graph, whole = roads.backwards(getattr(roads, by)), int(limit * UNITS)
    if not find_spec("numba"):
        return _two_of_rows(graph, nodes, limit)
    offsets = np.zeros(len(nodes), np.int32)
    number, found = _search().two_nearest(_packed(graph), nodes.astype(np.int32), offsets, whole, _shift(whole))
    return number.astype(np.int64), np.where(number < 0, np.inf, found / UNITS)


def _two_of_rows(graph: Any, nodes: Indices, limit: float) -> tuple[Indices, Metres]:
    number = np.full((len(graph[0]) - 1, 2), -1, dtype=np.int64)
    found = np.full(number.shape, np.inf)
    for practice, row in enumerate(_rows(graph, nodes, limit)):
        first, second = row < found[:, 0], (row >= found[:, 0]) & (row < found[:, 1])
        number[first, 1], found[first, 1] = number[first, 0], found[first, 0]
        number[first, 0], found[first, 0] = practice, row[first]
        number[second, 1], found[second, 1] = practice, row[second]
    return number, found


def _reach(
    graph: Any, nodes: Indices, offsets: Metres, limit: float, wanted: NDArray[np.bool_]
) -> tuple[Indices, Indices, Metres]:
    if find_spec("numba"):
        whole, packed, search = int(limit * UNITS), _packed(graph), _search()
        ends = np.ceil(offsets * UNITS).astype(np.int32)

        def share(some: Indices) -> tuple[Indices, Indices, Metres]:
            sources = nodes[some].astype(np.int32), ends[some]
            node, source, found = search.reach_pairs(packed, *sources, whole, _shift(whole), wanted)
            return node.astype(np.int64), some[source], found / UNITS

        node, source, found = (
            np.concatenate(part) for part in zip(*by_shares(share, np.argsort(nodes, kind="stable")), strict=True)
        )
        return node, source, found
    return reach_by_scipy(graph, nodes, offsets, limit, wanted)


def reach_by_scipy(
    graph: Any, nodes: Indices, offsets: Metres, limit: float, wanted: NDArray[np.bool_]
) -> tuple[Indices, Indices, Metres]:
    """Search one practice at a time with scipy: the slow obvious reference, and what is used where numba is not."""
    found: list[list[NDArray[Any]]] = [[np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]]
    for number, row in enumerate(_rows(graph, nodes, limit)):
        length = row + np.ceil(offsets[number] * UNITS) / UNITS
        hit = np.flatnonzero(wanted & (length <= limit))
        for part, values in zip(found, (hit, np.full(len(hit), number), length[hit]), strict=True):
            part.append(values)
    node, source, length = (np.concatenate(part) for part in found)
    return node, source, length


def _rows(graph: Any, nodes: Indices, limit: float) -> Iterator[Metres]:
    start, head, length = graph
    # Two nodes of one point are 0 apart; scipy takes a stored 0 as no arc at all.
    matrix: Any = csr_array((np.maximum(length, 1e-6), head, start), shape=(len(start) - 1, len(start) - 1))
    search: Any = dijkstra
    for node in nodes:
        yield search(matrix, indices=int(node), limit=int(limit * UNITS) + 0.5).round() / UNITS


def _shift(whole: int) -> int:
    return max(0, (whole // BANDS).bit_length())


def _packed(graph: Any) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Put head and cost of an arc side by side, so that one look into memory finds both."""
    start, head, cost = graph
    return start.astype(np.int32), np.column_stack([head, cost])


def _search() -> ModuleType:
    from fordel.engines import _search as search  # noqa: PLC0415 - numba takes half a second to import

    return search
