"""Sums of fractions that come out the same whatever order the rows are in and however many threads add them."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping


def sum_exactly(frame: pl.DataFrame, by: str, values: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Sum per group, each sum rounded once from the exact one (Shewchuk's algorithm, ``math.fsum``).

    Adding fractions in another order gives another last digit, and with it another checksum of a run.

    Args:
        frame: any rows.
        by: column to group by.
        values: what to sum, by the name of the result. No empty values.

    Returns:
        ``by`` and one column per value, sorted by ``by``.
    """
    lists = frame.group_by(by).agg(**values).sort(by)
    sums = [pl.Series(name, [fsum(group) for group in lists[name].to_list()], dtype=pl.Float64) for name in values]
    return lists.select(by, *sums)
