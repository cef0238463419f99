"""Collapse addresses to classes: those with the same choices now and the same candidates in reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from fordel.placement.problem import Indices

SEED = 2026


@dataclass(frozen=True, eq=False)
class Classes:
    """Addresses by class.

    Attributes:
        of: ``(addresses,)`` class of each address; an answer per class expands to addresses by ``answer[of]``.
        people: ``(classes,)``.
        choices: ``(classes,)``.
        reach: classes x candidates.
    """

    of: Indices
    people: Indices
    choices: Indices
    reach: csr_array


def collapse(reach: csr_array, people: Indices, choices: Indices) -> Classes:
    """Collapse addresses that no plan can tell apart, exactly.

    Classes are numbered as they first appear. Rows are grouped by the sum of a random 64-bit number per candidate and
    compared with the first of their group, so that two different rows with the same sum are found.

    Args:
        reach: addresses x candidates, columns ascending within a row.
        people: ``(addresses,)`` whole people.
        choices: ``(addresses,)`` open practices reached already.
    """
    rng = np.random.default_rng(SEED)
    numbers = rng.integers(0, 2**63, reach.shape[1] + 1, dtype=np.uint64)
    sums = _row_sums(reach, numbers) + choices.astype(np.uint64) * (numbers[-1] | np.uint64(1))
    _, first, of = np.unique(sums, return_index=True, return_inverse=True)
    order = np.argsort(first)
    first, of = first[order], np.argsort(order)[of.ravel()].astype(np.int64)
    if not _same(reach, choices, np.asarray(first, np.int64)[of]):
        return _collapse_slowly(reach, people, choices)
    return Classes(of, _added(people, of, len(first)), choices[first], reach[first])


def _row_sums(reach: csr_array, numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(numbers[reach.indices], dtype=np.uint64)])
    sums: NDArray[np.uint64] = running[reach.indptr[1:]] - running[reach.indptr[:-1]]
    return sums


def _same(reach: csr_array, choices: Indices, like: Indices) -> bool:
    """Whether every row is the row it is taken for."""
    length = np.diff(reach.indptr)
    if (length != length[like]).any() or (choices != choices[like]).any():
        return False
    shift = np.repeat(reach.indptr[:-1][like] - reach.indptr[:-1], length)
    return bool((reach.indices == reach.indices[np.arange(len(reach.indices)) + shift]).all())


def _collapse_slowly(reach: csr_array, people: Indices, choices: Indices) -> Classes:
    keys = [
        (int(choices[row]), reach.indices[reach.indptr[row] : reach.indptr[row + 1]].tobytes())
        for row in range(reach.shape[0])
    ]
    number: dict[tuple[int, bytes], int] = {}
    of = np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)
    _, first = np.unique(of, return_index=True)
    return Classes(of, _added(people, of, len(first)), choices[first], reach[first])


def _added(people: Indices, of: Indices, classes: int) -> Indices:
    total = np.zeros(classes, np.int64)
    np.add.at(total, of, people)
    return total
