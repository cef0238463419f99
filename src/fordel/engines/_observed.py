"""Hold a fitted model against citizens where they lie: use and fitted use by groups, and errors person by person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from fordel.engines._expressions import exposure_of, fitted_rows, mean_of, predictor, real

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fordel.need.design import Design
    from fordel.need.source import Predictor, Scoring

# Errors are summed in millionths: whole numbers, so that sums have no order.
SCALE = 1e6

Parts = tuple[tuple["Predictor", "Scoring"], ...]


def fitted_use(table: Any, design: Design, parts: Parts) -> Any:
    """Give the use a citizen's own time at risk should bring: of a two-part model the chance of any, times how much."""
    exposure = exposure_of(table, design).cast("float64") / real(design.full_exposure)
    expected = real(1)
    for tables, scoring in parts:
        eta = predictor(table, tables)
        if scoring.kind == "logistic":
            expected = expected * mean_of(eta + exposure.ln(), scoring)
        else:
            expected = expected * exposure * mean_of(eta, scoring)
    return expected


def use_by(table: Any, design: Design, parts: Parts, by: Sequence[str]) -> Any:
    """Sum over the citizens a model can be fitted on: ``*by, citizens, observed, fitted`` (millionths)."""
    rows = fitted_rows(table, design)
    fitted = (fitted_use(rows, design, parts) * real(SCALE)).round().cast("int64")
    rows = rows.select(*by, use=rows[design.outcome].cast("int64"), fitted=fitted)
    return (rows.group_by(list(by)) if by else rows).agg(
        citizens=rows.count().cast("int64"),
        observed=rows.use.sum().cast("int64"),
        fitted=rows.fitted.sum().cast("int64"),
    )


def errors_of(table: Any, design: Design, parts: Parts, mean: float) -> Any:
    """Sum errors of the model, and of the plain mean per year: one row, in millionths, and ``citizens``."""
    rows = fitted_rows(table, design)
    exposure = exposure_of(rows, design).cast("float64") / real(design.full_exposure)
    use = rows[design.outcome].cast("float64")
    sums: dict[str, Any] = {}
    for name, expected in (("", fitted_use(rows, design, parts)), ("mean_", exposure * real(mean))):
        sums |= {f"{name}{error}": each for error, each in _errors(use, expected).items()}
    scaled = {name: (each * real(SCALE)).round().cast("int64").sum().cast("int64") for name, each in sums.items()}
    return rows.agg(citizens=rows.count().cast("int64"), **scaled)


def _errors(use: Any, expected: Any) -> dict[str, Any]:
    """Give absolute and squared error, and the Poisson deviance, which is the yardstick for every family."""
    held = ibis.greatest(expected, real(1e-9))  # an additive model may expect less than nothing
    log = ibis.ifelse(use > real(0), use * (ibis.greatest(use, real(1)) / held).ln(), real(0))
    left = use - expected
    return {"absolute": left.abs(), "squared": left * left, "deviance": real(2) * (log - use + held)}
