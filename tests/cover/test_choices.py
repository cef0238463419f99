"""Choices, mixed cells, islands and surveys: by hand on the small country, and laws of arithmetic."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from pyproj import Geod, Transformer

from fordel.cli._coverage_tables import people_by_area
from fordel.coverage import CoverageError, Engine, Locations, TreeEngine
from fordel.coverage.choices import cell_reach, choice_frame, choices_by, islands, nearest_two
from fordel.coverage.matrix import cover_of
from fordel.coverage.survey import Survey, survey
from fordel.coverage.travel import cover_from_travel
from fordel.engines.straight_line import StraightLine
from fordel.law import Lawbook
from fordel.runs.record import Run
from fordel.tables.travel import Travel

LAW = Lawbook.shipped().on(date(2026, 2, 1))
ZEALAND = (700e3, 6_170e3)


def line_of_places(*kilometres: float) -> pl.DataFrame:
    """Stand places east of a point, 100 people in each."""
    eastings = [ZEALAND[0] + 1000 * km for km in kilometres]
    return pl.DataFrame(
        {
            "easting": eastings,
            "northing": ZEALAND[1],
            "land": "fixed",
            "radius": 15_000.0,
            "people": 100,
            "landmass": "fixed",
        }
    )


def practices_at(*kilometres: float, is_open: bool = True) -> pl.DataFrame:
    frame = line_of_places(*kilometres).select("easting", "northing", "land", "landmass")
    return frame.with_columns(open=pl.lit(is_open), places_left=pl.lit(50, pl.Int64))


def choices(places: pl.DataFrame, practices: pl.DataFrame, reach: float = 0.0) -> pl.DataFrame:
    from fordel.coverage import locate

    around = np.full(places.height, reach)
    wide = TreeEngine().cover(*locate(places, practices), places["radius"].to_numpy() + around)
    return places.hstack(choice_frame(places, practices, wide, around))


def test_statuses_distances_and_room_by_hand() -> None:
    practices = pl.concat([practices_at(0, 1), practices_at(2, is_open=False)])
    found = choices(line_of_places(0, 15.5, 40), practices)
    assert found["open_choices"].to_list() == [2, 1, 0]
    assert found["status"].to_list() == ["two or more", "one", "none"]
    assert found["places_left"].to_list() == [100, 50, 0]
    assert found["nearest_open"].to_list() == pytest.approx([0, 14_500, 39_000], rel=3e-4)
    assert found["second_open"].to_list() == pytest.approx([1_000, 15_500, 40_000], rel=3e-4)


def test_a_cell_that_straddles_the_radius_is_mixed() -> None:
    practices = practices_at(0, 0)
    found = choices(line_of_places(14.0, 14.6, 15.4, 16.0), practices, reach=707.0)
    assert found["mixed"].to_list() == [False, True, True, False]
    assert not choices(line_of_places(14.6, 15.4), practices)["mixed"].any()


def test_where_nothing_is_open_distances_are_empty() -> None:
    found = choices(line_of_places(0), practices_at(0, is_open=False))
    assert found.select("open_choices", "nearest_open", "second_open").row(0) == (0, None, None)


def test_the_nearest_are_not_over_the_water() -> None:
    places = Locations(np.array([[700e3, 6170e3]]), np.array([1]))
    practices = Locations(np.array([[700e3, 6170e3], [700e3, 6175e3], [700e3, 6190e3]]), np.array([0, 1, 1]))
    found = nearest_two(places, practices, np.array([True, True, False]))
    assert found[0, 0] == pytest.approx(5_000, abs=5)
    assert np.isnan(found[0, 1])


def test_the_farthest_corner_of_a_cell() -> None:
    places = pl.DataFrame(
        {"cell_id": ["1km_6170_700"] * 2, "easting": [700_500.0, 700_900.0], "northing": [6_170_500.0] * 2}
    )
    assert cell_reach(places).round(1).tolist() == [707.1, 1029.6]


def test_people_by_choices_add_up_whatever_the_grouping(small_survey: Survey) -> None:
    found = small_survey.choices
    for by in ("municipality", "landmass"):
        sums = choices_by(found, by)
        assert sums["people"].sum() == found["people"].sum() == 35_000
        parts = sums.select(pl.sum_horizontal("people_no_choice", "people_one_choice", "people_two_choices"))
        assert parts.to_series().to_list() == sums["people"].to_list()
    assert choices_by(found.reverse(), "municipality").equals(choices_by(found, "municipality"))


def test_islands_are_listed_one_by_one(small_survey: Survey) -> None:
    listed = islands(small_survey.choices, small_survey.practices)
    assert listed.select("landmass", "people", "practices", "open_practices").rows() == [
        ("bornholm", 1_997, 1, 1),
        ("samsoe", 377, 0, 0),
    ]
    assert listed["people_two_choices"].to_list() == [0, 0]


def test_a_survey_agrees_with_the_plan(small_survey: Survey, small_run: Run) -> None:
    assert small_survey.choices["open_choices"].to_list() == small_run.places["open_choices"].to_list()


def test_a_detour_never_gives_more_choice(small_survey: Survey, small_run: Run) -> None:
    longer = survey_of(small_run, measure="detour")
    assert (longer.choices["open_choices"] <= small_survey.choices["open_choices"]).all()
    with pytest.raises(CoverageError, match=r"No measure is called 'flight'; use one of straight_line, detour"):
        survey_of(small_run, measure="flight")


@pytest.mark.parametrize("engine", [TreeEngine(), StraightLine()], ids=["tree", "compiled"])
@pytest.mark.parametrize(("inwards", "choices"), [(0.0, 1), (0.002, 1), (-0.002, 0)])
def test_a_survey_counts_a_practice_exactly_at_the_radius(engine: Engine, inwards: float, choices: int) -> None:
    geod, to_metres = Geod(ellps="GRS80"), Transformer.from_crs(4258, 25832, always_xy=True)
    places, sites = [], []
    for azimuth in range(0, 360, 15):
        lon, lat, _ = geod.fwd(12.1, 55.62, azimuth, 15_000 - inwards)
        places.append(to_metres.transform(12.1, 55.62))
        sites.append(to_metres.transform(lon, lat))
        cell = f"1km_{places[-1][1] // 1000:.0f}_{places[-1][0] // 1000:.0f}"
        found = survey(LAW, _one(places[-1]).with_columns(cell_id=pl.lit(cell)), _one(sites[-1]), engine)
        assert found.choices["open_choices"].to_list() == [choices], azimuth


def _one(point: tuple[float, float]) -> pl.DataFrame:
    """Stand one person and one open practice on a point of Zealand."""
    return pl.DataFrame(
        {
            "easting": [point[0]], "northing": [point[1]], "landmass": ["fixed"], "municipality": ["0265"],
            "people": [1], "practice_id": ["000001"], "open_to_new": [True], "capacities_filled": [1],
            "patients": [0], "closing_minimum": [1600],
        }
    )  # fmt: skip


def test_places_that_lie_anywhere_in_their_cells_are_measured_alike(small_run: Run) -> None:
    moved = np.random.default_rng(0).uniform(-400, 400, small_run.places.height)
    given = ("cell_id", "municipality", "northing", "landmass", "people", pl.col("easting") + pl.Series(moved))
    places = small_run.places.select(given)
    found = survey(LAW, places, small_run.practices, TreeEngine())
    assert found.wide.pairs
    limit = found.places["radius"].to_numpy() + found.reach
    assert (found.wide.metres <= limit[found.wide.place]).all()
    whole = survey(LAW, places, small_run.practices, StraightLine())
    assert found.choices.equals(whole.choices)


def test_every_engine_gives_the_same_survey(small_run: Run, small_survey: Survey) -> None:
    places = small_run.places.select("cell_id", "municipality", "easting", "northing", "landmass", "people")
    law = Lawbook.shipped().on(small_run.manifest.law_date)
    other = survey(law, places, small_run.practices, StraightLine())
    assert other.choices.equals(small_survey.choices)


def test_every_patient_has_a_home_in_the_right_municipality(small_survey: Survey, small_country: object) -> None:
    registrations = small_country.registrations  # type: ignore[attr-defined]
    homes = small_survey.homes(registrations)
    owner = np.repeat(np.arange(small_survey.practices.height), np.diff(homes.start))
    found = pl.DataFrame(
        {
            "practice_id": small_survey.practices["practice_id"].gather(owner),
            "municipality": small_survey.places["municipality"].gather(homes.place),
            "patients": homes.patients,
        }
    )
    key = ["practice_id", "municipality"]
    expected = registrations.group_by(key).agg(pl.col("patients").sum()).sort(key)
    assert found.group_by(key).agg(pl.col("patients").sum()).sort(key).equals(expected)
    # From list sizes alone every list keeps its size too.
    alone = small_survey.homes()
    sizes = np.add.reduceat(np.append(alone.patients, 0), alone.start[:-1]) * (np.diff(alone.start) > 0)
    assert sizes.tolist() == small_survey.practices["patients"].to_list()


def test_registrations_of_another_snapshot_are_refused(small_survey: Survey) -> None:
    strange = pl.DataFrame({"practice_id": ["999999"], "municipality": ["0101"], "patients": [5]})
    with pytest.raises(CoverageError, match=r"name practice_id 999999, but no such practice"):
        small_survey.homes(strange)
    nowhere = pl.DataFrame({"practice_id": ["010101"], "municipality": ["0999"], "patients": [5]})
    with pytest.raises(CoverageError, match=r"name municipality 0999, but nobody lives there"):
        small_survey.homes(nowhere)


def test_a_travel_table_takes_the_place_of_measuring() -> None:
    places = pl.DataFrame({"cell_id": ["1km_6170_700", "1km_6170_701"], "municipality": ["0360", "0360"]})
    practices = pl.DataFrame({"practice_id": ["000001", "000002"]})
    rows = [
        ("1km_6170_700", "0360", "000001", 15_000.0, 20.0, False),
        ("1km_6170_700", "0360", "000002", 15_000.1, 20.0, False),
        ("1km_6170_701", "0360", "000002", 9_000.0, 70.0, True),
        ("1km_6170_701", "0360", "000001", None, 70.0, False),
    ]
    travel = pl.DataFrame(Travel.validate(pl.DataFrame(rows, schema=Travel.column_names(), orient="row"), cast=True))
    radius = np.full(2, 15_000.0)
    assert cover_from_travel(places, practices, travel, radius).start.tolist() == [0, 1, 1]
    assert cover_from_travel(places, practices, travel, radius, ferries=True).start.tolist() == [0, 1, 2]
    with pytest.raises(CoverageError, match=r"name no known practice; the first is 000002"):
        cover_from_travel(places, practices.head(1), travel, radius)


def test_the_matrix_turns_and_sums() -> None:
    cover = cover_of(np.array([2, 0, 0]), np.array([1, 1, 0]), np.array([3.0, 2.0, 1.0]), (3, 2))
    assert cover.sums(np.array([10.0, 5.0])).tolist() == [15, 0, 5]
    assert cover.turned.start.tolist() == [0, 1, 3]
    assert cover.turned.practice.tolist() == [0, 0, 2]
    assert cover.turned.turned.metres.tolist() == cover.metres.tolist() == [1, 2, 3]


def survey_of(run: Run, measure: str = "straight_line") -> Survey:
    places = run.places.select("cell_id", "municipality", "easting", "northing", "landmass", "people")
    return survey(Lawbook.shipped().on(run.manifest.law_date), places, run.practices, TreeEngine(), measure=measure)


@pytest.fixture(scope="module")
def small_survey(small_run: Run) -> Survey:
    return survey_of(small_run)


@pytest.mark.slow
def test_the_whole_country_adds_up(demo_run: Run) -> None:
    found = survey_of(demo_run)
    by_municipality = choices_by(found.choices, "municipality")
    assert by_municipality.height == 98
    for level, areas in (("municipality", 98), ("health_council", 17), ("region", 5), ("nation", 1)):
        summed = people_by_area(found, demo_run, level)
        assert summed.height == areas
        assert summed["people"].sum() == 5_837_213
        by_status = summed.select("people_no_choice", "people_one_choice", "people_two_choices").sum_horizontal()
        assert by_status.to_list() == summed["people"].to_list()
        assert summed["name"].null_count() == 0
    assert found.choices["open_choices"].to_list() == demo_run.places["open_choices"].to_list()
    listed = islands(found.choices, found.practices)
    assert listed.filter(landmass="Bornholm").height == 1
    apart = demo_run.places.filter(pl.col("landmass") != "fixed")["people"].sum()
    assert listed["people"].sum() == apart > 0
