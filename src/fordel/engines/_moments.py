"""Sums of weights and of their slopes by group, compiled: all that draws of coefficients take."""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def moments(places, profiles, groups, people, weights, width, count):  # type: ignore[no-untyped-def]
    """Sum by group each profile's weight w, w x, and w x x' (lower triangle, row after row), times people.

    ``places`` (profiles, blocks): columns each profile touches, -1 for none, ascending by block.
    """
    zero, one, two = np.zeros(count), np.zeros((count, width)), np.zeros((count, width * (width + 1) // 2))
    for row in range(len(profiles)):
        profile, group = profiles[row], groups[row]
        weight = people[row] * weights[profile]
        zero[group] += weight
        for at in range(places.shape[1]):
            place = places[profile, at]
            if place < 0:
                continue
            one[group, place] += weight
            row_of = place * (place + 1) // 2
            for other in range(at + 1):
                if places[profile, other] >= 0:
                    two[group, row_of + places[profile, other]] += weight
    return zero, one, two
