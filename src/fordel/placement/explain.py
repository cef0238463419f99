"""Why each site of a plan: who gains by it, and what the next-best site would give instead."""

from __future__ import annotations

import numpy as np
import polars as pl

from fordel.placement.problem import Placement, Problem


def sites_frame(problem: Problem, plan: Placement) -> pl.DataFrame:
    """Explain each site of a plan (placering af lægekapaciteter).

    Returns:
        ``candidate, capacities, people_in_reach, people_second`` (who would lack choices again without the site),
        ``people_first`` (for whom it is the only open choice), ``next_best`` (candidate that would replace it best,
        empty where none fits) and ``people_lost`` (by that replacement). Unit: people.
    """
    rows = [_site(problem, plan, at) for at in range(len(plan.chosen))]
    schema = dict.fromkeys(("candidate", "capacities", "people_in_reach", "people_second", "people_first"), pl.Int64)
    return pl.DataFrame(rows, schema={**schema, "next_best": pl.Int64, "people_lost": pl.Int64})


def _site(problem: Problem, plan: Placement, at: int) -> dict[str, int | None]:
    site, others = int(plan.chosen[at]), np.delete(plan.chosen, at)
    counts, need = problem.counts(others), problem.need
    last = problem.people * ((need > 0) & (counts + 1 == need))
    gains = np.asarray(problem.reach.T @ last.astype(np.float64)).astype(np.int64)
    only = problem.people * ((problem.choices + counts) == 0)
    at_site = np.zeros(problem.candidates)
    at_site[site] = 1
    reached = np.asarray(problem.reach @ at_site) > 0
    other = _next_best(problem, plan, at, gains)
    return {
        "candidate": site,
        "capacities": int(plan.capacities[at]),
        "people_in_reach": int(problem.people[reached].sum()),
        "people_second": int(gains[site]),
        "people_first": int(only[reached].sum()),
        "next_best": other,
        "people_lost": None if other is None else int(gains[site] - gains[other]),
    }


def _next_best(problem: Problem, plan: Placement, at: int, gains: np.ndarray) -> int | None:
    """Find the site that may take the place of another and gives most."""
    others, given = np.delete(plan.chosen, at), np.delete(plan.capacities, at)
    left = problem.headroom - np.bincount(problem.area[others], given, minlength=len(problem.headroom))
    fits = problem.least <= np.minimum(left[problem.area], problem.total - given.sum())
    fits[[*plan.chosen, *problem.forced_out]] = False
    return int(np.argmax(np.where(fits, gains, -1))) if fits.any() else None
