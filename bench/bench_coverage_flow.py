"""Reassignment: the network simplex against a linear programme, and one closure against moving everybody."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.metadata import version

import numpy as np
from _case import Case
from _denmark import radius_of, standing
from scipy.spatial import cKDTree

from fordel.coverage.homes import Homes
from fordel.coverage.matrix import Indices
from fordel.coverage.reassign import Situation, Transport, close
from fordel.engines.flow import LinearProgramme, NetworkSimplex
from fordel.engines.straight_line import StraightLine

TITLE = "Coverage: finding room for patients"
ABOUT = (
    "Synthetic cells, each with its 50 nearest of 1,700 practices, whose room is 6 % more than the people. All solvers "
    "must place as many people at the same cost in metres, to the last unit. The closure places the patients of one "
    "practice into the places left, among all practices within the radius, moving nobody else."
)
PACKAGES = ("numpy", "pylmcf", "scipy")


def everybody(cells: int) -> Transport:
    """State the problem of placing all people of a country anew."""
    rng = np.random.default_rng(cells)
    places, practices = standing(cells, seed=1), standing(1_700, seed=2)
    metres, near = (np.asarray(part) for part in cKDTree(practices.xy).query(places.xy, k=50))
    near_sorted = np.sort(near, axis=1)
    metres = np.take_along_axis(metres, np.argsort(near, axis=1), axis=1)
    people = rng.integers(1, 600, cells)
    crowd = np.bincount(near[np.arange(cells), rng.integers(0, 8, cells)], people, minlength=1_700)
    room = np.ceil(crowd * 1.06).astype(np.int64)
    origin = np.repeat(np.arange(cells), 50)
    return Transport(
        people, room, origin, near_sorted.ravel().astype(np.int64), np.round(metres).astype(np.int64).ravel()
    )


def same_cost(problem: Transport, ours: Indices, theirs: Indices) -> bool:
    """Whether both place as many people at the same cost."""
    return bool(ours.sum() == theirs.sum() and (ours * problem.metres).sum() == (theirs * problem.metres).sum())


def one_closure(cells: int) -> Situation:
    """A country where every place's people are on the lists of its three nearest practices, half of them open."""
    rng = np.random.default_rng(cells)
    places, practices = standing(cells, seed=1), standing(1_700, seed=2)
    _, near = cKDTree(practices.xy).query(places.xy, k=3)
    people = rng.integers(30, 600, cells)
    owner, home = near.ravel(), np.repeat(np.arange(cells), 3)
    order = np.lexsort((home, owner))
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=1_700))]).astype(np.int64)
    homes = Homes(start, home[order], np.repeat(people // 3, 3)[order], np.zeros(len(home)))
    cover = StraightLine().cover(places, practices, radius_of(places))
    is_open = rng.random(1_700) < 0.5
    return Situation(cover, is_open, np.where(is_open, rng.integers(0, 600, 1_700), 0), people, homes)


def cases() -> Iterator[Case]:
    """Everybody placed anew, at two sizes; then one closure against everybody."""
    simplex, programme = NetworkSimplex(), f"HiGHS linear programme, scipy {version('scipy')}"
    for cells, repeat in ((5_000, 3), (20_000, 1)):
        problem = everybody(cells)
        size, same = f"{cells:,} cells, {len(problem.origin):,} arcs", partial(same_cost, problem)
        peer = partial(LinearProgramme().place, problem)
        yield Case("everybody placed anew", size, partial(simplex.place, problem), peer, programme, same, repeat)
    now = one_closure(20_000)
    close(now, [0], simplex)
    full = partial(simplex.place, problem)
    different = lambda _ours, _theirs: True  # noqa: E731 - two questions; the first has its proof in the tests
    yield Case(
        "one closure", "20,000 cells", partial(close, now, [17], simplex), full, "everybody placed anew", different
    )
