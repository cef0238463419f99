"""The four sums over cells that fitting takes, compiled; and the same in plain numpy, slower, to hold them against.

A cell touches one column of the design matrix per block, so no matrix is built: columns touched ``places`` of shape
(cells, blocks), -1 for none, and ``values`` of that shape, or of shape (0, 0) when every value is 1.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Places = npt.NDArray[np.int16]

# Sums are made in this many parts and added in order, so that the number of threads never changes a digit.
_PARTS = 8


class Kernels(Protocol):
    """The sums over cells."""

    def predictor(self, places: Places, values: Floats, coefficients: Floats) -> Floats:
        """Give X β; shape (cells,)."""

    def gradient(self, places: Places, values: Floats, by_cell: Floats, width: int) -> Floats:
        """Give X' g; shape (width,)."""

    def information(self, places: Places, values: Floats, by_cell: Floats, width: int) -> Floats:
        """Give X' diag(w) X; shape (width, width)."""


class PlainKernels:
    """The sums in numpy: the reference, and what is used where nothing can be compiled."""

    def predictor(self, places: Places, values: Floats, coefficients: Floats) -> Floats:
        """Give X β."""
        padded = np.append(coefficients, 0.0)
        total = np.zeros(len(places))
        for at in range(places.shape[1]):
            total += padded[places[:, at]] * (values[:, at] if values.size else 1.0)
        return total

    def gradient(self, places: Places, values: Floats, by_cell: Floats, width: int) -> Floats:
        """Give X' g."""
        total = np.zeros(width + 1)
        for at in range(places.shape[1]):
            weights = by_cell * values[:, at] if values.size else by_cell
            total += np.bincount(places[:, at].astype(np.int64) % (width + 1), weights=weights, minlength=width + 1)
        return total[:width]

    def information(self, places: Places, values: Floats, by_cell: Floats, width: int) -> Floats:
        """Give X' diag(w) X."""
        total = np.zeros((width + 1) ** 2)
        for one in range(places.shape[1]):
            rows = places[:, one].astype(np.int64) % (width + 1) * (width + 1)
            for other in range(places.shape[1]):
                weights = by_cell * values[:, one] * values[:, other] if values.size else by_cell
                pairs = rows + places[:, other] % (width + 1)
                total += np.bincount(pairs, weights=weights, minlength=len(total))
        return total.reshape(width + 1, width + 1)[:width, :width]


class CompiledKernels:
    """The sums compiled by numba, on all cores."""

    def __init__(self) -> None:
        from fordel.need import _compiled  # noqa: PLC0415  numba takes a third of a second to import

        self._compiled: Any = _compiled

    def predictor(self, places: Places, values: Floats, coefficients: Floats) -> Floats:
        """Give X β."""
        out = np.empty(len(places))
        _in_parts(len(places), lambda a, b: self._compiled.predictor(places, values, coefficients, out, a, b))
        return out

    def gradient(self, places: Places, values: Floats, by_cell: Floats, width: int) -> Floats:
        """Give X' g."""
        parts = _in_parts(len(places), lambda a, b: self._compiled.gradient(places, values, by_cell, width, a, b))
        return cast("Floats", sum(parts, np.zeros(width)))

    def information(self, places: Places, values: Floats, by_cell: Floats, width: int) -> Floats:
        """Give X' diag(w) X."""
        parts = _in_parts(len(places), lambda a, b: self._compiled.information(places, values, by_cell, width, a, b))
        lower = cast("Floats", sum(parts, np.zeros((width, width))))
        return lower + np.tril(lower, -1).T


def _in_parts(rows: int, work: Callable[[int, int], Any]) -> list[Any]:
    edges = np.linspace(0, rows, _PARTS + 1).astype(int)
    with ThreadPoolExecutor() as pool:
        return list(pool.map(work, edges[:-1], edges[1:]))


@cache
def kernels() -> Kernels:
    """Give the compiled kernels, or the plain ones where numba is not installed."""
    try:
        return CompiledKernels()
    except ImportError:
        return PlainKernels()
