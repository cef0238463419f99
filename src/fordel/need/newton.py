"""Newton's method on cells: with a ridge, and with constraints as borders of the system it solves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fordel.need.design import NeedError
from fordel.need.kernels import kernels

if TYPE_CHECKING:
    import numpy.typing as npt

    from fordel.need.cells import Cells, Floats
    from fordel.need.layout import Layout
    from fordel.need.likelihood import Likelihood

_MOST_STEPS = 100
_SMALL = 1e-10


@dataclass(frozen=True, eq=False)
class Solution:
    """Where Newton stopped.

    Attributes:
        coefficients: shape (width,).
        predictor: X β per cell.
        curvature: X' diag(w) X without the ridge; shape (width, width).
        borders: slopes of the constraints; shape (constraints, width).
        objective: the likelihood reached, the penalty not counted.
        steps: iterations.
    """

    coefficients: Floats
    predictor: Floats
    curvature: Floats
    borders: Floats
    objective: float
    steps: int


class Problem:
    """One likelihood over the cells of one layout."""

    def __init__(self, cells: Cells, layout: Layout) -> None:
        """Find the columns each cell touches, once."""
        self.layout, self.width = layout, layout.width
        self.places, self.values = layout.touched(cells)
        self.balances = [_members(cells, b.covariate, b.level) for b in layout.design.balances]
        self.equalities = _equalities(layout)

    def predictor(self, coefficients: Floats) -> Floats:
        """Give X β."""
        return kernels().predictor(self.places, self.values, coefficients)

    def gradient(self, by_cell: Floats) -> Floats:
        """Give X' g."""
        return kernels().gradient(self.places, self.values, by_cell, self.width)

    def information(self, by_cell: Floats) -> Floats:
        """Give X' diag(w) X."""
        return kernels().information(self.places, self.values, by_cell, self.width)

    def constraints(self, likelihood: Likelihood, coefficients: Floats, predictor: Floats) -> tuple[Floats, Floats]:
        """Give how far each constraint is from holding, and its slope; balances are counted in shares of observed use."""
        borders, targets = self.equalities
        gaps, slopes = [borders @ coefficients - targets], [borders]
        fitted, slope = likelihood.fitted(predictor)
        for members in self.balances:
            observed = likelihood.observed()[members].sum()
            gaps.append(np.array([(fitted[members].sum() - observed) / observed]))
            slopes.append(self.gradient(np.where(members, slope, 0.0))[None] / observed)
        return np.concatenate(gaps), np.concatenate(slopes)


def solve(problem: Problem, likelihood: Likelihood, start: Floats | None = None) -> Solution:
    """Maximise a likelihood less half the ridge, under the design's constraints.

    Args:
        problem: cells and layout.
        likelihood: on the same cells.
        start: coefficients to start from, such as last year's; by default the mean.

    Raises:
        NeedError: it does not settle.
    """
    coefficients = np.zeros(problem.width) if start is None else start.copy()
    if start is None:
        coefficients[0] = likelihood.start()
    ridge = problem.layout.ridge
    predictor = problem.predictor(coefficients)
    slope = likelihood.at(predictor)
    for step in range(1, _MOST_STEPS + 1):
        curvature = problem.information(slope.weight)
        gaps, borders = problem.constraints(likelihood, coefficients, predictor)
        gradient = problem.gradient(slope.score) - ridge * coefficients
        move = _bordered(curvature + np.diag(ridge), borders, gradient, -gaps)
        share = 1.0
        aim = slope.objective - 0.5 * float(ridge @ coefficients**2)
        for _ in range(30):
            tried = coefficients + share * move
            predictor = problem.predictor(tried)
            slope = likelihood.at(predictor)
            reached = slope.objective - 0.5 * float(ridge @ tried**2)
            if len(gaps) or reached >= aim - 1e-9 * abs(aim):
                break
            share /= 2
        coefficients = tried
        if np.max(np.abs(move)) < _SMALL * max(1.0, np.max(np.abs(coefficients))):
            curvature = problem.information(slope.weight)
            return Solution(coefficients, predictor, curvature, borders, slope.objective, step)
    raise NeedError(
        f"The model {problem.layout.design.name} did not settle in {_MOST_STEPS} steps: its coefficients run away. "
        "Try fewer levels, or a ridge on those with few citizens."
    )


def _bordered(curvature: Floats, borders: Floats, gradient: Floats, aims: Floats) -> Floats:
    """Solve [H C'; C 0] [move; λ] = [g; aims], scaled so that rare levels do not spoil its condition."""
    scale = 1 / np.sqrt(np.maximum(np.diag(curvature), 1e-300))
    matrix = curvature * scale * scale[:, None]
    if not len(aims):
        return scale * np.linalg.solve(matrix, gradient * scale)
    scaled = borders * scale
    system = np.block([[matrix, scaled.T], [scaled, np.zeros((len(aims), len(aims)))]])
    solved = np.linalg.lstsq(system, np.concatenate([gradient * scale, aims]))[0]
    return scale * solved[: len(gradient)]


def inverse(solution: Solution, ridge: Floats) -> Floats:
    """Give the inverse curvature within the constraints: the bread of every covariance."""
    matrix = solution.curvature + np.diag(ridge)
    scale = 1 / np.sqrt(np.diag(matrix))
    free = np.linalg.inv(matrix * scale * scale[:, None]) * scale * scale[:, None]
    if not len(solution.borders):
        return free
    bordered = solution.borders @ free
    return free - bordered.T @ np.linalg.pinv(bordered @ solution.borders.T) @ bordered


def _members(cells: Cells, covariate: str, level: str) -> npt.NDArray[np.bool_]:
    of = cells.design.covariate(covariate)
    names = [one.name for one in of.fitted_levels]
    if level not in names:
        raise NeedError(f"The balance of {covariate} names the level {level!r}; levels are {', '.join(names)}.")
    return cells.codes(of) == names.index(level)


def _equalities(layout: Layout) -> tuple[Floats, Floats]:
    at = {term.name: place for place, term in enumerate(layout.terms)}
    equalities = layout.design.equalities
    borders = np.zeros((len(equalities), layout.width))
    for row, equality in enumerate(equalities):
        for name, weight in equality.weights:
            if name not in at:
                raise NeedError(f"A constraint names the term {name!r}; terms are written as {layout.terms[-1].name}.")
            borders[row, at[name]] = weight
    return borders, np.array([equality.equals for equality in equalities])
