"""Expressions on the citizen table, written once for every SQL engine.

Every literal is cast: an uncast 0.1 becomes DECIMAL, which overflows on one engine and rounds silently on another. All that
is summed is whole numbers, so that neither the engine nor the order of rows changes a digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import numpy as np

if TYPE_CHECKING:
    from fordel.need.design import Covariate, Design
    from fordel.need.source import Contribution, Predictor, Scoring

Expression = Any  # ibis types its expressions loosely


def whole(value: int) -> Expression:
    """Give a 64-bit whole number."""
    return ibis.literal(value, "int64")


def real(value: float) -> Expression:
    """Give a 64-bit floating-point number."""
    return ibis.literal(float(value), "float64")


def code_of(table: Expression, covariate: Covariate) -> Expression:
    """Give the cell code of a covariate: level index, or missing, or unknown."""
    column = table[covariate.column]
    if column.type().is_boolean():
        column = column.cast("int8")
    known, level = _banded(column, covariate) if covariate.breaks else _levelled(column, covariate)
    if covariate.linear:
        known, level = _within(column, covariate), whole(0)
    missing, unknown = whole(1 if covariate.linear else covariate.missing_code), covariate.radix - 1
    return ibis.ifelse(column.isnull(), missing, ibis.ifelse(known, level, whole(unknown)))


def _within(column: Expression, covariate: Covariate) -> Expression:
    known = ibis.literal(value=True)
    if covariate.least is not None:
        known &= column >= whole(covariate.least)
    if covariate.most is not None:
        known &= column <= whole(covariate.most)
    return known


def _banded(column: Expression, covariate: Covariate) -> tuple[Expression, Expression]:
    breaks = covariate.breaks
    steps = {b - a for a, b in zip(breaks, breaks[1:], strict=False)}
    if len(steps) == 1 and column.type().is_integer():
        step = steps.pop()
        shifted = column.cast("int64") - whole(breaks[0] - step)
        level = ibis.least(ibis.greatest(shifted, whole(0)) // whole(step), whole(len(breaks)))
    else:
        level = whole(0)
        for at in breaks:
            level = level + (column >= whole(at)).cast("int64")
    return _within(column, covariate), level


def _levelled(column: Expression, covariate: Covariate) -> tuple[Expression, Expression]:
    codes = [level.code for level in covariate.levels if level.code is not None]
    if not codes:
        return ibis.literal(value=True), whole(0)
    if codes == list(range(codes[0], codes[0] + len(codes))):
        known = column.between(whole(codes[0]), whole(codes[-1]))
        return known, column.cast("int64") - whole(codes[0])
    level = ibis.cases(*((column == whole(code), whole(at)) for at, code in enumerate(codes)), else_=whole(-1))
    return column.isin([whole(code) for code in codes]), level


def state_of(table: Expression, design: Design) -> Expression:
    """Give the row's index into ``STATES``."""
    use = table[design.outcome]
    bad_use = use.isnull() | (use < whole(0))
    state = ibis.ifelse(bad_use, whole(2), whole(0))
    if design.exposure is None:
        return state
    exposure = table[design.exposure]
    return ibis.ifelse(exposure.isnull() | (exposure <= whole(0)), whole(1), state)


def exposure_of(table: Expression, design: Design) -> Expression:
    """Give exposure, 1 where the model has none."""
    return whole(design.full_exposure) if design.exposure is None else table[design.exposure].cast("int64")


def cell_table(table: Expression, design: Design) -> Expression:
    """Group citizens by what the model reads of them: columns ``by_<covariate>``, ``exposure``, ``bad_use``; n, y, y2, users.

    Codes stay as the register has them, since coding them costs less on groups than on citizens; numbers are banded.
    """
    by = {f"by_{c.name}": code_of(table, c) if c.breaks else table[c.column] for c in design.covariates}
    use = table[design.outcome]
    rows = table.select(**by, exposure=exposure_of(table, design), bad_use=(use.isnull() | (use < whole(0))), use=use)
    use = rows.use
    return rows.group_by([*by, "exposure", "bad_use"]).agg(
        n=rows.count().cast("int64"),
        y=use.sum().cast("int64"),
        y2=(use.cast("int64") * use.cast("int64")).sum().cast("int64"),
        users=(use > whole(0)).cast("int64").sum().cast("int64"),
    )


def fitted_rows(table: Expression, design: Design) -> Expression:
    """Keep the citizens that are in the fit."""
    keep = state_of(table, design) == whole(0)
    for covariate in design.covariates:
        last = 1 if covariate.linear else len(covariate.fitted_levels)
        keep &= code_of(table, covariate) < whole(last)
    return table.filter(keep)


def index_of(table: Expression, contribution: Contribution) -> Expression:
    """Give where a citizen stands in a block's table of codes, laid out flat."""
    index = whole(0)
    for covariate in contribution.block.of:
        if not covariate.linear:
            index = index * whole(covariate.radix) + code_of(table, covariate)
    return index


def value_of(table: Expression, contribution: Contribution) -> Expression:
    """Give the product of a block's linear values, with what replaces missing ones, held within what counts."""
    product = real(1)
    for covariate, (instead, low, high) in zip(contribution.block.linear, contribution.replacing, strict=True):
        value = ibis.ifelse(code_of(table, covariate) == whole(0), table[covariate.column].cast("float64"), real(instead))
        if np.isfinite(low):
            value = ibis.greatest(ibis.least(value, real(high)), real(low))
        product = product * value
    return product


def predictor(table: Expression, tables: Predictor) -> Expression:
    """Give the linear predictor of each citizen: a sum of look-ups."""
    total = real(tables.constant)
    for contribution in tables.contributions:
        flat = [float(value) for value in contribution.by_code.ravel()]
        added = ibis.array([real(value) for value in flat])[index_of(table, contribution)]
        if contribution.block.linear:
            added = added * value_of(table, contribution)
        total = total + added
    return total


def mean_of(eta: Expression, scoring: Scoring) -> Expression:
    """Give the mean of a whole year."""
    if scoring.kind == "logistic":
        return real(1) / (real(1) + (-eta).exp())
    return eta.exp() if scoring.log else eta


def score_of(eta: Expression, use: Expression, exposure: Expression, scoring: Scoring) -> Expression:
    """Give a citizen's score by η; the same formulas as the likelihoods have on cells."""
    if scoring.kind == "logistic":
        return (use > whole(0)).cast("float64") - mean_of(eta + exposure.ln(), scoring)
    mean = mean_of(eta, scoring)
    left = use.cast("float64") - exposure * mean
    if scoring.kind == "nb2":
        return left * real(scoring.shape) / (real(scoring.shape) + exposure * mean)
    if not scoring.log:
        return left if scoring.power == 0 else left / mean**scoring.power
    return {0: left * mean, 1: left, 2: left / mean}[scoring.power]
