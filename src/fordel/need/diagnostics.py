"""Hold a fitted need model against use (modelkontrol): how much it explains, and for whom it is wrong."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

from fordel.need.fit import predictor_of
from fordel.need.refusals import usable
from fordel.need.weigh_citizens import predict_cells

if TYPE_CHECKING:
    from fordel.need.cells import Cells, Floats, Ints
    from fordel.need.design import Covariate
    from fordel.need.fit import Fitted
    from fordel.need.source import CitizenSource, Predictor, Scoring

FIFTHS = (0.2, 0.4, 0.6, 0.8)
AREAS = {
    "area_id": pl.String,
    "citizens": pl.Int64,
    "observed": pl.Int64,
    "fitted": pl.Float64,
    "ratio": pl.Float64,
}
FAR_OFF = 0.1  # a practice whose use is a tenth beside what was expected


def equations(fitted: Fitted) -> tuple[tuple[Predictor, Scoring], ...]:
    """Give the predictors that say what use was expected with the supply there was."""
    return tuple((predictor_of(part.layout, part.coefficients), part.scoring) for part in fitted.parts)


def measures(fitted: Fitted, citizens: CitizenSource, practice: str | None) -> dict[str, float]:
    """Say how well a model tells citizens' use, on the citizens it was fitted on or on others.

    Args:
        fitted: the model.
        citizens: whose use.
        practice: column of the practice; none: practices are not judged.

    Returns:
        ``citizens``; ``r2``, ``cpm`` (Cumming's prediction measure: 1 less the absolute errors over those of the mean),
        ``mape`` (mean absolute error, unit of the outcome) and ``deviance_explained`` (Poisson, for every family), by
        person; ``ratio`` of fitted to observed use; ``practice_r2`` and ``practices_far_off`` (share of practices
        whose use is more than a tenth beside the expected), weighted by expected use.

    Raises:
        NeedError: the table lacks what the model needs.
    """
    design, parts = fitted.design, equations(fitted)
    sums = citizens.errors_of(design, parts, fitted.use / fitted.exposure)
    found = {
        "citizens": sums["citizens"],
        "r2": 1 - sums["squared"] / sums["mean_squared"],
        "cpm": 1 - sums["absolute"] / sums["mean_absolute"],
        "mape": sums["absolute"] / sums["citizens"],
        "deviance_explained": 1 - sums["deviance"] / sums["mean_deviance"],
    }
    lists = citizens.use_by(design, parts, (practice,) if practice else ())
    found["ratio"] = float(lists["fitted"].sum()) / float(lists["observed"].sum())
    return found | (_of_practices(lists) if practice else {})


def _of_practices(lists: pl.DataFrame) -> dict[str, float]:
    """Compare observed with expected use per citizen of each list."""
    people, seen, fitted = (lists[name].to_numpy().astype(float) for name in ("citizens", "observed", "fitted"))
    rate, expected = seen / people, fitted / people
    mean = np.average(rate, weights=people)
    left, spread = np.average((rate - expected) ** 2, weights=people), np.average((rate - mean) ** 2, weights=people)
    far = np.abs(seen / fitted - 1) > FAR_OFF
    return {
        "practice_r2": float(1 - left / spread) if spread else 0.0,
        "practices_far_off": float(np.average(far, weights=fitted)),
    }


def fitted_in_cells(fitted: Fitted, cells: Cells) -> Floats:
    """Give the use that the citizens of each cell should make in their own time at risk; shape (cells,)."""
    n = cells.statistics["n"]
    each = cells.statistics["exposure"] / fitted.design.full_exposure / np.maximum(n, 1)
    expected = n.astype(float)
    for tables, scoring in equations(fitted):
        eta = predict_cells(tables, cells)
        expected *= scoring.mean(eta + np.log(each)) if scoring.kind == "logistic" else each * scoring.mean(eta)
    return expected


def calibration(fitted: Fitted, cells: Cells) -> pl.DataFrame:
    """Compare observed with fitted use in ten groups of citizens, from least to most expected use a year.

    Returns:
        ``decile`` (1 to 10), ``citizens, observed, fitted`` (per year at risk), ``ratio`` of fitted to observed.
    """
    cells, _ = usable(cells)
    expected, exposure = fitted_in_cells(fitted, cells), cells.statistics["exposure"] / fitted.design.full_exposure
    order = np.argsort(expected / exposure, kind="stable")
    share = (np.cumsum(exposure[order]) - exposure[order] / 2) / exposure.sum()
    decile = np.minimum((share * 10).astype(np.int64), 9)
    columns = {
        "citizens": cells.statistics["n"],
        "observed": cells.statistics["y"],
        "fitted": expected,
        "years": exposure,
    }
    sums = {name: np.bincount(decile, weights=column[order], minlength=10) for name, column in columns.items()}
    frame = pl.DataFrame({"decile": np.arange(1, 11), **sums}).filter(pl.col("years") > 0)
    frame = frame.with_columns(pl.col("citizens").cast(pl.Int64), ratio=pl.col("fitted") / pl.col("observed"))
    return frame.with_columns(pl.col("observed", "fitted") / pl.col("years")).drop("years")


def ratios(fitted: Fitted, cells: Cells) -> pl.DataFrame:
    """Compare fitted with observed use at every level of every characteristic.

    With a log link and no constraint these are 1 on the citizens of the fit; on others, or for groups that are not in
    the model, they tell who would be given too much or too little. A number that enters as it is, is told by fifths of
    the citizens: there the ratio tells whether it enters in the right form.

    Returns:
        ``covariate, level, citizens, observed, fitted, ratio``; levels of fewer citizens than the model's ``fewest``
        are left out. Fifths are named by where they begin and end, such as ``<2``, ``2-6.9`` and ``6.9+``.
    """
    cells, _ = usable(cells)
    columns = {
        "citizens": cells.statistics["n"],
        "observed": cells.statistics["y"],
        "fitted": fitted_in_cells(fitted, cells),
    }
    frames = []
    for covariate in cells.design.covariates:
        codes, names = _groups(covariate, cells)
        sums = {k: np.bincount(codes, weights=v, minlength=len(names))[: len(names)] for k, v in columns.items()}
        frames.append(pl.DataFrame({"covariate": [covariate.name] * len(names), "level": names, **sums}))
    frame = pl.concat(frames).filter(pl.col("citizens") >= fitted.design.fewest)
    return frame.with_columns(pl.col("citizens", "observed").cast(pl.Int64), ratio=_ratio())


def _groups(covariate: Covariate, cells: Cells) -> tuple[Ints, list[str]]:
    """Give each cell's index of a level and the levels' names; of a number, fifths of the citizens."""
    if not covariate.linear:
        return cells.codes(covariate), [level.name for level in covariate.fitted_levels]
    values = cells.values[:, cells.design.linear.index(covariate)]
    order = np.argsort(values, kind="stable")
    share = np.cumsum(cells.statistics["n"][order]) / max(cells.statistics["n"].sum(), 1)
    # The lowest value is no bound: nobody is below it.
    bounds = [at for at in np.unique(values[order][np.searchsorted(share, FIFTHS)]) if at > values.min(initial=np.inf)]
    if not bounds:  # four of five have the lowest
        lowest = values.min(initial=np.inf)
        return (values > lowest).astype(np.int64), [f"{lowest:.4g}", f">{lowest:.4g}"]
    shown = [f"{bound:.4g}" for bound in bounds]
    names = [f"<{shown[0]}", *(f"{low}-{high}" for low, high in pairwise(shown)), f"{shown[-1]}+"]
    return np.searchsorted(bounds, values, side="right"), names


def areas(fitted: Fitted, citizens: CitizenSource | None, by: str) -> pl.DataFrame:
    """Compare fitted with observed use in every area of a column: ``area_id, citizens, observed, fitted, ratio``.

    No citizens, no rows.
    """
    if citizens is None:
        return pl.DataFrame(schema=AREAS)
    found = citizens.use_by(fitted.design, equations(fitted), (by,)).rename({by: "area_id"})
    found = found.filter(pl.col("citizens") >= fitted.design.fewest)
    return found.select("area_id", "citizens", "observed", "fitted", ratio=_ratio())


def _ratio() -> pl.Expr:
    return pl.when(pl.col("observed") > 0).then(pl.col("fitted") / pl.col("observed"))


def stability(one: Fitted, other: Fitted) -> pl.DataFrame:
    """Compare the coefficients of two fits of the same model, such as those of two years.

    Returns:
        ``part, term, one, other, change, z``: ``z`` is the change over its standard error, the two being independent;
        empty where no error is known. Terms that only one of them has are left out.
    """
    frames = [_terms(fitted, name) for fitted, name in ((one, "one"), (other, "other"))]
    both = frames[0].join(frames[1], on=("part", "term"), how="inner", maintain_order="left")
    error = (pl.col("variance_one") + pl.col("variance_other")).sqrt()
    change = pl.col("other") - pl.col("one")
    return both.select("part", "term", "one", "other", change=change, z=change / error)


def _terms(fitted: Fitted, name: str) -> pl.DataFrame:
    frames = []
    for part in fitted.parts:
        known = bool(part.covariances)
        variance = cast("Floats", np.diag(part.best_covariance)) if known else [None] * part.layout.width
        rows = {"part": [part.name] * part.layout.width, "term": [term.name for term in part.layout.terms]}
        values = {name: part.coefficients, f"variance_{name}": pl.Series(variance, dtype=pl.Float64)}
        frames.append(pl.DataFrame(rows | values))
    return pl.concat(frames)
