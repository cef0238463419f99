"""Likelihoods on cells: from the linear predictor of every cell to the objective, its slope and its curvature.

Each sums over the citizens of a cell from the cell's statistics alone, exactly. Notation: y use, e exposure in years, m the
mean of a whole year, μ = e m, η the linear predictor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from fordel.need.design import Family, Link

if TYPE_CHECKING:
    from fordel.need.cells import Cells, Floats, Ints


@dataclass(frozen=True, eq=False)
class Slope:
    """A likelihood at one predictor: objective (summed), score and weight per cell, both by η."""

    objective: float
    score: Floats
    weight: Floats


class Likelihood(Protocol):
    """What Newton needs to know."""

    def at(self, predictor: Floats) -> Slope:
        """Give objective, score and weight."""

    def score_squares(self, predictor: Floats) -> Floats:
        """Give Σ over a cell's citizens of the squared score: the middle of the sandwich."""

    def start(self) -> float:
        """Give a constant to start from."""

    def fitted(self, predictor: Floats) -> tuple[Floats, Floats]:
        """Give expected use per cell over its exposure, and its slope by η."""

    def observed(self) -> Floats:
        """Give observed use per cell, as ``fitted`` counts it."""


class Quasi:
    """Quasi-likelihood with variance V(m)/e: Poisson (V = m), gamma (V = m²), Gaussian (V = 1).

    Exact for any exposure, as Σe and Σy are sufficient. McCullagh & Nelder 1989, chapter 9.
    """

    def __init__(self, cells: Cells, family: Family, link: Link, *, users_only: bool = False) -> None:
        """Take the statistics of all citizens, or of those with any use."""
        statistics, year = cells.statistics, cells.design.full_exposure
        self.family, self.link = family, link
        self.n = statistics["users" if users_only else "n"].astype(float)
        self.exposure = statistics["user_exposure" if users_only else "exposure"] / year
        self.use = statistics["y"].astype(float)
        self.squares = statistics["y2e"] * year
        self.y2, self.ye, self.e2 = statistics["y2"], statistics["ye"] / year, statistics["e2"] / year**2
        if users_only:  # exposure is the same for all of a cell, and who does not use adds nothing to Σy² and Σy e
            self.e2 = self.exposure**2 / np.maximum(self.n, 1)

    def mean(self, predictor: Floats) -> tuple[Floats, Floats]:
        """Give m and its slope by η."""
        if self.link is Link.LOG:
            mean = np.exp(predictor)
            return mean, mean
        return predictor, np.ones_like(predictor)

    def variance(self, mean: Floats) -> Floats:
        """Give V(m)."""
        power = {Family.GAUSSIAN: 0, Family.GAMMA: 2}.get(self.family, 1)
        return cast("Floats", mean**power)

    def at(self, predictor: Floats) -> Slope:
        """Give quasi-likelihood, score and expected weight."""
        mean, slope = self.mean(predictor)
        variance = self.variance(mean)
        score = (self.use - self.exposure * mean) * slope / variance
        return Slope(self._objective(mean), score, self.exposure * slope**2 / variance)

    def _objective(self, mean: Floats) -> float:
        if self.family is Family.GAUSSIAN:
            return float(np.sum(self.use * mean - 0.5 * self.exposure * mean**2))
        if (mean <= 0).any():
            return -np.inf
        if self.family is Family.GAMMA:
            return float(-np.sum(self.use / mean + self.exposure * np.log(mean)))
        return float(np.sum(self.use * np.log(mean) - self.exposure * mean))

    def score_squares(self, predictor: Floats) -> Floats:
        """Give Σ(y - e m)² (m'/V)²."""
        mean, slope = self.mean(predictor)
        return cast("Floats", (self.y2 - 2 * mean * self.ye + mean**2 * self.e2) * (slope / self.variance(mean)) ** 2)

    def pearson(self, predictor: Floats) -> float:
        """Give Σ e (y/e - m)² / V(m)."""
        mean, _ = self.mean(predictor)
        squares = self.squares - 2 * mean * self.use + mean**2 * self.exposure
        return float(np.sum(squares / self.variance(mean)))

    def start(self) -> float:
        """Start from the mean."""
        mean = float(self.use.sum() / self.exposure.sum())
        return float(np.log(mean)) if self.link is Link.LOG else mean

    def fitted(self, predictor: Floats) -> tuple[Floats, Floats]:
        """Give Σμ and its slope."""
        mean, slope = self.mean(predictor)
        return self.exposure * mean, self.exposure * slope

    def observed(self) -> Floats:
        """Give Σy."""
        return self.use


class NegativeBinomial:
    """NB2 with shape r = 1/α, exact where each cell holds one exposure: Σy per cell and one histogram of y suffice."""

    def __init__(self, cells: Cells, histogram: tuple[Ints, Ints], shape: float = 1.0) -> None:
        """Take cells with exposure in their key, and how many citizens had each amount of use."""
        self.n = cells.statistics["n"].astype(float)
        self.use = cells.statistics["y"].astype(float)
        self.y2 = cells.statistics["y2"].astype(float)
        self.exposure = cells.statistics["exposure"] / cells.design.full_exposure / np.maximum(self.n, 1)
        self.amounts, self.counts = histogram
        self.shape = shape

    def at(self, predictor: Floats) -> Slope:
        """Give log-likelihood, score and observed weight."""
        mu, r = self.exposure * np.exp(predictor), self.shape
        objective = float(np.sum(self.use * np.log(mu / (r + mu)) + self.n * r * np.log(r / (r + mu))))
        score = (self.use - self.n * mu) * r / (r + mu)
        return Slope(objective + self._constant(), score, r * mu * (self.n * r + self.use) / (r + mu) ** 2)

    def _constant(self) -> float:
        from scipy.special import gammaln  # noqa: PLC0415  most fits do without scipy

        per_citizen = gammaln(self.amounts + self.shape) - gammaln(self.shape) - gammaln(self.amounts + 1.0)
        return float(self.counts @ per_citizen)

    def shape_slope(self, predictor: Floats) -> tuple[float, float]:
        """Give first and second derivative of the log-likelihood by r."""
        from scipy.special import digamma, polygamma  # noqa: PLC0415

        mu, r = self.exposure * np.exp(predictor), self.shape
        first = self.counts @ (digamma(self.amounts + r) - digamma(r))
        first += np.sum(self.n * (np.log(r / (r + mu)) + 1) - (self.use + self.n * r) / (r + mu))
        second = self.counts @ (polygamma(1, self.amounts + r) - polygamma(1, r))
        second += np.sum(self.n * (1 / r - 2 / (r + mu)) + (self.use + self.n * r) / (r + mu) ** 2)
        return float(first), float(second)

    def cross(self, predictor: Floats) -> Floats:
        """Give the derivative of the score by r, per cell."""
        mu = self.exposure * np.exp(predictor)
        return cast("Floats", (self.use - self.n * mu) * mu / (self.shape + mu) ** 2)

    def score_squares(self, predictor: Floats) -> Floats:
        """Give Σ(y - μ)² (r/(r + μ))²."""
        mu = self.exposure * np.exp(predictor)
        squares = self.y2 - 2 * mu * self.use + self.n * mu**2
        return cast("Floats", squares * (self.shape / (self.shape + mu)) ** 2)

    def start(self) -> float:
        """Start from the mean."""
        return float(np.log(self.use.sum() / (self.n @ self.exposure)))

    def fitted(self, predictor: Floats) -> tuple[Floats, Floats]:
        """Give Σμ and its slope."""
        mu = self.n * self.exposure * np.exp(predictor)
        return mu, mu

    def observed(self) -> Floats:
        """Give Σy."""
        return self.use


class Logistic:
    """Any use at all: the odds are proportional to exposure. Exact where each cell holds one exposure."""

    def __init__(self, cells: Cells) -> None:
        """Take cells with exposure in their key."""
        self.n = cells.statistics["n"].astype(float)
        self.users = cells.statistics["users"].astype(float)
        self.offset = np.log(cells.statistics["exposure"] / cells.design.full_exposure / np.maximum(self.n, 1))

    def at(self, predictor: Floats) -> Slope:
        """Give log-likelihood, score and weight."""
        logit = predictor + self.offset
        chance = _chance(logit)
        objective = float(np.sum(self.users * logit - self.n * np.logaddexp(0, logit)))
        return Slope(objective, self.users - self.n * chance, self.n * chance * (1 - chance))

    def score_squares(self, predictor: Floats) -> Floats:
        """Give Σ(u - p)²."""
        chance = _chance(predictor + self.offset)
        return cast("Floats", self.users * (1 - 2 * chance) + self.n * chance**2)

    def start(self) -> float:
        """Start from the share of users."""
        return float(np.log(self.users.sum() / max(self.n.sum() - self.users.sum(), 1.0)))

    def fitted(self, predictor: Floats) -> tuple[Floats, Floats]:
        """Give expected users and its slope."""
        chance = _chance(predictor + self.offset)
        return self.n * chance, self.n * chance * (1 - chance)

    def observed(self) -> Floats:
        """Give users."""
        return self.users


def _chance(logit: Floats) -> Floats:
    return 0.5 * (1 + np.tanh(0.5 * logit))
