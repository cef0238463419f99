"""Whole people out of shares, with every sum kept."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DIGITS = 6  # shares closer than this are equal, so that a last digit of arithmetic never moves a person


def whole_shares(weights: Floats, total: int) -> Ints:
    """Share a whole total in proportion to weights, by largest remainder.

    Ties go to the first. Weights are not negative and at least one is positive; weight 0 gets nothing.
    """
    quota: Floats = np.round(weights * (total / weights.sum()), DIGITS)
    shares: Ints = np.floor(quota).astype(np.int64)
    remainder = np.where(weights > 0, quota - shares, -1.0)
    missing = total - int(shares.sum())
    np.add.at(shares, np.argsort(-remainder, kind="stable")[:missing], 1)
    return shares


def whole_table(expected: Floats, rows: Ints, columns: Ints) -> Ints:
    """Round a table to whole numbers whose row sums and column sums are exactly the given ones.

    Args:
        expected: what the table would be in fractions, shape (rows, columns).
        rows: wanted row sums, shape (rows,).
        columns: wanted column sums, shape (columns,); they sum to the same as ``rows``.
    """
    fitted = np.round(_fitted(expected, rows, columns), DIGITS)
    table = np.floor(fitted).astype(np.int64)
    _take_back(table, rows, columns)
    left = columns - table.sum(axis=0)
    for row, missing in enumerate(rows - table.sum(axis=1)):
        _fill(table[row], left, fitted[row] - np.floor(fitted[row]), int(missing))
    return table


def _fitted(expected: Floats, rows: Ints, columns: Ints) -> Floats:
    """Scale rows and columns in turn until they sum as wanted (iterative proportional fitting)."""
    table: Floats = expected.astype(np.float64)
    for _ in range(25):
        table = table * _ratio(rows, table.sum(axis=1))[:, None]
        table = table * _ratio(columns, table.sum(axis=0))[None, :]
    return table


def _ratio(wanted: Any, found: Floats) -> Floats:
    return np.asarray(np.divide(wanted, found, out=np.zeros(len(found)), where=found > 0), dtype=np.float64)


def _take_back(table: Ints, rows: Ints, columns: Ints) -> None:
    """Lower cells where rounding down still gave a row or a column more than it may have."""
    for row in np.flatnonzero(table.sum(axis=1) > rows):
        while table[row].sum() > rows[row]:
            table[row, np.argmax(table[row])] -= 1
    for column in np.flatnonzero(table.sum(axis=0) > columns):
        while table[:, column].sum() > columns[column]:
            table[np.argmax(table[:, column]), column] -= 1


def _fill(cells: Ints, left: Ints, remainder: Floats, missing: int) -> None:
    """Give a row its missing units where columns have some left, the largest remainders first."""
    while missing:
        order = np.argsort(-np.where(left > 0, remainder, -1.0), kind="stable")
        chosen = order[: min(missing, int((left > 0).sum()))]
        cells[chosen] += 1
        left[chosen] -= 1
        missing -= len(chosen)
