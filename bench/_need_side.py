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
from dataclasses import replace
from pathlib import Path
from typing import Any

from _need_peers import COVARIATES, FLAGS, glum, sklearn, statsmodels, statsmodels_nb2


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
    """Count cells in one compiled pass, of the columns that a plain scan reads: without practices."""
    from fordel.engines.parquet import duckdb_citizens
    from fordel.need import default_model

    citizens, model = duckdb_citizens(path), replace(default_model().without_supply(), practice=None)
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
