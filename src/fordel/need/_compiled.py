"""The sums over cells, compiled. Each works on the cells from ``start`` to ``stop`` and releases the interpreter."""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def predictor(places, values, coefficients, out, start, stop):  # type: ignore[no-untyped-def]
    """Write X β into ``out``."""
    plain = values.size == 0
    for cell in range(start, stop):
        total = 0.0
        for at in range(places.shape[1]):
            place = places[cell, at]
            if place >= 0:
                total += coefficients[place] if plain else coefficients[place] * values[cell, at]
        out[cell] = total


@njit(nogil=True, cache=True)
def gradient(places, values, by_cell, width, start, stop):  # type: ignore[no-untyped-def]
    """Give X' g."""
    plain = values.size == 0
    total = np.zeros(width)
    for cell in range(start, stop):
        for at in range(places.shape[1]):
            place = places[cell, at]
            if place >= 0:
                total[place] += by_cell[cell] if plain else by_cell[cell] * values[cell, at]
    return total


@njit(nogil=True, cache=True)
def information(places, values, by_cell, width, start, stop):  # type: ignore[no-untyped-def]
    """Give the lower triangle of X' diag(w) X."""
    plain = values.size == 0
    total = np.zeros((width, width))
    touched = np.empty(places.shape[1], dtype=np.int64)
    weight = np.empty(places.shape[1])
    for cell in range(start, stop):
        count = 0
        for at in range(places.shape[1]):
            if places[cell, at] >= 0:
                touched[count] = places[cell, at]
                weight[count] = 1.0 if plain else values[cell, at]
                count += 1
        for one in range(count):
            scaled = by_cell[cell] * weight[one]
            for other in range(one + 1):  # blocks stand in ascending order of columns: below the diagonal
                total[touched[one], touched[other]] += scaled * weight[other]
    return total
