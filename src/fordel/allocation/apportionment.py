"""Apportionment: whole capacities that add up to a given total, in exact arithmetic.

The methods and their properties are those of M. L. Balinski and H. P. Young, Fair Representation (2nd ed., 2001).
A divisor method never takes a capacity from an area because the total grew (house monotonicity) nor from one whose
share grew (population monotonicity); Hamilton and the quota method always stay within quota (the share rounded down
or up). No method does all three, so the choice is a dated parameter.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, floor, inf

Priority = Fraction | float
Divisor = Callable[[Fraction, int], Priority]


def _first(weight: Fraction) -> Priority:
    """Adams and Huntington-Hill give every area with a need its first capacity before any gets a second."""
    return inf if weight else 0


# What one more capacity is worth to an area of weight w that has s: the largest gets the next one.
DIVISORS: dict[str, Divisor] = {
    "adams": lambda w, s: w / s if s else _first(w),
    "jefferson": lambda w, s: w / (s + 1),
    "webster": lambda w, s: w / (2 * s + 1),
    "huntington_hill": lambda w, s: w * w / (s * (s + 1)) if s else _first(w),
}
METHODS = (*DIVISORS, "hamilton", "quota")


def apportion(weights: Sequence[float], total: int, method: str = "webster") -> list[int]:
    """Apportion ``total`` whole capacities in proportion to ``weights``.

    Args:
        weights: need of each area, at least 0, not all 0; any unit.
        total: capacities to share out, at least 0.
        method: one of ``METHODS``.

    Returns:
        One whole number per area, in the same order, summing to ``total``. A tie goes to the area with the larger
        weight, then to the one that stands first.

    Raises:
        ValueError: a negative or non-finite weight, all weights 0 with a total above 0, a negative total or an
            unknown method.
    """
    if method not in METHODS:
        raise ValueError(f"No apportionment method is called {method!r}; use one of {', '.join(METHODS)}.")
    if total < 0 or any(not 0 <= w < inf for w in weights):
        raise ValueError("Apportionment needs a total and weights that are finite and not negative.")
    exact = [Fraction(w) for w in weights]
    if not total:
        return [0] * len(exact)
    if not any(exact):
        raise ValueError("Apportionment needs at least one area with a need above 0.")
    if method == "hamilton":
        return _largest_remainders(exact, total)
    if method == "quota":
        return _quota_method(exact, total)
    return _by_divisor(exact, total, DIVISORS[method])


def within_quota(weights: Sequence[float], seats: Sequence[int]) -> list[bool]:
    """Tell for each area whether it has its exact share rounded down or up."""
    whole, total = sum(Fraction(w) for w in weights), sum(seats)
    shares = (Fraction(w) * total / whole for w in weights)
    return [floor(share) <= s <= ceil(share) for share, s in zip(shares, seats, strict=True)]


def _by_divisor(weights: list[Fraction], total: int, worth: Divisor) -> list[int]:
    seats = [0] * len(weights)
    queue = [(-worth(w, 0), -w, area) for area, w in enumerate(weights)]
    heapq.heapify(queue)
    for _ in range(total):
        _, minus_w, area = queue[0]
        seats[area] += 1
        heapq.heapreplace(queue, (-worth(-minus_w, seats[area]), minus_w, area))
    return seats


def _largest_remainders(weights: list[Fraction], total: int) -> list[int]:
    whole = sum(weights)
    shares = [w * total / whole for w in weights]
    seats = [floor(share) for share in shares]
    order = sorted(range(len(weights)), key=lambda a: (seats[a] - shares[a], -weights[a], a))
    for area in order[: total - sum(seats)]:
        seats[area] += 1
    return seats


def _quota_method(weights: list[Fraction], total: int) -> list[int]:
    """Balinski and Young's quota method: Jefferson's order, but no area above its share rounded up."""
    whole, seats = sum(weights), [0] * len(weights)
    ready: list[tuple[Fraction, Fraction, int]] = []
    waiting = [(1, area) for area, weight in enumerate(weights) if weight]  # (house in which it is eligible, area)
    for house in range(1, total + 1):
        while waiting and waiting[0][0] <= house:
            _, area = heapq.heappop(waiting)
            heapq.heappush(ready, (-weights[area] / (seats[area] + 1), -weights[area], area))
        _, minus_w, area = heapq.heappop(ready)
        seats[area] += 1
        # Eligible again in the first house whose exact share for it exceeds the capacities it has.
        heapq.heappush(waiting, (floor(seats[area] * whole / -minus_w) + 1, area))
    return seats
