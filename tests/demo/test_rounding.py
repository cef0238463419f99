"""Whole people: every sum is kept, whatever the fractions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fordel.demo.rounding import Floats, Ints, whole_shares, whole_table

weights = arrays.arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1e6)).filter(lambda w: w.sum() > 1e-3)
counts = arrays.arrays(np.int64, st.tuples(st.integers(1, 8), st.integers(1, 12)), elements=st.integers(0, 500))


@given(weights, st.integers(0, 1_000_000))
def test_shares_sum_to_the_total_and_stay_within_one_of_the_quota(shares: Floats, total: int) -> None:
    whole = whole_shares(shares, total)
    assert whole.sum() == total
    assert (np.abs(whole - shares * (total / shares.sum())) < 1 + 1e-5).all()
    assert (whole[shares == 0] == 0).all()


def test_the_largest_remainder_gets_the_last_person() -> None:
    assert whole_shares(np.array([1.0, 1.0, 1.5]), 5).tolist() == [2, 1, 2]


@given(counts)
def test_a_table_keeps_both_its_sums(table: Ints) -> None:
    leaning = np.random.default_rng(int(table.sum())).random(table.shape) + 0.1
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    expected = rows[:, None] * columns[None, :] * leaning
    rounded = whole_table(expected.astype(np.float64), rows, columns)
    assert (rounded >= 0).all()
    np.testing.assert_array_equal(rounded.sum(axis=1), rows)
    np.testing.assert_array_equal(rounded.sum(axis=0), columns)


def test_a_table_that_is_whole_already_stays_as_it_is() -> None:
    table = np.array([[2, 4], [3, 6]])
    assert whole_table(table.astype(float), table.sum(axis=1), table.sum(axis=0)).tolist() == table.tolist()


def test_a_list_gets_as_many_of_each_group_as_its_lean_says() -> None:
    expected = np.array([[30.0, 10.0], [10.0, 30.0]])
    assert whole_table(expected, np.array([40, 40]), np.array([40, 40])).tolist() == [[30, 10], [10, 30]]


@pytest.mark.parametrize("total", [1, 7, 5_837_213])
def test_equal_shares_go_to_the_first(total: int) -> None:
    whole = whole_shares(np.ones(3), total)
    assert whole.tolist() == sorted(whole.tolist(), reverse=True)
