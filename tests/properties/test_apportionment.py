"""Laws of apportionment: M. L. Balinski and H. P. Young, Fair Representation (2nd ed., 2001)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fordel.allocation import METHODS, apportion
from fordel.allocation.apportionment import DIVISORS, within_quota

NEEDS = st.lists(st.floats(0, 500, allow_subnormal=False), min_size=1, max_size=25).filter(lambda n: max(n) > 1e-6)
TOTALS = st.integers(0, 200)
METHOD = st.sampled_from(METHODS)
DIVISOR_METHOD = st.sampled_from(sorted(DIVISORS))


@given(NEEDS, TOTALS, METHOD)
def test_the_total_is_kept_and_nobody_gets_less_than_none(needs: list[float], total: int, method: str) -> None:
    seats = apportion(needs, total, method)
    assert sum(seats) == total
    assert min(seats) >= 0
    assert len(seats) == len(needs)


@given(NEEDS, TOTALS, METHOD)
def test_no_need_no_capacity(needs: list[float], total: int, method: str) -> None:
    seats = apportion([*needs, 0.0], total, method)
    assert seats[-1] == 0
    assert seats[:-1] == apportion(needs, total, method)


@given(NEEDS, TOTALS, st.sampled_from(["hamilton", "quota"]))
def test_hamilton_and_the_quota_method_stay_within_quota(needs: list[float], total: int, method: str) -> None:
    assert all(within_quota(needs, apportion(needs, total, method)))


@given(NEEDS, TOTALS)
def test_jefferson_never_falls_below_quota_nor_adams_rises_above(needs: list[float], total: int) -> None:
    whole = sum(map(Fraction, needs))
    shares = [Fraction(need) * total / whole for need in needs]
    assert all(s > share - 1 for s, share in zip(apportion(needs, total, "jefferson"), shares, strict=True))
    assert all(s < share + 1 for s, share in zip(apportion(needs, total, "adams"), shares, strict=True))


@given(st.lists(st.floats(0.01, 500), min_size=1, max_size=3), TOTALS)
def test_webster_stays_within_quota_for_up_to_three_areas(needs: list[float], total: int) -> None:
    assert all(within_quota(needs, apportion(needs, total, "webster")))


@given(NEEDS, st.integers(0, 120), st.sampled_from([*sorted(DIVISORS), "quota"]))
def test_one_more_capacity_takes_none_away(needs: list[float], total: int, method: str) -> None:
    """House monotonicity: divisor methods and the quota method; Hamilton's is the Alabama paradox."""
    before, after = apportion(needs, total, method), apportion(needs, total + 1, method)
    gains = [b - a for a, b in zip(before, after, strict=True)]
    assert sorted(gains) == [0] * (len(needs) - 1) + [1]


def test_hamilton_has_the_alabama_paradox() -> None:
    """A larger total takes one from the smallest: the paradox that house monotonicity rules out."""
    needs = [6.0, 6.0, 2.0]
    assert apportion(needs, 10, "hamilton") == [4, 4, 2]
    assert apportion(needs, 11, "hamilton") == [5, 5, 1]


@given(NEEDS, TOTALS, DIVISOR_METHOD, st.data())
def test_more_need_never_costs_capacity(needs: list[float], total: int, method: str, data: st.DataObject) -> None:
    """Population monotonicity, one area growing alone: only divisor methods have it in general."""
    area = data.draw(st.integers(0, len(needs) - 1))
    grown = [*needs]
    grown[area] += data.draw(st.floats(0.001, 500))
    assert apportion(grown, total, method)[area] >= apportion(needs, total, method)[area]


@given(NEEDS, TOTALS, METHOD, st.randoms(use_true_random=False))
def test_the_order_of_areas_never_matters_but_for_equal_needs(
    needs: list[float], total: int, method: str, random: object
) -> None:
    order = list(range(len(needs)))
    random.shuffle(order)  # type: ignore[attr-defined]
    seats, moved = apportion(needs, total, method), apportion([needs[a] for a in order], total, method)
    pairs = sorted(zip(needs, seats, strict=True))
    assert sorted(zip((needs[a] for a in order), moved, strict=True)) == pairs


@given(NEEDS, TOTALS, METHOD, st.sampled_from([0.25, 2.0, 1024.0]))
def test_the_unit_of_need_never_matters(needs: list[float], total: int, method: str, scale: float) -> None:
    assert apportion([need * scale for need in needs], total, method) == apportion(needs, total, method)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=20).filter(any), METHOD)
def test_whole_shares_are_given_as_they_are(seats: list[int], method: str) -> None:
    assert apportion([s * 1600.0 for s in seats], sum(seats), method) == seats


@given(st.lists(st.floats(1, 500), min_size=2, max_size=12), st.integers(0, 120), DIVISOR_METHOD, st.data())
def test_any_part_of_a_sharing_is_itself_a_sharing(
    needs: list[float], total: int, method: str, data: st.DataObject
) -> None:
    """Uniformity (coherence) of divisor methods: what two areas got together, they share alike."""
    seats = apportion(needs, total, method)
    cut = data.draw(st.integers(1, len(needs) - 1))
    assert apportion(needs[:cut], sum(seats[:cut]), method) == seats[:cut]


@pytest.mark.parametrize("method", METHODS)
def test_a_tie_goes_to_the_larger_need_then_the_first(method: str) -> None:
    assert apportion([1.0, 1.0, 1.0], 4, method) == [2, 1, 1]


@pytest.mark.parametrize("method", METHODS)
def test_a_total_of_nought_needs_no_need(method: str) -> None:
    assert apportion([0.0, 0.0], 0, method) == [0, 0]
    with pytest.raises(ValueError, match="at least one area with a need above 0"):
        apportion([0.0, 0.0], 1, method)


@pytest.mark.parametrize(("needs", "total"), [([-1.0], 1), ([float("nan")], 1), ([float("inf")], 1), ([1.0], -1)])
def test_what_cannot_be_shared_out_is_refused(needs: list[float], total: int) -> None:
    with pytest.raises(ValueError, match="finite and not negative"):
        apportion(needs, total)


def test_an_unknown_method_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="No apportionment method is called 'dean'"):
        apportion([1.0], 1, "dean")


BOUNDED = st.sampled_from([*sorted(DIVISORS), "hamilton"])
BOUNDED_AREAS = st.lists(st.tuples(st.integers(1, 500), st.integers(0, 8), st.integers(0, 12)), min_size=1, max_size=12)


@given(BOUNDED_AREAS, st.integers(0, 200), BOUNDED)
def test_bounds_hold_and_the_total_is_kept_or_it_is_said_why_not(
    areas: list[tuple[int, int, int]], total: int, method: str
) -> None:
    needs, lower = [float(need) for need, _, _ in areas], [low for _, low, _ in areas]
    upper = [low + more for _, low, more in areas]
    if not sum(lower) <= total <= sum(upper):
        with pytest.raises(ValueError, match="The bounds allow from"):
            apportion(needs, total, method, lower=lower, upper=upper)
        return
    seats = apportion(needs, total, method, lower=lower, upper=upper)
    assert sum(seats) == total
    assert all(low <= s <= high for low, s, high in zip(lower, seats, upper, strict=True))


@given(BOUNDED_AREAS, st.integers(0, 200), DIVISOR_METHOD)
def test_a_bounded_divisor_method_is_the_free_one_held_at_its_bounds(
    areas: list[tuple[int, int, int]], total: int, method: str
) -> None:
    """Areas that no bound holds have what they would share freely of what is left."""
    needs, lower = [float(need) for need, _, _ in areas], [low for _, low, _ in areas]
    upper = [low + more for _, low, more in areas]
    if not sum(lower) <= total <= sum(upper):
        return
    seats = apportion(needs, total, method, lower=lower, upper=upper)
    free = [a for a, s in enumerate(seats) if lower[a] < s < upper[a]]
    again = apportion([needs[a] for a in free], sum(seats[a] for a in free), method) if free else []
    assert again == [seats[a] for a in free]


@given(NEEDS, TOTALS, BOUNDED)
def test_bounds_that_hold_nobody_change_nothing(needs: list[float], total: int, method: str) -> None:
    free = apportion(needs, total, method)
    assert apportion(needs, total, method, lower=[0] * len(needs), upper=[total] * len(needs)) == free


def test_bounds_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="takes no bounds"):
        apportion([1.0, 2.0], 3, "quota", lower=[1, 0])
    with pytest.raises(ValueError, match="one number for each area"):
        apportion([1.0, 2.0], 3, lower=[1])
    with pytest.raises(ValueError, match="Area 2 must have from 3 to 1"):
        apportion([1.0, 2.0], 3, lower=[0, 3], upper=[3, 1])
