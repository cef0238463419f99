"""No plan gives more than this: a bound that needs no solver, by Lagrangian relaxation.

Where nothing is fixed, a country has half a million pairs and no solver gets through the first linear program in time.
So the rows that tie classes to sites are let go, each at a price λ a unit (Fisher 1981; for covering Galvão & ReVelle
1996). What remains falls apart: a class is worth having where its people outweigh its price, and sites are taken by
what their classes pay for them. Whatever the prices are, the sum is a bound; prices are moved until it falls no more
(subgradient with Polyak's step), down to the bound of the linear program.

    L(λ) = Σ max(0, w_i - need_i λ_i) + max { Σ_j x_j Σ_i a_ij λ_i : x within headroom, total and sites }  ≥  optimum
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
from scipy.sparse import csr_array

from fordel.placement.model import Floats
from fordel.placement.problem import Problem

PATIENCE = 30  # steps without a lower bound before steps are halved
LEAST_STEP = 1e-4


def price_bound(problem: Problem, value: float, seconds: float = 5.0, steps: int = 3_000) -> float:
    """Bound what any plan gives (øvre grænse).

    Args:
        problem: best without the classes whose answer is known, see ``Problem.open_question``.
        value: of a plan, to aim the steps at.
        seconds: no step begins after these.
        steps: at most; the same bound each time they are in time.

    Returns:
        people; at least what the best plan gives.
    """
    until, need = perf_counter() + seconds, np.maximum(problem.need, 1).astype(np.float64)
    people, turned = problem.people.astype(np.float64), csr_array(problem.reach.T)
    most = people / need
    prices, best, best_prices, stride, since = most / 2, float(people.sum()), most / 2, 1.0, 0
    drift = np.zeros(len(people))
    for _ in range(steps):
        if perf_counter() > until or stride < LEAST_STEP:
            break
        scores = turned @ prices
        taken = relaxed_sites(problem, scores)
        bound = float(np.maximum(people - need * prices, 0).sum() + scores @ taken)
        if bound < best - 1e-9:
            best, best_prices, since = bound, prices, 0
        else:
            since += 1
            if since >= PATIENCE:
                stride, since, prices = stride / 2, 0, best_prices
                drift[:] = 0
                continue
        slope = problem.reach @ taken - need * (people > need * prices)
        drift = slope + 0.7 * drift
        length = float(drift @ drift)
        if length <= 0:
            break
        prices = np.clip(prices - stride * max(bound - value, 1.0) / length * drift, 0, most)
    return max(best, value)


def relaxed_sites(problem: Problem, scores: Floats) -> Floats:
    """Take the sites that pay most, in parts where need be: at least as good as any that may be opened.

    Headroom of areas and the total are used up by least capacities, densest first: areas lie within the whole, and
    taking greedily in parts is then the best there is. Where the number of sites binds harder, that alone is kept.

    Returns:
        ``(candidates,)`` share of each that is opened.
    """
    scores = np.where(_of(problem, problem.forced_out), 0.0, np.maximum(scores, 0.0))
    must = _of(problem, problem.forced_in)
    by_room = _by_room(problem, scores, must)
    if problem.sites is None:
        return by_room
    order = np.lexsort((-scores, ~must))[: problem.sites]
    by_number = np.zeros(len(scores))
    by_number[order] = 1.0
    return by_number if scores @ by_number < scores @ by_room else by_room


def _of(problem: Problem, sites: tuple[int, ...]) -> np.ndarray:
    found = np.zeros(problem.candidates, np.bool_)
    found[list(sites)] = True
    return found


def _by_room(problem: Problem, scores: Floats, must: np.ndarray) -> Floats:
    """Fill areas, densest sites first and those that must be opened before all; then the whole in the same order."""
    density = np.where(must, np.inf, scores / problem.least)
    order = np.lexsort((-density, problem.area))
    least = problem.least[order].astype(np.float64)
    area = problem.area[order]
    used = np.cumsum(least)
    begin = np.searchsorted(area, np.arange(len(problem.headroom)))
    before = used - least - np.concatenate([[0.0], used])[begin][area]
    given = np.clip(problem.headroom[area] - before, 0, least)
    taken = np.zeros(len(scores))
    taken[order] = given
    order = np.argsort(-density, kind="stable")
    before = np.cumsum(taken[order]) - taken[order]
    taken[order] = np.clip(problem.total - before, 0, taken[order])
    return taken / problem.least
