"""The sums over cells that fitting takes, compiled; ``need.kernels.PlainKernels`` is their reference."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    from fordel.need.kernels import Floats, Places

# Sums are made in this many parts and added in order, so that the number of threads never changes a digit.
_PARTS = 8


class CompiledKernels:
    """The sums compiled by numba, on all cores."""

    def __init__(self) -> None:
        from fordel.engines import _cell_sums  # noqa: PLC0415  numba takes half a second to import

        self._compiled: Any = _cell_sums

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


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="cells")


def _in_parts(rows: int, work: Callable[[int, int], Any]) -> list[Any]:
    edges = np.linspace(0, rows, _PARTS + 1).astype(int)
    return list(_threads().map(work, edges[:-1], edges[1:]))
