"""The placement problem as one sparse matrix, built by whole arrays: constraint by constraint, each with a name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csr_array, eye_array

from fordel.placement.problem import Problem

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Model:
    """Maximise ``worth @ v`` where ``low <= matrix @ v <= high`` and ``floor <= v <= top``.

    Attributes:
        matrix: constraints x variables: covered classes z, opened sites x, capacities n, in that order.
        low, high: per constraint.
        floor, top: per variable.
        worth: per variable.
        whole: variables that must be whole numbers.
        rows: name and number of rows of each constraint, in order.
    """

    matrix: csr_array
    low: Floats
    high: Floats
    floor: Floats
    top: Floats
    worth: Floats
    whole: NDArray[np.bool_]
    rows: tuple[tuple[str, int], ...]


Rows = tuple[Any, Floats, Floats]


def covered(problem: Problem) -> Rows:
    """A class is covered only by as many opened sites in reach as it lacks."""
    classes, candidates = problem.reach.shape
    lacks = coo_array((-problem.need.astype(np.float64), (np.arange(classes),) * 2), shape=(classes, classes))
    block = block_array([[lacks, problem.reach, coo_array((classes, candidates))]])
    return block, np.zeros(classes), np.full(classes, np.inf)


def site_least(problem: Problem) -> Rows:
    """An opened site gets at least its minimum (mindst to kapaciteter pr. praksis)."""
    return _site(problem, -problem.least, np.zeros(problem.candidates), np.full(problem.candidates, np.inf))


def site_most(problem: Problem) -> Rows:
    """A site gets no more than its maximum, and nothing when it is not opened."""
    return _site(problem, -problem.most, np.full(problem.candidates, -np.inf), np.zeros(problem.candidates))


def _site(problem: Problem, of_opened: NDArray[np.int64], low: Floats, high: Floats) -> Rows:
    classes, candidates = problem.reach.shape
    opened = coo_array((of_opened.astype(np.float64), (np.arange(candidates),) * 2), shape=(candidates, candidates))
    return block_array([[coo_array((candidates, classes)), opened, eye_array(candidates)]]), low, high


def area_headroom(problem: Problem) -> Rows:
    """No area gets more capacities than its headroom (råderum)."""
    classes, candidates = problem.reach.shape
    areas = len(problem.headroom)
    inside = coo_array((np.ones(candidates), (problem.area, np.arange(candidates))), shape=(areas, candidates))
    block = block_array([[coo_array((areas, classes)), coo_array((areas, candidates)), inside]])
    return block, np.full(areas, -np.inf), problem.headroom.astype(np.float64)


def total_offered(problem: Problem) -> Rows:
    """No more capacities than are offered."""
    classes, candidates = problem.reach.shape
    row = np.concatenate([np.zeros(classes + candidates), np.ones(candidates)])
    return csr_array(row[None, :]), np.array([-np.inf]), np.array([float(problem.total)])


def all_placed(problem: Problem) -> Rows:
    """As many capacities as must be placed are (alle tilladte kapaciteter udbydes)."""
    classes, candidates = problem.reach.shape
    row = np.concatenate([np.zeros(classes + candidates), np.ones(candidates)])
    return csr_array(row[None, :]), np.array([float(problem.placed)]), np.array([np.inf])


def site_count(problem: Problem) -> Rows:
    """No more sites than asked for."""
    classes, candidates = problem.reach.shape
    row = np.concatenate([np.zeros(classes), np.ones(candidates), np.zeros(candidates)])
    most = np.inf if problem.sites is None else float(problem.sites)
    return csr_array(row[None, :]), np.array([-np.inf]), np.array([most])


def forced_sites(problem: Problem) -> Rows:
    """Sites forced in are opened; sites forced out are not."""
    classes, candidates = problem.reach.shape
    chosen = np.array([*problem.forced_in, *problem.forced_out], dtype=np.int64)
    value = np.array([1.0] * len(problem.forced_in) + [0.0] * len(problem.forced_out))
    place = (np.arange(len(chosen)), classes + chosen)
    return coo_array((np.ones(len(chosen)), place), shape=(len(chosen), classes + 2 * candidates)), value, value


def another_plan(problem: Problem) -> Rows:
    """At least one site of each plan that was found before is left out."""
    classes, candidates = problem.reach.shape
    plans = problem.not_again
    at = np.array([site for plan in plans for site in plan], dtype=np.int64)
    of = np.repeat(np.arange(len(plans)), [len(plan) for plan in plans])
    inside = coo_array((np.ones(len(at)), (of, classes + at)), shape=(len(plans), classes + 2 * candidates))
    return inside, np.full(len(plans), -np.inf), np.array([len(plan) - 1.0 for plan in plans])


CONSTRAINTS: dict[str, Callable[[Problem], Rows]] = {
    rule.__name__: rule
    for rule in (
        covered,
        site_least,
        site_most,
        area_headroom,
        total_offered,
        all_placed,
        site_count,
        forced_sites,
        another_plan,
    )
}


def model_of(problem: Problem, without: Collection[str] = ()) -> Model:
    """Build the model; ``without`` leaves out constraints by name, to show what they do."""
    classes, candidates = problem.reach.shape
    built = {name: rule(problem) for name, rule in CONSTRAINTS.items() if name not in without}
    blocks, low, high = zip(*built.values(), strict=True)
    matrix = csr_array(block_array([[block] for block in blocks], format="csr"))
    sizes = tuple((name, int(rows[0].shape[0])) for name, rows in built.items())
    top = np.concatenate([np.ones(classes + candidates), np.full(candidates, np.inf)])
    worth = np.concatenate([problem.people.astype(np.float64), np.zeros(2 * candidates)])
    whole = np.arange(len(top)) >= classes
    whole[:classes] = problem.need > 1  # covered classes that lack one choice are whole once the sites are
    return Model(matrix, np.concatenate(low), np.concatenate(high), np.zeros(len(top)), top, worth, whole, sizes)
