"""The compiled straight-line engine (afstand i luftlinje): exact, and some twenty times as fast as a k-d tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import numpy as np

from fordel.coverage.distance import Metres, geodesic, meridian_offset, settle
from fordel.coverage.matrix import Cover, Engine, Indices, Locations
from fordel.coverage.tree import TreeEngine, groups

# Loading compiled code takes about a second: below this many places the tree has answered before that.
WORTH_COMPILING = 300_000
PLACES_PER_BLOCK = 12


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
            blocks, sites = _blocks(places, here), _spots(practices.xy[there])
            found = _kernels().count_all(*_arguments(blocks), sites, places_left[there], length)
            counts[blocks.number], left[blocks.number] = found[:2]
            if found[2]:
                calls = np.array(found[2], dtype=np.int64)
                place, practice = blocks.number[calls[:, 0]], there[calls[:, 1]]
                within = geodesic(places.xy[place], practices.xy[practice]) <= length
                np.add.at(counts, place[within], 1)
                np.add.at(left, place[within], places_left[practice[within]])
        return counts, left

    def cover(self, places: Locations, practices: Locations, radius: Metres) -> Cover:
        """See ``Engine.cover``."""
        parts = [_pairs(places, practices, *group) for group in groups(places, practices, radius)]
        if not parts:
            return TreeEngine().cover(places, practices, radius)
        place, practice, metres = (np.concatenate(part) for part in zip(*parts, strict=True))
        start, practice, metres = _kernels().by_place(place, practice, metres, len(places))
        cover = Cover(start, practice, metres, len(practices))
        close = np.flatnonzero(np.abs(metres - radius[cover.place]) < 1.0)
        here, there = places.xy[cover.place[close]], practices.xy[practice[close]]
        metres[close] = settle(metres[close], radius[cover.place[close]], here, there)
        beyond = metres > radius[cover.place]
        return cover.keep(~beyond) if beyond.any() else cover


def _arguments(blocks: _Blocks) -> tuple[Any, ...]:
    return blocks.spots, blocks.start, blocks.grid, blocks.rows


def _spots(xy: Metres) -> tuple[Metres, Metres, Metres]:
    x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    return x, y, meridian_offset(x, y)


def _blocks(places: Locations, here: Indices) -> _Blocks:
    """Put places in blocks of about a dozen, none smaller than 500 m or larger than 4 km."""
    x, y, u = _spots(places.xy[here])
    x0, y0 = float(x.min()), float(y.min())
    width, height = float(x.max()) - x0, float(y.max()) - y0
    side = float(np.clip(np.sqrt(width * height * PLACES_PER_BLOCK / len(x)), 500.0, 4000.0))
    columns, rows = int(width / side) + 1, int(height / side) + 1
    order, start = _kernels().block_order(x, y, side, x0, y0, columns, rows)
    return _Blocks(here[order], (x[order], y[order], u[order]), start, (side, x0, y0, columns), rows)


def _pairs(
    places: Locations, practices: Locations, length: float, here: Indices, there: Indices
) -> tuple[Indices, Indices, Metres]:
    blocks, sites = _blocks(places, here), _spots(practices.xy[there])
    most = _kernels().most_pairs(blocks.start, blocks.grid, blocks.rows, sites, length)
    place, practice, metres = _kernels().list_all(*_arguments(blocks), sites, length, most)
    return blocks.number[place], there[practice], metres
