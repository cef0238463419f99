"""Small placement problems: drawn at random, and one by hand for each constraint."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_array

from fordel.placement.classic import p_median, set_cover
from fordel.placement.model import Model
from fordel.placement.problem import Problem


def stated(reach: list[list[int]], **other: Any) -> Problem:
    """State a problem: one class of 10 people per row, one area, a capacity per site, unless told otherwise."""
    matrix = np.array(reach, dtype=np.float64)
    classes, candidates = matrix.shape
    given: dict[str, Any] = {
        "people": [10] * classes,
        "choices": [1] * classes,
        "area": [0] * candidates,
        "headroom": [99],
        "least": [1] * candidates,
        "most": [6] * candidates,
        "total": 99,
        **other,
    }
    arrays = ("people", "choices", "area", "headroom", "least", "most")
    whole: dict[str, Any] = {k: np.array(v, dtype=np.int64) if k in arrays else v for k, v in given.items()}
    return Problem(reach=csr_array(matrix), **whole)


# Each constraint and a problem in which it decides the answer.
DECIDED_BY: dict[str, Problem] = {
    "covered": stated([[1, 0], [0, 1]], total=1),
    "site_least": stated([[1, 0], [0, 1]], least=[2, 2], total=3),
    "site_most": stated([[1, 0], [1, 0], [0, 1]], most=[1, 6], sites=1, placed=4),
    "all_placed": stated([[1, 0], [1, 0], [0, 1]], most=[1, 6], sites=1, placed=4),
    "area_headroom": stated([[1, 0], [0, 1]], headroom=[1]),
    "total_offered": stated([[1, 0], [0, 1]], total=1),
    "site_count": stated([[1, 0], [0, 1]], sites=1),
    "forced_sites": stated([[1, 0], [1, 1]], forced_out=(0,)),
    "another_plan": stated([[1, 0], [0, 1]], people=[20, 10], total=1, not_again=((0,),)),
}

# The classical models, small enough to read: each of their constraints decides the answer.
_METRES = np.array([[1.0, 5.0, 6.0], [5.0, 2.0, 6.0]])
CLASSIC: dict[str, Model] = {
    "set_cover": set_cover(csr_array((_METRES <= 2).astype(np.float64))),
    "p_median": p_median(_METRES, np.array([10, 20]), 1),
}


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw a small country with two areas, ties, classes beyond help and sites of different size."""
    classes, candidates = draw(st.integers(1, 6)), draw(st.integers(1, 6))

    def numbers(low: int, high: int, n: int) -> list[int]:
        return draw(st.lists(st.integers(low, high), min_size=n, max_size=n))

    least = numbers(1, 3, candidates)
    return stated(
        [numbers(0, 1, candidates) for _ in range(classes)],
        people=numbers(0, 9, classes),
        choices=numbers(0, 3, classes),
        area=numbers(0, 1, candidates),
        headroom=numbers(0, 6, 2),
        least=least,
        most=[n + 2 for n in least],
        total=draw(st.integers(0, 8)),
        placed=draw(st.sampled_from([0, 0, 2, 4])),
        sites=draw(st.none() | st.integers(0, 4)),
        forced_out=tuple(draw(st.sets(st.integers(0, candidates - 1), max_size=1))),
    )


def fits(problem: Problem, chosen: tuple[int, ...]) -> bool:
    """Whether these sites may be opened together."""
    sites = np.array(chosen, dtype=np.int64)
    used = np.bincount(problem.area[sites], problem.least[sites], minlength=len(problem.headroom))
    within = (used <= problem.headroom).all() and used.sum() <= problem.total
    asked = set(problem.forced_in) <= set(chosen) and not set(problem.forced_out) & set(chosen)
    room = problem.headroom - used
    extra = np.bincount(problem.area[sites], (problem.most - problem.least)[sites], minlength=len(room))
    most = min(problem.total, used.sum() + np.minimum(room, extra).sum())
    within &= most >= problem.placed
    return bool(within and asked and (problem.sites is None or len(chosen) <= problem.sites))


def best_by_brute_force(problem: Problem) -> int | None:
    """Try every set of sites; None when none may be opened, not even the empty one."""
    every = (c for size in range(problem.candidates + 1) for c in combinations(range(problem.candidates), size))
    return max((problem.gain(np.array(c, dtype=np.int64)) for c in every if fits(problem, c)), default=None)
