"""Placement by mixed-integer programming: HiGHS, straight from sparse matrices, with the bound on the way."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from fordel.engines.swaps import another_first_plan, searched
from fordel.placement.errors import Clash, PlacementError
from fordel.placement.model import CONSTRAINTS, Floats, Model, model_of
from fordel.placement.problem import Indices, Placement, Problem, spread
from fordel.placement.wishes import conflict, of_constraints

MOST_PAIRS = 200_000  # of a class and a candidate
# What HiGHS may end with and still have a bound that holds.
BOUNDED = ("Optimal", "Time limit reached", "Interrupted by user", "Solution limit reached")
Progress = Callable[[float, float, float], None]


def load(model: Model) -> Any:
    """Give HiGHS the model."""
    import highspy  # noqa: PLC0415 - only solving needs it

    matrix = model.matrix
    with _banner_held_back():
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.passModel(
        *(matrix.shape[1], matrix.shape[0], matrix.nnz),
        *(int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMaximize), 0.0),
        *(model.worth, model.floor, model.top, model.low, model.high),
        *(matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data),
        model.whole.astype(np.int32),
    )
    return solver


@contextmanager
def _banner_held_back() -> Iterator[None]:
    """Let nothing be printed: HiGHS says who it is when it is made, before it can be told to be silent.

    It prints from C, past Python's own standard output, so the file descriptor itself is turned away meanwhile.
    """
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
        ctypes.CDLL(None).fflush(None)
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def write_lp(model: Model, path: Path) -> None:
    """Write the model as an LP file, to read or to give to another solver."""
    load(model).writeModel(str(path))


def optimum(model: Model) -> tuple[float, Floats]:
    """Solve a model to the end, whatever it states; give the worth and the variables.

    Raises:
        PlacementError: nothing meets its constraints.
    """
    solver = load(model)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.solve()
    if solver.modelStatusToString(solver.getModelStatus()) != "Optimal":
        raise PlacementError("No choice of sites meets these constraints.\n  Try: allow more sites or a longer reach.")
    return float(solver.getInfo().objective_function_value), np.asarray(solver.getSolution().col_value)


def solve(
    problem: Problem,
    *,
    seconds: float = 60.0,
    gap: float = 0.0,
    without: Collection[str] = (),
    progress: Progress | None = None,
) -> Placement:
    """Find the best plan, and prove how good it is.

    Search gives a plan first; HiGHS starts from it. When time is out the best plan so far is given with its bound.
    Where nothing much is fixed and HiGHS would not get through its first linear program (more than ``MOST_PAIRS``
    pairs), the plan is that of search and the bound that of prices; see ``fordel.placement.bound``.

    Args:
        problem: what to place, where.
        seconds: time limit.
        gap: stop once the plan is within this share of the bound.
        without: constraints to leave out, by name; see ``CONSTRAINTS``.
        progress: told seconds, value and bound, whenever the solver reports.

    Raises:
        PlacementError: wishes conflict: a set of which none can be spared is named; or no plan was found in time.
    """
    started = perf_counter()
    small = problem.open_question
    if small.reach.nnz > MOST_PAIRS and not (without or problem.placed or problem.not_again):
        _refuse_conflict(small)
        return searched(small, seconds)
    start = None if without else _first_plan(small, seconds / 4)
    solver = load(model_of(small, without))
    _limit(solver, max(seconds - (perf_counter() - started), 1.0), gap)
    if start is not None:
        _start_from(solver, small, start)
    steps = _watch(solver, started, progress)
    solver.solve()
    if start is None and solver.modelStatusToString(solver.getModelStatus()) == "Infeasible":
        raise PlacementError(of_constraints(conflicting(small)))
    plan = _read(solver, small, start, whole=not without)
    return replace(plan, seconds=perf_counter() - started, steps=tuple(steps))


def _limit(solver: Any, seconds: float, gap: float) -> None:
    """Tell the solver when to stop: people are whole, so an absolute gap below one is none."""
    for option, value in (("time_limit", seconds), ("mip_rel_gap", gap), ("mip_abs_gap", 0.999)):
        solver.setOptionValue(option, float(value))


def _watch(solver: Any, started: float, progress: Progress | None) -> list[tuple[float, float, float]]:
    """Keep seconds, value and bound of every report of the solver, in a list that grows, and pass them on."""
    steps: list[tuple[float, float, float]] = []

    def tell(event: Any) -> None:
        found = event.data_out
        steps.append((perf_counter() - started, float(found.mip_primal_bound), float(found.mip_dual_bound)))
        if progress:
            progress(*steps[-1])

    solver.cbMipLogging.subscribe(tell)
    return steps


def conflicting(problem: Problem) -> list[str]:
    """Name the fewest constraints that no plan meets together: every set of one is tried, then of two, and so on.

    Whom a plan serves takes part in no conflict, so classes are left out, and each trial is small.

    Args:
        problem: one that no plan meets.
    """
    nobody = np.empty(0, np.int64)
    bare = replace(problem, people=nobody, choices=nobody, reach=problem.reach[:0])
    names = [name for name in CONSTRAINTS if name != "covered"]
    for size in range(1, len(names) + 1):
        for kept in combinations(names, size):
            solver = load(model_of(bare, [name for name in CONSTRAINTS if name not in kept]))
            solver.solve()
            if solver.modelStatusToString(solver.getModelStatus()) == "Infeasible":
                return list(kept)
    return names


def _refuse_conflict(problem: Problem) -> None:
    clash = conflict(problem)
    if clash:
        raise PlacementError(clash)


def _first_plan(problem: Problem, seconds: float) -> Indices | None:
    """Search for a plan to start from; None when what it places is too little."""
    _refuse_conflict(problem)
    chosen = another_first_plan(problem, min(3.0, seconds))
    return chosen if spread(problem, chosen).sum() >= problem.placed else None


def _start_from(solver: Any, problem: Problem, chosen: Indices) -> None:
    """Give HiGHS the plan that search found."""
    import highspy  # noqa: PLC0415 - only solving needs it

    opened, given = np.zeros(problem.candidates), np.zeros(problem.candidates)
    opened[chosen], given[chosen] = 1, spread(problem, chosen)
    covered = (problem.counts(chosen) >= problem.need).astype(np.float64)
    solution = highspy.HighsSolution()
    solution.col_value = [*covered, *opened, *given]
    solver.setSolution(solution)


def _read(solver: Any, problem: Problem, start: Indices | None, *, whole: bool) -> Placement:
    """Read the plan; the one from search where the solver found none better."""
    info, classes, everybody = solver.getInfo(), len(problem.people), float(problem.people.sum())
    values = np.asarray(solver.getSolution().col_value)
    found = bool(len(values)) and solver.getSolution().value_valid
    if not found and start is None:
        raise PlacementError(Clash("no_time", "No plan was found in the time given.\n  Try: allow more seconds."))
    settled = solver.modelStatusToString(solver.getModelStatus()) in BOUNDED  # else its bound means nothing
    bound = min(float(info.mip_dual_bound), everybody) if settled else everybody
    opened = values[classes : classes + problem.candidates] if found else np.zeros(problem.candidates)
    chosen = np.flatnonzero(opened > 0.5).astype(np.int64)
    if start is not None and problem.gain(start) >= problem.gain(chosen):
        chosen = start
    if not whole:
        given = values[classes + problem.candidates :][chosen].round().astype(np.int64)
        return Placement(chosen, given, round(info.objective_function_value), bound, 0.0)
    value = problem.gain(chosen)
    return Placement(chosen, spread(problem, chosen), value, max(bound, value), 0.0)
