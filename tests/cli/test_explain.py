from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fordel.cli import app
from fordel.runs.execute import execute
from fordel.runs.record import Run, write_run
from fordel.tables import Tables


@pytest.fixture
def run(small_run: Run, tmp_path: Path) -> Path:
    return write_run(small_run, tmp_path / "run")


def fordel(*args: object, **env: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(arg) for arg in args], env={"COLUMNS": "80", "NO_COLOR": "1", **env})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_a_practice_is_explained_in_danish_unless_asked_otherwise(run: Path) -> None:
    code, said = fordel("explain", "practice", "010101", "--run", run)
    assert code == 0
    assert "Hvorfor er det vejledende minimum 1.738 patienter pr. kapacitet?" in said
    code, said = fordel("explain", "practice", "010101", "--run", run, "--lang", "en")
    assert "1,600 / 0.920594 = 1,738.007 → 1,738" in said
    assert max(map(len, said.splitlines())) <= 80


def test_an_area_is_found_by_id_or_name(run: Path) -> None:
    by_id, by_name = (fordel("explain", "area", area, "--run", run) for area in ("0360", "lolland"))
    assert by_id == by_name
    assert by_id[0] == 0
    assert "Lolland har behov for 3,10 kapaciteter" in by_id[1]


def test_the_run_may_be_named_once_in_the_environment(run: Path) -> None:
    code, said = fordel("explain", "area", "dk", FORDEL_RUN=str(run))
    assert code == 0
    assert "Danmark" in said


def test_the_newest_run_is_meant_when_none_is_named(
    small_country: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = fordel("explain", "area", "dk")
    assert code == 2
    assert "No run is named" in said
    for day, where in ((date(2025, 7, 1), "out/runs/older"), (date(2026, 2, 1), "out/run")):
        write_run(execute(small_country, day=day), tmp_path / where)
        assert f'"law_date": "{day}"' in fordel("explain", "area", "dk", "--json")[1]


def test_json_is_json(run: Path) -> None:
    code, said = fordel("explain", "area", "0306", "--run", run, "--json", "--lang", "en")
    assert code == 0
    assert json.loads(said)["steps"][0]["column"] == "releasable"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["practice", "10101"], "010101  Lægerne Nørrebro"),
        (["area", "Aarhus"], "Several areas are called 'Aarhus'"),
        (["area", "0101", "--lang", "sv"], "'sv' is not a language of Fordel"),
    ],
)
def test_what_cannot_be_explained_is_said(run: Path, args: list[str], said: str) -> None:
    code, output = fordel("explain", *args, "--run", run)
    assert code == 2
    assert said in output
    assert "Traceback" not in output


def test_no_run_there(tmp_path: Path) -> None:
    code, said = fordel("explain", "area", "dk", "--run", tmp_path / "none")
    assert code == 2
    assert "fordel plan make" in said
