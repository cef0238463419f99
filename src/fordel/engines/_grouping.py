"""Compiled grouping of rows that are the same, numbered as they first appear."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_EMPTY = -1


@njit(nogil=True, cache=True)
def number_rows(one: Any, two: Any, three: Any, slots: Any, of: Any, first: Any) -> int:
    """Number rows of three whole numbers by a hash table; rows with the same three share a number.

    Args:
        one, two, three: ``(rows,)``.
        slots: filled with -1; a power of two, at least twice as many as rows that differ.
        of: ``(rows,)``, becomes the number of each row.
        first: ``(rows,)``, becomes the first row of each number.

    Returns:
        how many numbers there are.
    """
    mask = np.uint64(len(slots) - 1)
    found = 0
    for row in range(len(one)):
        mixed = np.uint64(one[row]) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(three[row])
        slot = np.int64((mixed ^ (mixed >> np.uint64(32))) & mask)
        while True:
            at = slots[slot]
            if at == _EMPTY:
                slots[slot], of[row], first[found] = found, found, row
                found += 1
                break
            like = first[at]
            if one[like] == one[row] and two[like] == two[row] and three[like] == three[row]:
                of[row] = at
                break
            slot = np.int64((np.uint64(slot) + np.uint64(1)) & mask)
    return found
