"""Fit a need model on cells (estimation): coefficients, their covariance three ways, and what a model card must say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from fordel.need.design import Family, Link, NeedError
from fordel.need.layout import Layout, layout_of
from fordel.need.likelihood import Logistic, NegativeBinomial, Quasi
from fordel.need.newton import Problem, Solution, inverse, solve
from fordel.need.refusals import codes_present, refuse_collinear, refuse_unfittable, usable
from fordel.need.source import Contribution, Predictor, Scoring

if TYPE_CHECKING:
    from collections.abc import Callable

    from fordel.need.cells import Cells, Floats, Ints
    from fordel.need.design import Design
    from fordel.need.layout import Block
    from fordel.need.likelihood import Likelihood
    from fordel.need.source import CitizenSource

    PracticeScores = Callable[[Predictor, Scoring], Floats]

ERRORS = ("model", "robust", "practice")
_SHAPE_STEPS = 100


@dataclass(frozen=True, eq=False)
class Part:
    """One fitted equation.

    Attributes:
        name: ``mean``; or ``use`` and ``amount`` of a two-part model.
        layout: its columns.
        coefficients: shape (width,).
        covariances: by kind of error in ``ERRORS``, shape (width, width); ``practice`` only where practices are known.
        dispersion: variance over what the family says (Pearson); 1 for NB2 and logistic.
        alpha: of NB2.
        objective: log-likelihood, or quasi-likelihood.
        steps: Newton steps.
        scoring: how a citizen's score is computed.
    """

    name: str
    layout: Layout
    coefficients: Floats
    covariances: dict[str, Floats]
    dispersion: float
    objective: float
    steps: int
    scoring: Scoring
    alpha: float | None = None
    alpha_error: float | None = None

    def errors(self, kind: str) -> Floats:
        """Give standard errors of a kind in ``ERRORS``."""
        return cast("Floats", np.sqrt(np.diag(self.covariances[kind])))

    @property
    def best_covariance(self) -> Floats:
        """Practice-clustered where practices are known, else robust."""
        return self.covariances.get("practice", self.covariances["robust"])


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted need model (estimeret behovsmodel).

    Attributes:
        design: the model.
        parts: its equations.
        shares: share of citizens at each fitted level, by categorical covariate: the nation that "the mean" is of.
        means: mean, lowest and highest value by linear covariate.
        citizens, exposure, use: in the fit; exposure in years.
        excluded: why how many rows were left out.
        cell_count, fingerprint: of the cell table behind it.
        period: first and last year.
        source, synthetic: of the citizens.
    """

    design: Design
    parts: tuple[Part, ...]
    shares: dict[str, Floats]
    means: dict[str, tuple[float, float, float]]
    citizens: int
    exposure: float
    use: int
    excluded: tuple[tuple[str, int], ...]
    cell_count: int
    fingerprint: str
    period: tuple[int, int] | None = None
    source: str = ""
    synthetic: bool = False
    start: dict[str, Floats] = field(default_factory=dict)


def fit(design: Design, citizens: CitizenSource, *, start: Fitted | None = None) -> Fitted:
    """Fit a model on citizens where they lie.

    Args:
        design: the model.
        citizens: an engine's view of the citizen table.
        start: an earlier fit of the same model, to start from.

    Raises:
        NeedError: the table lacks what the model needs, or the model cannot be fitted; every fault.
    """
    cells = citizens.cells(design)
    histogram = citizens.histogram(design) if design.family is Family.NB2 else None
    scores: PracticeScores | None = None
    if design.practice is not None:
        scores = lambda predictor, scoring: citizens.practice_scores(design, predictor, scoring)  # noqa: E731
    fitted = fit_cells(cells, histogram, scores, start=start)
    return replace(fitted, period=citizens.period(), source=citizens.name, synthetic=citizens.synthetic)


def fit_cells(
    cells: Cells,
    histogram: tuple[Ints, Ints] | None = None,
    scores: PracticeScores | None = None,
    *,
    start: Fitted | None = None,
) -> Fitted:
    """Fit a model on cells alone, which do not say whose they are.

    Args:
        cells: of the design to fit.
        histogram: amounts of use and how many citizens had each; NB2 needs it.
        scores: gives scores summed by practice, for practice-clustered errors.
        start: an earlier fit of the same model, to start from.

    Raises:
        NeedError: the model cannot be fitted; every fault.
    """
    design, fingerprint, everything = cells.design, cells.fingerprint, cells.size
    cells, excluded = usable(cells)
    refuse_unfittable(cells)
    layout = layout_of(design, codes_present(cells))
    problem, statistics = Problem(cells, layout), cells.statistics
    refuse_collinear(layout, problem.information(statistics["exposure"].astype(float)))
    before = {part.name: part.coefficients for part in start.parts} if start else {}
    return Fitted(
        design=design,
        parts=tuple(
            _part(name, problem, likelihood, scoring, before.get(name), scores)
            for name, likelihood, scoring in _equations(cells, histogram)
        ),
        shares={c.name: _shares(cells.people(c)[: len(c.fitted_levels)]) for c in design.categorical},
        means={c.name: _mean(cells, at) for at, c in enumerate(design.linear)},
        citizens=int(statistics["n"].sum()),
        exposure=float(statistics["exposure"].sum() / design.full_exposure),
        use=int(statistics["y"].sum()),
        excluded=tuple(excluded),
        cell_count=everything,
        fingerprint=fingerprint,
    )


def _equations(cells: Cells, histogram: tuple[Ints, Ints] | None) -> list[tuple[str, Likelihood, Scoring]]:
    family, link = cells.design.family, cells.design.link
    if link is not Link.LOG and family in (Family.NB2, Family.TWO_PART):
        raise NeedError(f'The family {family} works with link = "log" only; the model {cells.design.name} has {link}.')
    if family is Family.TWO_PART:
        amount = Quasi(cells, Family.POISSON, link, users_only=True)
        return [
            ("use", Logistic(cells), Scoring("logistic")),
            ("amount", amount, Scoring("quasi", users_only=True)),
        ]
    if family is Family.NB2:
        if histogram is None:
            raise NeedError("NB2 needs the histogram of use beside the cells.")
        return [("mean", NegativeBinomial(cells, histogram), Scoring("nb2"))]
    power = {Family.GAUSSIAN: 0, Family.GAMMA: 2}.get(family, 1)
    return [("mean", Quasi(cells, family, link), Scoring("quasi", power=power, log=link is Link.LOG))]


def _part(
    name: str,
    problem: Problem,
    likelihood: Likelihood,
    scoring: Scoring,
    start: Floats | None,
    scores: PracticeScores | None,
) -> Part:
    layout = problem.layout
    if start is not None and len(start) != layout.width:
        start = None
    alpha = alpha_error = None
    dispersion = 1.0
    solution = solve(problem, likelihood, start)
    if isinstance(likelihood, NegativeBinomial):
        solution, bread, alpha, alpha_error = _with_shape(problem, likelihood, solution)
        scoring = Scoring("nb2", shape=likelihood.shape)
    else:
        bread = inverse(solution, layout.ridge)
    n = float(likelihood.n.sum())  # type: ignore[attr-defined]
    if isinstance(likelihood, Quasi):
        dispersion = likelihood.pearson(solution.predictor) / (n - layout.width)
    middle = problem.information(likelihood.score_squares(solution.predictor))
    covariances = {"model": dispersion * bread, "robust": bread @ middle @ bread}
    if scores is not None:
        by_practice = scores(predictor_of(layout, solution.coefficients), scoring)
        covariances["practice"] = _clustered(bread, by_practice, n)
    covariances = {kind: (covariance + covariance.T) / 2 for kind, covariance in covariances.items()}
    return Part(
        name,
        layout,
        solution.coefficients,
        covariances,
        dispersion,
        solution.objective,
        solution.steps,
        scoring,
        alpha,
        alpha_error,
    )


def _clustered(bread: Floats, scores: Floats, n: float) -> Floats:
    """Give the covariance clustered by practice, with the usual small-sample factor (CR1)."""
    groups, width = int(np.any(scores != 0, axis=1).sum()), scores.shape[1]
    factor = groups / max(groups - 1, 1) * (n - 1) / (n - width)
    clustered: Floats = factor * bread @ (scores.T @ scores) @ bread
    return clustered


def _with_shape(
    problem: Problem, likelihood: NegativeBinomial, solution: Solution
) -> tuple[Solution, Floats, float, float]:
    """Find r = 1/α with the coefficients: Newton on log r between Newton on β, which are nearly orthogonal."""
    for _ in range(_SHAPE_STEPS):
        r = likelihood.shape
        first, second = likelihood.shape_slope(solution.predictor)
        slope, bend = first * r, second * r * r + first * r
        move = slope / -bend if bend < 0 else np.sign(slope)
        likelihood.shape = r * float(np.exp(np.clip(move, -1, 1)))
        if not 1e-6 < likelihood.shape < 1e7:
            raise NeedError(
                f'The use in {problem.layout.design.name} is no more spread than Poisson: fit family = "poisson".'
            )
        solution = solve(problem, likelihood, solution.coefficients)
        if abs(move) < 1e-10:
            break
    return (solution, *_joint(problem, likelihood, solution))


def _joint(problem: Problem, likelihood: NegativeBinomial, solution: Solution) -> tuple[Floats, float, float]:
    """Give the covariance of β from the observed curvature of β and α together, α, and its standard error."""
    r = likelihood.shape
    cross = problem.gradient(likelihood.cross(solution.predictor))
    bread = inverse(solution, problem.layout.ridge)
    left = -likelihood.shape_slope(solution.predictor)[1] - cross @ bread @ cross
    spread = bread @ cross
    return bread + np.outer(spread, spread) / left, 1 / r, float(np.sqrt(1 / left) / r**2)


def predictor_of(layout: Layout, coefficients: Floats) -> Predictor:
    """Give the linear predictor as tables by code; codes that are not fitted add nothing."""
    padded = np.append(coefficients, 0.0)
    blocks = tuple(Contribution(block, padded[block.places], _untouched(block)) for block in layout.blocks)
    return Predictor(float(coefficients[0]), blocks)


def _untouched(block: Block) -> tuple[tuple[float, float, float], ...]:
    return tuple((0.0, -np.inf, np.inf) for _ in block.linear)


def _shares(people: Ints) -> Floats:
    return cast("Floats", people / max(people.sum(), 1))


def _mean(cells: Cells, at: int) -> tuple[float, float, float]:
    column = cells.values[:, at]
    return float(np.average(column, weights=cells.statistics["n"])), float(column.min()), float(column.max())
