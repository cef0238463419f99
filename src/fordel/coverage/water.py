"""Straight lines over water (luftlinje over vand): which lines leave the land, and whose choices hang on them.

The law's distance is taken in a straight line, which may lead across a fjord to a practice that is far away by road.
The land is read from the shapes of municipalities, on a grid, so that a whole country is answered at once; a line
counts as crossing water when it lies over water for more than a stated stretch on end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from fordel.coverage.distance import Metres

if TYPE_CHECKING:
    import polars as pl

    from fordel.coverage.matrix import Cover, Indices, Locations

SIDE = 250.0  # metres of a grid cell, and between two looks along a line
BLOCK = 4  # cells along a side of a block
MARGIN = 1000.0  # metres of water around the land


@dataclass(frozen=True, eq=False)
class Land:
    """Land on a grid.

    Attributes:
        dry: ``(rows, columns)`` whether the middle of a cell is land, from the south-west.
        west, south: corner of the grid, EPSG:25832. Unit: metres.
        wet_before: blocks that hold water, south and west of each corner of a block.
    """

    dry: NDArray[np.bool_]
    west: float
    south: float
    wet_before: NDArray[np.int32]

    @classmethod
    def of(cls, shapes: pl.DataFrame) -> Land | None:
        """Read the land from ``geometry``, multipolygons as well-known binary (EPSG:25832); None without any."""
        lands = shapely.from_wkb(shapes["geometry"].to_numpy())
        if not len(lands):
            return None
        west, south, east, north = shapely.total_bounds(lands)
        west, south = west - MARGIN, south - MARGIN
        rows, columns = (int((reach + MARGIN) / (SIDE * BLOCK)) + 1 for reach in (north - south, east - west))
        dry = _rastered(lands, west, south, (rows * BLOCK, columns * BLOCK))
        wet = ~dry.reshape(rows, BLOCK, columns, BLOCK).all(axis=(1, 3))
        wet_before = np.zeros((rows + 1, columns + 1), np.int32)
        wet_before[1:, 1:] = wet.cumsum(axis=0, dtype=np.int32).cumsum(axis=1)
        return cls(dry, float(west), float(south), wet_before)

    def crossed(self, here: Metres, there: Metres, stretch: float) -> NDArray[np.bool_]:
        """Tell which lines between paired points ``(n, 2)`` lie over water for more than ``stretch`` metres on end."""
        crossed = np.zeros(len(here), np.bool_)
        doubtful = np.flatnonzero((np.hypot(*(there - here).T) > stretch) & self._near_water(here, there))
        crossed[doubtful] = self._longest(here[doubtful], there[doubtful]) > stretch
        return crossed

    def _cells(self, points: Metres) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        row = ((points[:, 1] - self.south) / SIDE).astype(np.int64).clip(0, self.dry.shape[0] - 1)
        column = ((points[:, 0] - self.west) / SIDE).astype(np.int64).clip(0, self.dry.shape[1] - 1)
        return row, column

    def _near_water(self, here: Metres, there: Metres) -> NDArray[np.bool_]:
        """Tell which boxes around lines hold any water: the others need no closer look."""
        low_row, low_column = (cell // BLOCK for cell in self._cells(np.minimum(here, there)))
        row, column = (cell // BLOCK + 1 for cell in self._cells(np.maximum(here, there)))
        before = self.wet_before
        wet: NDArray[np.int32] = (
            before[row, column] - before[low_row, column] - before[row, low_column] + before[low_row, low_column]
        )
        return wet > 0

    def _longest(self, here: Metres, there: Metres) -> Metres:
        """Measure the longest run over water of each line, by looks ``SIDE`` apart."""
        length = np.hypot(*(there - here).T)
        looks = np.ceil(length / SIDE).astype(np.int64) + 1
        first = np.cumsum(looks) - looks
        at = np.arange(looks.sum())
        dry = self.dry.ravel()[self._seen(here, there, looks, at - np.repeat(first, looks))]
        # Looks since the last one on land, or since the line began.
        since = at - np.maximum.accumulate(np.maximum(at * dry, np.repeat(first - 1, looks)))
        run = np.maximum.reduceat(since, first) if len(first) else np.empty(0, np.int64)
        longest: Metres = run * length / np.maximum(looks - 1, 1)
        return longest

    def _seen(self, here: Metres, there: Metres, looks: Indices, number: Indices) -> Indices:
        """Give the cell of each look along the lines, in the flattened grid."""
        rows, columns = self.dry.shape
        seen = []
        for axis, corner, cells in ((1, self.south, rows), (0, self.west, columns)):
            begin, end = (((points[:, axis] - corner) / SIDE).clip(0, cells - 0.5) for points in (here, there))
            step = (end - begin) / np.maximum(looks - 1, 1)
            seen.append((np.repeat(begin, looks) + number * np.repeat(step, looks)).astype(np.int64))
        flat: Indices = seen[0] * columns + seen[1]
        return flat


def _rastered(lands: NDArray[np.object_], west: float, south: float, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Fill polygons on the grid: the middle of a cell is land where an odd number of rings is crossed west of it.

    Common borders of neighbours are crossed twice and cancel, so all shapes are filled at once.
    """
    xy, ring = shapely.get_coordinates(_rings(lands), return_index=True)
    same = ring[1:] == ring[:-1]
    x, y = (xy[:, 0] - west) / SIDE - 0.5, (xy[:, 1] - south) / SIDE - 0.5
    x0, y0, x1, y1 = x[:-1][same], y[:-1][same], x[1:][same], y[1:][same]
    low, high = np.ceil(np.minimum(y0, y1)).astype(np.int64), np.ceil(np.maximum(y0, y1)).astype(np.int64)
    edge = np.repeat(np.arange(len(low)), high - low)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(high - low) - (high - low), high - low) + low[edge]
    column = np.ceil(x0[edge] + (row - y0[edge]) / (y1 - y0)[edge] * (x1 - x0)[edge]).astype(np.int64)
    turns = np.zeros(size, np.int8)
    np.add.at(turns, (row, column), 1)
    dry: NDArray[np.bool_] = np.bitwise_xor.accumulate(turns & 1, axis=1).astype(np.bool_)
    return dry


def _rings(lands: NDArray[np.object_]) -> NDArray[np.object_]:
    rings: NDArray[np.object_] = shapely.get_rings(shapely.get_parts(lands))
    return rings


def dry_choices(
    cover: Cover,
    is_open: NDArray[np.bool_],
    located: tuple[Locations, Locations],
    land: Land,
    stretch: float,
    enough: int,
) -> Indices:
    """Count open practices within the radius that a line over land reaches, up to ``enough`` for each place.

    The nearest are looked at first, ever more at a time, and no more than are needed.

    Args:
        cover: who lies within the radius of whom.
        is_open: ``(practices,)``.
        located: where places and practices stand.
        land: the land.
        stretch: water on end that a line may cross. Unit: metres.
        enough: count no further.

    Returns:
        ``(places,)`` choices, at most ``enough``.
    """
    pairs = np.flatnonzero(is_open[cover.practice])
    near_first = (cover.place[pairs].astype(np.int64) << 20) + cover.metres[pairs].astype(np.int64)
    pairs = pairs[np.argsort(near_first, kind="stable")]
    left = np.bincount(cover.place[pairs], minlength=cover.places)
    begin = np.cumsum(left) - left
    found = np.zeros(cover.places, np.int64)
    at_once = enough
    while len(asked := np.flatnonzero((left > 0) & (found < enough))):
        now = np.minimum(left[asked], at_once)
        pair = pairs[np.repeat(begin[asked] - np.cumsum(now) + now, now) + np.arange(now.sum())]
        place = cover.place[pair]
        dry = ~land.crossed(located[0].xy[place], located[1].xy[cover.practice[pair]], stretch)
        found += np.bincount(place[dry], minlength=cover.places)
        begin[asked] += now
        left[asked] -= now
        at_once *= 2
    return np.minimum(found, enough)
