"""The compiled straight-line engine (afstand i luftlinje): exact, and some twenty times as fast as a k-d tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import numpy as np

from fordel.coverage.distance import Metres, geodesic
from fordel.coverage.matrix import Cover, Engine, Indices, Locations
from fordel.coverage.tree import TreeEngine, groups
from fordel.engines._shares import by_shares

# Loading compiled code takes about a second: below this many places the tree has answered before that.
WORTH_COMPILING = 300_000
WORTH_SHARING = 20_000  # places for each core, at least
PLACES_PER_BLOCK = 12
BLOCK_SIDES = (500.0, 4000.0)  # metres


def fastest(places: int, *, again: bool = False) -> Engine:
    """Choose the engine that answers first; all give the same pairs.

    Args:
        places: how many places are to be measured.
        again: whether many questions follow, so that loading the compiled engine pays for few places too.
    """
    worth_it = again or places >= WORTH_COMPILING
    return StraightLine() if worth_it and find_spec("numba") else TreeEngine()


@cache
def _kernels() -> ModuleType:
    from fordel.engines import _kernels as kernels  # noqa: PLC0415 - numba takes half a second to import

    return kernels


@dataclass(frozen=True, eq=False)
class _Blocks:
    """Places of one land and one radius in block order."""

    number: Indices
    spots: tuple[Metres, Metres, Metres]
    start: Indices
    grid: tuple[float, float, float, int]
    rows: int


class StraightLine:
    """Find or count pairs within the radius with compiled loops over blocks of places."""

    def count(
        self, places: Locations, practices: Locations, radius: Metres, places_left: Indices
    ) -> tuple[Indices, Indices]:
        """See ``Engine.count``."""
        counts, left = np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)
        for length, here, there in groups(places, practices, radius):
            share = partial(_count, places, practices, length, there, places_left, (counts, left))
            for place, practice in by_shares(share, here, least=WORTH_SHARING):
                within = geodesic(places.xy[place], practices.xy[practice]) <= length
                np.add.at(counts, place[within], 1)
                np.add.at(left, place[within], places_left[practice[within]])
        return counts, left

    def cover(self, places: Locations, practices: Locations, radius: Metres) -> Cover:
        """See ``Engine.cover``."""
        parts = []
        for length, here, there in groups(places, practices, radius):
            share = partial(_pairs, places, practices, length, there)
            parts += by_shares(share, here, least=WORTH_SHARING)
        if not parts:
            return TreeEngine().cover(places, practices, radius)
        place, practice, metres = (np.concatenate(part) for part in zip(*parts, strict=True))
        start, practice, metres = _kernels().by_place(place, practice, metres, len(places))
        return Cover(start, practice, metres, len(practices))


def _arguments(blocks: _Blocks) -> tuple[Any, ...]:
    return blocks.spots, blocks.start, blocks.grid, blocks.rows


def _blocks(places: Locations, here: Indices) -> _Blocks:
    """Put places in blocks of about a dozen, none smaller than 500 m or larger than 4 km."""
    west, south, east, north = _kernels().extent(places.xy, here)
    side = np.clip(np.sqrt((east - west) * (north - south) * PLACES_PER_BLOCK / len(here)), *BLOCK_SIDES)
    columns, rows = int((east - west) / side) + 1, int((north - south) / side) + 1
    number, start = _kernels().block_order(places.xy, here, side, west, south, columns, rows)
    spots = _kernels().spots_of(places.xy, number)
    return _Blocks(number, spots, start, (float(side), west, south, columns), rows)


def _count(
    places: Locations, practices: Locations, length: float, there: Indices, places_left: Indices,
    totals: tuple[Indices, Indices], here: Indices,
) -> tuple[Indices, Indices]:  # fmt: skip
    """Count into the totals of some places; give the pairs too close to call. No two shares write to one place."""
    blocks, sites = _blocks(places, here), _kernels().spots_of(practices.xy, there)
    close = _kernels().count_all(*_arguments(blocks), sites, length, places_left[there], blocks.number, totals)
    return blocks.number[close[:, 0]], there[close[:, 1]]


def _pairs(
    places: Locations, practices: Locations, length: float, there: Indices, here: Indices
) -> tuple[Indices, Indices, Metres]:
    blocks, sites = _blocks(places, here), _kernels().spots_of(practices.xy, there)
    most = _kernels().most_pairs(blocks.start, blocks.grid, blocks.rows, sites, length)
    found = _kernels().list_all(*_arguments(blocks), sites, length, blocks.number, there, most)
    place, practice, metres, close = found
    metres[close] = geodesic(places.xy[place[close]], practices.xy[practice[close]])
    beyond = close[metres[close] > length]
    if len(beyond):
        place, practice, metres = (np.delete(part, beyond) for part in (place, practice, metres))
    return place, practice, metres
