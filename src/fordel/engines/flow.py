"""Minimum-cost flow: LEMON's network simplex through pylmcf, and the linear programme it must equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from fordel.coverage.errors import CoverageError
from fordel.coverage.matrix import Indices
from fordel.coverage.reassign import Transport

LARGEST_COST = 2**62


def unplaced_metres(problem: Transport) -> int:
    """Give the metres an unplaced person counts for: more than any chain of moves that would make room."""
    chain = min(len(problem.people), len(_used(problem))) + 1
    return (int(problem.metres.max(initial=0)) + 1) * chain


def _used(problem: Transport) -> Indices:
    return np.flatnonzero(np.bincount(problem.target, minlength=len(problem.room)))


class NetworkSimplex:
    """Place people by the network simplex: exact, whole people."""

    def place(self, problem: Transport) -> Indices:
        """See ``FlowEngine.place``.

        Raises:
            CoverageError: the cost may pass what 64 bits hold.
        """
        if not len(problem.origin):
            return np.empty(0, np.int64)
        from pylmcf import Graph  # noqa: PLC0415 - only needed once somebody moves

        network = _network(problem)
        graph: Any = Graph(len(network.supply), network.tail, network.head)
        graph.set_edge_costs(network.cost)
        graph.set_edge_capacities(network.most)
        graph.set_node_supply(network.supply)
        graph.solve()
        flow: Indices = graph.result()[network.position]
        return flow


@dataclass(frozen=True, eq=False)
class _Network:
    """The transportation problem with a sink: arcs by tail, then head, and where the problem's own arcs went."""

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    cost: Indices
    most: Indices
    supply: Indices
    position: Indices


def _network(problem: Transport) -> _Network:
    """Add a sink: origins may send people there unplaced, at a price; targets pass on what they have room for."""
    used = _used(problem)
    number = np.zeros(len(problem.room), np.int64)
    number[used] = np.arange(len(used))
    arcs, origins, targets = len(problem.origin), len(problem.people), len(used)
    sink, price, total = origins + targets, unplaced_metres(problem), int(problem.people.sum())
    if price * max(total, 1) > LARGEST_COST:
        raise CoverageError("The reassignment is too large for whole-number arithmetic; split it by region.")
    position = np.arange(arcs) + problem.origin
    unplaced = np.cumsum(np.bincount(problem.origin, minlength=origins)) + np.arange(origins)
    tail, head = np.empty(arcs + sink, np.int32), np.full(arcs + sink, sink, np.int32)
    cost, most = np.zeros(arcs + sink, np.int64), np.full(arcs + sink, total, np.int64)
    tail[position], tail[unplaced], tail[arcs + origins :] = (
        problem.origin,
        np.arange(origins),
        np.arange(origins, sink),
    )
    head[position], cost[position], cost[unplaced] = number[problem.target] + origins, problem.metres, price
    most[arcs + origins :] = problem.room[used]
    supply = np.concatenate([problem.people, np.zeros(targets, np.int64), [-total]])
    return _Network(tail, head, cost, most, supply, position)


class LinearProgramme:
    """Place people by HiGHS as a linear programme: the slow obvious reference."""

    def place(self, problem: Transport) -> Indices:
        """See ``FlowEngine.place``."""
        from scipy.optimize import linprog  # noqa: PLC0415 - loads slowly, and only the tests ask for this engine

        arcs = len(problem.origin)
        if not arcs:
            return np.empty(0, np.int64)
        rows = np.concatenate([problem.origin, problem.target + len(problem.people)])
        matrix: Any = coo_array((np.ones(2 * arcs), (rows, np.tile(np.arange(arcs), 2))))
        shape = (len(problem.people) + len(problem.room), arcs)
        limits = np.concatenate([problem.people, problem.room])
        solve: Any = linprog
        solved = solve(
            (problem.metres - unplaced_metres(problem)).astype(np.float64),
            A_ub=coo_array((matrix.data, matrix.coords), shape=shape).tocsr(),
            b_ub=limits,
            method="highs-ds",
        )
        flow: Indices = np.round(solved.x).astype(np.int64)
        return flow
