"""Find a good plan fast: greedy with a falling worth of the first choice, then swaps until none helps.

Counting only the last choice a class lacks is not submodular, and plain greedy then finds little: nothing is gained by
the first of two sites. So the first choice is worth a share of the last, a share that falls to nothing.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from fordel.placement.errors import PlacementError
from fordel.placement.problem import Indices, Problem

SHARES = (0.5, 0.3, 0.15, 0.05, 0.0)
Floats = NDArray[np.float64]


def search(problem: Problem, seconds: float = 5.0) -> Indices:
    """Give a plan that no single swap improves, or the best found in time; the same one each time it is in time.

    Args:
        problem: best without the classes whose answer is known, see ``Problem.open_question``.
        seconds: at most about this long.

    Returns:
        the chosen candidates, ascending.

    Raises:
        PlacementError: the sites forced in use more than may be released.
    """
    until = perf_counter() + seconds
    best, most = np.array(sorted(problem.forced_in), dtype=np.int64), -1
    for first in SHARES[:2]:
        state = _State(problem, first)
        state.fill()
        for share in SHARES[SHARES.index(first) :]:
            state.first = share
            state.improve(until)
            state.fill()
            gain = problem.gain(state.chosen)
            if gain > most:
                best, most = state.chosen, gain
    return best


class _State:
    """A plan under way: what is open, how often each class is reached, and what is left to release."""

    def __init__(self, problem: Problem, first: float) -> None:
        self.problem, self.first = problem, first
        self.by_site = csr_array(problem.reach.T)
        self.opened = np.zeros(problem.candidates, np.bool_)
        self.counts = np.zeros(len(problem.people), np.int64)
        self.left = problem.headroom.copy()
        self.total = problem.total
        self.sites = problem.candidates if problem.sites is None else problem.sites
        self.barred = np.zeros(problem.candidates, np.bool_)
        self.barred[list(problem.forced_out)] = True
        for site in problem.forced_in:
            if not self.fits()[site]:
                raise PlacementError("The sites forced in use more capacities than may be released.")
            self.move(site, 1)

    @property
    def chosen(self) -> Indices:
        return np.flatnonzero(self.opened).astype(np.int64)

    def fits(self) -> NDArray[np.bool_]:
        """Candidates that could be opened now."""
        least = self.problem.least
        within: NDArray[np.bool_] = (least <= self.left[self.problem.area]) & (least <= self.total)
        return within & ~self.opened & ~self.barred & (self.sites > 0)

    def move(self, site: int, way: int) -> None:
        """Open (1) or close (-1) a site."""
        row = self.by_site.indices[self.by_site.indptr[site] : self.by_site.indptr[site + 1]]
        self.counts[row] += way
        self.opened[site] = way > 0
        least = int(self.problem.least[site])
        self.left[self.problem.area[site]] -= way * least
        self.total -= way * least
        self.sites -= way

    def worth(self, counts: Indices) -> Floats:
        """Worth of each class at a count: all of its people when it has what it lacks, a share of them on the way."""
        need = self.problem.need
        part = self.first * np.clip(counts, 0, need - 1) / np.maximum(need - 1, 1)
        return np.where(counts >= need, 1.0, part) * self.problem.people

    def gains(self) -> Floats:
        """What opening each candidate adds."""
        step = self.worth(self.counts + 1) - self.worth(self.counts)
        gained: Floats = self.by_site @ step
        return gained

    def fill(self) -> None:
        """Open the best candidate again and again, while one fits and any gives something."""
        while True:
            gains = np.where(self.fits(), self.gains(), -1.0)
            site = int(np.argmax(gains)) if len(gains) else -1
            if site < 0 or gains[site] <= 0:
                return
            self.move(site, 1)

    def improve(self, until: float) -> None:
        """Swap one site at a time for a better one, until none is."""
        fixed = set(self.problem.forced_in)
        better = True
        while better:
            better = False
            for site in self.chosen:
                if perf_counter() > until:
                    return
                if int(site) not in fixed:
                    better |= self._swap(int(site))

    def _swap(self, site: int) -> bool:
        self.move(site, -1)
        gains = self.gains()
        other = int(np.argmax(np.where(self.fits(), gains, -1.0)))
        taken = other if gains[other] > gains[site] + 1e-6 else site
        self.move(taken, 1)
        return taken != site
