"""Placement: stating maximal covering to the solver, against PySAL spopt."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np
from _case import Case
from _denmark import standing
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from fordel.engines.milp import load
from fordel.placement.classic import within
from fordel.placement.model import model_of
from fordel.placement.problem import Problem

TITLE = "Placement: from distances to a model in the solver"
ABOUT = (
    "Maximal covering (MCLP) of 40 sites within 15 km, from the same dense matrix of distances to a model the solver "
    "can take: Fordel's is then in HiGHS, spopt's in PuLP. Both are solved by HiGHS afterwards, untimed; answers are "
    "the same when both prove the same people covered."
)
PACKAGES = ("highspy", "numpy", "pulp", "scipy", "spopt")
RADIUS, SITES = 15_000.0, 40
Metres = NDArray[np.float64]


def fordel(metres: Metres, people: NDArray[np.int64]) -> Any:
    """From distances to a model that HiGHS holds."""
    reach = within(metres, RADIUS)
    candidates = np.arange(metres.shape[1])
    ones, none = np.ones(len(candidates), np.int64), np.zeros(len(people), np.int64)
    room = np.array([SITES], np.int64)
    return load(model_of(Problem(people, none, reach, 0 * ones, room, ones, ones, SITES, required=1)))


def spopt(metres: Metres, people: NDArray[np.int64]) -> Any:
    """From distances to a model that PuLP holds."""
    from spopt.locate import MCLP

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return MCLP.from_cost_matrix(metres, people, service_radius=RADIUS, p_facilities=SITES)


def same_optimum(ours: Any, theirs: Any) -> bool:
    """Whether both models have the same optimum."""
    import pulp

    ours.setOptionValue("mip_rel_gap", 0.0)
    ours.solve()
    theirs.solve(pulp.HiGHS(msg=False, gapRel=0.0))
    return bool(round(ours.getInfo().objective_function_value) == round(theirs.problem.objective.value()))


def cases() -> Iterator[Case]:
    """Give two sizes."""
    import_module("spopt.locate")  # six seconds that are no part of building

    for places, candidates in ((2_000, 400), (5_000, 1_000)):
        metres = cdist(standing(places, seed=1).xy, standing(candidates, seed=3).xy)
        people = np.random.default_rng(7).integers(1, 600, places)
        ours, peer = partial(fordel, metres, people), partial(spopt, metres, people)
        size = f"{places:,} places, {candidates:,} candidates"
        yield Case("maximal covering", size, ours, peer, f"spopt {version('spopt')}", same_optimum, 3)
