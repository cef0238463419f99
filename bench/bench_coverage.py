"""Coverage: counting open practices within the radius against a plain k-d tree and against brute force."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.metadata import version

import numpy as np
import polars as pl
from _case import Case
from scipy.spatial import cKDTree

from fordel.coverage import count_choices

TITLE = "Coverage: open practices within the radius"
ABOUT = (
    "The tree engine, which one plan uses to be spared the second that compiled code takes to load; the compiled "
    "engine is measured by itself. A synthetic country of true size (seeded): places in towns and on rural land, 15 km "
    "everywhere, one land. Fordel measures every pair on the ellipsoid; the peers measure on the projected plane only, "
    "which is off by up to 6 m at 15 km. Answers are the same when they differ by no more than the pairs within 20 m "
    "of the radius."
)
PACKAGES = ("numpy", "polars", "pyproj", "scipy")
RADIUS = 15_000.0


def standing(number: int, seed: int) -> pl.DataFrame:
    """Stand points in 400 towns of unequal size (85 %) and on rural land. Unit: metres, EPSG:25832."""
    rng, towns = np.random.default_rng(seed), np.random.default_rng(2026)
    centres = np.column_stack([towns.uniform(450e3, 730e3, 400), towns.uniform(6080e3, 6390e3, 400)])
    share = 1 / np.arange(1, 401)
    chosen = rng.choice(400, number, p=share / share.sum())
    town = centres[chosen] + rng.normal(0, 1, (number, 2)) * (1_500 + 5_000 * np.sqrt(1 / (chosen + 1)))[:, None]
    rural = np.column_stack([rng.uniform(450e3, 730e3, number), rng.uniform(6080e3, 6390e3, number)])
    points = np.where((rng.random(number) < 0.15)[:, None], rural, town)
    return pl.DataFrame({"easting": points[:, 0], "northing": points[:, 1], "land": "fixed", "radius": RADIUS})


def plain_tree(places: pl.DataFrame, practices: pl.DataFrame, radius: float = RADIUS) -> pl.Series:
    """What one would write first with scipy."""
    sites, origins = (frame.select("easting", "northing").to_numpy() for frame in (practices, places))
    counts = cKDTree(sites).query_ball_point(origins, radius, return_length=True)
    return pl.Series("open_choices", counts.astype(np.int64))


def brute_force(places: pl.DataFrame, practices: pl.DataFrame) -> pl.Series:
    """Every pair, in slices that fit in memory."""
    sites, origins = (frame.select("easting", "northing").to_numpy() for frame in (practices, places))
    parts = [
        (np.hypot(*(part[:, None, :] - sites[None, :, :]).T) <= RADIUS).sum(axis=0)
        for part in np.array_split(origins, max(1, len(origins) // 1_000))
    ]
    return pl.Series("open_choices", np.concatenate(parts).astype(np.int64))


def agree(places: pl.DataFrame, practices: pl.DataFrame, ours: pl.Series, theirs: pl.Series) -> bool:
    """Whether both counts lie between those within 20 m less and 20 m more than the radius, at every place."""
    least, most = (plain_tree(places, practices, RADIUS + metres) for metres in (-20, 20))
    return all(bool(((least <= counts) & (counts <= most)).all()) for counts in (ours, theirs))


def cases() -> Iterator[Case]:
    """A country of 30,000 places and 700 open practices, then ten times the places."""
    practices = standing(700, seed=7)
    for number in (30_000, 300_000):
        places = standing(number, seed=1)
        ours, size = partial(count_choices, places, practices), f"{number:,} places, 700 practices"
        tree, brute = partial(plain_tree, places, practices), partial(brute_force, places, practices)
        same = partial(agree, places, practices)
        yield Case("against a plain k-d tree", size, ours, tree, f"scipy {version('scipy')} cKDTree", same, 3)
        yield Case("against every pair", size, ours, brute, f"numpy {version('numpy')}", same, 3)
