"""What is done citizen by citizen in Parquet, compiled: count to cells by a hash table, and sum scores by practice."""

import numpy as np
from numba import njit

_EMPTY = -1  # packed words are never negative


@njit(nogil=True, cache=True)
def _slot(word, extra, mask):  # type: ignore[no-untyped-def]
    mixed = (np.uint64(word) + np.uint64(extra) * np.uint64(0xC2B2AE3D27D4EB4F)) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed ^ (mixed >> np.uint64(29))) & mask


@njit(nogil=True, cache=True)
def add_to_words(words, column, low, adds):  # type: ignore[no-untyped-def]
    """Add to each citizen's word what its value of a column adds; stop and tell if one is beyond the look-up."""
    for row in range(len(words)):
        at = np.int64(column[row]) - low
        if at < 0 or at >= len(adds):
            return False
        words[row] += adds[at]
    return True


@njit(nogil=True, cache=True)
def tell_use(use, exposure, extra, used):  # type: ignore[no-untyped-def]
    """Write twice the exposure plus 1 where use is negative, and use."""
    for row in range(len(use)):
        days = np.int64(exposure[row])
        extra[row] = (2 * days if days > 0 else 0) + (use[row] < 0)
        used[row] = use[row]


@njit(nogil=True, cache=True)
def place_all(slots, table, count):  # type: ignore[no-untyped-def]
    """Put the first ``count`` combinations into an empty array of slots."""
    mask = np.uint64(len(slots) - 1)
    for at in range(count):
        slot = _slot(table[at, 0], table[at, 1], mask)
        while slots[slot] != _EMPTY:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = at


@njit(nogil=True, cache=True)
def count_rows(slots, table, count, word, extra, use, found, start):  # type: ignore[no-untyped-def]
    """Count rows from ``start`` on to combinations of word and extra; stop when the table is full.

    ``table`` has columns word, extra, n, Σ use, Σ use², users; ``found[row]`` becomes the combination. Gives where it
    stopped, and how many combinations there are.
    """
    mask = np.uint64(len(slots) - 1)
    for row in range(start, len(word)):
        slot = _slot(word[row], extra[row], mask)
        while True:
            at = slots[slot]
            if at == _EMPTY:
                if count >= len(table):
                    return row, count
                at = count
                slots[slot], table[at, 0], table[at, 1] = at, word[row], extra[row]
                count += 1
                break
            if table[at, 0] == word[row] and table[at, 1] == extra[row]:
                break
            slot = (slot + np.uint64(1)) & mask
        found[row] = at
        table[at, 2] += 1
        table[at, 3] += use[row]
        table[at, 4] += np.int64(use[row]) * use[row]
        table[at, 5] += use[row] > 0
    return len(word), count


@njit(nogil=True, cache=True)
def find_rows(slots, table, word, extra, found):  # type: ignore[no-untyped-def]
    """Find the combination of each row; -1 is none."""
    mask = np.uint64(len(slots) - 1)
    for row in range(len(word)):
        slot = _slot(word[row], extra[row], mask)
        at = slots[slot]
        while at != _EMPTY and (table[at, 0] != word[row] or table[at, 1] != extra[row]):
            slot = (slot + np.uint64(1)) & mask
            at = slots[slot]
        found[row] = at


@njit(nogil=True, cache=True)
def add_scores(cells, groups, uses, factors, less, places, any_use, least_use, total):  # type: ignore[no-untyped-def]
    """Add each citizen's score, factor * use - less, to ``total[group, column]``; NaN for who is not in the fit."""
    for row in range(len(cells)):
        cell = cells[row]
        if cell < 0 or uses[row] < least_use or np.isnan(factors[cell]):
            continue
        use = min(uses[row], 1) if any_use else uses[row]
        score = factors[cell] * use - less[cell]
        for at in range(places.shape[1]):
            if places[cell, at] >= 0:
                total[groups[row], places[cell, at]] += score


@njit(nogil=True, cache=True)
def add_expected(cells, groups, expected, people, total):  # type: ignore[no-untyped-def]
    """Count each citizen in its group, and add the whole expected use of its combination."""
    for row in range(len(cells)):
        people[groups[row]] += 1
        total[groups[row]] += expected[cells[row]]
