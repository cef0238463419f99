"""Many sharings at once are each the sharing that exact arithmetic gives."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fordel.allocation import METHODS, apportion, apportion_draws, share_out, share_out_draws
from fordel.allocation.draws import DIVISORS, _in_floats
from fordel.law import Law, Lawbook, LawError

ROUGH = st.integers(0, 12).map(float)  # many ties
FINE = st.floats(0, 500, allow_subnormal=False)
EXTREME = st.sampled_from([0.0, 5e-324, 1e-300, 1e-12, 1.0, 1 + 2**-52, 1e12, 1e300])
METHOD = st.sampled_from(METHODS)


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Needs of some areas in some draws, some need in each draw."""
    areas, draws = draw(st.integers(1, 12)), draw(st.integers(1, 6))
    need = draw(st.sampled_from([ROUGH, FINE, EXTREME]))
    rows = draw(st.lists(st.lists(need, min_size=draws, max_size=draws), min_size=areas, max_size=areas))
    found = np.array(rows)
    found[0, found.sum(axis=0) == 0] = 1.0
    return found


@given(matrices(), st.data(), METHOD)
def test_each_draw_is_what_exact_arithmetic_gives(
    needs: np.ndarray[tuple[int, int], np.dtype[np.float64]], data: st.DataObject, method: str
) -> None:
    draws = needs.shape[1]
    totals = data.draw(st.lists(st.integers(0, 150), min_size=draws, max_size=draws))
    found = apportion_draws(needs, np.array(totals), method)
    assert found.T.tolist() == [apportion(needs[:, at].tolist(), totals[at], method) for at in range(draws)]


@pytest.mark.parametrize("method", sorted(DIVISORS))
def test_a_country_is_proven_without_exact_arithmetic(method: str) -> None:
    """The quick way is the one taken: of 500 draws of 98 areas none is left to exact arithmetic."""
    needs = np.exp(np.random.default_rng(1).normal(3, 0.8, (98, 500)))
    totals = np.full(500, 3500)
    seats, proven = _in_floats(needs, totals, DIVISORS[method])
    assert proven.all()
    assert (seats.sum(axis=0) == totals).all()


def test_a_tie_is_never_taken_for_proven() -> None:
    _, proven = _in_floats(np.array([[3.0, 3.0], [3.0, 2.0]]), np.array([3, 3]), DIVISORS["webster"])
    assert proven.tolist() == [False, True]


@pytest.mark.parametrize("method", METHODS)
def test_nothing_to_share_gives_nothing(method: str) -> None:
    """Adams gives every area with a need a first capacity; with a total of 0 it must be taken from that very area."""
    assert apportion_draws(np.array([[0.0], [1.0]]), np.array([0]), method).tolist() == [[0], [0]]


def test_what_cannot_be_shared_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one area with a need"):
        apportion_draws(np.zeros((2, 1)), np.array([1]))
    with pytest.raises(ValueError, match="finite and not negative"):
        apportion_draws(np.array([[1.0], [-1.0]]), np.array([1]))


def country(binding: list[str]) -> pl.DataFrame:
    """Municipalities in three councils of two regions."""
    councils = ["sundhedsraad-a", "sundhedsraad-b", "sundhedsraad-c"]
    rows = [
        {
            "municipality": f"{at:04d}",
            "health_council": councils[at % 3],
            "region": "region-sjaelland" if at % 3 else "region-nordjylland",
            "nation": "dk",
            "binding_level": binding[at % 3],
        }
        for at in range(12)
    ]
    return pl.DataFrame(rows)


def laws() -> list[Law]:
    law = Lawbook.shipped().on(date(2026, 2, 1))
    hamilton = law.setting("apportionment_method", "hamilton", source="a test")
    return [law, hamilton, law.setting("ceilings_rescaled", value=False, source="a test")]


@pytest.mark.parametrize("binding", [["municipality"] * 3, ["region"] * 3, ["municipality", *["health_council"] * 2]])
@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("published", [{}, {"level": ["nation"], "area_id": ["dk"], "ceiling": [25]}])
def test_each_draw_is_shared_out_as_the_plan_shares_out(
    binding: list[str], which: int, published: dict[str, list[object]]
) -> None:
    law, frame = laws()[which], country(binding)
    schema = {"level": pl.String, "area_id": pl.String, "ceiling": pl.Int64}
    orders = pl.DataFrame(published, schema=schema)
    weighted = np.random.default_rng(7).uniform(500, 9000, (12, 20)).round(1)
    weighted[1] = weighted[4]  # ties
    found = share_out_draws(law, frame, orders, None, weighted)
    for at in range(20):
        single = share_out(law, frame.with_columns(weighted_citizens=pl.Series(weighted[:, at])), orders, None)
        assert found[:, at].tolist() == single["ceiling"].to_list()


def test_a_total_below_nought_is_refused() -> None:
    orders = pl.DataFrame(schema={"level": pl.String, "area_id": pl.String, "ceiling": pl.Int64})
    with pytest.raises(LawError):
        share_out_draws(laws()[0], country(["municipality"] * 3), orders, -1, np.ones((12, 1)))
