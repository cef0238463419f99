"""The tree engine: pairs within the radius by a k-d tree. Needs nothing but scipy; what a single plan uses."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from fordel.coverage.distance import MOST_STRETCH, Metres, metres_between, settle
from fordel.coverage.matrix import Cover, Indices, Locations, cover_of


class TreeEngine:
    """Find pairs within the radius through a k-d tree on projected metres, measured on the ellipsoid."""

    def cover(self, places: Locations, practices: Locations, radius: Metres) -> Cover:
        """See ``Engine.cover``."""
        found = [np.concatenate(part) for part in zip(*_pairs(places, practices, radius), strict=True)]
        if not found:
            found = [np.empty(0, np.int64), np.empty(0, np.int64)]
        place, practice = found
        here, there = places.xy[place], practices.xy[practice]
        metres = settle(metres_between(here, there), radius[place], here, there)
        within = metres <= radius[place]
        return cover_of(place[within], practice[within], metres[within], (len(places), len(practices)))

    def count(
        self, places: Locations, practices: Locations, radius: Metres, places_left: Indices
    ) -> tuple[Indices, Indices]:
        """See ``Engine.count``."""
        cover = self.cover(places, practices, radius)
        return np.diff(cover.start), cover.sums(places_left.astype(np.float64)).astype(np.int64)


def groups(places: Locations, practices: Locations, radius: Metres) -> Iterator[tuple[float, Indices, Indices]]:
    """Walk over radius, places and practices that may see each other: same land, same radius."""
    lengths = pl.Series(radius).unique().sort()
    for land in np.unique(practices.land):
        there, on_land = np.flatnonzero(practices.land == land), places.land == land
        for length in lengths:
            here = np.flatnonzero(on_land & (radius == length))
            if len(here):
                yield float(length), here, there


def _pairs(places: Locations, practices: Locations, radius: Metres) -> Iterator[tuple[Indices, Indices]]:
    from scipy.spatial import cKDTree  # noqa: PLC0415 - loads slowly; most pages never measure

    for length, here, there in groups(places, practices, radius):
        origins, sites = cKDTree(places.xy[here]), cKDTree(practices.xy[there])
        near = origins.sparse_distance_matrix(sites, length * (1 + MOST_STRETCH) + 1, output_type="ndarray")
        yield here[near["i"]], there[near["j"]]
