"""What is done citizen by citizen in Parquet, compiled: find the citizen's cell by its key, and add to a group's sums."""

import math

import numpy as np
from numba import njit

_EMPTY = -1  # packed keys are never negative


@njit(nogil=True, cache=True)
def _slot(key, mask):  # type: ignore[no-untyped-def]
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    return np.int64((mixed ^ (mixed >> np.uint64(29))) & np.uint64(mask))


@njit(nogil=True, cache=True)
def hash_table(keys):  # type: ignore[no-untyped-def]
    """Give a table of slots, each with a key or -1, and the index of that key."""
    size = 1
    while size < 2 * len(keys) + 1:
        size *= 2
    held, index = np.full(size, _EMPTY, dtype=np.int64), np.zeros(size, dtype=np.int32)
    for at in range(len(keys)):
        slot = _slot(keys[at], size - 1)
        while held[slot] != _EMPTY:
            slot = (slot + 1) & (size - 1)
        held[slot], index[slot] = keys[at], at
    return held, index


@njit(nogil=True, cache=True)
def _find(key, held, index):  # type: ignore[no-untyped-def]
    slot = _slot(key, len(held) - 1)
    while held[slot] != key:
        if held[slot] == _EMPTY:
            return -1
        slot = (slot + 1) & (len(held) - 1)
    return index[slot]


@njit(nogil=True, cache=True)
def _score(eta, mean, use, exposure, kind, power, log, shape):  # type: ignore[no-untyped-def]
    """Give one citizen's score by η; the formulas of ``_expressions.score_of``. Exposure in years."""
    if kind == 2:
        return (1.0 if use > 0 else 0.0) - 1.0 / (1.0 + math.exp(-eta) / exposure)
    left = use - exposure * mean
    if kind == 1:
        return left * shape / (shape + exposure * mean)
    return left * mean ** (1 - power) if log else left / mean**power


@njit(nogil=True, cache=True)
def add_scores(  # type: ignore[no-untyped-def]
    keys, groups, uses, exposures, year, held, index, etas, means, places, kind, power, log, shape, least_use, total
):
    """Add the scores of citizens in the fit to ``total[group, column]``; a cell that is not has NaN for η."""
    for row in range(len(keys)):
        cell = _find(keys[row], held, index)
        if cell < 0 or exposures[row] <= 0 or uses[row] < least_use or math.isnan(etas[cell]):
            continue
        each = _score(etas[cell], means[cell], uses[row], exposures[row] / year, kind, power, log, shape)
        for at in range(places.shape[1]):
            if places[cell, at] >= 0:
                total[groups[row], places[cell, at]] += each
