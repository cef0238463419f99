"""Engines that measure by road, or take what was measured elsewhere, in place of the straight line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fordel.coverage.distance import Metres
from fordel.coverage.matrix import Cover, Indices, Locations
from fordel.coverage.paces import Paces
from fordel.coverage.travel import cover_from_travel
from fordel.engines.roads import Roads, cover_by_road


def sums_of(cover: Cover, places_left: Indices) -> tuple[Indices, Indices]:
    """Count the practices each place reaches and sum their places left."""
    return np.diff(cover.start), cover.sums(places_left.astype(np.float64)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class ByRoad:
    """Measure the shortest way by road (vejafstand); the ferries of ``roads`` count, so leave out what may not.

    Attributes:
        roads: the graph.
        paces: how far from a road a point may lie.
    """

    roads: Roads
    paces: Paces

    def cover(self, places: Locations, practices: Locations, radius: Metres) -> Cover:
        """See ``Engine.cover``; what land a point stands on says nothing here, the roads do."""
        cover = cover_by_road(self.roads, places.xy, practices.xy, float(radius.max(initial=0.0)), self.paces)
        return cover.keep(cover.metres <= radius[cover.place])

    def count(
        self, places: Locations, practices: Locations, radius: Metres, places_left: Indices
    ) -> tuple[Indices, Indices]:
        """See ``Engine.count``."""
        return sums_of(self.cover(places, practices, radius), places_left)

    def on_roads(self, points: Metres) -> np.ndarray:
        """Tell which points, ``(n, 2)``, lie within the snapping limit of a road; ``(n,)``."""
        found: np.ndarray = self.roads.snap(points, self.paces.road_snap_limit).node >= 0
        return found


@dataclass(frozen=True, eq=False)
class ByTravelTable:
    """Take distances from a travel table (rejseafstand).

    Attributes:
        places: ``cell_id, municipality``; practices: ``practice_id``; both in the order that is measured in.
        travel: valid by ``Travel``.
        ferries: whether pairs that need a ferry count.
    """

    places: pl.DataFrame
    practices: pl.DataFrame
    travel: pl.DataFrame
    ferries: bool

    def cover(self, places: Locations, practices: Locations, radius: Metres) -> Cover:  # noqa: ARG002 - measured already
        """See ``Engine.cover``.

        Raises:
            CoverageError: the table names a place or a practice that is not there.
        """
        return cover_from_travel(self.places, self.practices, self.travel, radius, ferries=self.ferries)

    def count(
        self, places: Locations, practices: Locations, radius: Metres, places_left: Indices
    ) -> tuple[Indices, Indices]:
        """See ``Engine.count``."""
        return sums_of(self.cover(places, practices, radius), places_left)
