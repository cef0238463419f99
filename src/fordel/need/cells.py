"""Cells: citizens with the same characteristics, counted together. All that a fit needs; still personal data.

Most cells hold fewer than five people, so a cell table stays in the secure step: nothing here writes one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from fordel.need.design import NeedError
from fordel.need.kernels import PLAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fordel.need.design import Covariate, Design
    from fordel.need.kernels import Kernels

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STATISTICS = ("n", "exposure", "y", "y2e", "y2", "ye", "e2", "users", "user_exposure")
STATES = ("fine", "exposure missing, zero or negative", "outcome missing or negative")


@dataclass(frozen=True, eq=False)
class Cells:
    """Sufficient statistics (celler) of the citizens behind a fit.

    Attributes:
        design: the model they were made for.
        keys: packed characteristics, ascending; shape (cells,).
        values: of linear characteristics; shape (cells, linear covariates).
        statistics: by name in ``STATISTICS``, each of shape (cells,): citizens n; Σ exposure; Σ y; Σ y²/e; Σ y², Σ y·e
            and Σ e²; citizens with any use and their exposure. Exposure in the unit of its column (days). Whole
            numbers, but for Σ y²/e.
        kernels: what sums over them when they are fitted.
    """

    design: Design
    keys: Ints
    values: Floats
    statistics: dict[str, npt.NDArray[Any]]
    kernels: Kernels = PLAIN

    @property
    def size(self) -> int:
        """How many cells."""
        return len(self.keys)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the sorted cell table: the same on every engine and for every order of rows."""
        digest = hashlib.sha256(np.ascontiguousarray(self.keys, "<i8").tobytes())
        digest.update(np.ascontiguousarray(self.values, "<f8").tobytes())
        for name in STATISTICS:
            kind = "<f8" if name == "y2e" else "<i8"
            digest.update(name.encode() + np.ascontiguousarray(self.statistics[name], kind).tobytes())
        return digest.hexdigest()

    def codes(self, covariate: Covariate) -> Ints:
        """Give each cell's code of a covariate: its level's index, or ``missing_code`` or ``unknown_code``."""
        return unpack(self.design, self.keys, covariate)

    @property
    def state(self) -> Ints:
        """Give each cell's index into ``STATES``."""
        return self.keys % len(STATES)

    def people(self, covariate: Covariate) -> Ints:
        """Count citizens by code of a covariate; shape (radix,)."""
        counts = np.bincount(self.codes(covariate), weights=self.statistics["n"], minlength=covariate.radix)
        return counts.astype(np.int64)

    def chosen(self, keep: npt.NDArray[np.bool_]) -> Cells:
        """Give some of the cells."""
        statistics = {name: column[keep] for name, column in self.statistics.items()}
        return Cells(self.design, self.keys[keep], self.values[keep], statistics, self.kernels)

    def __add__(self, other: Cells) -> Cells:
        """Put the cells of two parts of the same citizens' table together.

        Raises:
            NeedError: they were made for different models.
        """
        if self.design != other.design:
            raise NeedError(
                f"Cells of {self.design.name} and of {other.design.name} cannot be added: the models differ."
            )
        keys = np.concatenate([self.keys, other.keys])
        values = np.concatenate([self.values, other.values])
        both = {name: np.concatenate([self.statistics[name], other.statistics[name]]) for name in STATISTICS}
        return merged(self.design, keys, values, both, self.kernels)


def together(parts: Sequence[Cells]) -> Cells:
    """Put the cells of several parts of the same citizens' table together, all of one model."""
    statistics = {name: np.concatenate([part.statistics[name] for part in parts]) for name in STATISTICS}
    keys, values = (np.concatenate([getattr(part, name) for part in parts]) for name in ("keys", "values"))
    return merged(parts[0].design, keys, values, statistics, parts[0].kernels)


def cells_of(
    design: Design,
    codes: dict[str, npt.NDArray[np.int16]],
    values: Floats,
    counted: pl.DataFrame,
    kernels: Kernels = PLAIN,
) -> Cells:
    """Make cells of citizens that an engine has counted.

    Args:
        design: the model.
        codes: cell codes by covariate; shape (rows,). Rows may stand in any order, several to a cell.
        values: of linear characteristics; shape (rows, linear covariates).
        counted: ``exposure`` and ``bad_use``; counts ``n``, and sums ``y``, ``y2``, ``users``.
        kernels: what the engine sums over cells with.
    """
    each = counted["exposure"].fill_null(0).cast(pl.Int64).to_numpy()
    state = np.where(each <= 0, 1, np.where(counted["bad_use"].to_numpy(), 2, 0)).astype(np.int64)
    keys, strides = state.copy(), pack_strides(design)
    for name, code in codes.items():
        keys += code * np.int64(strides[name])
    fine = (state == 0).astype(np.int64)
    exposure = np.where(fine, each, 1)
    n, y, y2, users = (counted[name].fill_null(0).cast(pl.Int64).to_numpy() for name in ("n", "y", "y2", "users"))
    y, y2, users = y * fine, y2 * fine, users * fine
    statistics = {
        "n": n,
        "exposure": n * exposure,
        "y": y,
        "y2e": y2 / exposure,
        "y2": y2,
        "ye": y * exposure,
        "e2": n * exposure * exposure,
        "users": users,
        "user_exposure": users * exposure,
    }
    return merged(design, keys, values, statistics, kernels)


def merged(
    design: Design, keys: Ints, values: Floats, statistics: dict[str, npt.NDArray[Any]], kernels: Kernels = PLAIN
) -> Cells:
    """Sort rows by key, values and exposure, so that sums have one order; sum those of the same cell."""
    width = statistics["exposure"] // np.maximum(statistics["n"], 1)
    order = _order(keys, values, width)
    keys, width, values = keys[order], width[order] * int(design.exposure_in_key), values[order]
    starts = np.ones(len(keys), dtype=bool)
    starts[1:] = (np.diff(keys) != 0) | (np.diff(width) != 0) | (np.diff(values, axis=0) != 0).any(axis=1)
    at = np.flatnonzero(starts)
    if len(at) < len(keys):
        statistics = {name: np.add.reduceat(column[order], at) for name, column in statistics.items()}
    else:
        statistics = {name: column[order] for name, column in statistics.items()}
    return Cells(design, keys[at], values[at], statistics, kernels)


def _order(keys: Ints, values: Floats, width: Ints) -> Ints:
    """Order rows by key, values and exposure; by one number where it holds all three, in half the time."""
    most = int(width.max(initial=0)) + 1
    if values.size == 0 and int(keys.max(initial=0)) < (1 << 63) // most - 1:
        return np.argsort(keys * most + width, kind="stable")
    return np.lexsort((width, *values.T[::-1], keys))


def pack_strides(design: Design) -> dict[str, int]:
    """Give what each covariate's code counts for in a packed key; the state of the row counts 1.

    Raises:
        NeedError: the characteristics have more combinations than a whole number of 63 bits can tell apart.
    """
    strides, stride = {}, len(STATES)
    for covariate in design.covariates:
        strides[covariate.name] = stride
        stride *= covariate.radix
    if stride >= 1 << 63:
        raise NeedError(
            f"The model {design.name} has {stride:.0e} combinations of levels; at most {1 << 63:.0e} fit. Try fewer."
        )
    return strides


def unpack(design: Design, keys: Ints, covariate: Covariate) -> Ints:
    """Give the codes of one covariate from packed keys."""
    rest = keys // pack_strides(design)[covariate.name]
    return rest - rest // covariate.radix * covariate.radix
