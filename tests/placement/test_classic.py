"""San Francisco: the optima that PySAL spopt published of the four classical location models, to the last digit.

Source: us_sf_spopt/SOURCE.md. Brute force over all 1,820 sets of four stores agrees.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_array

from fordel.engines.milp import optimum, solve
from fordel.placement.classic import p_center, p_median, set_cover, within
from fordel.placement.errors import PlacementError
from placement.small import CLASSIC, stated

HERE = Path(__file__).parents[1] / "golden" / "us_sf_spopt"


@cache
def san_francisco() -> tuple[np.ndarray, np.ndarray]:
    """Give metres, tracts x stores, and the people of each tract."""
    frame = pl.read_csv(HERE / "distances.csv")
    wide = frame.pivot("store", index="tract", values="metres").sort("tract")
    return wide.drop("tract").to_numpy(), frame.unique("tract").sort("tract")["people"].to_numpy()


def published(model: str, quantity: str, radius: str = "") -> str:
    with (HERE / "published_results.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if (r["model"], r["quantity"]) == (model, quantity)]
    (row,) = [r for r in rows if r["service_radius_m"] == radius]
    return row["value"]


def fewest(reach: csr_array) -> np.ndarray:
    return optimum(set_cover(reach))[1] > 0.5


@pytest.mark.parametrize("radius", ["5000", "8000"])
def test_location_set_covering(radius: str) -> None:
    assert -optimum(set_cover(within(san_francisco()[0], float(radius))))[0] == int(
        published("LSCP", "number of facilities", radius)
    )


def test_maximal_covering() -> None:
    metres, people = san_francisco()
    reach = (metres <= 5000).astype(int).tolist()
    problem = stated(reach, people=people, choices=[0] * len(people), required=1, sites=4)
    plan = solve(problem)
    assert plan.value == int(published("MCLP", "covered demand (POP2000)", "5000"))
    share = (problem.counts(plan.chosen) > 0).mean() * 100
    assert share == pytest.approx(float(published("MCLP", "percent of demand points covered", "5000")), abs=1e-9)


def test_p_median() -> None:
    metres, people = san_francisco()
    worth, found = optimum(p_median(metres, people, 4))
    assert -worth == pytest.approx(float(published("P-Median", "weighted distance")), abs=1e-5)
    assert -worth / people.sum() == pytest.approx(float(published("P-Median", "mean weighted distance")), abs=1e-9)
    chosen = np.flatnonzero(found[:16] > 0.5)
    every = (float((metres[:, list(c)].min(axis=1) * people).sum()) for c in combinations(range(16), 4))
    assert float((metres[:, chosen].min(axis=1) * people).sum()) == pytest.approx(min(every), rel=1e-12)


def test_p_center() -> None:
    metres, _ = san_francisco()
    farthest, chosen = p_center(metres, 4, fewest)
    assert f"{farthest:.4f}" == published("P-Center", "largest distance")
    assert len(chosen) <= 4
    assert metres[:, chosen].min(axis=1).max() == farthest
    assert farthest == min(metres[:, list(c)].min(axis=1).max() for c in combinations(range(16), 4))


def test_a_place_nobody_reaches_has_no_cover() -> None:
    with pytest.raises(PlacementError, match="longer reach"):
        optimum(set_cover(csr_array(np.array([[1.0, 0.0], [0.0, 0.0]]))))


@pytest.mark.parametrize(("model", "rows"), [(m, name) for m in CLASSIC for name, _ in CLASSIC[m].rows])
def test_each_constraint_decides_an_answer(model: str, rows: str) -> None:
    whole = CLASSIC[model]
    names = np.repeat([name for name, _ in whole.rows], [count for _, count in whole.rows])
    kept = np.flatnonzero(names != rows)
    loose = replace(whole, matrix=whole.matrix[kept], low=whole.low[kept], high=whole.high[kept])
    assert optimum(loose)[0] > optimum(whole)[0]
