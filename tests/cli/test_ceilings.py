from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from fordel.cli import app
from fordel.runs.record import Run, write_run


@pytest.fixture(scope="module")
def folder(rich_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(rich_run, tmp_path_factory.mktemp("rich") / "run")


def said(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(words), env={"COLUMNS": "100"})
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done.output


def test_alerts_exceptions_and_planning_areas_are_listed(folder: Path) -> None:
    assert "Bornholm" in said("ceilings", "list", str(folder))
    exceptions = said("ceilings", "list", str(folder), "exceptions")
    assert all(word in exceptions for word in ("bornholm", "aarhus", "lolland", "counts"))
    planning = said("ceilings", "list", str(folder), "planning")
    assert all(word in planning for word in ("Byen", "Nørrebro", "Østerbro", "people"))


def test_nothing_to_list_is_said_in_words(small_run: Run, tmp_path: Path) -> None:
    folder = write_run(small_run, tmp_path / "run")
    assert "No exception is decided" in said("ceilings", "list", str(folder), "exceptions")
    assert "no planning areas" in said("ceilings", "list", str(folder), "planning")


def test_methods_stand_side_by_side_within_bounds(folder: Path) -> None:
    shown = said("ceilings", "methods", str(folder), "--level", "municipality")
    assert all(word in shown for word in ("Adams", "Jefferson", "Webster", "Hill", "Hamilton", "Quota", "larger need"))
    bounded = said("ceilings", "methods", str(folder), "--level", "municipality", "--at-least", "1", "--at-most", "9")
    assert "Quota" not in bounded
    samsoe = next(line for line in bounded.splitlines() if "Samsø" in line)
    assert samsoe.split()[2:] == ["1"] * 5
    assert "The bounds allow" in said("ceilings", "methods", str(folder), "--at-most", "1", code=2)
    assert "No level is called" in said("ceilings", "methods", str(folder), "--level", "parish", code=2)


def test_a_release_is_tried_before_it_is_made(folder: Path) -> None:
    shown = said("ceilings", "release", str(folder), "--area", "0360", "--capacities", "2")
    lolland = next(line for line in shown.splitlines() if "Lolland" in line)
    assert lolland.split()[-2:] == ["2.5", "0.5"]
    refused = said("ceilings", "release", str(folder), "--area", "0360", "--capacities", "3", code=2)
    assert "may release 2.5; 3.0 are asked" in refused
    assert "has no area" in said("ceilings", "release", str(folder), "--area", "9999", code=2)


def test_the_back_test_needs_nothing_but_a_day(tmp_path: Path) -> None:
    to = tmp_path / "moves.csv"
    shown = said("plan", "backtest", "--on", "2026-02-01", "--to", str(to))
    assert "people of 2008-01-01 to 2020-01-01" in shown
    assert "Need weights are assumed" in shown
    assert pl.read_csv(to)["snapshot_date"].n_unique() == 13
    assert "No level is called" in said("plan", "backtest", "--on", "2026-02-01", "--level", "parish", code=2)
    assert "not in force" in said("plan", "backtest", "--on", "2020-02-01", code=2)
