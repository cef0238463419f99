"""`fordel placement` on the small country: what it proposes, writes and refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from conftest import LAW_DATE
from fordel.cli import app
from fordel.runs.execute import execute
from fordel.runs.record import Run, write_run
from fordel.tables import Tables

PROPOSE = ("placement", "propose")


@pytest.fixture(scope="module")
def folder(small_country: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with capacities to place: twice what the need is."""
    run = execute(small_country, day=LAW_DATE, total=44)
    return write_run(run, tmp_path_factory.mktemp("placement") / "run")


def fordel(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "80", "TERM": "dumb"}).invoke(app, [*PROPOSE, *map(str, arguments)])


def test_a_plan_is_proposed_proven_and_written(folder: Path, tmp_path: Path) -> None:
    found = fordel(folder, "--region", "region-sjaelland", "--capacities", "2", "--to", tmp_path)
    assert found.exit_code == 0, found.output
    text = " ".join(found.output.split())
    assert "Synthetic data" in text
    assert "proven best" in text
    assert max(len(line) for line in found.output.splitlines() if str(tmp_path) not in line) <= 80
    proposed = pl.read_csv(tmp_path / "placement.csv")
    assert proposed["capacities"].sum() <= 2
    written = json.loads((tmp_path / "placement.geojson").read_text(encoding="utf-8"))
    assert written["synthetic"] is True
    assert len(written["features"]) == proposed.height


def test_the_solver_says_nothing_of_its_own(folder: Path) -> None:
    words = [*PROPOSE, str(folder), "--region", "region-sjaelland", "--capacities", "2"]
    done = subprocess.run(
        [Path(sys.executable).parent / "fordel", *words], capture_output=True, text=True, check=True, timeout=120
    )
    assert "HiGHS" not in done.stdout + done.stderr


def test_too_little_headroom_is_told_with_what_to_do(small_run: Run, tmp_path: Path) -> None:
    found = fordel(write_run(small_run, tmp_path / "run"), "--region", "region-sjaelland", "--capacities", "2")
    assert found.exit_code == 2
    assert "no area with a candidate has a headroom of more than 1" in " ".join(found.output.split())


def test_a_region_that_is_not_there_is_named(folder: Path) -> None:
    found = fordel(folder, "--region", "region-skaane", "--capacities", "2")
    assert found.exit_code == 2
    assert "region-skaane" in found.output
    assert "region-sjaelland" in found.output
