"""The peers' sides of the need benchmark: programs that fit rows, each from the file to coefficients."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

COVARIATES = ("sex", "education", "work", "income_fifth", "lives_alone", "origin")
FLAGS = (
    "asthma",
    "copd",
    "dementia",
    "diabetes_1",
    "diabetes_2",
    "osteoporosis",
    "rheumatoid_arthritis",
    "schizophrenia",
)
REFERENCE = {"age": 8}


def _rows(path: Path) -> pl.DataFrame:
    columns = ["age", *COVARIATES, *FLAGS, "contacts", "exposure_days"]
    return pl.read_parquet(path, columns=columns).with_columns(age=(pl.col("age") // 5).clip(upper_bound=19))


def _terms(name: str) -> list[str]:
    """Name a covariate's terms as Fordel does, the reference first."""
    from fordel.need import default_model

    covariate = default_model().covariate(name)
    names = [level.name for level in covariate.levels]
    return [names.pop(covariate.reference), *names]


def glum(path: Path) -> Callable[[], Any]:
    """Fit rows with glum, categorical columns."""
    import pandas as pd
    from glum import GeneralizedLinearRegressor

    def run() -> dict[str, float]:
        rows = _rows(path)
        years = rows["exposure_days"].to_numpy() / 365
        frame = pd.DataFrame({name: _categorical(rows[name].to_numpy(), name) for name in ("age", *COVARIATES, *FLAGS)})
        model = GeneralizedLinearRegressor(family="poisson", alpha=0, drop_first=True, gradient_tol=1e-8, max_iter=12)
        model.fit(frame, rows["contacts"].to_numpy() / years, sample_weight=years)
        names = [f"{name}[{term}]" for name in frame for term in _terms(name)[1:]]
        return {"constant": float(model.intercept_), **dict(zip(names, map(float, model.coef_), strict=True))}

    return run


def _categorical(codes: Any, name: str) -> Any:
    import pandas as pd

    low = int(codes.min())
    order = [REFERENCE.get(name, low), *(c for c in range(low, int(codes.max()) + 1) if c != REFERENCE.get(name, low))]
    return pd.Categorical(codes, categories=order)


def sklearn(path: Path) -> Callable[[], Any]:
    """Fit rows with scikit-learn's fastest exact solver, one-hot and sparse."""
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import PoissonRegressor
    from sklearn.preprocessing import OneHotEncoder

    def run() -> dict[str, float]:
        rows = _rows(path)
        years = rows["exposure_days"].to_numpy() / 365
        names = ["age", *COVARIATES, *FLAGS]
        first = [REFERENCE.get(name, int(rows[name].min())) for name in names]  # type: ignore[arg-type]
        coded = make_column_transformer((OneHotEncoder(drop=first), names), sparse_threshold=1.0)
        matrix = coded.fit_transform(rows.select(names).to_pandas())
        model = PoissonRegressor(alpha=0, solver="newton-cholesky", tol=1e-12)
        model.fit(matrix, rows["contacts"].to_numpy() / years, sample_weight=years)
        terms = [f"{name}[{term}]" for name in names for term in _terms(name)[1:]]
        return {"constant": float(model.intercept_), **dict(zip(terms, map(float, model.coef_), strict=True))}

    return run


def statsmodels(path: Path) -> Callable[[], Any]:
    """Fit rows with statsmodels, dense."""
    import numpy as np
    import statsmodels.api as sm

    def run() -> dict[str, float]:
        rows = _rows(path)
        x, terms = _dense(rows)
        offset = np.log(rows["exposure_days"].to_numpy() / 365)
        found = sm.GLM(rows["contacts"].to_numpy(), x, family=sm.families.Poisson(), offset=offset).fit(tol=1e-14)
        return dict(zip(terms, map(float, found.params), strict=True))

    return run


def statsmodels_nb2(path: Path) -> Callable[[], Any]:
    """Fit the negative binomial on rows with statsmodels."""
    import numpy as np
    import statsmodels.api as sm

    def run() -> dict[str, float]:
        rows = _rows(path)
        x, terms = _dense(rows)
        offset = np.log(rows["exposure_days"].to_numpy() / 365)
        model = sm.NegativeBinomial(rows["contacts"].to_numpy(), x, offset=offset)
        found = model.fit(method="newton", disp=0, maxiter=100, tol=1e-10)
        return dict(zip([*terms, "alpha"], map(float, found.params), strict=True))

    return run


def _dense(rows: pl.DataFrame) -> tuple[Any, list[str]]:
    import numpy as np

    columns, terms = [np.ones(rows.height)], ["constant"]
    for name in ("age", *COVARIATES, *FLAGS):
        codes = rows[name].to_numpy()
        levels = _categorical(codes, name).categories
        columns += [(codes == level).astype(float) for level in levels[1:]]
        terms += [f"{name}[{term}]" for term in _terms(name)[1:]]
    return np.stack(columns, axis=1), terms
