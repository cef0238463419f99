"""The whole demo snapshot: its sums, its places, its practices against published figures, the same bytes each time."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.resources import files

import numpy as np
import polars as pl
import pytest
import shapely
from scipy.spatial import cKDTree

from fordel.demo.packaged import read
from fordel.demo.population import municipalities, population
from fordel.tables import Tables

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def staffed(demo_tables: Tables) -> pl.DataFrame:
    regions = municipalities().select("municipality", "region")
    return demo_tables.practices.join(regions, on="municipality").filter(pl.col("capacities_filled") > 0)


def _number(frame: pl.DataFrame, value: pl.Expr) -> float:
    return float(frame.select(value.cast(pl.Float64)).item())


PER_GP = pl.col("patients") / pl.col("capacities_filled")


def test_people_sum_to_the_nation_in_every_table_that_counts_them(demo_tables: Tables) -> None:
    assert demo_tables.population["people"].sum() == 5_837_213
    assert demo_tables.demand_points["people"].sum() == 5_837_213
    assert demo_tables.registrations["patients"].sum() == 5_837_213
    assert demo_tables.practices["patients"].sum() == 5_837_213


def test_demand_points_keep_every_municipality(demo_tables: Tables) -> None:
    placed = demo_tables.demand_points.group_by("municipality").agg(pl.col("people").sum()).sort("municipality")
    counted = population().group_by("municipality").agg(pl.col("people").sum()).sort("municipality")
    assert placed.equals(counted)


def test_registrations_keep_every_group(demo_tables: Tables) -> None:
    group = ("municipality", "sex", "age_group")
    listed = demo_tables.registrations.group_by(group).agg(people=pl.col("patients").sum())
    both = demo_tables.population.join(listed, on=group, how="left", suffix="_listed").fill_null(0)
    assert (both["people"] == both["people_listed"]).all()


def test_lists_are_what_is_registered(demo_tables: Tables) -> None:
    listed = demo_tables.registrations.group_by("practice_id").agg(pl.col("patients").sum())
    both = demo_tables.practices.join(listed, on="practice_id", how="left").fill_null(0)
    assert (both["patients"] == both["patients_right"]).all()


def test_nobody_lives_in_the_sea_or_in_another_municipality(demo_tables: Tables) -> None:
    outlines = dict(demo_tables.area_shapes.iter_rows())
    for frame in (demo_tables.demand_points, demo_tables.practices):
        for (municipality,), local in frame.partition_by("municipality", as_dict=True).items():
            land = shapely.buffer(shapely.from_wkb(outlines[municipality]), 0.1)
            shapely.prepare(land)
            inside = shapely.contains_xy(land, local["easting"].to_numpy(), local["northing"].to_numpy())
            assert inside.all(), municipality


def test_a_point_stands_in_the_cell_it_is_named_after(demo_tables: Tables) -> None:
    points = demo_tables.demand_points
    named = points.select(
        pl.format("1km_{}_{}", (pl.col("northing") // 1000).cast(pl.Int64), (pl.col("easting") // 1000).cast(pl.Int64))
    ).to_series()
    assert (points["cell_id"] == named).all()


def test_islands_without_a_fixed_link_are_peopled(demo_tables: Tables) -> None:
    islands = read("islands/islands.csv").filter(pl.col("fixed_link") == "no")
    people = dict(demo_tables.demand_points.group_by("landmass").agg(pl.col("people").sum()).iter_rows())
    assert set(people) == {"fixed", *islands["name"]}
    assert people["Christiansø"] == 90
    assert people["Fanø"] == 3449
    for name, about in islands.filter(pl.col("people_about").is_not_null()).select("name", "people_about").iter_rows():
        assert people[name] == int(about)


@pytest.mark.parametrize("island", ["Bornholm", "Samsø", "Ærø", "Fanø"])
def test_islands_that_are_municipalities_have_practices_of_their_own(demo_tables: Tables, island: str) -> None:
    there = demo_tables.practices.filter(pl.col("landmass") == island)
    assert there["capacities_filled"].sum() > 0


def test_towns_are_as_dense_as_towns(demo_tables: Tables) -> None:
    points = demo_tables.demand_points
    densest = points.sort("people", descending=True)
    assert densest["municipality"][0] == "0101"
    assert 10_000 <= densest["people"][0] <= 25_000
    assert 20_000 <= points.height <= 45_000
    assert _number(points, pl.col("people").median()) < 40


def test_gps_per_region_are_as_published(staffed: pl.DataFrame) -> None:
    published = read("gp_supply/gp_supply_figures.csv").filter(pl.col("measure") == "GPs")
    figures = {area: int(value) for area, value in published.select("area", "value").iter_rows()}
    found = dict(staffed.group_by("region").agg(pl.col("capacities_filled").sum()).iter_rows())
    assert found == {
        "region-hovedstaden": figures["Region Hovedstaden"],
        "region-sjaelland": figures["Region Sjælland"],
        "region-syddanmark": figures["Region Syddanmark"],
        "region-midtjylland": figures["Region Midtjylland"],
        "region-nordjylland": figures["Region Nordjylland"],
    }
    assert sum(found.values()) == figures["Denmark"]
    assert staffed.filter(pl.col("municipality") == "0825").height == figures["Læsø"] == 0


def test_practices_are_as_many_and_as_large_as_danish_ones(demo_tables: Tables, staffed: pl.DataFrame) -> None:
    assert 1_600 <= demo_tables.practices.height <= 1_800
    assert 0.40 <= _number(staffed, (pl.col("capacities_filled") == 1).mean()) <= 0.52  # half in 2019, by PLO
    assert staffed["capacities_filled"].max() == 8
    vacant = demo_tables.practices.select(pl.col("capacities_released") - pl.col("capacities_filled")).sum().item()
    assert 0.01 <= vacant / 3326 <= 0.05


def test_the_share_open_is_as_published(staffed: pl.DataFrame) -> None:
    practices = dict(staffed.group_by("region").agg(pl.col("open_to_new").mean()).iter_rows())
    assert practices["region-hovedstaden"] == pytest.approx(0.23, abs=0.01)
    assert practices["region-midtjylland"] == pytest.approx(0.43, abs=0.01)
    gps = pl.col("capacities_filled")
    assert _number(staffed, gps.filter("open_to_new").sum() / gps.sum()) == pytest.approx(0.37, abs=0.02)
    assert _number(staffed, pl.col("open_to_new").mean()) == pytest.approx(0.33, abs=0.03)


def test_lists_are_longest_in_the_north_as_published(staffed: pl.DataFrame) -> None:
    """1,809 in Nordjylland and 1,566 in Syddanmark in 2017; all residents are on lists here, so a little more."""
    sizes = staffed.group_by("region").agg(size=pl.col("patients").sum() / pl.col("capacities_filled").sum())
    size = dict(sizes.iter_rows())
    assert max(size, key=lambda region: size[region]) == "region-nordjylland"
    assert min(size, key=lambda region: size[region]) == "region-syddanmark"
    assert size["region-nordjylland"] / size["region-syddanmark"] == pytest.approx(1809 / 1566, abs=0.15)
    assert _number(staffed, PER_GP.quantile(0.01)) > 1_000
    assert _number(staffed, PER_GP.quantile(0.99)) < 2_700


def test_lists_are_local(demo_tables: Tables) -> None:
    """Most are on a list in their own municipality, and nine in ten of each at a practice within 15 km of its homes."""
    own = demo_tables.registrations.join(demo_tables.practices, on="practice_id", suffix="_practice")
    at_home = own.filter(pl.col("municipality") == pl.col("municipality_practice"))
    assert _number(at_home, pl.col("patients").sum()) / 5_837_213 > 0.7
    points = demo_tables.demand_points
    for (municipality,), lists in own.partition_by("municipality", as_dict=True).items():
        homes = points.filter(pl.col("municipality") == municipality).select("easting", "northing").to_numpy()
        apart, _ = cKDTree(homes).query(lists.select("easting", "northing").to_numpy())
        far = pl.Series(np.asarray(apart) > 15_000.0)
        share = _number(lists, pl.col("patients").filter(far).sum() / pl.col("patients").sum())
        assert share <= 0.10 or municipality == "0825", municipality  # nobody practises on Læsø


def test_lists_differ_in_need(demo_tables: Tables) -> None:
    lists = demo_tables.registrations.join(demo_tables.need_weights, on=["sex", "age_group"])
    mean = lists.group_by("practice_id").agg(
        weight=(pl.col("coefficient") * pl.col("patients")).sum() / pl.col("patients").sum()
    )["weight"]
    spread = np.asarray(mean / mean.mean())
    assert 0.04 < spread.std() < 0.12


def test_stated_maxima_are_those_of_people_who_answer(demo_tables: Tables) -> None:
    staffed = demo_tables.practices.filter(pl.col("capacities_filled") > 0)
    told = staffed.join(demo_tables.stated_maxima, on="practice_id", how="left", maintain_order="left")
    assert demo_tables.stated_maxima.height == told["stated_maximum"].count()
    assert 0.75 < demo_tables.stated_maxima.height / staffed.height < 0.85
    assert (told["stated_maximum"] <= 2700 * told["capacities_filled"]).all()
    assert (told["stated_maximum"].drop_nulls() % 50 == 0).all()
    answered = told.drop_nulls("stated_maximum").with_columns(room=pl.col("stated_maximum") - pl.col("patients"))
    by_access = dict(answered.group_by("open_to_new").agg((pl.col("room") > 0).mean()).iter_rows())
    assert by_access[True] > 0.9
    assert 0.3 < by_access[False] < 0.7  # some would rather have fewer than they have


def test_what_is_made_up_is_called_so(demo_tables: Tables) -> None:
    assert demo_tables.synthetic
    assert demo_tables.practices["name"].str.starts_with("Syntetisk praksis ").all()
    assert demo_tables.practices["practice_id"].str.starts_with("9").all()
    made_up = demo_tables.sources.filter("synthetic")
    for table in ("practices", "registrations", "stated_maxima", "need_weights"):
        assert made_up["tables"].str.contains(table).any()
    assert made_up["note"].str.contains("No row is a real|Modelled|Assumption").all()
    assert made_up["note_dansk"].str.contains("Ingen række er en virkelig|Beregnet|Antagelse").all()


def test_every_table_has_a_source_and_every_folder_tells_its_own(demo_tables: Tables) -> None:
    named = ", ".join(demo_tables.sources["tables"])
    assert {name for name in demo_tables.frames_with_rows() if name != "sources"} == set(named.split(", "))
    osm = demo_tables.sources.filter(pl.col("source_id") == "osm")
    assert osm["licence"].item() == "ODbL-1.0"
    folders = [f for f in files("fordel.demo").joinpath("data").iterdir() if f.is_dir()]
    assert len(folders) >= 9
    for folder in folders:
        assert "icence" in folder.joinpath("SOURCE.md").read_text(encoding="utf-8") or folder.name == "gp_supply"


def test_the_same_snapshot_comes_out_of_another_process(demo_tables: Tables) -> None:
    script = "from fordel.demo import make_snapshot; print(make_snapshot().fingerprint)"
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "LC_ALL": "C", "POLARS_MAX_THREADS": "1"}
    made = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert made.stdout.strip() == demo_tables.fingerprint
