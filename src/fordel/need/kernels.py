"""The three sums over cells that fitting takes, in plain numpy; engines have them compiled.

A cell touches one column of the design matrix per block, so no matrix is built: columns touched ``places`` of shape
(cells, blocks), -1 for none, and ``values`` of that shape, or of shape (0, 0) when every value is 1.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Places = npt.NDArray[np.int16]


class Kernels(Protocol):
    """The sums over cells."""

    def predictor(self, places: Places, values: Floats, coefficients: Floats) -> Floats:
        """Give X β; shape (cells,)."""

    def gradient(self, places: Places, values: Floats, by_cell: Floats, width: int) -> Floats:
        """Give X' g; shape (width,)."""

    def information(self, places: Places, values: Floats, by_cell: Floats, width: int) -> Floats:
        """Give X' diag(w) X; shape (width, width)."""


class PlainKernels:
    """The sums in numpy: the reference, and what is used where nothing is compiled."""

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


PLAIN = PlainKernels()
