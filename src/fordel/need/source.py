"""Where citizens lie: what the need model asks of engines. Only cells and sums come back, never a citizen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from fordel.need.cells import Cells, Floats, Ints
    from fordel.need.design import Design
    from fordel.need.draws import Placed
    from fordel.need.layout import Block


@dataclass(frozen=True, eq=False)
class Scoring:
    """How one citizen's score follows from use y, exposure e and the predictor: which likelihood, and its shape.

    Attributes:
        kind: ``quasi``, ``nb2`` or ``logistic``.
        power: of the mean in the variance, for ``quasi``.
        log: whether the link is the logarithm.
        shape: r of ``nb2``.
        users_only: only citizens with any use count.
    """

    kind: str
    power: int = 1
    log: bool = True
    shape: float = 1.0
    users_only: bool = False

    def mean(self, predictor: Floats) -> Floats:
        """Give the mean of a whole year; of ``logistic`` the chance of any use."""
        if self.kind == "logistic":
            return 1 / (1 + np.exp(-predictor))
        return np.exp(predictor) if self.log else predictor


@dataclass(frozen=True, eq=False)
class Contribution:
    """What one block adds to a citizen's predictor.

    Attributes:
        block: whose columns.
        by_code: what each code adds, with missing and unknown last; for a linear block the slope.
        replacing: for each linear covariate: value instead of a missing one, and the lowest and highest that count.
    """

    block: Block
    by_code: Floats
    replacing: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Predictor:
    """A whole predictor as tables: the constant and what each block adds."""

    constant: float
    contributions: tuple[Contribution, ...]


class CitizenSource(Protocol):
    """A table of citizens that stays where it is."""

    @property
    def name(self) -> str:
        """What model cards call it."""

    @property
    def synthetic(self) -> bool:
        """Whether the citizens are made up."""

    def has(self, column: str) -> bool:
        """Whether the table has a column."""

    def period(self) -> tuple[int, int] | None:
        """Give the first and last year, if the table has years."""

    def cells(self, design: Design) -> Cells:
        """Count citizens by characteristics.

        Raises:
            NeedError: columns are missing or of the wrong kind; every fault.
        """

    def histogram(self, design: Design) -> tuple[Ints, Ints]:
        """Give amounts of use and how many citizens in the fit had each."""

    def practice_scores(self, design: Design, predictor: Predictor, scoring: Scoring) -> Floats:
        """Sum scores by practice; shape (practices, width)."""

    def expected_use(
        self, design: Design, parts: tuple[tuple[Predictor, Scoring], ...], by: tuple[str, ...]
    ) -> pl.DataFrame:
        """Sum the product of the parts' means over citizens: ``*by, people, expected``."""

    def use_by(self, design: Design, parts: tuple[tuple[Predictor, Scoring], ...], by: Sequence[str]) -> pl.DataFrame:
        """Sum use and fitted use of the citizens a model can be fitted on: ``*by, citizens, observed, fitted``."""

    def errors_of(self, design: Design, parts: tuple[tuple[Predictor, Scoring], ...], mean: float) -> dict[str, float]:
        """Sum errors of a model, and of the mean use a year.

        Returns:
            ``citizens``; sums of ``absolute`` and ``squared`` error and Poisson ``deviance``; and of the mean
            ``mean_absolute``, ``mean_squared``, ``mean_deviance``.
        """

    def placed(self, design: Design, by: Sequence[str]) -> Placed:
        """Count people by profile (characteristics of need, without supply) and by group. Personal data."""

    def where(self, column: str, values: Sequence[str]) -> Self:
        """Give the same table, only the citizens with one of some values in a column."""

    def not_in_model(self, design: Design, ranges: dict[str, tuple[float, float, float]]) -> pl.DataFrame:
        """Count citizens the model does not know: ``covariate, reason, citizens``.

        Args:
            design: the model.
            ranges: mean, lowest and highest fitted value by linear covariate.
        """
