"""Find a good plan fast on many candidates: compiled swap search, the same plan each time it is in time.

``fordel.placement.search`` is the plain form of the same idea, and is quicker where the problem is small: loading
compiled code takes half a second.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from fordel.placement.bound import price_bound
from fordel.placement.errors import PlacementError
from fordel.placement.problem import Indices, Placement, Problem, spread
from fordel.placement.search import search

WORTH_COMPILING = 20_000  # pairs of a class and a candidate
SHARES = (0.5, 0.3, 0.15, 0.05, 0.0)
# Round after round: worth of the first choice, how much worse a plan may be, how many sites are closed at a time.
SHAKEN = (0.0, 0.05, 0.0, 0.15)
SLACKS = (0.0, 0.0, 0.0001)  # of what the best plan gives
WIDEST = (3, 6, 12, 4, 20)
ROUNDS, TRIES = 40, 100
LONGEST = 10.0  # seconds of search where no solver follows


def first_plan(problem: Problem, seconds: float) -> Indices:
    """Give a plan by the search that answers first."""
    if problem.reach.nnz < WORTH_COMPILING:
        return search(problem, seconds)
    return swap_search(problem, seconds)


def another_first_plan(problem: Problem, seconds: float) -> Indices:
    """Give a plan that leaves out at least one site of each plan found before: the one whose loss costs least."""
    chosen = first_plan(problem, seconds)
    for _ in problem.not_again:
        same = [plan for plan in problem.not_again if set(plan) <= set(chosen.tolist())]
        if not same:
            break
        free = [site for site in same[0] if site not in problem.forced_in]
        if not free:
            break
        kept = [problem.gain(chosen[chosen != site]) for site in free]
        out = free[int(np.argmax(kept))]
        problem = replace(problem, forced_out=(*problem.forced_out, out))
        chosen = first_plan(problem, seconds)
    return chosen


def searched(problem: Problem, seconds: float) -> Placement:
    """Search for a plan and, meanwhile, for the prices that bound it: what is done where no solver gets through.

    Args:
        problem: see ``swap_search``.
        seconds: for both, side by side; never more than ``LONGEST``.
    """
    began, limit = perf_counter(), min(seconds, LONGEST) * 0.9
    quick = problem.gain(swap_search(problem, limit, rounds=0))
    with ThreadPoolExecutor(1) as beside:
        bounding = beside.submit(price_bound, problem, float(quick), limit - (perf_counter() - began))
        chosen = swap_search(problem, limit - (perf_counter() - began), rounds=10 * ROUNDS)
        bound = bounding.result()
    value, took = problem.gain(chosen), perf_counter() - began
    return Placement(chosen, spread(problem, chosen), value, max(bound, value), took, ((took, value, bound),))


def swap_search(problem: Problem, seconds: float = 3.0, *, rounds: int = ROUNDS, seed: int = 2026) -> Indices:
    """Let the worth of the first choice fall to nothing, then close a few sites and mend the plan, again and again.

    Args:
        problem: best without the classes whose answer is known, see ``Problem.open_question``.
        seconds: no new round begins after these; the rounds before are the same each time.
        rounds: of closing and mending.
        seed: of what is closed.

    Returns:
        the chosen candidates, ascending.

    Raises:
        PlacementError: the sites forced in use more than may be released.
    """
    from fordel.engines import _swaps  # noqa: PLC0415 - numba takes half a second to import

    until, plans = perf_counter() + seconds, []
    turned = csr_array(problem.reach.T)
    reach = tuple((m.indptr.astype(np.int64), m.indices.astype(np.int64)) for m in (problem.reach, turned))
    wanted, rules = (problem.people.astype(np.float64), problem.need), (problem.area, problem.least)
    bars = tuple(np.isin(np.arange(problem.candidates), forced) for forced in (problem.forced_in, problem.forced_out))
    for start in SHARES[:2]:
        plan = _started(problem)
        for share in SHARES[SHARES.index(start) :]:
            _swaps.weigh(reach, wanted, plan, share)
            plan[-1][:] = True
            _swaps.improve(reach, wanted, plan, rules, bars, share)
        plans.append((problem.gain(np.flatnonzero(plan[0])), plan))
    gain, plan = max(plans, key=lambda pair: pair[0])
    state, best = np.array([seed], np.uint64), plan[0].copy()
    value = most = float(gain)
    for turn in range(rounds):
        if perf_counter() > until:
            break
        first, slack = SHAKEN[turn % len(SHAKEN)], SLACKS[turn % len(SLACKS)] * most
        value, most = _swaps.shake(
            reach, wanted, plan, rules, bars, first, TRIES, state, value, slack, WIDEST[turn % 5], best, most
        )  # fmt: skip
    return np.flatnonzero(best).astype(np.int64)


def _started(problem: Problem) -> tuple[Any, ...]:
    """Open the sites forced in: see ``plan`` in ``_swaps.improve``."""
    chosen = np.array(sorted(problem.forced_in), dtype=np.int64)
    opened = np.zeros(problem.candidates, np.bool_)
    opened[chosen] = True
    left = problem.headroom.copy()
    np.subtract.at(left, problem.area[chosen], problem.least[chosen])
    sites = problem.candidates if problem.sites is None else problem.sites
    spare = np.array([problem.total - problem.least[chosen].sum(), sites - len(chosen)], np.int64)
    if (left < 0).any() or (spare < 0).any():
        raise PlacementError("The sites forced in use more capacities than may be released.")
    gain, look = np.zeros((2, problem.candidates)), np.ones(problem.candidates, np.bool_)
    return opened, problem.counts(chosen), (left, spare), gain[0], gain[1], look
