"""Coverage on a country of true size: counts, places left and access indices against scipy and PySAL."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version

import numpy as np
import pandas as pd
from _case import Case
from _denmark import radius_of, standing
from access import fca, weights
from scipy.spatial import cKDTree

from fordel.coverage import Cover, Locations, TreeEngine
from fordel.coverage.access import step_weights, two_step
from fordel.coverage.distance import Metres
from fordel.coverage.matrix import Indices
from fordel.engines.straight_line import StraightLine

TITLE = "Coverage: the compiled engine"
ABOUT = (
    "A synthetic country of true size (seeded): towns and rural land on four stretches, one an island, 5 km in a disc "
    "and 15 km elsewhere. Fordel counts practices, sums their places left and is exact on the ellipsoid; the plain "
    "k-d tree only counts, on the projected plane, and answers are the same when they differ by no more than the pairs "
    "within 30 m of the radius. The exact tree engine must give the very same. Indices must agree to 1e-12."
)
PACKAGES = ("access", "numba", "numpy", "pandas", "scipy")
STEPS = {5_000.0: 1.0, 10_000.0: 0.68, 15_000.0: 0.22}
Counted = tuple[Indices, Indices]


def plain_tree(places: Locations, practices: Locations, radius: Metres) -> Indices:
    """Count with a k-d tree, land by land, as one would write first."""
    counts = np.zeros(len(places), np.int64)
    for land in np.unique(practices.land):
        here = places.land == land
        tree = cKDTree(practices.xy[practices.land == land])
        counts[here] = tree.query_ball_point(places.xy[here], radius[here], return_length=True)
    return counts


def nearly(places: Locations, practices: Locations, radius: Metres, ours: Counted, theirs: Indices) -> bool:
    """Whether both counts lie between those within 30 m less and 30 m more than the radius, at every place."""
    least, most = (plain_tree(places, practices, radius + metres) for metres in (-30, 30))
    return all(bool(((least <= counts) & (counts <= most)).all()) for counts in (ours[0], theirs))


def equal(ours: Counted, theirs: Counted) -> bool:
    """Whether counts and sums are the very same."""
    return all(bool((a == b).all()) for a, b in zip(ours, theirs, strict=True))


def pysal(cover: Cover, demand: Metres, supply: Metres) -> Metres:
    """The same index by PySAL, which wants a long table of pairs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cost = pd.DataFrame({"origin": cover.place, "dest": cover.practice, "cost": cover.metres})
        people = pd.DataFrame({"demand": demand})
        held = pd.DataFrame({"supply": supply})
        score = fca.two_stage_fca(
            people, held, cost, max_cost=15_000, demand_index=True, supply_index=True, weight_fn=weights.step_fn(STEPS)
        )
    index: Metres = score.reindex(range(cover.places)).fillna(0).to_numpy()
    return index


def cases() -> Iterator[Case]:
    """Cells, then addresses, then an access index on the cells."""
    practices = standing(1_700, seed=2)
    left = np.random.default_rng(0).integers(0, 300, 1_700)
    for number, repeat in ((100_000, 7), (2_500_000, 3)):
        places = standing(number, seed=1)
        radius, size = radius_of(places), f"{number:,} places, 1,700 practices"
        ours = partial(StraightLine().count, places, practices, radius, left)
        ours()
        peer, same = partial(plain_tree, places, practices, radius), partial(nearly, places, practices, radius)
        yield Case(
            "counts and places left", size, ours, peer, f"scipy {version('scipy')} cKDTree, counts only", same, repeat
        )
        if number == 100_000:
            exact = partial(TreeEngine().count, places, practices, radius, left)
            yield Case("counts and places left", size, ours, exact, "our tree engine, exact too", equal, 3)
            cover = StraightLine().cover(places, practices, np.full(number, 15_000.0))
            demand, supply = (
                np.random.default_rng(3).uniform(1, 100, number),
                np.random.default_rng(4).uniform(1, 5, 1_700),
            )
            index = lambda: two_step(cover, demand, supply, step_weights(cover.metres, STEPS))  # noqa: E731, B023
            theirs = partial(pysal, cover, demand, supply)
            alike = lambda a, b: bool(np.allclose(a, b, rtol=1e-12, atol=0))  # noqa: E731
            yield Case("E2SFCA", f"{cover.pairs:,} pairs", index, theirs, f"PySAL access {version('access')}", alike, 3)
