"""Placement: search against the proven optimum on the national case, and addresses collapsed to classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from _case import Case
from _denmark import radius_of, standing

from fordel.engines.milp import solve
from fordel.engines.straight_line import StraightLine
from fordel.placement.classes import collapse
from fordel.placement.problem import Placement, Problem
from fordel.placement.search import search

TITLE = "Placement of new capacities"
ABOUT = (
    "A synthetic Denmark: 20,000 cells, 582 open practices that stay, 2,000 candidates. Where should new sites lie so "
    "that most citizens have two open choices? Search must give 99.5 % of the gain that HiGHS proves to be the most. "
    "Then 2.5 million addresses are collapsed to classes that no plan can tell apart."
)
PACKAGES = ("numpy", "scipy", "highspy")
AREAS = 98


def nation(cells: int = 20_000, candidates: int = 2_000, *, open_now: int = 582) -> Problem:
    """State the national case: 75 sites of one capacity each."""
    rng = np.random.default_rng(7)
    places, sites, practices = standing(cells, seed=1), standing(candidates, seed=3), standing(open_now, seed=2)
    radius, engine = radius_of(places), StraightLine()
    choices, _ = engine.count(places, practices, radius, np.zeros(open_now, np.int64))
    reach = engine.cover(places, sites, radius)
    area = np.argmin(np.hypot(*(sites.xy[:, None] - standing(AREAS, seed=5).xy[None]).transpose(2, 0, 1)), axis=1)
    ones = np.ones(candidates, np.int64)
    return Problem(
        people=rng.integers(1, 600, cells),
        choices=choices,
        reach=reach.weighted(np.ones(reach.pairs)),
        area=area.astype(np.int64),
        headroom=np.full(AREAS, 1_000),
        least=ones,
        most=ones,
        total=75,
    )


def limited(problem: Problem) -> Problem:
    """The same with 2 to 6 capacities a site, 80 in all, and 0 to 6 for each municipality."""
    headroom = np.random.default_rng(9).integers(0, 7, AREAS)
    return replace(problem, least=2 * problem.least, most=6 * problem.most, headroom=headroom, total=80)


def near_enough(problem: Problem, chosen: np.ndarray, best: Placement) -> bool:
    """Whether search gives 99.5 % of what is proven."""
    return best.proven and problem.gain(chosen) >= 0.995 * best.value


def addresses() -> Case:
    """2.5 million addresses and 2,000 candidates."""
    places, sites = standing(2_500_000, seed=11), standing(2_000, seed=3)
    cover = StraightLine().cover(places, sites, radius_of(places))
    reach = cover.weighted(np.ones(cover.pairs, np.int8))
    people, choices = np.full(len(places), 2), np.zeros(len(places), np.int64)
    return Case(
        "addresses to classes", f"2,500,000 addresses, {cover.pairs:,} pairs", partial(collapse, reach, people, choices)
    )


def cases() -> Iterator[Case]:
    """The national case, free and limited; then addresses."""
    problem = nation()
    for name, asked in (("75 sites", problem), ("80 capacities, 2-6 a site, limits", limited(problem))):
        ours, peer = partial(search, asked.open_question), partial(solve, asked, seconds=60)
        same = partial(near_enough, asked)
        yield Case(name, "20,000 cells, 2,000 candidates", ours, peer, "HiGHS, proven, from that plan", same, 1)
    yield replace(addresses(), repeat=3)
