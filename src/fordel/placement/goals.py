"""What new capacities are wanted for (formål): each goal with its unit, what a plan gives of it, and what any could.

Every goal is more the better. Some are sums over the model's variables. The others bring variables along, held down
by rows that hold for every plan and are added as they are needed (Benders 1962): for capacities served, sites that
together would serve more need than they reach (Hall 1935; the smallest cut of a flow, Ford & Fulkerson 1956); for the
distance of those who live farthest, the gain each site would bring to those worst off by some plan (Nemhauser & Wolsey
1981; the mean of a tail is that of Rockafellar & Uryasev 2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from fordel.placement.model import Floats
from fordel.placement.problem import Indices, Problem

THOUSANDTHS = 1000  # flows are whole: capacities are counted in thousandths


@dataclass(frozen=True, eq=False)
class Sites:
    """A plan: which candidates are opened, ascending, and the capacities of each."""

    chosen: Indices
    capacities: Indices


@dataclass(frozen=True, eq=False)
class Row:
    """What holds of the variables a goal brings along: ``own @ them <= constant + on_sites @ x``."""

    own: Floats
    on_sites: Floats
    constant: float


class Goal(Protocol):
    """What is wanted.

    Attributes:
        name: see ``placement_goals`` in the law.
        step: differences below half of this are none, in the goal's unit.
        most: what no plan exceeds, known beforehand.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def step(self) -> float: ...  # noqa: D102
    @property
    def most(self) -> float: ...  # noqa: D102

    def value(self, problem: Problem, plan: Sites) -> float:
        """What a plan gives."""


@dataclass(frozen=True, eq=False)
class Reaching:
    """People for whom the opened sites within reach make up what they lack. Unit: people.

    Attributes:
        weights: ``(classes,)`` what each class of the problem counts for.
    """

    name: str
    weights: Floats
    step: float = 1.0

    @property
    def most(self) -> float:
        """Everybody."""
        return float(self.weights.sum())

    def value(self, problem: Problem, plan: Sites) -> float:
        """People of the classes that get what they lack."""
        return float(self.weights[problem.counts(plan.chosen) >= problem.need].sum())


@dataclass(frozen=True, eq=False)
class Placing:
    """Capacities placed in some candidates rather than others. Unit: capacities.

    Attributes:
        worth: ``(candidates,)`` what a capacity counts for there.
        total: capacities at most.
    """

    name: str
    worth: Floats
    total: int
    step: float = 1.0

    @property
    def most(self) -> float:
        """All of them where they count most."""
        return float(self.total * self.worth.max(initial=0.0))

    def value(self, problem: Problem, plan: Sites) -> float:  # noqa: ARG002 - as every goal
        """Capacities in those candidates."""
        return float(self.worth[plan.chosen] @ plan.capacities)


@dataclass(frozen=True, eq=False)
class Serving:
    """Unmet need that the new capacities can serve within reach, each capacity one. Unit: capacities.

    Attributes:
        unmet: ``(groups,)`` capacities short, of groups of people that reach the same candidates.
        reach: groups x candidates.
        total: capacities at most.
    """

    name: str
    unmet: Floats
    reach: csr_array
    total: int
    step: float = 0.01

    @property
    def most(self) -> float:
        """All capacities, or all unmet need."""
        return float(min(self.total, self.unmet.sum()))

    @property
    def own(self) -> Floats:
        """Most of each variable of its own: need served at each candidate."""
        most: Floats = np.minimum(self.reach.T @ self.unmet, float(self.total))
        return most

    def value(self, problem: Problem, plan: Sites) -> float:
        """What a flow from unmet need to capacities carries."""
        return float(self.variables(problem, plan).sum())

    def variables(self, problem: Problem, plan: Sites) -> Floats:
        """Need served at each candidate."""
        given = np.zeros(problem.candidates)
        given[plan.chosen] = plan.capacities
        served, _ = self._flow(given)
        return served

    def rows(self, problem: Problem, plan: Sites, values: Floats) -> list[Row]:  # noqa: ARG002 - as every goal
        """Give rows that the values break: sites that would serve more than the need within their reach.

        Each comes as it is with the sites that reach no other need, and once more with those that reach little other.
        """
        served, inside = self._flow(values)
        if values.sum() - served.sum() < self.step / 4:
            return []
        outside = np.flatnonzero(~inside & (values > 0))
        near = csr_array(self.reach[:, outside])
        _, part = connected_components(near.T @ near, directed=False)
        found = []
        for each in range(part.max() + 1):
            sites = np.zeros(len(values), np.bool_)
            sites[outside[part == each]] = True
            if values[sites].sum() > self._reached(sites) + self.step / 100:
                found += [self._row(sites, more) for more in (1e-9, 0.1)]
        return found

    def _reached(self, sites: NDArray[np.bool_]) -> float:
        return float(self.unmet[np.asarray(self.reach @ sites.astype(np.float64)) > 0].sum())

    def _row(self, sites: NDArray[np.bool_], more: float) -> Row:
        """Say that sites, and others that reach at most ``more`` need besides, serve no more than they reach."""
        held = np.asarray(self.reach @ sites.astype(np.float64)) > 0
        besides = self.reach.T @ (self.unmet * ~held)
        every = sites | (besides <= more)
        return Row(every.astype(np.float64), np.zeros(len(sites)), self._reached(every))

    def _flow(self, given: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Give what is served at each candidate, and the candidates on the source's side of the smallest cut."""
        sites = np.flatnonzero(given > 0)
        groups = len(self.unmet)
        near = self.reach[:, sites].tocoo()
        amounts, room = (np.round(part * THOUSANDTHS).astype(np.int64) for part in (self.unmet, given[sites]))
        source, sink = groups + len(sites), groups + len(sites) + 1
        tail = np.concatenate([np.full(groups, source), near.row, groups + np.arange(len(sites))])
        head = np.concatenate([np.arange(groups), groups + near.col, np.full(len(sites), sink)])
        width = np.concatenate([amounts, amounts[near.row], room]).astype(np.int32)
        graph = csr_array(coo_array((width, (tail, head)), shape=(sink + 1, sink + 1)))
        flow = csr_array(maximum_flow(graph, source, sink).flow)
        left = graph - flow
        left.data[left.data < 0] = 0
        left.eliminate_zeros()
        seen = np.zeros(sink + 1, np.bool_)
        seen[breadth_first_order(left, source, return_predecessors=False)] = True
        served, inside = np.zeros(len(given)), np.ones(len(given), np.bool_)
        served[sites] = -flow[[sink]].toarray()[0, groups : groups + len(sites)] / THOUSANDTHS
        inside[sites] = seen[groups : groups + len(sites)]
        return served, inside


@dataclass(frozen=True, eq=False)
class Nearing:
    """How much nearer the nearest open practice comes for those who live farthest (længst til lægen). Unit: metres.

    The mean over the tenth of people who live farthest, whoever they are then, less than it is today.

    Attributes:
        people: ``(places,)``.
        metres: ``(places,)`` to the nearest open practice today.
        spots: ``(places, 2)`` easting and northing of places; metres.
        sites: ``(candidates, 2)`` of candidates.
        apart: places x candidates that no road joins: 1 where the two stand on different lands.
        share: of people.
    """

    name: str
    people: Floats
    metres: Floats
    spots: Floats
    sites: Floats
    apart: NDArray[np.bool_]
    share: float = 0.1
    step: float = 1.0

    @property
    def today(self) -> float:
        """Mean distance of the worst-off tenth today."""
        return self._tail(self.metres)[0]

    @property
    def most(self) -> float:
        """All of it."""
        return self.today

    def value(self, problem: Problem, plan: Sites) -> float:  # noqa: ARG002 - as every goal
        """Metres nearer in the mean."""
        return self.today - self._tail(self._nearest(plan.chosen))[0]

    @property
    def own(self) -> Floats:
        """Most of its one variable: all of it."""
        return np.array([self.most])

    def variables(self, problem: Problem, plan: Sites) -> Floats:
        """Its one variable: its value."""
        return np.array([self.value(problem, plan)])

    def rows(self, problem: Problem, plan: Sites, values: Floats) -> list[Row]:
        """Give the row of those worst off by a plan that gives less than the value: what each site brings them."""
        if values[0] - self.value(problem, plan) < self.step / 4:
            return []
        nearest = self._nearest(plan.chosen)
        mean, part = self._tail(nearest)
        worst = np.flatnonzero(part)
        between = self._between(worst, np.arange(len(self.sites)))
        gained = np.maximum(nearest[worst, None] - between, 0.0)
        return [Row(np.ones(1), part[worst] @ gained, self.today - mean)]

    def _between(self, places: Indices, sites: Indices) -> Floats:
        lines = np.hypot(*(self.spots[places, None] - self.sites[None, sites]).transpose(2, 0, 1))
        found: Floats = np.where(self.apart[np.ix_(places, sites)], np.inf, lines)
        return found

    def _nearest(self, chosen: Indices) -> Floats:
        if not len(chosen):
            return self.metres
        nearest: Floats = np.minimum(self.metres, self._between(np.arange(len(self.people)), chosen).min(axis=1))
        return nearest

    def _tail(self, metres: Floats) -> tuple[float, Floats]:
        """Give the mean of the worst-off share, and what part of it each place makes up."""
        order = np.argsort(-metres, kind="stable")
        wanted = self.share * self.people.sum()
        before = np.cumsum(self.people[order]) - self.people[order]
        part = np.zeros(len(metres))
        part[order] = np.clip(wanted - before, 0, self.people[order]) / wanted if wanted else 0.0
        return float(part @ np.where(part > 0, metres, 0.0)), part
