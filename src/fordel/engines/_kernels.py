"""Compiled inner loops of the straight-line engine. Imported when the engine first runs: numba takes half a second.

Places of one land and one radius are put in square blocks, row by row. Seen from a practice, the blocks of a row that
lie wholly within the radius are one run of consecutive places, which needs no measuring; only places in the blocks that
the circle cuts are measured. Nothing is sampled or approximated: the pairs are those of the brute-force reference.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from fordel.coverage.distance import (
    CLOSE_CALL,
    COSINE_112,
    ECCENTRICITY_SQUARED,
    FALSE_EASTING,
    METRES_PER_RADIAN,
    MOST_STRETCH,
    NORTHING_56,
    SCALE_AT_MERIDIAN,
    SEMI_MAJOR,
    SINE_112,
    SINE_SQUARED_56,
)

SCALED_AXIS = SCALE_AT_MERIDIAN * SEMI_MAJOR * np.sqrt(1 - ECCENTRICITY_SQUARED)

COMPILE: dict[str, Any] = {"cache": True, "nogil": True, "boundscheck": False}


@njit(**COMPILE)
def block_order(xy: Any, here: Any, side: float, x0: float, y0: float, columns: int, rows: int) -> Any:
    """Sort some points into blocks, row by row: their numbers, eastings, northings, and where each block begins."""
    block = np.empty(len(here), np.int32)
    start = np.zeros(rows * columns + 1, np.int64)
    for i in range(len(here)):
        x, y = xy[here[i], 0], xy[here[i], 1]
        block[i] = np.int32((y - y0) / side) * columns + np.int32((x - x0) / side)
        start[block[i] + 1] += 1
    for b in range(rows * columns):
        start[b + 1] += start[b]
    free = start[:-1].copy()
    number = np.empty(len(here), np.int64)
    for i in range(len(here)):
        number[free[block[i]]] = here[i]
        free[block[i]] += 1
    return number, start


@njit(**COMPILE)
def spots_of(xy: Any, number: Any) -> Any:
    """Take eastings, northings and meridian offsets (see ``fordel.coverage.distance.meridian_offset``) in an order."""
    x, y, u = np.empty(len(number)), np.empty(len(number)), np.empty(len(number))
    for i in range(len(number)):
        x[i], y[i] = xy[number[i], 0], xy[number[i], 1]
    for i in range(len(number)):
        v = (y[i] - NORTHING_56) / METRES_PER_RADIAN
        sine_squared = SINE_SQUARED_56 + v * (SINE_112 + v * COSINE_112)
        u[i] = (x[i] - FALSE_EASTING) * (1.0 - ECCENTRICITY_SQUARED * sine_squared) / SCALED_AXIS
    return x, y, u


@njit(**COMPILE)
def extent(xy: Any, here: Any) -> Any:
    """Give the box around some points: west, south, east, north."""
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    for i in here:
        west, east = min(west, xy[i, 0]), max(east, xy[i, 0])
        south, north = min(south, xy[i, 1]), max(north, xy[i, 1])
    return west, south, east, north


@njit(inline="always")
def columns_touched(sx: float, sy: float, radius: float, row: int, grid: Any) -> Any:
    """Give the columns of a row of blocks that the circle may touch, and those surely within it (first, end)."""
    side, x0, y0, columns = grid
    low, high = y0 + row * side - sy, y0 + (row + 1) * side - sy
    near = 0.0 if low <= 0.0 <= high else min(abs(low), abs(high))
    far = max(abs(low), abs(high))
    outer, inner = radius * (1 + MOST_STRETCH) + 1.0, radius * (1 - MOST_STRETCH) - 1.0
    if near > outer:
        return 0, 0, 0, 0
    half = np.sqrt(outer * outer - near * near)
    first = min(columns, max(0, np.int64(np.floor((sx - half - x0) / side))))
    end = max(first, min(columns, np.int64(np.floor((sx + half - x0) / side)) + 1))
    if far >= inner:
        return first, end, first, first
    half = np.sqrt(inner * inner - far * far)
    sure_first = max(first, np.int64(np.ceil((sx - half - x0) / side)))
    sure_end = min(end, np.int64(np.floor((sx + half - x0) / side)))
    if sure_end <= sure_first:
        return first, end, first, first
    return first, end, sure_first, sure_end


@njit(inline="always")
def scale(u: float, v: float) -> float:
    """Give the mean scale factor along a line; see ``fordel.coverage.distance.line_scale``."""
    s = (u * u + u * v + v * v) / 3.0
    return SCALE_AT_MERIDIAN * (1.0 + s * (0.5 + s / 24.0))


@njit(inline="always")
def count_run(spots: Any, a: int, b: int, site: Any, counts: Any, left: Any) -> int:
    """Count one practice for the places a to b that lie within; give how many are too close to the radius to call.

    Compares squares: the squared distance on the grid less the squared radius on the grid.
    """
    x, y, u, counts, left = spots[0][a:b], spots[1][a:b], spots[2][a:b], counts[a:b], left[a:b]
    sx, sy, su, radius, places_left = site
    close = 0
    for i in range(len(x)):
        s = (u[i] * u[i] + u[i] * su + su * su) * (1.0 / 3.0)
        limit = radius * (SCALE_AT_MERIDIAN * (1.0 + s * (0.5 + s * (1.0 / 24.0))))
        beyond = (x[i] - sx) * (x[i] - sx) + (y[i] - sy) * (y[i] - sy) - limit * limit
        within = np.int64(beyond <= -2.0 * CLOSE_CALL * limit)
        counts[i] += within
        left[i] += places_left & -within
        close += np.int64(abs(beyond) < 2.0 * CLOSE_CALL * limit)
    return close


@njit(inline="always")
def note_close(spots: Any, a: int, b: int, site: Any, number: int, calls: Any) -> None:
    """Write down the pairs that only the geodesic can settle."""
    x, y, u = spots
    sx, sy, su, radius, _ = site
    for i in range(a, b):
        s = (u[i] * u[i] + u[i] * su + su * su) * (1.0 / 3.0)
        limit = radius * (SCALE_AT_MERIDIAN * (1.0 + s * (0.5 + s * (1.0 / 24.0))))
        beyond = (x[i] - sx) * (x[i] - sx) + (y[i] - sy) * (y[i] - sy) - limit * limit
        if abs(beyond) < 2.0 * CLOSE_CALL * limit:
            calls.append((i, number))


@njit(**COMPILE)
def count_all(
    spots: Any, start: Any, grid: Any, rows: int, sites: Any, radius: float, places_left: Any, number: Any, totals: Any
) -> Any:
    """Count practices and sum places left of each place into two totals; list the pairs too close to call."""
    side, _, y0, columns = grid
    counts, left = np.zeros(len(number), np.int64), np.zeros(len(number), np.int64)
    sure, sure_left = np.zeros(len(number) + 1, np.int64), np.zeros(len(number) + 1, np.int64)
    calls = [(0, 0)][:0]
    reach = radius * (1 + MOST_STRETCH) + 1.0
    for s in range(len(places_left)):
        site = (sites[0][s], sites[1][s], sites[2][s], radius, places_left[s])
        lowest = max(0, np.int64(np.floor((site[1] - reach - y0) / side)))
        for row in range(lowest, min(rows, np.int64(np.floor((site[1] + reach - y0) / side)) + 1)):
            first, end, sure_first, sure_end = columns_touched(site[0], site[1], radius, row, grid)
            base = row * columns
            a, b = start[base + sure_first], start[base + sure_end]
            sure[a] += 1
            sure[b] -= 1
            sure_left[a] += site[4]
            sure_left[b] -= site[4]
            for c, d in ((start[base + first], a), (b, start[base + end])):
                if count_run(spots, c, d, site, counts, left):
                    note_close(spots, c, d, site, s, calls)
    close = np.empty((len(calls), 2), np.int64)
    for c in range(len(calls)):
        close[c, 0], close[c, 1] = calls[c]
    counted, room = totals
    surely, surely_left = 0, 0
    for i in range(len(number)):
        surely += sure[i]
        surely_left += sure_left[i]
        counted[number[i]] = counts[i] + surely
        room[number[i]] = left[i] + surely_left
    return close


@njit(**COMPILE)
def most_pairs(start: Any, grid: Any, rows: int, sites: Any, radius: float) -> int:
    """Bound the number of pairs from above by the places in the blocks each circle touches."""
    side, _, y0, columns = grid
    most = 0
    reach = radius * (1 + MOST_STRETCH) + 1.0
    for s in range(len(sites[0])):
        lowest = max(0, np.int64(np.floor((sites[1][s] - reach - y0) / side)))
        for row in range(lowest, min(rows, np.int64(np.floor((sites[1][s] + reach - y0) / side)) + 1)):
            first, end, _, _ = columns_touched(sites[0][s], sites[1][s], radius, row, grid)
            most += start[row * columns + end] - start[row * columns + first]
    return most


@njit(**COMPILE)
def list_all(
    spots: Any, start: Any, grid: Any, rows: int, sites: Any, radius: float, number: Any, there: Any, most: int
) -> Any:
    """List place, practice and metres of every pair up to a centimetre beyond the radius, and which are that close."""
    side, _, y0, columns = grid
    x, y, u = spots
    place, practice, metres = np.empty(most + 1, np.int32), np.empty(most + 1, np.int32), np.empty(most + 1)
    found = 0
    close = [0][:0]
    reach = radius * (1 + MOST_STRETCH) + 1.0
    for s in range(len(sites[0])):
        sx, sy, su = sites[0][s], sites[1][s], sites[2][s]
        lowest = max(0, np.int64(np.floor((sy - reach - y0) / side)))
        for row in range(lowest, min(rows, np.int64(np.floor((sy + reach - y0) / side)) + 1)):
            first, end, _, _ = columns_touched(sx, sy, radius, row, grid)
            for i in range(start[row * columns + first], start[row * columns + end]):
                square = (x[i] - sx) * (x[i] - sx) + (y[i] - sy) * (y[i] - sy)
                length = np.sqrt(square) / scale(u[i], su)
                place[found], practice[found], metres[found] = number[i], there[s], length
                if abs(length - radius) < CLOSE_CALL:
                    close.append(found)
                found += np.int64(length < radius + CLOSE_CALL)
    return place[:found], practice[:found], metres[:found], np.array(close, np.int64)


@njit(**COMPILE)
def by_place(place: Any, practice: Any, metres: Any, places: int) -> Any:
    """Sort pairs that come practice by practice into rows of places: start, practice, metres."""
    start = np.zeros(places + 1, np.int64)
    for p in place:
        start[p + 1] += 1
    for p in range(places):
        start[p + 1] += start[p]
    free = start[:-1].copy()
    sorted_practice, sorted_metres = np.empty(len(place), np.int32), np.empty(len(place), np.float64)
    for pair in range(len(place)):
        to = free[place[pair]]
        sorted_practice[to], sorted_metres[to] = practice[pair], metres[pair]
        free[place[pair]] = to + 1
    return start, sorted_practice, sorted_metres
