"""A practice that opens in thought: as if it had been surveyed with the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from fordel.coverage import CoverageError, TreeEngine
from fordel.coverage.openings import Opening, with_openings
from fordel.coverage.reassign import Situation, close
from fordel.coverage.settlements import settlements
from fordel.coverage.survey import Survey, survey
from fordel.engines.flow import LinearProgramme, NetworkSimplex
from fordel.law import Lawbook
from fordel.runs.record import Run

LAW = Lawbook.shipped().on(date(2026, 2, 1))
PLACES = ("cell_id", "municipality", "easting", "northing", "landmass", "people")


@pytest.fixture(scope="module")
def surveyed(small_run: Run) -> Survey:
    return survey(LAW, small_run.places.select(PLACES), small_run.practices, TreeEngine())


def opening(found: Survey, place: int, room: int) -> Opening:
    row = found.places.row(place, named=True)
    return Opening(row["easting"] + 210.0, row["northing"] - 130.0, place, room)


def surveyed_anew(run: Run, found: Survey, openings: list[Opening]) -> Situation:
    """Survey the country with the new practices in the register: open, with room enough to the stated maximum."""
    new = pl.DataFrame(
        {
            "practice_id": [f"99999{n}" for n in range(len(openings))],
            "easting": [one.easting for one in openings],
            "northing": [one.northing for one in openings],
            "landmass": found.places["landmass"].gather([one.place for one in openings]),
            "open_to_new": True,
            "capacities_filled": 1.0,
            "patients": 0,
            "stated_maximum": [one.room for one in openings],
        }
    )
    practices = pl.concat([run.practices, new], how="diagonal_relaxed")
    return survey(LAW, run.places.select(PLACES), practices, TreeEngine()).situation()


@pytest.mark.parametrize("places", [(0,), (3, 20), (17, 17)])
def test_opening_equals_surveying_anew(small_run: Run, surveyed: Survey, places: tuple[int, ...]) -> None:
    openings = [opening(surveyed, place, 500 * (n + 1)) for n, place in enumerate(places)]
    then = with_openings(surveyed, surveyed.situation(), openings)
    anew = surveyed_anew(small_run, surveyed, openings)
    for name in ("start", "practice", "metres"):
        np.testing.assert_array_equal(getattr(then.cover, name), getattr(anew.cover, name))
    np.testing.assert_array_equal(then.choices, anew.choices)
    np.testing.assert_array_equal(then.places_left, anew.places_left)
    np.testing.assert_array_equal(then.is_open, anew.is_open)
    for closed in ([], [0], [1, 4]):
        one, other = (close(now, closed, NetworkSimplex()) for now in (then, anew))
        assert (one.displaced, one.stranded, one.metres_after) == (other.displaced, other.stranded, other.metres_after)
        np.testing.assert_array_equal(one.choices_after, other.choices_after)
    assert close(then, [0], LinearProgramme()).metres_after == close(then, [0], NetworkSimplex()).metres_after


def test_closing_nothing_moves_nobody(surveyed: Survey) -> None:
    now = surveyed.situation()
    after = close(now, [], NetworkSimplex())
    assert (after.displaced, after.stranded, after.metres_before, int(after.taken.sum())) == (0, 0, 0, 0)
    np.testing.assert_array_equal(after.choices_after, now.choices)


def test_an_opening_takes_those_who_would_have_found_no_room(surveyed: Survey) -> None:
    now = replace(surveyed.situation(), places_left=np.zeros_like(surveyed.situation().places_left))
    biggest = int(surveyed.practices["patients"].arg_max() or 0)
    assert close(now, [biggest], NetworkSimplex()).stranded > 0
    home = int(now.homes.place[now.homes.of(biggest)][0])
    after = close(with_openings(surveyed, now, [opening(surveyed, home, 700)]), [biggest], NetworkSimplex())
    assert 0 < after.taken[-1] <= 700
    assert after.stranded == after.displaced - after.taken[-1]


def test_other_measures_are_refused(surveyed: Survey) -> None:
    by_road = replace(surveyed, measure="road")
    with pytest.raises(CoverageError, match="straight line"):
        with_openings(by_road, surveyed.situation(), [opening(surveyed, 0, 1)])


def test_settlements_lie_in_denmark_and_are_known_once() -> None:
    found = settlements()
    assert found["settlement_id"].is_unique().all()
    assert found.filter(~pl.col("easting").is_between(400_000, 950_000)).is_empty()
    odense = found.filter((pl.col("name") == "Odense") & (pl.col("kind") == "city")).row(0, named=True)
    assert abs(odense["easting"] - 588_000) < 2_000
    assert abs(odense["northing"] - 6_139_900) < 2_000
