"""One side of a need benchmark, in a process of its own: prints outcome, seconds, CPU seconds and memory as JSON.

Usage: _need_side.py SIDE FILE. What is imported and compiled before the run is neither timed nor weighed; reading the
file is.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
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
LEVELS = {"age": 20, "sex": 2, "education": 5, "work": 6, "income_fifth": 5, "lives_alone": 2, "origin": 3}


def fordel(path: Path, family: str = "poisson") -> Callable[[], Any]:
    """Fit with Fordel: coefficients by term, with practice-clustered covariance."""
    from fordel.engines.parquet import duckdb_citizens
    from fordel.need import Family, default_model, fit

    model = default_model().without_supply().with_family(Family(family))
    _warm(lambda file: fit(model, duckdb_citizens(file)), path)

    def run() -> dict[str, float]:
        part = fit(model, duckdb_citizens(path)).parts[0]
        found = dict(zip((term.name for term in part.layout.terms), part.coefficients.tolist(), strict=True))
        return found | {"alpha": part.alpha} if part.alpha is not None else found

    return run


def fordel_weigh(path: Path) -> Callable[[], Any]:
    """Fit, untimed, then weigh all citizens and sum to practices and municipalities."""
    from fordel.engines.parquet import duckdb_citizens
    from fordel.need import default_model, fit, weigh_citizens

    citizens = duckdb_citizens(path)
    fitted = fit(default_model().without_supply(), citizens)
    weigh_citizens(fitted, citizens)

    def run() -> list[float]:
        weighed = weigh_citizens(fitted, citizens)
        return [weighed.by("practice_id")["weighted_citizens"].sum(), *weighed.by("municipality")["weighted_citizens"]]

    return run


def fordel_draws(path: Path) -> Callable[[], Any]:
    """Fit and weigh, untimed; then draw 1,000 times and carry each draw to every ceiling and indicative minimum."""
    from datetime import date

    from fordel.demo import make_snapshot
    from fordel.engines.parquet import duckdb_citizens
    from fordel.law import Lawbook
    from fordel.need import default_model, fit, weigh_citizens
    from fordel.runs.intervals import intervals
    from fordel.runs.models import drawn, model_record, weights_record

    law, tables = Lawbook.shipped().on(date(2026, 2, 1)), make_snapshot()
    by = ("practice_id", "municipality")

    def chain(file: Path, draws: int) -> Callable[[], float]:
        citizens = duckdb_citizens(file)
        fitted = fit(default_model().without_supply(), citizens)
        record = model_record(fitted)
        weighed = weigh_citizens(fitted, citizens, by=by)
        weights = weights_record(record, weighed, fewest=5, citizens="citizens", synthetic=True)

        def run() -> float:
            told = drawn(fitted, weights, citizens.placed(fitted.design, by), draws, seed=1)
            sure = intervals(law, tables, told, None, lambda _: None)
            return float(sure.frames["areas"]["draws_same"].to_numpy().mean())

        return run

    _warm(lambda file: chain(file, 10)(), path)
    return chain(path, 1_000)


def pandas_weigh(path: Path) -> Callable[[], Any]:
    """Weigh with pandas: one map per column."""
    import numpy as np
    import pandas as pd

    from fordel.engines.parquet import duckdb_citizens
    from fordel.need import default_model, fit

    model = default_model().without_supply()
    fitted = fit(model, duckdb_citizens(path))
    part = fitted.parts[0]
    by_term = dict(zip((t.name for t in part.layout.terms), part.coefficients, strict=True))

    def run() -> list[float]:
        frame = pd.read_parquet(path, columns=["practice_id", "municipality", "age", *COVARIATES, *FLAGS])
        eta = np.full(len(frame), by_term["constant"])
        for covariate in model.covariates:
            column = frame[covariate.column]
            if covariate.breaks:
                column = (column // 5).clip(upper=19)
            codes = {
                level.code if level.code is not None else at: level.name for at, level in enumerate(covariate.levels)
            }
            eta += column.map({code: by_term.get(f"{covariate.name}[{name}]", 0.0) for code, name in codes.items()})
        frame["weight"] = np.exp(eta)
        frame["weight"] /= frame["weight"].mean()
        return [frame.groupby("practice_id")["weight"].sum().sum(), *frame.groupby("municipality")["weight"].sum()]

    return run


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
        model = PoissonRegressor(alpha=0, solver="newton-cholesky", tol=1e-8)
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
        found = sm.GLM(rows["contacts"].to_numpy(), x, family=sm.families.Poisson(), offset=offset).fit()
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


def cells(path: Path) -> Callable[[], Any]:
    """Count cells by SQL, as on any engine."""
    import ibis

    from fordel.engines._expressions import cell_table
    from fordel.engines.parquet import duckdb_citizens
    from fordel.need import default_model

    citizens, model = duckdb_citizens(path), default_model().without_supply()
    query = ibis.to_sql(cell_table(citizens.table, model), dialect="duckdb")
    return lambda: sum(int(n) for n in citizens.connection.execute(query).fetchnumpy()["n"])


def cells_compiled(path: Path) -> Callable[[], Any]:
    """Count cells in one compiled pass."""
    from fordel.engines.parquet import duckdb_citizens
    from fordel.need import default_model

    citizens, model = duckdb_citizens(path), default_model().without_supply()
    _warm(lambda file: duckdb_citizens(file).cells(model), path)
    return lambda: int(citizens.cells(model).statistics["n"].sum())


def scan(path: Path) -> Callable[[], Any]:
    """Read and sum the columns that cells are made of: what no counting can be faster than."""
    import duckdb

    connection = duckdb.connect()
    columns = ("age", *COVARIATES, *FLAGS, "contacts", "exposure_days")
    sums = ", ".join(f"sum({name})" for name in columns)
    return lambda: connection.execute(f"select count(*), {sums} from '{path}'").fetchall()[0][0]  # noqa: S608


def _warm(work: Callable[[Path], Any], path: Path) -> None:
    """Load compiled code on a small file beside the real one."""
    work(path.with_name("citizens_60000.parquet"))


SIDES: dict[str, Callable[[Path], Callable[[], Any]]] = {
    "fordel": fordel,
    "fordel_nb2": lambda path: fordel(path, "nb2"),
    "fordel_weigh": fordel_weigh,
    "fordel_draws": fordel_draws,
    "pandas_weigh": pandas_weigh,
    "glum": glum,
    "sklearn": sklearn,
    "statsmodels": statsmodels,
    "statsmodels_nb2": statsmodels_nb2,
    "cells": cells,
    "cells_compiled": cells_compiled,
    "scan": scan,
}


PEERS = {
    "glum": ("glum", "pandas"),
    "sklearn": ("sklearn.linear_model", "sklearn.preprocessing", "sklearn.compose", "pandas"),
    "statsmodels": ("statsmodels.api",),
    "statsmodels_nb2": ("statsmodels.api",),
}


def main(side: str, path: Path) -> None:
    """Set up, then run and measure."""
    run = SIDES[side](path)
    _imports(side)
    idle = _megabytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    before, started = time.process_time(), time.perf_counter()
    outcome = run()
    told = {
        "outcome": outcome,
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - before,
        "megabytes": _megabytes("VmHWM") - idle,
    }
    print(json.dumps(told))


def _imports(side: str) -> None:
    """Import what a peer's run imports, so that neither its seconds nor its memory count."""
    for package in PEERS.get(side, ()):
        importlib.import_module(package)


def _megabytes(name: str) -> float:
    """Read a figure of this process as Linux keeps it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
