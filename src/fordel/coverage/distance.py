"""Distance between two points of Denmark on the ellipsoid GRS80, from their coordinates in EPSG:25832.

UTM zone 32 stretches distances by -0.04 % to +0.2 % within Denmark (25 m in 15 km on Bornholm). Dividing by the mean
scale factor along the line (the series in the distance from the central meridian, averaged over the line) gives the
length of the geodesic to 0.1 mm for lines up to 20 km, at the price of a few multiplications.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod, Transformer

Metres = NDArray[np.float64]

SCALE_AT_MERIDIAN = 0.9996
FALSE_EASTING = 500_000.0
SEMI_MAJOR = 6_378_137.0
ECCENTRICITY_SQUARED = 0.006694380022900787
# At 56 degrees north: northing on the central meridian, meridional radius, sine squared, sine and cosine of twice 56.
NORTHING_56 = 6_206_079.587
METRES_PER_RADIAN = 6_379_416.854 * SCALE_AT_MERIDIAN
SINE_SQUARED_56 = 0.6873032967
SINE_112, COSINE_112 = 0.9271838546, -0.3746065934

# The scale factor in Denmark never moves a distance by more than this share of it.
MOST_STRETCH = 0.003
# Distances are compared in whole millimetres; pairs this near the radius are measured on the ellipsoid itself.
CLOSE_CALL = 0.01


@cache
def _ellipsoid() -> tuple[Geod, Transformer]:
    return Geod(ellps="GRS80"), Transformer.from_crs(25832, 4258, always_xy=True)


def meridian_offset(easting: Metres, northing: Metres) -> Metres:
    """Give how far points lie from the central meridian, as an angle. Unit: radians on the mean sphere of curvature."""
    u = (northing - NORTHING_56) / METRES_PER_RADIAN
    sine_squared = SINE_SQUARED_56 + u * (SINE_112 + u * COSINE_112)
    radius = SEMI_MAJOR * np.sqrt(1 - ECCENTRICITY_SQUARED) / (1 - ECCENTRICITY_SQUARED * sine_squared)
    offset: Metres = (easting - FALSE_EASTING) / (SCALE_AT_MERIDIAN * radius)
    return offset


def line_scale(offset_here: Metres, offset_there: Metres) -> Metres:
    """Give the mean scale factor of UTM zone 32 along lines between points with these meridian offsets."""
    s = (offset_here * offset_here + offset_here * offset_there + offset_there * offset_there) / 3
    scale: Metres = SCALE_AT_MERIDIAN * (1 + s * (0.5 + s / 24))
    return scale


def metres_between(here: Metres, there: Metres) -> Metres:
    """Measure along the ellipsoid between paired points (afstand i luftlinje).

    Args:
        here, there: ``(n, 2)`` easting and northing, EPSG:25832. Unit: metres.

    Returns:
        ``(n,)`` metres, within 0.1 mm of the geodesic for lines up to 20 km in Denmark.
    """
    scale = line_scale(meridian_offset(*here.T), meridian_offset(*there.T))
    metres: Metres = np.hypot(*(here - there).T) / scale
    return metres


def geodesic(here: Metres, there: Metres) -> Metres:
    """Measure the geodesic between paired points, whole millimetres. Shapes and units as ``metres_between``."""
    if not len(here):
        return np.empty(0)
    geod, to_degrees = _ellipsoid()
    ends: Any = (*to_degrees.transform(*here.T), *to_degrees.transform(*there.T))
    metres: Metres = np.asarray(geod.inv(*ends)[2], dtype=np.float64)
    return metres.round(3)


def settle(metres: Metres, radius: Metres, here: Metres, there: Metres) -> Metres:
    """Measure the pairs nearer than a centimetre to their radius by the geodesic, in place of the series."""
    close = np.flatnonzero(np.abs(metres - radius) < CLOSE_CALL)
    if len(close):
        metres = metres.copy()
        metres[close] = geodesic(here[close], there[close])
    return metres
