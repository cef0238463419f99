"""`fordel coverage` on the small country: what it says, and how it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from fordel.cli import app
from fordel.runs.record import Run, write_run
from fordel.stores import write_snapshot
from fordel.tables import Tables


@pytest.fixture(scope="module")
def folder(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(small_run, tmp_path_factory.mktemp("coverage") / "run")


def fordel(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "80", "TERM": "dumb"}).invoke(app, ["coverage", *map(str, arguments)])


def test_analyse_shows_areas_and_islands_and_writes_them(folder: Path, tmp_path: Path) -> None:
    found = fordel("analyse", folder, "--level", "municipality", "--to", tmp_path / "tables")
    assert found.exit_code == 0, found.output
    for words in ("Synthetic data", "Distance: straight line", "Odsherred", "bornholm", "1,997"):
        assert words in found.output
    assert max(len(line) for line in found.output.splitlines() if ".csv" not in line) <= 80
    written = sorted(path.name for path in (tmp_path / "tables").iterdir())
    assert written == ["choices_by_municipality.csv", "choices_by_place.csv", "islands.csv"]


def test_analyse_says_when_a_factor_is_assumed(folder: Path) -> None:
    assert "straight line times 1.3 (an assumption)" in fordel("analyse", folder, "--measure", "detour").output


def test_the_map_says_when_the_distance_is_a_detour(folder: Path, tmp_path: Path) -> None:
    assert fordel("analyse", folder, "--map", tmp_path, "--measure", "detour", "--danish").exit_code == 0
    assert "Afstand: luftlinje gange 1,3 (antagelse)" in (tmp_path / "choices.svg").read_text(encoding="utf-8")


def test_a_snapshot_does_as_well_as_a_run(small_country: Tables, tmp_path: Path) -> None:
    write_snapshot(small_country, tmp_path / "snapshot")
    found = fordel("whatif", tmp_path / "snapshot", "040001", "--on", "2026-02-01")
    assert found.exit_code == 0, found.output
    assert "Law of 2026-02-01" in found.output


def test_whatif_tells_who_finds_room(folder: Path) -> None:
    found = fordel("whatif", folder, "010101", "--compare")
    assert found.exit_code == 0, found.output
    text = " ".join(found.output.split())
    assert "4,823 patients lose their practice" in text
    assert "Lægerne Falkoner" in text
    assert "Could anybody be asked to move" in text


def test_rank_puts_the_worst_first(folder: Path, tmp_path: Path) -> None:
    found = fordel("rank", folder, "--top", "3", "--to", tmp_path)
    assert found.exit_code == 0, found.output
    assert "075101 Lægerne Åboulevarden" in found.output
    assert len((tmp_path / "closures.csv").read_text(encoding="utf-8").splitlines()) == 12
    only = fordel("rank", folder, "--region", "region-sjaelland")
    assert "036001" in only.output
    assert "075101" not in only.output


def test_options_explains_each_in_danish(folder: Path) -> None:
    found = fordel("options", folder, "--at", "652000,6194000", "--danish", "--most", "3")
    assert found.exit_code == 0, found.output
    text = " ".join(found.output.split())
    assert "Kun én åben praksis ligger inden for afstanden" in text
    assert "Lægehuset i Vig" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["analyse", "--measure", "road"], "No measure is called 'road'"),
        (["analyse", "--on", "2027-01-01"], "is a run by the law of 2026-02-01"),
        (["analyse", "--level", "street"], "No level is called 'street'"),
        (["whatif", "999999"], "No practice has the id '999999'"),
        (["whatif", "010101", "010101"], "must be different numbers"),
        (["rank", "--region", "region-x"], "No practice lies in a region 'region-x'"),
        (["options", "--at", "12.5,55.7"], "Nobody lives within 5 km"),
        (["options", "--at", "here"], "is no point"),
        (["options", "--at", "725000,6175000", "--ground", "luck"], "is called 'luck'"),
    ],
)
def test_every_fault_is_a_sentence(folder: Path, arguments: list[str], message: str) -> None:
    found = fordel(arguments[0], folder, *arguments[1:])
    assert found.exit_code == 2
    assert message in " ".join(found.output.replace("│", " ").split())
    assert "Traceback" not in found.output


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    found = fordel("analyse", tmp_path)
    assert found.exit_code == 2
    assert "holds neither a run" in found.output


def test_access_shows_every_index_and_whether_need_decides(folder: Path, tmp_path: Path) -> None:
    found = fordel("access", folder, "--level", "municipality", "--to", tmp_path)
    assert found.exit_code == 0, found.output
    for words in ("Synthetic data", "E2SFCA", "RAAM", "Odsherred", "Concentration index by need", "Gini"):
        assert words in found.output
    assert max(len(line) for line in found.output.splitlines() if ".csv" not in line) <= 80
    places = pl.read_csv(tmp_path / "access_by_place.csv")
    areas = pl.read_csv(tmp_path / "access_by_municipality.csv")
    assert areas["people"].sum() == places["people"].sum()
    # Where everybody reaches some capacity, need times access sums to the capacities that somebody reaches.
    need = places["people"] * places["mean_weight"]
    assert 0 < (need * places["2sfca"]).sum() / 10_000 <= 40


def test_monitor_raises_an_alarm_and_says_where(folder: Path, tmp_path: Path) -> None:
    found = fordel("monitor", folder, "075101", "--to", tmp_path)
    assert found.exit_code == 0, found.output
    text = " ".join(found.output.split())
    assert "ALARM: " in text
    alarms = pl.read_csv(tmp_path / "alarms.csv")
    assert alarms.height
    assert (alarms["choices_after"] < alarms["choices_before"]).all()
    fell = alarms.filter((pl.col("choices_before") >= 2) & (pl.col("choices_after") < 2))
    assert f"{fell['people'].sum():,} people in {fell.height:,} places fall below 2" in text


def test_a_small_reduction_raises_no_alarm(folder: Path) -> None:
    found = fordel("monitor", folder, "075101", "--event", "reduction", "--places-lost", "1")
    assert "No alarm" in found.output


@pytest.mark.parametrize(
    "arguments",
    [("--event", "fire"), ("--event", "reduction"), ("--places-lost", "5"), ("--level", "county")],
    ids=" ".join,
)
def test_monitor_refuses_what_makes_no_event(folder: Path, arguments: tuple[str, ...]) -> None:
    assert fordel("monitor", folder, "075101", *arguments).exit_code == 2


@pytest.mark.parametrize(("switch", "words"), [([], "By the law of"), (["--danish"], "Efter reglerne pr.")])
def test_the_map_has_a_legend_with_units_and_a_grid_that_lies_where_people_live(
    folder: Path, small_run: Run, tmp_path: Path, switch: list[str], words: str
) -> None:
    found = fordel("analyse", folder, "--map", tmp_path, *switch)
    assert found.exit_code == 0, found.output
    drawn = (tmp_path / "choices.svg").read_text(encoding="utf-8")
    assert words in drawn
    assert ("Afstand: luftlinje" if switch else "Distance: straight line") in drawn
    told = re.findall(r'<text x="2000" text-anchor="end">([\d.,]+)</text>', drawn)
    assert sum(int(re.sub(r"\D", "", people)) for people in told) == small_run.places["people"].sum()
    assert drawn.count("<circle") == small_run.practices.height + 2
    with Image.open(tmp_path / "choices.png") as grid:
        width, height = grid.size
    world = [float(line) for line in (tmp_path / "choices.pgw").read_text(encoding="ascii").split()]
    west, north = world[4] - 500, world[5] + 500
    mainland = small_run.places.filter(pl.col("easting") < 800_000).select("easting", "northing").to_numpy()
    assert ((mainland >= (west, north - 1000 * height)) & (mainland <= (west + 1000 * width, north))).all()


def test_what_practices_say_they_take_decides_who_has_room(folder: Path, small_run: Run, tmp_path: Path) -> None:
    neighbours = small_run.practices.filter(pl.col("practice_id") != "010101")
    full = neighbours.select("practice_id", stated_maximum="patients")
    full.write_csv(tmp_path / "stated.csv")
    found = fordel("whatif", folder, "010101", "--stated", tmp_path / "stated.csv")
    assert found.exit_code == 0, found.output
    text = " ".join(found.output.split())
    assert "4,823 patients lose their practice; 4,823 of them find no open practice" in text


def test_a_maximum_of_nobody_is_refused(folder: Path, tmp_path: Path) -> None:
    pl.DataFrame({"practice_id": ["999999"], "stated_maximum": [1600]}).write_csv(tmp_path / "stated.csv")
    found = fordel("whatif", folder, "010101", "--stated", tmp_path / "stated.csv")
    assert found.exit_code == 2
    assert "stated.csv names 1 practices that are not there: 999999" in " ".join(found.output.split())


def test_closing_in_turn_hands_patients_on(folder: Path, small_run: Run) -> None:
    lists = dict(small_run.practices.select("practice_id", "patients").iter_rows())
    found = fordel("whatif", folder, "010101", "010103", "--in-turn")
    assert found.exit_code == 0, found.output
    text = " ".join(found.output.split())
    lost = [int(number.replace(",", "")) for number in re.findall(r"([\d,]+) patients lose their practice", text)]
    assert text.index("010101 closes:") < text.index("010103 closes:")
    assert lost[0] == lists["010101"]
    assert lost[1] > lists["010103"], "the second loses those it took from the first as well"
    assert fordel("whatif", folder, "010101", "--in-turn", "--compare").exit_code == 2
