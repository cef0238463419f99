"""Chicago, 1,930 census tracts: the figures that PySAL `access` printed, and the same scores as that package today.

Source: Saxon & Snow, `pysal/access`, notebook of 2019-11; see us_chicago_access/SOURCE.md.
"""

from __future__ import annotations

import csv
import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Transformer
from scipy.spatial.distance import cdist

from fordel.coverage.access import (
    people_per_capacity,
    rational_agents,
    step_weights,
    supply_reached,
    three_step,
    two_step,
)
from fordel.coverage.matrix import Cover, cover_of

HERE = Path(__file__).parent / "us_chicago_access"
STEPS = {5_000.0: 1.0, 10_000.0: 0.68, 15_000.0: 0.22}


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def chicago() -> tuple[list[str], np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Give tracts, distances in Illinois East (EPSG:3528), people, and doctors and dentists."""
    features = json.loads(gzip.decompress((HERE / "chicago_metro_pop.geojson.gz").read_bytes()))["features"]
    tracts = [str(feature["properties"]["geoid"]) for feature in features]
    points = np.array([feature["geometry"]["coordinates"] for feature in features])
    xy = np.column_stack(Transformer.from_crs(2790, 3528, always_xy=True).transform(*points.T))
    supply = {row["geoid"]: row for row in rows("chicago_metro_docs_dentists.csv")}
    held = {what: np.array([float(supply[tract][what]) for tract in tracts]) for what in ("doc", "dentist")}
    people = np.array([feature["properties"]["pop"] for feature in features], dtype=np.int64)
    return tracts, cdist(xy, xy), people, held


def within(limit: float) -> Cover:
    _, metres, _, _ = chicago()
    place, practice = np.nonzero(metres <= limit)
    return cover_of(place, practice, metres[place, practice], metres.shape)


def test_the_printed_distances_are_reproduced() -> None:
    tracts, metres, _, _ = chicago()
    printed = [row for row in rows("published_results.csv") if row["quantity"].startswith("euclidean")]
    assert len(printed) == 5
    for row in printed:
        assert f"{metres[tracts.index('17031010100'), tracts.index(row['geoid'])]:.6f}" == row["value"]


@pytest.mark.slow
@pytest.mark.parametrize("what", ["doc", "dentist"])
def test_the_printed_rational_agents_are_reproduced_to_the_last_digit(what: str) -> None:
    tracts, _, people, held = chicago()
    cost = rational_agents(within(250_000.0), people, held[what], tau=1e5)
    printed = [row for row in rows("published_results.csv") if row["quantity"].startswith(f"raam_euclidean_{what} ")]
    assert len(printed) == 5
    assert [f"{cost[tracts.index(row['geoid'])]:.6f}" for row in printed] == [row["value"] for row in printed]


@pytest.mark.parametrize(
    ("steps", "total"), [({15_000.0: 1.0}, "1.7872164461"), (STEPS, "1.8039598807")], ids=["2SFCA", "E2SFCA"]
)
def test_the_floating_catchments_sum_as_access_gives_and_share_out_all_doctors(
    steps: dict[float, float], total: str
) -> None:
    _, _, people, held = chicago()
    cover = within(15_000.0)
    weights = step_weights(cover.metres, steps)
    demand = people.astype(np.float64)
    index = two_step(cover, demand, held["doc"], weights)
    assert f"{index.sum():.10f}" == total
    assert (demand * index).sum() == pytest.approx(supply_reached(cover, demand, held["doc"], weights), rel=1e-12)
    assert (demand * index).sum() == pytest.approx(7_254, rel=1e-9)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the peer warns of its own use of pandas
def test_the_family_equals_access() -> None:
    import pandas as pd
    from access import fca, weights

    tracts, _, people, held = chicago()
    cover, demand = within(15_000.0), people.astype(np.float64)
    cost = pd.DataFrame(
        {"origin": np.array(tracts)[cover.place], "dest": np.array(tracts)[cover.practice], "cost": cover.metres}
    )
    demand_frame = pd.DataFrame({"demand": demand}, index=pd.Index(tracts, name="geoid"))
    supply_frame = pd.DataFrame({"supply": held["doc"]}, index=pd.Index(tracts, name="geoid"))
    step: Any = weights.step_fn(STEPS)
    asked = {"demand_index": True, "supply_index": True}
    ours = step_weights(cover.metres, STEPS)
    pairs = {
        "2SFCA": (fca.two_stage_fca, None, two_step(cover, demand, held["doc"])),
        "E2SFCA": (fca.two_stage_fca, step, two_step(cover, demand, held["doc"], ours)),
        "3SFCA": (fca.three_stage_fca, step, three_step(cover, demand, held["doc"], ours)),
    }
    for name, (theirs, weight, index) in pairs.items():
        score = theirs(demand_frame, supply_frame, cost.copy(), max_cost=15_000, weight_fn=weight, **asked)
        assert np.allclose(index, score.reindex(tracts).fillna(0).to_numpy(), rtol=1e-12, atol=1e-15), name


def test_crowding_is_the_mean_over_the_capacities_in_reach() -> None:
    # By hand: place 0 reaches both practices, place 1 only the second; 100 and 50 people; 2 and 1 capacities.
    cover = cover_of(np.array([0, 0, 1]), np.array([0, 1, 1]), np.ones(3), (3, 2))
    crowd = people_per_capacity(cover, np.array([100.0, 50.0, 7.0]), np.array([2.0, 1.0]))
    # The first practice is shared by 100 people over 2 capacities = 50, the second by 150 over 1 = 150.
    assert crowd[:2].tolist() == [(2 * 50 + 1 * 150) / 3, 150.0]
    assert np.isnan(crowd[2])
