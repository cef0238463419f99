"""Weigh people who are only counted: a fitted or published model on a table of counts, with no row of a person."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fordel.need.cells import Cells, pack_strides
from fordel.need.design import Missing, NeedError
from fordel.need.weigh_citizens import Weighed, neutral_predictor, predict_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fordel.need.cells import Ints
    from fordel.need.design import Covariate
    from fordel.need.fit import Fitted


def weigh_counts(fitted: Fitted, counts: pl.DataFrame, by: Sequence[str], *, supply_neutral: bool = True) -> Weighed:
    """Weigh counted people, and sum their weights.

    A characteristic that the counts do not have counts as the nation's mean of it for everybody, and is told.

    Args:
        fitted: the model.
        counts: ``*by, people``, and a column for each characteristic that people are counted by, named as the
            covariate's column or that with ``_group``. Values are texts: names of levels, or codes of citizens.
        by: columns to sum by.
        supply_neutral: false gives naive weights.

    Raises:
        NeedError: the model takes numbers, not levels; a value is no level of the model; every fault.
    """
    design = fitted.design
    if design.linear:
        names = ", ".join(c.name for c in design.linear)
        raise NeedError(
            f"Counts hold levels, but the model {design.name} takes {names} as numbers; weigh citizens instead."
        )
    faults: list[str] = []
    codes = {c.name: _codes(c, counts, faults) for c in design.covariates}
    if faults:
        raise NeedError("\n".join([f"The counts do not fit the model {design.name}:", *(f"  {f}" for f in faults)]))
    strides = pack_strides(design)
    keys = sum((codes[name] * strides[name] for name in codes), np.zeros(counts.height, dtype=np.int64))
    cells = Cells(design, keys, np.empty((counts.height, 0)), {"n": counts["people"].to_numpy()})
    each = np.ones(counts.height)
    for part in fitted.parts:
        each *= part.scoring.mean(predict_cells(neutral_predictor(fitted, part, supply_neutral=supply_neutral), cells))
    mean = float(np.average(each, weights=cells.statistics["n"]))
    rows = counts.with_columns(expected_use=pl.col("people") * pl.Series(each))
    groups = rows.group_by(by).agg(pl.col("people", "expected_use").sum()).sort(by)
    groups = groups.with_columns(weighted_citizens=pl.col("expected_use") / mean)
    groups = groups.with_columns(mean_weight=pl.col("weighted_citizens") / pl.col("people"))
    return Weighed(groups, mean, _told(fitted, codes, counts["people"]), supply_neutral)


def column_of(covariate: Covariate, columns: Sequence[str]) -> str | None:
    """Find the column of the counts that holds a characteristic."""
    named = (covariate.column, f"{covariate.column}_group", covariate.name)
    return next((name for name in named if name in columns), None)


def _codes(covariate: Covariate, counts: pl.DataFrame, faults: list[str]) -> Ints:
    column = column_of(covariate, counts.columns)
    if column is None:
        return np.full(counts.height, covariate.unknown_code)
    known = {plain_level(level.name): at for at, level in enumerate(covariate.levels)}
    if covariate.breaks:
        numbers = range(covariate.least or 0, (covariate.most or covariate.breaks[-1]) + 1)
        known = {str(number): bisect_right(covariate.breaks, number) for number in numbers} | known
    known |= {str(level.code): at for at, level in enumerate(covariate.levels) if level.code is not None}
    values = [plain_level(value) for value in counts[column]]
    if strange := sorted({value for value in values if value and value not in known}):
        levels = ", ".join(level.name for level in covariate.levels)
        faults.append(
            f"{column} has {', '.join(strange[:5])}, which are no levels of {covariate.name}; levels are {levels}."
        )
    return np.array([known.get(value, covariate.missing_code) for value in values], dtype=np.int64)


def plain_level(value: str | None) -> str:
    """Write a level as levels are compared: 00-04 is 0-4."""
    return "-".join(part.lstrip("0") or "0" for part in value.split("-")) if value else ""


def _told(fitted: Fitted, codes: dict[str, Ints], people: pl.Series) -> pl.DataFrame:
    """Count who was weighed with the nation's mean of a characteristic; of supply that is the rule, and not told."""
    rows = []
    for covariate in (c for c in fitted.design.covariates if not c.supply):
        reasons = [(covariate.unknown_code, "not in the counts")]
        if covariate.missing is not Missing.LEVEL:
            reasons.append((covariate.missing_code, "missing"))
        for code, reason in reasons:
            if count := int(people.filter(pl.Series(codes[covariate.name] == code)).sum()):
                rows.append((covariate.name, reason, count))
    return pl.DataFrame(rows, {"covariate": pl.String, "reason": pl.String, "citizens": pl.Int64}, orient="row")
