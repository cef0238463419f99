"""A citizen's options and the monitoring of events, on the small country."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from fordel.coverage import CoverageError, TreeEngine
from fordel.coverage.closures import effect, rank_closures, reoptimised
from fordel.coverage.monitoring import Event, Kind, before_and_after, watch
from fordel.coverage.options import Citizen, options_for, summary
from fordel.coverage.reassign import Situation, close
from fordel.coverage.survey import Survey, survey
from fordel.engines.flow import NetworkSimplex
from fordel.law import Law, Lawbook
from fordel.runs.record import Run
from fordel.tables import Tables

LAW = Lawbook.shipped().on(date(2026, 2, 1))
FLOW = NetworkSimplex()


@pytest.fixture(scope="module")
def surveyed(small_run: Run) -> Survey:
    places = small_run.places.select("cell_id", "municipality", "easting", "northing", "landmass", "people")
    return survey(LAW, places, small_run.practices, TreeEngine())


@pytest.fixture(scope="module")
def now(surveyed: Survey, small_country: Tables) -> Situation:
    return surveyed.situation(small_country.registrations)


def options_at(surveyed: Survey, citizen: Citizen, law: Law = LAW) -> dict[str, str]:
    return {o.practice_id: o.ground for o in options_for(citizen, surveyed.practices, law)}


def test_in_odsherred_one_open_choice_opens_the_closed_list(surveyed: Survey) -> None:
    citizen = Citizen(651e3, 6192e3, "0306", "fixed")
    found = options_for(citizen, surveyed.practices, LAW)
    assert [(o.practice_id, o.ground, o.within) for o in found[:2]] == [
        ("030601", "too_few_open_choices", True),
        ("030602", "open", True),
    ]
    assert found == sorted(found, key=lambda o: o.metres)
    assert "Kun én åben praksis" in summary(found, LAW)
    assert "Only one open practice" in summary(found, LAW, "en")
    far = next(o for o in found if o.practice_id == "010101")
    assert far.ground == "open"
    assert far.home_visits
    assert far.sentence("en").endswith("enough open practices within the distance.")


def test_in_copenhagen_a_closed_list_stays_closed_but_for_ones_own_ground(surveyed: Survey) -> None:
    here = (725e3, 6175e3, "0101", "fixed")
    assert options_at(surveyed, Citizen(*here))["010102"] == "none"
    assert options_at(surveyed, Citizen(*here, "household_member_on_list"))["010102"] == "household_member_on_list"
    found = {o.practice_id: o for o in options_for(Citizen(*here), surveyed.practices, LAW)}
    assert not found["030602"].home_visits
    assert found["030602"].sentence("da").endswith("længere væk, end retten rækker.")
    assert "2 åbne" not in found["010102"].sentence()


def test_a_closed_practice_beyond_the_radius_needs_the_doctors_consent(surveyed: Survey) -> None:
    # 2.5 km south of the 5 km radius around Copenhagen's practices there is nothing; 15 km counts in Lolland.
    assert options_at(surveyed, Citizen(725e3, 6175e3, "0101", "fixed"))["030601"] == "consent"


def test_across_the_water_is_said(surveyed: Survey) -> None:
    found = {o.practice_id: o for o in options_for(Citizen(880e3, 6120e3, "0400", "bornholm"), surveyed.practices, LAW)}
    assert found["040001"].same_land
    assert not found["010101"].same_land
    assert "vand uden fast forbindelse" in found["010101"].sentence()


def test_an_unknown_ground_is_refused(surveyed: Survey) -> None:
    for ground in ("foo", "too_few_open_choices"):
        with pytest.raises(CoverageError, match=rf"is called '{ground}'.\n  Try: household_member_on_list"):
            options_for(Citizen(725e3, 6175e3, "0101", "fixed", ground), surveyed.practices, LAW)


def test_a_closure_moves_only_the_displaced(surveyed: Survey, now: Situation) -> None:
    number = surveyed.number("010103")
    after = close(now, [number], FLOW)
    assert after.displaced == surveyed.practices["patients"][number]
    assert after.patients.sum() + after.stranded == after.displaced
    others = now.without(after)
    for other in range(len(now.is_open)):
        if other != number:
            grown = int(others.homes.patients[others.homes.of(other)].sum())
            assert grown == int(now.homes.patients[now.homes.of(other)].sum()) + after.taken[other]
    best = reoptimised(now, [number], FLOW)
    assert best["moved"] >= int(after.patients.sum())
    assert best["unplaced"] <= after.stranded


def test_closing_an_empty_practice_displaces_nobody(surveyed: Survey, now: Situation) -> None:
    sums = effect(now, close(now, [surveyed.number("036002")], FLOW))
    assert sums == {
        "displaced": 0,
        "stranded": 0,
        "people_losing_two": 0,
        "people_losing_all": 0,
        "kilometres_before": 0,
        "kilometres_after": 0,
        "most_taken_by_one": 0,
        "practices_filled": 0,
    }


def test_the_ranking_has_every_practice_worst_first(surveyed: Survey, now: Situation) -> None:
    ids = surveyed.practices["practice_id"].to_list()
    told: list[int] = []
    ranking = rank_closures(now, ids, FLOW, progress=told.append)
    assert sorted(ranking["practice_id"]) == ids
    assert ranking["stranded"].is_sorted(descending=True)
    assert told == list(range(1, len(ids) + 1))
    assert ranking["displaced"].sum() == surveyed.practices["patients"].sum()
    alone = ranking.row(by_predicate=pl.col("practice_id") == "036001", named=True)
    assert alone["stranded"] == alone["displaced"] == 4_123


@pytest.mark.parametrize("closed", [[99], [0, 0], [-1]])
def test_what_is_no_practice_cannot_close(now: Situation, closed: list[int]) -> None:
    with pytest.raises(CoverageError, match="must be different numbers below 11"):
        close(now, closed, FLOW)


def test_the_end_of_the_only_practice_raises_the_alarm(surveyed: Survey, now: Situation) -> None:
    event = Event(Kind.CLOSURE, surveyed.number("040001"))
    alarm = watch(now, event, FLOW)
    assert alarm.raised
    assert set(surveyed.places["municipality"].gather(alarm.to_none)) == {"0400"}
    changed = before_and_after(alarm, surveyed.places, "municipality")
    assert changed["municipality"].to_list() == ["0400"]
    row = changed.row(0, named=True)
    assert row["people_one_choice_before"] == row["people_no_choice_after"] - row["people_no_choice_before"] > 0


def test_a_reduction_closes_the_list_only_when_no_place_is_left(surveyed: Survey, now: Situation) -> None:
    number = int(np.flatnonzero(now.is_open & (now.places_left > 1))[0])
    left = int(now.places_left[number])
    assert not watch(now, Event(Kind.REDUCTION, number, left - 1), FLOW).raised
    gone = watch(now, Event(Kind.REDUCTION, number, left), FLOW)
    shut = watch(now, Event(Kind.LIST_CLOSED, number), FLOW)
    assert gone.choices_after.tolist() == shut.choices_after.tolist()
    assert (gone.choices_after < gone.choices_before).any()
    with pytest.raises(CoverageError, match="loses less than nothing"):
        watch(now, Event(Kind.REDUCTION, number, -1), FLOW)
