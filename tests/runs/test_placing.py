"""Placement of true places: unmet need, distance and risk by hand, and what an open practice that extends can give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from fordel.coverage.survey import Survey, survey
from fordel.coverage.tree import TreeEngine
from fordel.law import Lawbook
from fordel.placement.errors import PlacementError
from fordel.placement.goals import Sites
from fordel.runs._placing_goals import nearest_open, unmet_need
from fordel.runs._placing_sites import closure_risks
from fordel.runs.execute import execute
from fordel.runs.placing import Wishes, ask
from fordel.runs.placing_effects import closures, explained, place_by_place
from fordel.runs.record import Run
from fordel.tables import Tables

DAY = date(2026, 2, 1)
LAW = Lawbook.shipped().on(DAY)


def two_places() -> Survey:
    """Two places 20 km apart, 1,000 and 3,000 people; a practice by each, and one with no doctor between them."""
    places = pl.DataFrame(
        {"cell_id": ["1km_6100_600", "1km_6100_620"], "municipality": ["0306", "0306"], "easting": [600e3, 620e3],
         "northing": [6100e3] * 2, "landmass": ["fixed"] * 2, "people": [1000, 3000]}
    )  # fmt: skip
    practices = pl.DataFrame(
        {"practice_id": ["000001", "000002", "000003"], "easting": [601e3, 621e3, 610e3], "northing": [6100e3] * 3,
         "landmass": ["fixed"] * 3, "open_to_new": [False, True, True], "capacities_filled": [1.0, 1.0, 0.0],
         "capacities_released": [1.0, 1.0, 1.0], "patients": [1600, 1600, 0], "closing_minimum": [1600] * 3}
    )  # fmt: skip
    return survey(LAW, places, practices, TreeEngine())


def test_unmet_need_is_what_capacities_in_reach_leave() -> None:
    areas = pl.DataFrame({"level": ["municipality"], "area_id": ["0306"], "need": [4.0], "people": [4000]})
    # Each practice serves its own place only: need 1 and 3 against one capacity each.
    assert unmet_need(two_places(), areas) == pytest.approx([0.0, 2.0])


def test_the_nearest_practice_is_an_open_one_however_far() -> None:
    assert nearest_open(two_places()) == pytest.approx([21_000.0, 1_000.0])


def test_risk_goes_by_doctors_until_a_table_tells(tmp_path_factory: pytest.TempPathFactory) -> None:
    practices = two_places().practices.with_columns(capacities_filled=pl.Series([1.0, 2.0, 7.0]))
    assert closure_risks(LAW, practices, None).tolist() == [0.2, 0.1, 0.05]
    folder = tmp_path_factory.mktemp("risk")
    pl.DataFrame({"practice_id": ["000002"], "probability": [0.9]}).write_csv(folder / "risk.csv")
    assert closure_risks(LAW, practices, folder / "risk.csv").tolist() == [0.2, 0.9, 0.05]
    pl.DataFrame({"practice_id": ["999999"], "probability": [0.9]}).write_csv(folder / "strange.csv")
    with pytest.raises(PlacementError, match="999999"):
        closure_risks(LAW, practices, folder / "strange.csv")


@pytest.fixture(scope="module")
def run(small_country: Tables) -> Run:
    return execute(small_country, day=DAY, total=44)


def _found(run: Run) -> Survey:
    places = run.places.select("cell_id", "municipality", "easting", "northing", "landmass", "people")
    return survey(LAW, places, run.practices, TreeEngine())


def test_an_open_practice_that_extends_gives_no_new_choice_but_serves_need(run: Run) -> None:
    found = _found(run)
    question = ask(LAW, found, run.areas, "region-sjaelland", Wishes(2, extend=True))
    at = question.sites.with_row_index().filter(pl.col("kind") == "open_practice")["index"].to_list()
    assert at
    plan = Sites(np.array(at[:1], np.int64), np.array([2], np.int64))
    none = Sites(np.empty(0, np.int64), np.empty(0, np.int64))
    for name in ("two_choices", "one_choice", "robust"):
        assert question.goals[name].value(question.problem, plan) == 0
    assert place_by_place(found, question).gain(plan.chosen) == 0
    told = explained(LAW, found, run.areas, question, plan)
    assert told.select("people_in_reach", "people_second", "people_first").row(0) == (0, 0, 0)
    same = closures(found, question, {"extends": plan, "none": none}, scenarios=20)
    assert same.drop("plan").row(0) == same.drop("plan").row(1)
    assert (question.problem.least[at] == 1).all()


def test_expected_choices_are_the_mean_of_many_closures(run: Run) -> None:
    """The goal counts, without drawing, what the mean over draws comes to."""
    found = _found(run)
    question = ask(LAW, found, run.areas, "region-sjaelland", Wishes(4))
    question = replace(question, risk=np.full(len(question.risk), 0.4))
    again = ask(
        LAW.setting("closure_risk", [0.4, 0.4, 0.4], source="a test"), found, run.areas, "region-sjaelland", Wishes(4)
    )
    plan = Sites(np.array([0, question.problem.candidates - 1], np.int64), np.array([2, 2], np.int64))
    none = Sites(np.empty(0, np.int64), np.empty(0, np.int64))
    drawn = closures(found, question, {"plan": plan, "none": none}, scenarios=20_000)
    gained = drawn["mean"][0] - drawn["mean"][1]
    assert again.goals["robust"].value(again.problem, plan) == pytest.approx(gained, rel=0.02, abs=3)
    assert (drawn["least"] <= drawn["tenth"]).all()
