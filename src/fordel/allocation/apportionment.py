"""Apportionment: whole capacities that add up to a given total, in exact arithmetic.

The methods and their properties are those of M. L. Balinski and H. P. Young, Fair Representation (2nd ed., 2001).
A divisor method never takes a capacity from an area because the total grew (house monotonicity) nor from one whose
share grew (population monotonicity); Hamilton and the quota method always stay within quota (the share rounded down
or up). No method does all three, so the choice is a dated parameter.

Divisor methods give capacities out in the order of what the next one is worth to an area. All that are worth more than
some threshold can be given at once; only the last few are then given one by one, so that a country takes a millisecond.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf, isqrt, lcm

Priority = Fraction | float
TIE_ORDER = "a tie goes to the area with the larger need, then to the one that stands first (the lower area id)"


@dataclass(frozen=True)
class Divisor:
    """A divisor method.

    Attributes:
        worth: what one more capacity is worth to an area of weight w that has s: the largest gets the next one.
        count: how many capacities are worth at least num / den to an area of weight w.
        middle: about what the last capacity is worth, from the sum of weights and the total.
    """

    worth: Callable[[int, int], Priority]
    count: Callable[[int, int, int], int]
    middle: Callable[[int, int], tuple[int, int]]


def _first(weight: int) -> Priority:
    """Adams and Huntington-Hill give every area with a need its first capacity before any gets a second."""
    return inf if weight else 0


def _hill(weight: int, num: int, den: int) -> int:
    """Count the whole s from 0 with s (s + 1) at most weight² / (num / den)."""
    return (isqrt(4 * (weight * weight * den // num) + 1) - 1) // 2 + 1


DIVISORS: dict[str, Divisor] = {
    "adams": Divisor(
        lambda w, s: Fraction(w, s) if s else _first(w),
        lambda w, num, den: w * den // num + 1,
        lambda whole, total: (whole, total),
    ),
    "jefferson": Divisor(
        lambda w, s: Fraction(w, s + 1),
        lambda w, num, den: w * den // num,
        lambda whole, total: (whole, total),
    ),
    "webster": Divisor(
        lambda w, s: Fraction(w, 2 * s + 1),
        lambda w, num, den: (w * den // num + 1) // 2,
        lambda whole, total: (whole, 2 * total),
    ),
    "huntington_hill": Divisor(
        lambda w, s: Fraction(w * w, s * (s + 1)) if s else _first(w),
        _hill,
        lambda whole, total: (whole * whole, total * total),
    ),
}
METHODS = (*DIVISORS, "hamilton", "quota")


def apportion(
    weights: Sequence[float],
    total: int,
    method: str = "webster",
    *,
    lower: Sequence[int] | None = None,
    upper: Sequence[int] | None = None,
) -> list[int]:
    """Apportion ``total`` whole capacities in proportion to ``weights``.

    Args:
        weights: need of each area, at least 0, not all 0; any unit.
        total: capacities to share out, at least 0.
        method: one of ``METHODS``.
        lower: fewest capacities of each area; by default 0.
        upper: most capacities of each area; by default as many as there are.

    Returns:
        One whole number per area, in the same order, summing to ``total``. A tie goes to the area with the larger
        weight, then to the one that stands first. An area without need never gets more than its lower bound.

    Raises:
        ValueError: a negative or non-finite weight, all weights 0 with a total above 0, a negative total, an unknown
            method, bounds that no sharing keeps, or bounds for the quota method, which has none.
    """
    _refuse(weights, total, method)
    exact = _whole_weights(weights)
    least, most = _bounds(exact, total, lower, upper)
    if sum(least) == total:
        return least
    if not any(exact):
        raise ValueError("Apportionment needs at least one area with a need above 0.")
    if method == "hamilton":
        return _largest_remainders(exact, total, least, most)
    if method == "quota" and (lower is not None or upper is not None):
        raise ValueError("The quota method takes no bounds; use another of " + ", ".join(METHODS[:-1]) + ".")
    if method == "quota":
        return _quota_method(exact, total)
    return _by_divisor(exact, total, DIVISORS[method], least, most)


def _refuse(weights: Sequence[float], total: int, method: str) -> None:
    if method not in METHODS:
        raise ValueError(f"No apportionment method is called {method!r}; use one of {', '.join(METHODS)}.")
    if total < 0 or any(not 0 <= w < inf for w in weights):
        raise ValueError("Apportionment needs a total and weights that are finite and not negative.")


def side_by_side(
    weights: Sequence[float], total: int, *, lower: Sequence[int] | None = None, upper: Sequence[int] | None = None
) -> dict[str, list[int]]:
    """Apportion by every method; the quota method is left out where there are bounds."""
    bounded = lower is not None or upper is not None
    methods = [method for method in METHODS if not (bounded and method == "quota")]
    return {method: apportion(weights, total, method, lower=lower, upper=upper) for method in methods}


def within_quota(weights: Sequence[float], seats: Sequence[int]) -> list[bool]:
    """Tell for each area whether it has its exact share rounded down or up."""
    whole, total = sum(Fraction(w) for w in weights), sum(seats)
    shares = (Fraction(w) * total / whole for w in weights)
    return [floor(share) <= s <= ceil(share) for share, s in zip(shares, seats, strict=True)]


def _whole_weights(weights: Sequence[float]) -> list[int]:
    """Scale the weights to whole numbers, exactly: every float is a whole number of some power of two."""
    exact = [Fraction(w) for w in weights]
    scale = lcm(*(w.denominator for w in exact))
    return [w.numerator * (scale // w.denominator) for w in exact]


def _bounds(
    weights: list[int], total: int, lower: Sequence[int] | None, upper: Sequence[int] | None
) -> tuple[list[int], list[int]]:
    """Fill in the bounds that were not given, and refuse those that no sharing keeps."""
    least = list(lower) if lower is not None else [0] * len(weights)
    most = list(upper) if upper is not None else [max(total, low) for low in least]
    if len(least) != len(weights) or len(most) != len(weights):
        raise ValueError("Bounds need one number for each area.")
    crossed = [area for area, (low, high) in enumerate(zip(least, most, strict=True)) if not 0 <= low <= high]
    if crossed:
        raise ValueError(f"Area {crossed[0] + 1} must have from {least[crossed[0]]} to {most[crossed[0]]} capacities.")
    room = sum(high if w else low for w, low, high in zip(weights, least, most, strict=True))
    if sum(least) > total or (room < total and any(weights)):
        raise ValueError(f"The bounds allow from {sum(least)} to {room} capacities in all; the total is {total}.")
    return least, most


def _by_divisor(weights: list[int], total: int, method: Divisor, least: list[int], most: list[int]) -> list[int]:
    seats = _head_start(weights, total, method, least, most)
    queue = [(-method.worth(w, seats[a]), -w, a) for a, w in enumerate(weights) if w and seats[a] < most[a]]
    heapq.heapify(queue)
    for _ in range(total - sum(seats)):
        _, minus_w, area = heapq.heappop(queue)
        seats[area] += 1
        if seats[area] < most[area]:
            heapq.heappush(queue, (-method.worth(-minus_w, seats[area]), minus_w, area))
    return seats


def _head_start(weights: list[int], total: int, method: Divisor, least: list[int], most: list[int]) -> list[int]:
    """Give at once every capacity worth at least a threshold that is high enough not to give too many."""
    num, den = method.middle(sum(weights), total)
    for _ in range(20):
        counts = [method.count(w, num, den) if w else 0 for w in weights]
        seats = [max(low, min(s, high)) for s, low, high in zip(counts, least, most, strict=True)]
        given = sum(seats)
        if given <= total:
            return seats
        num, den = num * (given + 1), den * total
    return least.copy()


def _largest_remainders(weights: list[int], total: int, least: list[int], most: list[int]) -> list[int]:
    shares = _bounded_shares(weights, total, least, most)
    seats = [floor(share) for share in shares]
    order = sorted(range(len(weights)), key=lambda a: (seats[a] - shares[a], -weights[a], a))
    for area in order[: total - sum(seats)]:
        seats[area] += 1
    return seats


def _bounded_shares(weights: list[int], total: int, least: list[int], most: list[int]) -> list[Fraction]:
    """Give exact shares in proportion to the weights, save where a bound holds them.

    Areas beyond a bound are set to it, those on the side that is beyond by more first; the rest share what is left.
    """
    shares = [Fraction(low) for low in least]
    free = [area for area, w in enumerate(weights) if w]
    while free:
        whole = sum(weights[area] for area in free)
        left = total - sum(share for area, share in enumerate(shares) if area not in set(free))
        wanted = {area: Fraction(weights[area]) * left / whole for area in free}
        under = [area for area in free if wanted[area] < least[area]]
        over = [area for area in free if wanted[area] > most[area]]
        lacking = sum(least[area] - wanted[area] for area in under)
        beyond = sum(wanted[area] - most[area] for area in over)
        bound = under if lacking >= beyond else over
        if not bound:
            bound = free
            shares = [wanted.get(area, share) for area, share in enumerate(shares)]
        else:
            for area in bound:
                shares[area] = Fraction(least[area] if lacking >= beyond else most[area])
        free = [area for area in free if area not in bound]
    return shares


def _quota_method(weights: list[int], total: int) -> list[int]:
    """Balinski and Young's quota method: Jefferson's order, but no area above its share rounded up."""
    whole, seats = sum(weights), [0] * len(weights)
    ready: list[tuple[Fraction, int, int]] = []
    waiting = [(1, area) for area, weight in enumerate(weights) if weight]  # (house in which it is eligible, area)
    for house in range(1, total + 1):
        while waiting and waiting[0][0] <= house:
            _, area = heapq.heappop(waiting)
            heapq.heappush(ready, (Fraction(-weights[area], seats[area] + 1), -weights[area], area))
        _, minus_w, area = heapq.heappop(ready)
        seats[area] += 1
        # Eligible again in the first house whose exact share for it exceeds the capacities it has.
        heapq.heappush(waiting, (seats[area] * whole // -minus_w + 1, area))
    return seats
