"""Access indices (tilgængelighed): how much capacity each place reaches when others reach for it too.

All read one cover matrix. ``demand`` is ``(places,)`` people or weighted citizens, ``supply`` is ``(practices,)``
capacities, ``weights`` is ``(pairs,)`` how much a pair counts, 1 when left out. A place that reaches nothing has 0, not
an empty value. In the 2SFCA family demand times index sums to the supply that anybody reaches.

Sources: Luo & Wang 2003 (2SFCA), Luo & Qi 2009 (E2SFCA), Wan, Zou & Sternberg 2012 (3SFCA), Saxon & Snow 2020 (RAAM).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fordel.coverage.distance import Metres
from fordel.coverage.errors import CoverageError
from fordel.coverage.matrix import Cover, Indices

Amounts = Metres


def step_weights(metres: Metres, steps: Mapping[float, float]) -> Amounts:
    """Weigh pairs by distance bands: ``{5000: 1, 10000: 0.68, 15000: 0.22}``; 0 beyond the last, limits included."""
    limits = np.array(sorted(steps), dtype=np.float64)
    values = np.array([steps[limit] for limit in sorted(steps)] + [0.0])
    band = np.zeros(len(metres), dtype=np.intp)
    for limit in limits:  # a handful of bands: comparing is quicker than searching
        band += ~(metres <= limit)  # what has no distance lies beyond all
    return values.take(band)


def two_step(cover: Cover, demand: Amounts, supply: Amounts, weights: Amounts | None = None) -> Amounts:
    """Two-step floating catchment (2SFCA; E2SFCA with ``step_weights``).

    Each practice shares its supply over the weighted demand that reaches it; each place adds up the shares it reaches.
    Unit: supply / demand.

    Raises:
        CoverageError: shapes do not fit, or a number is missing or negative.
    """
    _check(cover, demand, supply, weights)
    matrix = cover.weighted(np.ones(cover.pairs) if weights is None else weights)
    index: Amounts = matrix @ _per_demand(supply, matrix.T @ demand)
    return index


def three_step(cover: Cover, demand: Amounts, supply: Amounts, weights: Amounts) -> Amounts:
    """Three-step floating catchment (3SFCA): as ``two_step``, but first each place splits its demand.

    The split is by weight among the practices in reach, so demand is not counted in full at each of them.
    Unit: supply / demand.
    """
    _check(cover, demand, supply, weights)
    in_all = np.bincount(cover.place, weights, minlength=cover.places)[cover.place]
    share = np.divide(weights, in_all, out=np.zeros(cover.pairs), where=in_all > 0)
    matrix = cover.weighted(weights * share)
    index: Amounts = matrix @ _per_demand(supply, matrix.T @ demand)
    return index


def people_per_capacity(cover: Cover, demand: Amounts, supply: Amounts) -> Amounts:
    """Demand that shares each capacity in reach: the mean over the capacities each place reaches.

    Empty (NaN) where no capacity is in reach. Unit: demand / supply.
    """
    _check(cover, demand, supply, None)
    crowd = cover.sums(supply * _per_demand(cover.turned.sums(demand), supply))
    reached = cover.sums(supply)
    crowded: Amounts = np.divide(crowd, reached, out=np.full(cover.places, np.nan), where=reached > 0)
    return crowded


def supply_reached(cover: Cover, demand: Amounts, supply: Amounts, weights: Amounts | None = None) -> float:
    """Supply of the practices that any demand reaches: what demand times a 2SFCA index must sum to."""
    matrix = cover.weighted(np.ones(cover.pairs) if weights is None else weights)
    return float(supply[(matrix.T @ demand) > 0].sum())


def _per_demand(supply: Amounts, demand: Amounts) -> Amounts:
    return np.divide(supply, demand, out=np.zeros(len(supply)), where=demand > 0)


def _check(cover: Cover, demand: Amounts, supply: Amounts, weights: Amounts | None) -> None:
    expected = {
        "demand": (demand, cover.places),
        "supply": (supply, cover.practices),
        "weights": (weights, cover.pairs),
    }
    for name, (amounts, size) in expected.items():
        if amounts is None:
            continue
        if len(amounts) != size:
            raise CoverageError(f"The access index was given {len(amounts)} values of {name}; expected {size}.")
        bad = np.flatnonzero(~(np.isfinite(amounts) & (amounts >= 0)))
        if len(bad):
            raise CoverageError(
                f"{len(bad)} values of {name} are missing or negative; the first is number {bad[0] + 1}: "
                f"{amounts[bad[0]]}.\n  Expected: numbers of 0 or more.\n  Try:      leave out the others."
            )


def rational_agents(
    cover: Cover,
    demand: Indices,
    supply: Amounts,
    *,
    tau: float,
    cycles: int = 150,
    first_step: float = 0.2,
    least_step: float = 0.005,
    half_life: int = 50,
) -> Amounts:
    """Rational agent access (RAAM): what a citizen pays in travel and crowding when all choose the best they can.

    Citizens move, a shrinking share at a time, from the dearest practice their place uses to the cheapest it reaches;
    cost is travel over ``tau`` plus demand over supply, the latter relative to the nation's mean. Lower is better.

    Args:
        cover: the pairs to choose among; metres are the travel.
        demand: whole people per place.
        supply: capacities per practice; those without any are never chosen.
        tau: travel that weighs as much as crowding at the mean. Unit: metres.
        cycles, first_step, least_step, half_life: how the shares shrink; the paper's values.

    Returns:
        cost per place, without unit; empty (NaN) where nobody lives or no capacity is in reach.
    """
    _check(cover, demand.astype(np.float64), supply, None)
    lived_in = demand[cover.place] > 0
    kept = cover.keep(lived_in & (supply[cover.practice] > 0))
    rows = np.flatnonzero(np.diff(kept.start) > 0)
    cost = np.full(cover.places, np.nan)
    if len(rows):
        scaled = np.where(supply > 0, supply, np.inf) * (demand.sum() / supply.sum())
        market = _Market(kept, rows, demand[rows], scaled, kept.metres / tau)
        for cycle in range(cycles):
            market.move(max(first_step * 0.5 ** (cycle / half_life), least_step), damped=cycle < DAMPED_CYCLES)
        cost[rows] = market.mean_cost()
    return cost


# In the first cycles no practice may receive more than its own supply's worth at once.
DAMPED_CYCLES = 20


class _Market:
    """The state of the rational agents: people per pair, and what each pair cost when they last chose."""

    def __init__(self, cover: Cover, rows: Indices, demand: Indices, supply: Amounts, travel: Amounts) -> None:
        self.practice, self.travel, self.supply, self.demand = cover.practice, travel, supply, demand
        self.begin = cover.start[rows]
        self.row = np.repeat(np.arange(len(rows)), np.diff(cover.start)[rows])
        self.carried = np.zeros(cover.pairs)
        self.carried[self._lowest(travel)] = demand
        self.cost = travel

    def _lowest(self, cost: Amounts) -> Indices:
        """First pair of the lowest cost in each row."""
        hits = np.flatnonzero(cost == np.minimum.reduceat(cost, self.begin)[self.row])
        return hits[np.searchsorted(hits, self.begin)]

    def move(self, share: float, *, damped: bool) -> None:
        """Let up to a share of each place's people move from its dearest used pair to its cheapest."""
        at_practice = np.bincount(self.practice, self.carried, minlength=len(self.supply))
        self.cost = (at_practice / self.supply)[self.practice] + self.travel
        to, off = self._lowest(self.cost), self._lowest(np.where(self.carried > 0, -self.cost, np.inf))
        supply_to, supply_off = self.supply[self.practice[to]], self.supply[self.practice[off]]
        others_to = at_practice[self.practice[to]] - self.carried[to]
        others_off = at_practice[self.practice[off]] - self.carried[off]
        both = self.carried[to] + self.carried[off]
        balanced = (supply_to * supply_off / (supply_to + supply_off)) * (
            self.travel[off] - self.travel[to] + (both + others_off) / supply_off - others_to / supply_to
        )
        wanted = np.minimum(balanced - self.carried[to], self.carried[off])
        moved = np.trunc(np.minimum(np.where(to == off, 0, wanted), share * self.demand))
        if damped:
            rush = np.bincount(self.practice[to], moved, minlength=len(self.supply)) / self.supply
            moved = np.round(moved / np.maximum(rush, 1)[self.practice[to]])
        self.carried[to] += moved
        self.carried[off] -= moved

    def mean_cost(self) -> Amounts:
        """Mean cost of each place's people, at the prices they last chose by."""
        spent: Amounts = np.add.reduceat(self.cost * self.carried, self.begin) / self.demand
        return spent
