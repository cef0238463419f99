"""Ceilings for many possible needs at once: what `share_out` gives one at a time, a thousand in less than a second.

Each draw is apportioned in floating point and then proven: when the least that a capacity given is worth exceeds the
most that one more would be, by more than rounding can explain, no other sharing is right. The few draws of which this
cannot be said, ties and near ties, are apportioned in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from math import fsum
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from fordel.allocation.apportionment import apportion
from fordel.allocation.hierarchy import BINDING_LEVELS, share_out
from fordel.allocation.rules import ApportionmentParams, national_ceiling, rescaled, treatment_need
from fordel.law import LawError

if TYPE_CHECKING:
    from fordel.law import Law

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# What the weight is divided by to give what a capacity more is worth to an area that has s.
DIVISORS: dict[str, Callable[[Floats], Floats]] = {
    "adams": lambda s: s,
    "jefferson": lambda s: s + 1.0,
    "webster": lambda s: s + 0.5,
    "huntington_hill": lambda s: np.sqrt(s * (s + 1.0)),
}
_MARGIN = 1 + 1e-12  # a quotient of two floats is right to 2e-16
_LEAST = 1e-290  # below this, floats have fewer digits


def apportion_draws(weights: Floats, totals: Ints, method: str = "webster") -> Ints:
    """Apportion each draw's total over areas: column by column what `apportion` gives.

    Args:
        weights: need of each area in each draw; shape (areas, draws).
        totals: capacities to share out in each draw; shape (draws,).
        method: one of ``METHODS``; divisor methods are quick.

    Returns:
        Whole numbers; shape (areas, draws). Unit: capacities.

    Raises:
        ValueError: as `apportion`.
    """
    seats, proven = np.zeros(weights.shape, np.int64), np.zeros(weights.shape[1], dtype=bool)
    divisor = DIVISORS.get(method)
    if divisor is not None and (totals >= 0).all() and (weights >= 0).all() and np.isfinite(weights.sum(axis=0)).all():
        seats, proven = _in_floats(weights, totals, divisor)
    for draw in np.flatnonzero(~proven):
        seats[:, draw] = apportion(weights[:, draw].tolist(), int(totals[draw]), method)
    return seats


def _in_floats(
    weights: Floats, totals: Ints, divisor: Callable[[Floats], Floats]
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Apportion by rounding shares and moving single capacities; tell which draws are proven right."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(weights > 0, weights / weights.sum(axis=0) * totals, 0)
        floors = np.floor(share)
        seats = floors.astype(np.int64) + ((weights > 0) & (share >= divisor(floors)))
        for _ in range(2 * len(weights)):
            lacking = totals - seats.sum(axis=0)
            if not lacking.any():
                break
            _move(seats, weights, lacking, divisor)
        given = np.where(seats > 0, _worth(weights, seats - 1, divisor), np.inf).min(axis=0)
        further = _worth(weights, seats, divisor).max(axis=0)
        sure = (seats.sum(axis=0) == totals) & (seats >= 0).all(axis=0) & (given > further * _MARGIN) & (given > _LEAST)
    return seats, sure


def _worth(weights: Floats, seats: Ints, divisor: Callable[[Floats], Floats]) -> Floats:
    return np.where(weights > 0, weights / divisor(np.maximum(seats, 0).astype(np.float64)), 0)


def _move(seats: Ints, weights: Floats, lacking: Ints, divisor: Callable[[Floats], Floats]) -> None:
    """Give one more where it is worth most in draws that lack some, and take one where it is worth least."""
    more, fewer = np.flatnonzero(lacking > 0), np.flatnonzero(lacking < 0)
    if len(more):
        worth = _worth(weights[:, more], seats[:, more], divisor)
        seats[worth.argmax(axis=0), more] += 1
    if len(fewer):
        held = seats[:, fewer]
        # A first capacity may be worth more than any number, and is still there to take; one that is not held never is.
        worth = np.minimum(_worth(weights[:, fewer], held - 1, divisor), np.finfo(np.float64).max)
        worth = np.where(held > 0, worth, np.inf)
        seats[worth.argmin(axis=0), fewer] -= 1


def share_out_draws(
    law: Law, municipalities: pl.DataFrame, published: pl.DataFrame, total: int | None, weighted: Floats
) -> Ints:
    """Give every municipality's ceiling (kapacitetsloft) for each draw: column by column what `share_out` gives.

    Quick where ceilings are rescaled and none is published; else one draw is shared out after another.

    Args:
        law: the law on the day.
        municipalities: as for `share_out`, sorted by ``municipality``, without ``weighted_citizens``.
        published: as for `share_out`.
        total: as for `share_out`.
        weighted: disease-weighted citizens; shape (municipalities, draws).

    Returns:
        Ceilings; same shape. Unit: capacities.

    Raises:
        LawError: as `share_out`.
    """
    if not law.apply(rescaled) or not published.is_empty():
        return _one_by_one(law, municipalities, published, total, weighted)
    wholes = _exact_sums(weighted)
    if total is not None and total < 0:
        raise LawError(f"The total is {total}; give the capacities the nation may have, 0 or more.")
    if total is None:
        totals = np.array([law.apply(national_ceiling, whole) for whole in wholes.tolist()], np.int64)
    else:
        totals = np.full(len(wholes), total, np.int64)
    parts = _parts(municipalities)
    of_areas = np.stack([_exact_sums(weighted[part]) for part in parts])
    method = law.load(ApportionmentParams)[0].apportionment_method
    ceilings = np.empty(weighted.shape, np.int64)
    try:
        for part, bound in zip(parts, apportion_draws(_need(law, of_areas), totals, method), strict=True):
            ceilings[part] = bound if len(part) == 1 else apportion_draws(_need(law, weighted[part]), bound, method)
    except ValueError as error:
        raise LawError(str(error)) from error
    return ceilings


def _parts(municipalities: pl.DataFrame) -> list[Ints]:
    """Give the rows of each area whose ceiling binds, in the order of area ids."""
    binds = [pl.when(pl.col("binding_level") == level).then(pl.col(level)) for level in BINDING_LEVELS]
    rows = municipalities.select(area=pl.coalesce(binds)).with_row_index("row").group_by("area").agg("row").sort("area")
    return [np.sort(part.to_numpy()).astype(np.int64) for part in rows["row"]]


def _exact_sums(rows: Floats) -> Floats:
    """Sum each draw over areas, rounded once from the exact sum, as `sum_exactly` does; shape (draws,)."""
    return np.array([fsum(column) for column in rows.T.tolist()])


def _need(law: Law, weighted: Floats) -> Floats:
    flat = pl.DataFrame({"weighted_citizens": weighted.ravel()})
    found = flat.select(law.apply(treatment_need, pl.col("weighted_citizens"))).to_series()
    return cast("Floats", found.to_numpy().reshape(weighted.shape))


def _one_by_one(
    law: Law, municipalities: pl.DataFrame, published: pl.DataFrame, total: int | None, weighted: Floats
) -> Ints:
    found = np.empty(weighted.shape, np.int64)
    for at in range(weighted.shape[1]):
        drawn = municipalities.with_columns(weighted_citizens=pl.Series(weighted[:, at]))
        found[:, at] = share_out(law, drawn, published, total)["ceiling"].to_numpy()
    return found
