"""Where new capacities should lie (placering af lægekapaciteter), as mathematics.

Maximal covering (Church & ReVelle 1974) with existing practices fixed, and backup coverage (Hogan & ReVelle 1986): a
class of citizens counts once it reaches ``required`` open practices, those already there included.

    maximise   Σ w_i z_i
    where      need_i z_i ≤ Σ_j a_ij x_j               class i is covered (z) by the sites opened (x) within its radius
               least_j x_j ≤ n_j ≤ most_j x_j          capacities n at a site, none where it is not opened
               Σ_{j in g} n_j ≤ limit_g                headroom of an area (råderum)
               placed ≤ Σ_j n_j ≤ total                what is offered, and how much of it must find a place
               Σ_j x_j ≤ sites
               x_j = 1 or 0 for sites forced in or out
               Σ_{j in plan} x_j ≤ |plan| - 1          for plans that are to be left behind

with need_i = required - open choices now. Classes already served and classes that too few candidates reach fall out
first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from fordel.placement.errors import PlacementError

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Problem:
    """Classes of citizens, candidate sites, and what may be opened.

    Attributes:
        people: ``(classes,)`` whole citizens.
        choices: ``(classes,)`` open practices each reaches already.
        reach: classes x candidates, 1 where a practice at the candidate lies within the radius of the class.
        area: ``(candidates,)`` number of the area whose headroom a site uses.
        headroom: ``(areas,)`` capacities that may be released there.
        least, most: ``(candidates,)`` capacities of a site if it is opened.
        total: capacities offered at most, in all areas together.
        placed: of these, how many must be placed (alle tilladte kapaciteter udbydes).
        required: open choices a citizen should have.
        sites: how many sites at most; None where only capacities limit them.
        forced_in, forced_out: candidates that must or must not be opened.
        not_again: plans of which at least one site must be left out.
        called, areas_called: what candidates and areas are called in sentences; numbers where empty.
    """

    people: Indices
    choices: Indices
    reach: csr_array
    area: Indices
    headroom: Indices
    least: Indices
    most: Indices
    total: int
    placed: int = 0
    required: int = 2
    sites: int | None = None
    forced_in: tuple[int, ...] = ()
    forced_out: tuple[int, ...] = ()
    not_again: tuple[tuple[int, ...], ...] = ()
    called: tuple[str, ...] = ()
    areas_called: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what does not fit together.

        Raises:
            PlacementError: lengths differ, or a site may get fewer capacities than it must.
        """
        classes, candidates = self.reach.shape
        of_classes = len(self.people) == len(self.choices) == classes
        if not of_classes or not len(self.area) == len(self.least) == len(self.most) == candidates:
            raise PlacementError(f"The reach is of {classes} classes and {candidates} candidates; the rest is not.")
        if (self.least > self.most).any() or (self.least < 1).any():
            raise PlacementError("A site must get at least one capacity, and never more than it may get.")

    @property
    def candidates(self) -> int:
        """How many candidates there are."""
        return len(self.area)

    @cached_property
    def need(self) -> Indices:
        """Open choices each class lacks."""
        return np.maximum(self.required - self.choices, 0)

    @cached_property
    def reachable(self) -> Indices:
        """How many candidates each class reaches."""
        return np.diff(self.reach.indptr).astype(np.int64)

    @property
    def beyond_help(self) -> NDArray[np.bool_]:
        """Classes that lack choices and that too few candidates reach, whatever is opened."""
        return self.need > self.reachable

    @cached_property
    def open_question(self) -> Problem:
        """The same problem without the classes whose answer is known."""
        kept = np.flatnonzero((self.need > 0) & ~self.beyond_help)
        return replace(self, people=self.people[kept], choices=self.choices[kept], reach=self.reach[kept])

    def counts(self, chosen: Indices) -> Indices:
        """Count the chosen sites that each class reaches."""
        opened = np.zeros(self.candidates)
        opened[chosen] = 1
        return np.asarray(self.reach @ opened).astype(np.int64)

    def gain(self, chosen: Indices) -> int:
        """Citizens who newly have the required open choices when the chosen sites open. Unit: people."""
        return int(self.people[(self.need > 0) & (self.counts(chosen) >= self.need)].sum())


@dataclass(frozen=True, eq=False)
class Placement:
    """A plan, how good it is, and how good any plan could be.

    Attributes:
        chosen: candidates to open, ascending.
        capacities: capacities of each.
        value: citizens who newly have the required choices. Unit: people.
        bound: no plan gives more. Unit: people.
        seconds: how long the search took.
        steps: ``(seconds, value, bound)`` as the search went on.
    """

    chosen: Indices
    capacities: Indices
    value: int
    bound: float
    seconds: float
    steps: tuple[tuple[float, float, float], ...] = ()

    @property
    def gap(self) -> float:
        """How much more than this plan another could give at most, as a share of the bound."""
        return max(0.0, 1 - self.value / self.bound) if self.bound > 0 else 0.0

    @property
    def proven(self) -> bool:
        """Whether no plan is better, people being whole."""
        return bool(np.floor(self.bound + 1e-6) <= self.value)


def spread(problem: Problem, chosen: Indices) -> Indices:
    """Share capacities between chosen sites: the least to each, then one at a time where most people are in reach.

    Raises:
        PlacementError: the sites need more than an area's headroom or the total.
    """
    given = problem.least[chosen].copy()
    left = problem.headroom.copy()
    np.subtract.at(left, problem.area[chosen], given)
    spare = problem.total - int(given.sum())
    if spare < 0 or (left < 0).any():
        raise PlacementError("The chosen sites need more capacities than may be released.")
    crowd: Any = problem.reach.T @ problem.people.astype(np.float64)
    while spare > 0:
        able = (given < problem.most[chosen]) & (left[problem.area[chosen]] > 0)
        if not able.any():
            break
        at = int(np.argmax(np.where(able, crowd[chosen] / given, -1)))
        given[at] += 1
        left[problem.area[chosen[at]]] -= 1
        spare -= 1
    return given
