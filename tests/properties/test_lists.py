"""Laws of lists that are split, merged, moved and resized: nothing is lost, and a merger undoes a split."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fordel.law import Lawbook, LawError
from fordel.minimum import Part, PatientList, change_capacities, merge, move, new_minimums, split

LAW = Lawbook.shipped().on(date(2026, 2, 1))
WHOLE = PatientList("010101", Fraction(3), 4823, Fraction(4440.027264))


@st.composite
def splits(draw: st.DrawFn) -> tuple[PatientList, list[Part]]:
    """Draw a practice and parts of it; some parts have a weight of their own, some have not."""
    counts = draw(st.lists(st.integers(0, 5000), min_size=2, max_size=5))
    halves = draw(st.lists(st.integers(0, 8), min_size=len(counts), max_size=len(counts)))
    weighted = Fraction(draw(st.floats(0.3, 3.0))) * sum(counts)
    mean = weighted / sum(counts) if sum(counts) else Fraction(1)
    known = draw(st.lists(st.booleans(), min_size=len(counts), max_size=len(counts)))
    parts = [
        Part(f"part {i}", Fraction(half, 2), count, mean * Fraction(9, 10) if own and i else None)
        for i, (count, half, own) in enumerate(zip(counts, halves, known, strict=True))
    ]
    return PatientList("010101", sum((p.capacities for p in parts), Fraction(0)), sum(counts), weighted), parts


@given(splits())
@settings(max_examples=300, deadline=None)
def test_a_merger_undoes_a_split(drawn: tuple[PatientList, list[Part]]) -> None:
    whole, parts = drawn
    if any(p.mean_weight for p in parts) and not any(p.patients for p in parts if p.mean_weight is None):
        return  # every weight is named and they do not add up: refused, as the next test shows
    pieces = split(whole, parts)
    assert merge(whole.practice_id, pieces) == whole
    before, after = (new_minimums(LAW, [one], None) for one in (whole, merge(whole.practice_id, pieces)))
    assert before.equals(after)


@given(splits())
@settings(max_examples=200, deadline=None)
def test_need_is_kept_whatever_the_split(drawn: tuple[PatientList, list[Part]]) -> None:
    """The weighted patients of the parts are those of the whole, so their need in capacities is, too."""
    whole, parts = drawn
    pieces = split(whole, [Part(p.practice_id, p.capacities, p.patients) for p in parts])
    assert sum(one.weighted_patients for one in pieces) == whole.weighted_patients
    assert sum(one.patients for one in pieces) == whole.patients
    assert {one.mean_weight for one in pieces if one.patients} <= {whole.mean_weight}


@given(st.integers(0, 4823), st.integers(0, 6))
def test_a_move_and_the_move_back_change_nothing(patients: int, halves: int) -> None:
    other = PatientList("010102", Fraction(2), 3590, Fraction(3301))
    there = Part("goes", Fraction(halves, 2), patients, WHOLE.mean_weight)
    gave, took = move(WHOLE, other, there)
    assert gave.patients + took.patients == WHOLE.patients + other.patients
    assert gave.weighted_patients + took.weighted_patients == WHOLE.weighted_patients + other.weighted_patients
    assert move(took, gave, there)[::-1] == (WHOLE, other)


def test_two_capacities_cannot_be_made_of_one() -> None:
    with pytest.raises(LawError) as refused:
        split(WHOLE, [Part("a", Fraction(3), 1000), Part("a", Fraction(1), 1000)])
    for said in ("each with a name of its own", "2,000 patients, the practice 4,823", "4 capacities, the practice 3"):
        assert said in str(refused.value)
    with pytest.raises(LawError, match="no part can have fewer than 0"):
        split(WHOLE, [Part("a", Fraction(4), 4824), Part("b", Fraction(-1), -1)])
    with pytest.raises(LawError, match="leave out the mean weight of one part"):
        split(WHOLE, [Part("a", Fraction(2), 4000, Fraction(1)), Part("b", Fraction(1), 823, Fraction(1))])
    with pytest.raises(LawError, match="two or more different practices"):
        merge("x", [WHOLE, WHOLE])
    with pytest.raises(LawError, match="cannot hold -1 capacities"):
        change_capacities(WHOLE, Fraction(-1))


def test_a_part_without_patients_keeps_the_minimum_before() -> None:
    pieces = split(WHOLE, [Part("full", Fraction(2), 4823), Part("empty", Fraction(1), 0)])
    assert new_minimums(LAW, pieces, 1738)["minimum_per_capacity"].to_list() == [1738, 1738]
    assert new_minimums(LAW, pieces, None)["minimum_per_capacity"].to_list() == [1738, None]


def test_until_the_year_ends_the_parts_may_keep_the_old_minimum() -> None:
    law = LAW.setting("split_minimum", "as_before", source="Assumption: tried")
    pieces = split(WHOLE, [Part("light", Fraction(2), 3000, Fraction(1, 2)), Part("heavy", Fraction(1), 1823)])
    assert new_minimums(law, pieces, 1738)["minimum_per_capacity"].to_list() == [1738, 1738]
    apart = new_minimums(LAW, pieces, 1738)
    assert apart["minimum_per_capacity"].to_list() == [2700, 992]
    resized = new_minimums(LAW, [change_capacities(WHOLE, Fraction(5, 2))], 1738)
    assert resized.select(pl.col("practice_minimum")).item() == 4345
    with pytest.raises(LawError, match="use from_each_new_list or as_before"):
        new_minimums(LAW.setting("split_minimum", "dice", source="Assumption: tried"), pieces, 1738)
