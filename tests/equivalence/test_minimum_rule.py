"""The minimum rule written a second time, in whole numbers and with no division rounded, agrees on 10,000 lists."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from fordel.law import Law, Lawbook
from fordel.law.rounding import MODES
from fordel.minimum import indicative_minimum, practice_minimum

CASES = 10_000
LAW = Lawbook.shipped().on(date(2026, 2, 1))


def by_counting(fits: Callable[[int], bool], most: int) -> int:
    """Give the largest number from 0 to ``most`` that fits, by halving: no formula for the answer itself."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def reference(norm: int, patients: int, weighted: Fraction, most: int, mode: str) -> int:
    """Find the minimum as a whole number m: how m x weighted stands against norm x patients, doubled for halves."""
    goal = norm * patients
    below = {
        "down": lambda m: m * weighted <= goal,
        "up": lambda m: (m - 1) * weighted < goal,
        "half_up": lambda m: (2 * m - 1) * weighted <= 2 * goal,
        "half_even": lambda m: (2 * m - 1) * weighted < 2 * goal or ((2 * m - 1) * weighted == 2 * goal and m % 2 == 0),
    }
    return by_counting(below[mode], most)


def random_lists(seed: int) -> list[tuple[int, float]]:
    """Give lists with weights in 1/1024 and mean weights from 0.3 to 3; every tenth has a minimum of an exact half."""
    draw = random.Random(seed)
    lists: list[tuple[int, float]] = []
    for number in range(CASES):
        if number % 10 == 0:
            odd, times = 2 * draw.randint(600, 2700) + 1, draw.randint(1, 5)
            lists.append((odd * times, 3200.0 * times))
            continue
        patients = draw.choice([2 ** draw.randint(0, 13), draw.randint(1, 20_000)])
        lists.append((patients, max(1, round(patients * draw.uniform(0.3, 3) * 1024)) / 1024))
    return lists


@pytest.mark.parametrize("mode", sorted(MODES))
def test_two_ways_to_the_minimum_agree(mode: str) -> None:
    law = LAW.setting("minimum_rounding", mode, source="Assumption: tried")
    norm, most = law.value("weighted_citizens_per_capacity"), law.value("list_maximum")
    lists = random_lists(20260201)
    weight = pl.col("weighted") / pl.col("patients")
    frame = pl.DataFrame(lists, {"patients": pl.Int64, "weighted": pl.Float64}, orient="row")
    got = frame.select(m=law.apply(indicative_minimum, weight))["m"].to_list()
    assert got == [reference(norm, patients, Fraction(weighted), most, mode) for patients, weighted in lists]
    assert len(set(got)) > 500
    assert most in got


def test_halves_are_among_the_cases() -> None:
    lists = [(p, Fraction(w)) for p, w in random_lists(20260201)]
    halves = sum((2 * 1600 * p / w).denominator == 1 and (1600 * p / w).denominator == 2 for p, w in lists)
    assert halves >= CASES // 10


def of_law(law: Law, each: int, held: float) -> int:
    frame = pl.DataFrame({"each": [each], "held": [held]})
    return int(frame.select(law.apply(practice_minimum, pl.col("each"), pl.col("held"))).item())


def test_two_ways_to_the_practice_minimum_agree() -> None:
    draw = random.Random(7)
    cases = [(draw.randint(0, 2700), draw.randint(0, 80) / 8) for _ in range(CASES)]
    frame = pl.DataFrame(cases, {"each": pl.Int64, "held": pl.Float64}, orient="row")
    got = frame.select(m=LAW.apply(practice_minimum, pl.col("each"), pl.col("held")))["m"].to_list()
    assert got == [(2 * each * int(8 * held) + 8) // 16 for each, held in cases]
    assert of_law(LAW, 1451, 0.5) == 726
