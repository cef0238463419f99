"""`fordel coverage --measure FILE`: by roads and by a travel table, on the small country."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from fordel.cli import app
from fordel.runs.record import Run, write_run


@pytest.fixture(scope="module")
def folder(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(small_run, tmp_path_factory.mktemp("measures") / "run")


def fordel(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "80", "TERM": "dumb"}).invoke(app, ["coverage", *map(str, arguments)])


def said(found: Result) -> str:
    return " ".join(found.output.split())


def centre_lines(path: Path, run: Run, *municipalities: str) -> Path:
    """Lead a road, with a bend of 3 km, from every place to every practice of some municipalities."""
    places, practices = (
        frame.filter(pl.col("municipality").is_in(municipalities)).select("easting", "northing").rows()
        for frame in (run.places, run.practices)
    )
    lines = [[home, (home[0], home[1] + 1_500), practice] for home in places for practice in practices]
    features = [
        {"type": "Feature", "properties": {"VEJKLASSE": "Lokalvej-Primær"},
         "geometry": {"type": "LineString", "coordinates": line}}
        for line in lines
    ]  # fmt: skip
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8")
    return path


def test_by_road_leaves_out_who_lives_beyond_and_tells_the_straight_line_too(
    folder: Path, small_run: Run, tmp_path: Path
) -> None:
    roads = centre_lines(tmp_path / "odsherred.geojson", small_run, "0306")
    found = fordel("analyse", folder, "--level", "municipality", "--measure", roads, "--to", tmp_path / "tables")
    assert found.exit_code == 0, found.output
    people = int(small_run.places["people"].sum())
    here = int(small_run.places.filter(municipality="0306")["people"].sum())
    assert f"{people - here:,} people live farther than 500 m from these roads; they are left out" in said(found)
    assert f"Of these {here:,} people," in said(found)
    assert "Which of the two the law means is not known" in said(found)
    assert "Water %" not in found.output
    by_place = pl.read_csv(tmp_path / "tables" / "choices_by_place.csv")
    straight = small_run.places.filter(municipality="0306")
    assert by_place["people"].sum() == here
    assert (by_place["open_choices"] <= straight["open_choices"]).all()
    assert (by_place["nearest_open"].drop_nulls() >= 1_500).all()


def test_closures_need_roads_under_every_practice(folder: Path, small_run: Run, tmp_path: Path) -> None:
    part = centre_lines(tmp_path / "part.geojson", small_run, "0306")
    found = fordel("whatif", folder, "030601", "--measure", part)
    assert found.exit_code == 2
    assert "Expected: roads under all of them" in said(found)
    whole = centre_lines(tmp_path / "whole.geojson", small_run, *small_run.practices["municipality"].unique())
    found = fordel("whatif", folder, small_run.practices["practice_id"][0], "--measure", whole)
    assert found.exit_code == 0, found.output
    assert "Distance: by the roads of whole.geojson" in said(found)


def test_roads_of_somewhere_else_are_refused(folder: Path, small_run: Run, tmp_path: Path) -> None:
    roads = centre_lines(tmp_path / "roads.geojson", small_run, "0306")
    moved = json.loads(roads.read_text(encoding="utf-8"))
    for feature in moved["features"]:
        feature["geometry"]["coordinates"] = [[500_000, 6_400_000], [501_000, 6_400_000]]
    roads.write_text(json.dumps(moved), encoding="utf-8")
    found = fordel("analyse", folder, "--measure", roads)
    assert found.exit_code == 2
    assert "No place or no practice lies within 500 m of a road" in said(found)


def travel(path: Path, run: Run, practice_id: str | None = None) -> Path:
    """Write that the first practice lies 4 km from every place, ferry or not."""
    pairs = run.places.select("cell_id", "municipality").with_columns(
        practice_id=pl.lit(practice_id or run.practices.filter("open_to_new")["practice_id"][0]),
        metres=4000.0,
        minutes=pl.lit(None, pl.Float64),
        by_ferry=pl.col("municipality") == "0400",
    )
    pairs.write_csv(path)
    return path


def test_a_travel_table_from_elsewhere_is_taken(folder: Path, small_run: Run, tmp_path: Path) -> None:
    table = travel(tmp_path / "travel.csv", small_run)
    found = fordel("analyse", folder, "--measure", table, "--to", tmp_path / "tables")
    assert found.exit_code == 0, found.output
    assert "Distance: by the table travel.csv" in said(found)
    by_place = pl.read_csv(tmp_path / "tables" / "choices_by_place.csv", schema_overrides={"municipality": pl.String})
    # On Bornholm a ferry is needed, which gives no choice.
    wanted = (by_place["municipality"] != "0400").cast(pl.Int64)
    assert by_place["open_choices"].to_list() == wanted.to_list()
    assert set(by_place["nearest_open"].drop_nulls()) == {4000.0}


def test_a_travel_table_of_other_practices_is_refused(folder: Path, small_run: Run, tmp_path: Path) -> None:
    found = fordel("analyse", folder, "--measure", travel(tmp_path / "travel.csv", small_run, "999999"))
    assert found.exit_code == 2
    assert "rows of the travel table name no known practice" in said(found)


@pytest.mark.parametrize("name", ["missing.osm.pbf", "notes.txt"])
def test_what_is_no_file_of_roads_is_refused_with_what_is_wanted(folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("no roads", encoding="utf-8")
    found = fordel("analyse", folder, "--measure", tmp_path / name)
    assert found.exit_code == 2
    assert "it is no such file" in said(found)
