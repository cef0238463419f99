"""Sums of weights and of their slopes by group, compiled: all that draws of coefficients take."""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def moments(places, profiles, groups, people, first, second, third, width, count):  # type: ignore[no-untyped-def]
    """Sum by group: ``first`` (of each profile), ``second`` x, ``third`` x x' (lower triangle), times people.

    ``places`` (profiles, blocks): columns each profile touches, -1 for none, ascending by block.
    """
    zero, one, two = np.zeros(count), np.zeros((count, width)), np.zeros((count, width, width))
    for row in range(len(profiles)):
        profile, group, n = profiles[row], groups[row], people[row]
        zero[group] += n * first[profile]
        slope, bend = n * second[profile], n * third[profile]
        for at in range(places.shape[1]):
            place = places[profile, at]
            if place < 0:
                continue
            one[group, place] += slope
            for other in range(at + 1):
                if places[profile, other] >= 0:
                    two[group, place, places[profile, other]] += bend
    return zero, one, two
