"""The obvious reference: measure every pair on the ellipsoid. For tests: memory grows with all pairs."""

from __future__ import annotations

import numpy as np

from fordel.coverage.distance import Metres, geodesic
from fordel.coverage.matrix import Cover, Indices, Locations, cover_of


class BruteForce:
    """Measure every place against every practice by the geodesic."""

    def cover(self, places: Locations, practices: Locations, radius: Metres) -> Cover:
        """See ``Engine.cover``."""
        place, practice = (side.ravel() for side in np.indices((len(places), len(practices))))
        metres = geodesic(places.xy[place], practices.xy[practice])
        within = (metres <= radius[place]) & (places.land[place] == practices.land[practice])
        return cover_of(place[within], practice[within], metres[within], (len(places), len(practices)))

    def count(
        self, places: Locations, practices: Locations, radius: Metres, places_left: Indices
    ) -> tuple[Indices, Indices]:
        """See ``Engine.count``."""
        cover = self.cover(places, practices, radius)
        left = [places_left[cover.practice[cover.row(number)]].sum() for number in range(len(places))]
        return np.diff(cover.start), np.array(left, dtype=np.int64)
