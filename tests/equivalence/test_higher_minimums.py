"""Higher minimums found fast equal those found by trying every set there is; and laws that every set keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fordel.law import Law, Lawbook, LawError
from fordel.minimum import RAISES, higher_minimums

BOOK = Lawbook.shipped().on(date(2026, 2, 1))
SMALL = BOOK.setting("list_maximum", 6, source="Assumption: small enough to try all")

Offer = tuple[int, float, float]
OFFERS = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from([0.0, 0.5, 1.0, 1.5]), st.sampled_from([0.5, 0.75, 1.0, 1.25, 2.0])),
    min_size=1,
    max_size=4,
)


def by_method(law: Law, method: str) -> Law:
    return law.setting("raise_method", method, source="Assumption: tried")


def minimums(law: Law, citizens: int, offers: Sequence[Offer]) -> list[int]:
    stated, held, weights = ([offer[i] for offer in offers] for i in range(3))
    return law.apply(higher_minimums, citizens, stated, held, weights)  # type: ignore[arg-type]


def every_set(citizens: int, offers: Sequence[Offer], most: int) -> list[tuple[int, ...]]:
    """List every set of raises that covers the citizens with nobody too many and respects the upper limit."""
    starts = [min(stated, int(most * held)) for stated, held, _ in offers]
    rooms = [int(most * held) - start for start, (_, held, _) in zip(starts, offers, strict=True)]
    missing = max(0, citizens - sum(starts))
    return [raised for raised in product(*(range(room + 1) for room in rooms)) if sum(raised) == missing]


def burdens(raised: Sequence[int], offers: Sequence[Offer], most: int) -> list[Fraction]:
    """Give the burden of those who take more, highest first: weighted patients per capacity."""
    starts = [min(stated, int(most * held)) for stated, held, _ in offers]
    loads = [
        Fraction(start + more) * Fraction(weight) / Fraction(held)
        for start, more, (_, held, weight) in zip(starts, raised, offers, strict=True)
        if more
    ]
    return sorted(loads, reverse=True)


def per_capacity(raised: Sequence[int], offers: Sequence[Offer], most: int) -> list[Fraction]:
    loads = [Fraction(more) / Fraction(held) for more, (_, held, _) in zip(raised, offers, strict=True) if more]
    return sorted(loads, reverse=True)


def asked(raised: Sequence[int], offers: Sequence[Offer], most: int) -> list[Fraction]:
    return [Fraction(sum(more > 0 for more in raised))]


GOALS: dict[str, Callable[[Sequence[int], Sequence[Offer], int], list[Fraction]]] = {
    "equal_burden": burdens,
    "proportional": per_capacity,
    "fewest_practices": asked,
}


def test_every_method_has_a_goal() -> None:
    assert set(GOALS) == set(RAISES)


@pytest.mark.parametrize("method", sorted(RAISES))
@settings(max_examples=150, deadline=None)
@given(offers=OFFERS, citizens=st.integers(0, 30))
def test_no_set_is_fairer(method: str, offers: list[Offer], citizens: int) -> None:
    law, most, goal = by_method(SMALL, method), 6, GOALS[method]
    sets = every_set(citizens, offers, most)
    if not sets:
        with pytest.raises(LawError, match="No set of minimums covers"):
            minimums(law, citizens, offers)
        return
    starts = [min(stated, int(most * held)) for stated, held, _ in offers]
    raised = [m - start for m, start in zip(minimums(law, citizens, offers), starts, strict=True)]
    assert tuple(raised) in sets
    assert max(goal(raised, offers, most), default=0) == min(max(goal(r, offers, most), default=0) for r in sets)


@pytest.mark.parametrize("method", sorted(RAISES))
@settings(max_examples=100, deadline=None)
@given(
    offers=st.lists(
        st.tuples(st.integers(0, 9000), st.integers(0, 10).map(lambda n: n / 2), st.floats(0.5, 2.0)),
        min_size=1,
        max_size=60,
    ),
    share=st.fractions(0, 1),
)
def test_at_real_size_everyone_has_a_place_and_not_one_more(method: str, offers: list[Offer], share: Fraction) -> None:
    most = [int(2700 * held) for _, held, _ in offers]
    citizens = int(share * sum(most))
    found = minimums(by_method(BOOK, method), citizens, offers)
    starts = [min(stated, limit) for (stated, *_), limit in zip(offers, most, strict=True)]
    assert sum(found) == max(citizens, sum(starts))
    assert all(start <= m <= limit for start, m, limit in zip(starts, found, most, strict=True))


def test_a_set_that_does_not_exist_is_refused_with_what_is_needed() -> None:
    with pytest.raises(LawError, match=r"have room for 5,400, so 2,701 are left.\n  Needed: 2 more capacities"):
        minimums(BOOK, 8101, [(1600, 1.0, 1.0), (1600, 1.0, 1.0)])


def test_a_region_that_does_not_raise_minimums_says_so() -> None:
    law = BOOK.setting("minimum_above_wish", value=False, source="Assumption: tried")
    assert minimums(law, 3200, [(1600, 1.0, 1.0), (1600, 1.0, 1.0)]) == [1600, 1600]
    with pytest.raises(LawError, match="leave 1 of 3,201 citizens without a place"):
        minimums(law, 3201, [(1600, 1.0, 1.0), (1600, 1.0, 1.0)])


def test_absurd_offers_and_methods_are_refused() -> None:
    with pytest.raises(LawError, match="no practice can offer that"):
        minimums(BOOK, 1, [(-1, 1.0, 1.0)])
    with pytest.raises(LawError, match="No way to raise minimums is called 'lottery'; use one of proportional"):
        minimums(by_method(BOOK, "lottery"), 1, [(1, 1.0, 1.0)])
