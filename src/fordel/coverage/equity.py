"""Equity of access (lighed): who has it, by need, and how unevenly it is spread."""

from __future__ import annotations

import numpy as np
import polars as pl

from fordel.coverage.distance import Metres
from fordel.coverage.errors import CoverageError
from fordel.coverage.matrix import Indices


def need_fifths(mean_weight: Metres, people: Metres) -> Indices:
    """Put places in fifths of the people by mean need weight: 1 least need, 5 most.

    A place goes whole into the fifth where the middle of its people lies; equal weights share a fifth.
    """
    order = np.argsort(mean_weight, kind="stable")
    levels, level = np.unique(mean_weight[order], return_inverse=True)
    in_level = np.bincount(level, people[order], minlength=len(levels))
    middle = np.cumsum(in_level) - in_level / 2
    fifth = np.empty(len(people), dtype=np.int64)
    fifth[order] = (np.minimum(middle / max(in_level.sum(), 1e-300) * 5, 4.999999)[level]).astype(np.int64) + 1
    return fifth


def by_need(index: Metres, mean_weight: Metres, people: Metres) -> pl.DataFrame:
    """Give people and mean access per fifth of need (behandlingsbehov): ``need_fifth, people, mean_access``."""
    frame = pl.DataFrame({"need_fifth": need_fifths(mean_weight, people), "people": people, "index": index})
    mean = (pl.col("index") * pl.col("people")).sum() / pl.col("people").sum()
    return frame.group_by("need_fifth").agg(pl.col("people").sum(), mean_access=mean).sort("need_fifth")


def concentration(index: Metres, rank_by: Metres, people: Metres) -> float:
    """Concentration index of access: -1 to 1, above 0 when those who rank high have more.

    Twice the covariance of access and fractional rank over the mean of access (Kakwani, Wagstaff & van Doorslaer 1997);
    people with equal ``rank_by`` share a rank. Ranked by need weight, a value above 0 says access follows need.

    Raises:
        CoverageError: nobody has any access.
    """
    total = float(people.sum())
    mean = float((index * people).sum() / total) if total else 0.0
    if mean <= 0:
        raise CoverageError("The concentration of access is not defined where nobody has any access.")
    levels, level = np.unique(rank_by, return_inverse=True)
    in_level = np.bincount(level, people, minlength=len(levels))
    rank = ((np.cumsum(in_level) - in_level / 2) / total)[level]
    return float(2 * ((index * rank * people).sum() / total - mean * 0.5) / mean)


def gini(index: Metres, people: Metres) -> float:
    """Gini coefficient of access: 0 when all have the same, towards 1 when one has it all."""
    return concentration(index, index, people)
