"""A synthetic Denmark of true size for benchmarks: seeded, four stretches of land, towns of Zipf size, rural people."""

from __future__ import annotations

import numpy as np

from fordel.coverage.matrix import Locations

# West, south, width, height of Jutland, Funen, Zealand and Bornholm as boxes. Unit: metres, EPSG:25832.
LANDS = (
    (450e3, 6080e3, 140e3, 320e3),
    (545e3, 6095e3, 65e3, 60e3),
    (630e3, 6070e3, 95e3, 150e3),
    (863e3, 6105e3, 30e3, 30e3),
)
SHARES = (0.46, 0.09, 0.44, 0.01)


def standing(number: int, seed: int) -> Locations:
    """Stand ``number`` points in towns (85 %) and on rural land; Bornholm is a land of its own."""
    rng = np.random.default_rng(seed)
    towns = np.random.default_rng(2026)
    xy = np.empty((number, 2))
    of_land = rng.choice(len(LANDS), number, p=SHARES)
    for land, (west, south, width, height) in enumerate(LANDS):
        here = np.flatnonzero(of_land == land)
        count = (200, 50, 140, 10)[land]
        centres = np.column_stack([west + towns.random(count) * width, south + towns.random(count) * height])
        size = 1 / np.arange(1, count + 1)
        chosen = rng.choice(count, len(here), p=size / size.sum())
        spread = rng.normal(0, 1, (len(here), 2)) * (1500 + 5000 * np.sqrt(size[chosen]))[:, None]
        rural = np.column_stack([west + rng.random(len(here)) * width, south + rng.random(len(here)) * height])
        stand = np.where((rng.random(len(here)) < 0.15)[:, None], rural, centres[chosen] + spread)
        xy[here] = np.clip(stand, (west, south), (west + width, south + height))
    return Locations(xy, (of_land == 3).astype(np.int64))


def radius_of(places: Locations) -> np.ndarray:
    """5 km in a disc on Zealand that holds about as many as the capital, 15 km elsewhere. Unit: metres."""
    return np.where(np.hypot(*(places.xy - (700e3, 6_170e3)).T) < 15_000, 5_000.0, 15_000.0)
