"""Weigh citizens one by one (sygdomsvægtet borger): expected use with the nation's mean supply, over its mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

from fordel.need.design import NeedError
from fordel.need.source import Contribution, Predictor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fordel.need.cells import Cells, Floats
    from fordel.need.design import Covariate
    from fordel.need.fit import Fitted, Part
    from fordel.need.layout import Block
    from fordel.need.source import CitizenSource


@dataclass(frozen=True, eq=False)
class Weighed:
    """Weighted citizens (sygdomsvægtede borgere).

    Attributes:
        groups: ``*by, people, expected_use, weighted_citizens, mean_weight``, sorted. Units: people; that of the model;
            disease-weighted citizens; the same per citizen. ``weighted_citizens`` sums to ``people``.
        mean_use: expected use of the nation's mean citizen. Unit: that of the model.
        not_in_model: ``covariate, reason, citizens``: who was weighed with the nation's mean of a characteristic (missing,
            or not a level of the model), or with the nearest value the model was fitted on.
        supply_neutral: whether supply was set to the national mean.
    """

    groups: pl.DataFrame
    mean_use: float
    not_in_model: pl.DataFrame
    supply_neutral: bool

    def by(self, *columns: str) -> pl.DataFrame:
        """Sum the groups over fewer columns."""
        sums = self.groups.group_by(columns).agg(pl.col("people", "expected_use", "weighted_citizens").sum())
        return sums.with_columns(mean_weight=pl.col("weighted_citizens") / pl.col("people")).sort(columns)


def weigh_citizens(
    fitted: Fitted,
    citizens: CitizenSource,
    by: Sequence[str] = ("practice_id", "municipality"),
    *,
    supply_neutral: bool = True,
) -> Weighed:
    """Weigh citizens where they lie, and sum their weights.

    The weight of a citizen is the use a whole year would bring with the nation's mean supply, divided by the mean over the
    citizens weighed, so that the national mean weight is 1. A characteristic that is missing, or no level of the model,
    counts as the nation's mean of that characteristic; a number beyond those fitted counts as the nearest. All are counted.

    Args:
        fitted: the model.
        citizens: an engine's view of the citizen table; all of the nation, since the mean is over its rows.
        by: columns to sum by.
        supply_neutral: false gives naive weights, in which past supply counts as need; only to compare with.

    Raises:
        NeedError: the table lacks what the model or the sums need.
    """
    parts = tuple(
        (neutral_predictor(fitted, part, supply_neutral=supply_neutral), part.scoring) for part in fitted.parts
    )
    sums = citizens.expected_use(fitted.design, parts, tuple(by))
    people, total = int(sums["people"].sum()), float(sums["expected"].sum())
    if not people or total <= 0:
        raise NeedError(
            f"The citizen table gives {people:,} citizens and an expected use of {total:g}: nothing to weigh by."
        )
    mean = total / people
    groups = sums.rename({"expected": "expected_use"}).with_columns(weighted_citizens=pl.col("expected_use") / mean)
    groups = groups.with_columns(mean_weight=pl.col("weighted_citizens") / pl.col("people"))
    return Weighed(groups, mean, citizens.not_in_model(fitted.design, fitted.means), supply_neutral)


def weigh_cells(fitted: Fitted, cells: Cells, *, supply_neutral: bool = True) -> Floats:
    """Give the weight of a citizen of each cell, the mean over the cells' citizens being 1; shape (cells,)."""
    expected = np.ones(cells.size)
    for part in fitted.parts:
        eta = predict_cells(neutral_predictor(fitted, part, supply_neutral=supply_neutral), cells)
        expected *= part.scoring.mean(eta)
    return cast("Floats", expected / np.average(expected, weights=cells.statistics["n"]))


def predict_cells(tables: Predictor, cells: Cells) -> Floats:
    """Give the linear predictor of each cell."""
    design = cells.design
    codes = {c.name: cells.codes(c) for c in design.covariates}
    total = np.full(cells.size, tables.constant)
    for contribution in tables.contributions:
        block = contribution.block
        added = contribution.by_code[tuple(codes[c.name] for c in block.of if not c.linear)]
        for covariate, (instead, low, high) in zip(block.linear, contribution.replacing, strict=True):
            value = cells.values[:, design.linear.index(covariate)]
            added = added * np.clip(np.where(codes[covariate.name] == 0, value, instead), low, high)
        total += added
    return total


def neutral_predictor(
    fitted: Fitted, part: Part, *, supply_neutral: bool = True, coefficients: Floats | None = None
) -> Predictor:
    """Give the predictor for weighing: supply at the national mean, and the mean for what the model does not know.

    Args:
        fitted, part: the model and which of its equations.
        supply_neutral: whether supply is set to the national mean.
        coefficients: instead of the fitted ones, such as a draw; shape (width,).
    """
    padded = np.append(part.coefficients if coefficients is None else coefficients, 0.0)
    contributions = []
    for block in part.layout.blocks:
        by_code = np.array(padded[block.places])
        categorical = [c for c in block.of if not c.linear]
        for axis, covariate in enumerate(categorical):
            by_code = _with_means(
                by_code, axis, covariate, fitted.shares[covariate.name], supply_neutral=supply_neutral
            )
        contributions.append(Contribution(block, by_code, _replacing(fitted, block, supply_neutral=supply_neutral)))
    return Predictor(float(padded[0]), tuple(contributions))


def _with_means(by_code: Floats, axis: int, covariate: Covariate, shares: Floats, *, supply_neutral: bool) -> Floats:
    """Put the nation's mean at codes that were not fitted; at every code when it is supply."""
    mean = np.tensordot(by_code.take(range(len(shares)), axis), shares, (axis, 0))
    levels = np.moveaxis(by_code.copy(), axis, 0)
    levels[0 if covariate.supply and supply_neutral else len(shares) :] = mean
    if len(shares) > len(covariate.levels) and shares[-1] == 0:
        levels[-2] = mean  # a missing level that nobody had in the fit
    return np.moveaxis(levels, 0, axis)


def _replacing(fitted: Fitted, block: Block, *, supply_neutral: bool) -> tuple[tuple[float, float, float], ...]:
    rules = []
    for covariate in block.linear:
        mean, low, high = fitted.means[covariate.name]
        rules.append((mean, mean, mean) if covariate.supply and supply_neutral else (mean, low, high))
    return tuple(rules)
