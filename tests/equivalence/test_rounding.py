"""Patients rounded as whole columns equal patients rounded one by one in exact decimals."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fordel.law import LawError
from fordel.law.rounding import MODES, whole
from fordel.minimum.rules import patients_rounded

HALVES = st.integers(-5000, 5000).map(lambda n: n + 0.5)
NUMBERS = st.one_of(HALVES, st.floats(-10_000, 10_000), st.integers(-5000, 5000).map(float))


@given(st.lists(NUMBERS, min_size=1), st.sampled_from(sorted(MODES)))
def test_columns_round_as_exact_decimals_do(numbers: list[float], mode: str) -> None:
    rounded = pl.DataFrame({"n": numbers}).select(patients_rounded(pl.col("n"), mode)).to_series()
    assert rounded.to_list() == [whole(number, mode) for number in numbers]
    assert rounded.dtype == pl.Int64


def test_nothing_stays_nothing() -> None:
    frame = pl.DataFrame({"n": [None, 2.5]}, schema={"n": pl.Float64})
    assert frame.select(patients_rounded(pl.col("n"), "half_up")).to_series().to_list() == [None, 3]


def test_a_rounding_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LawError, match="No rounding is called 'nearest'"):
        patients_rounded(pl.col("n"), "nearest")
