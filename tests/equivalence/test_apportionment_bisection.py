"""A second, independent way to apportion: bisect, in whole numbers, for the worth of the last capacity given.

It shares no code with the package and no idea either: there is no queue and no order of giving, only one threshold,
found by halving, above which every capacity is given. 10,000 seeded cases must come out the same, ties included.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from fordel.allocation import METHODS, apportion

Signpost = Callable[[int], int]
SIGNPOSTS: dict[str, Signpost] = {  # four times the square of the signpost after s capacities
    "adams": lambda s: 4 * s * s,
    "jefferson": lambda s: 4 * (s + 1) ** 2,
    "webster": lambda s: (2 * s + 1) ** 2,
    "huntington_hill": lambda s: 4 * s * (s + 1),
}
FINE = 2**12
CASES = 10_000
MOST = 100  # capacities of one area; no total is larger


def bisected(weights: list[int], total: int, post: Signpost) -> list[int]:
    """Give every capacity whose squared worth is above a threshold, then break what ties are left as published."""
    if not total:
        return [0] * len(weights)
    firsts = [area for area, w in enumerate(weights) if w and post(0) == 0]
    if len(firsts) >= total:
        chosen = sorted(firsts, key=lambda a: (-weights[a], a))[:total]
        return [int(area in chosen) for area in range(len(weights))]
    low, high = 0, (max(weights) ** 2 * 4 + 1) * FINE  # all are worth 0 or more; none is worth that much
    while high - low > 1:
        middle = (low + high) // 2
        enough = sum(given(w, middle, post) for w in weights) >= total
        low, high = (middle, high) if enough else (low, middle)
    seats = [given(w, high, post) for w in weights]
    last = sorted(
        (-Fraction(4 * w * w, post(s)), -w, area)
        for area, w in enumerate(weights)
        for s in range(seats[area], given(w, low, post))
    )
    for _, _, area in last[: total - sum(seats)]:
        seats[area] += 1
    return seats


def given(weight: int, threshold: int, post: Signpost) -> int:
    """Count the capacities of one area whose squared worth is at least threshold / FINE, by halving."""
    low, high, squared = -1, MOST if weight else 0, 4 * weight * weight * FINE
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if post(middle) * threshold <= squared else (low, middle)
    return high


def remainders(weights: list[int], total: int) -> list[int]:
    """Largest remainders in whole numbers alone."""
    whole = sum(weights)
    seats = [w * total // whole for w in weights]
    left = total - sum(seats)
    for _, _, area in sorted((-(w * total % whole), -w, a) for a, w in enumerate(weights))[:left]:
        seats[area] += 1
    return seats


def one_by_one(weights: list[int], total: int) -> list[int]:
    """The quota method by its definition: in each house the most deserving of those whose share allows one more."""
    seats = [0] * len(weights)
    for house in range(1, total + 1):
        may = [a for a, w in enumerate(weights) if seats[a] * sum(weights) < w * house]
        best = max(may, key=lambda a: (Fraction(weights[a], seats[a] + 1), weights[a], -a))
        seats[best] += 1
    return seats


def case_of(rng: random.Random) -> tuple[list[int], int]:
    """Areas of few sizes (many ties), of any size, and some without need."""
    areas = rng.randint(1, 12)
    sizes = rng.choice([(1, 2, 3), (0, 5, 10, 20), range(1, 60), range(1_000_000)])
    weights = [rng.choice(sizes) for _ in range(areas)]
    return (weights if any(weights) else [1, *weights]), rng.choice([0, 1, 2, rng.randint(0, 40), rng.randint(0, 90)])


@pytest.mark.parametrize("method", METHODS)
def test_two_implementations_agree_on_ten_thousand_cases(method: str) -> None:
    rng = random.Random(20260201)
    for _ in range(CASES // len(METHODS) + 1):
        weights, total = case_of(rng)
        if method == "hamilton":
            again = remainders(weights, total)
        elif method == "quota":
            again = one_by_one(weights, total)
        else:
            again = bisected(weights, total, SIGNPOSTS[method])
        assert apportion([float(w) for w in weights], total, method) == again, (weights, total)
