from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fordel.cli import app
from fordel.runs.record import Run, read_run, write_run
from fordel.stores import write_snapshot
from small_country import small_country_tables

COLUMNS = {"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}


def fordel(*args: object) -> tuple[int, str]:
    """Run the command line at 80 columns and give exit code and all that was printed."""
    result = CliRunner().invoke(app, [str(arg) for arg in args], env=COLUMNS)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("given") / "snapshot"
    write_snapshot(small_country_tables(), folder)
    return folder


@pytest.fixture
def run(small_run: Run, tmp_path: Path) -> Path:
    return write_run(small_run, tmp_path / "run")


def test_make_writes_the_run_that_execute_gives(snapshot: Path, small_run: Run, tmp_path: Path) -> None:
    code, said = fordel("plan", "make", "--snapshot", snapshot, "--on", "2026-02-01", "--to", tmp_path / "new" / "run")
    assert code == 0
    assert read_run(tmp_path / "new" / "run").manifest == small_run.manifest
    assert "Law of 2026-02-01, Lilleland of 2026-01-01, 22 capacities in all (the need" in said
    assert "Synthetic data" in said
    assert "fordel plan show" in said


def test_making_it_again_is_no_fault_and_another_run_is_refused(snapshot: Path, tmp_path: Path) -> None:
    args = ["plan", "make", "--snapshot", snapshot, "--to", tmp_path / "run"]
    assert fordel(*args, "--on", "2026-02-01")[0] == 0
    assert fordel(*args, "--on", "2026-02-01")[0] == 0
    code, said = fordel(*args, "--on", "2027-01-01")
    assert code == 2
    assert "already holds another run" in said


def test_total_and_settings_reach_the_run_and_are_said(snapshot: Path, tmp_path: Path) -> None:
    settings = ["--set", "allocation.apportionment_method=hamilton", "--set", 'capital_municipalities=["0101"]']
    args = ["--snapshot", snapshot, "--on", "2026-02-01", "--total", 30, "--to", tmp_path / "run"]
    code, said = fordel("plan", "make", *args, *settings, "--set", "release_counts_vacant=false")
    assert code == 0
    assert "30 capacities in all (given)" in said
    assert "Set for this run: allocation.apportionment_method = hamilton" in said
    assert [p.value for p in read_run(tmp_path / "run").manifest.settings] == ["hamilton", '["0101"]', "false"]


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (["--on", "2025-06-30"], "Try:    --on 2025-07-01"),
        (["--on", "1 Feb"], "write it as 2026-02-01"),
        (["--total", "-1"], "greater than or equal to 0"),
        (["--set", "norm=1"], "No parameter is called 'norm'"),
        (["--set", "list_maximum"], "sets nothing; write it as"),
        (["--set", "list_maximum=many"], "takes a int (patients / capacity)"),
        (["--set", "apportionment_method=dean"], "No apportionment method is called 'dean'"),
        (["--set", "weighted_citizens_per_capacity=0"], "weighted_citizens_per_capacity is 0; the rule needs a number"),
        (["--set", "mean_weight_nation=-1"], "mean_weight_nation is -1; the rule needs a number above 0"),
        (["--set", "binding_level=nation"], "use one of region, health_council, municipality"),
        (["--set", "minimum_rounding=nearest"], "No rounding is called 'nearest'"),
        (["--demo"], "one of the two"),
    ],
)
def test_what_cannot_be_planned_is_said_in_a_sentence(
    snapshot: Path, tmp_path: Path, extra: list[str], said: str
) -> None:
    on = [] if "--on" in extra else ["--on", "2026-02-01"]
    code, output = fordel("plan", "make", "--snapshot", snapshot, "--to", tmp_path / "run", *on, *extra)
    assert code == 2
    assert said in re.sub(r"\s*│\s*│?\s*", " ", output)
    assert "Traceback" not in output
    assert not (tmp_path / "run").exists()


def test_a_snapshot_that_is_none(tmp_path: Path) -> None:
    code, said = fordel("plan", "make", "--snapshot", tmp_path / "nowhere", "--to", tmp_path / "run")
    assert code == 2
    assert "nowhere" in said
    assert "Traceback" not in said


def test_a_full_folder_is_refused_before_the_work(snapshot: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep")
    code, said = fordel("plan", "make", "--snapshot", snapshot, "--on", "2026-02-01", "--to", tmp_path)
    assert code == 2
    assert "holds no run, so nothing was written there" in said


@pytest.mark.parametrize("level", ["nation", "region", "health_council", "municipality", "practice"])
@pytest.mark.parametrize("view", ["capacities", "choices"])
def test_show_fits_80_columns_on_every_level(run: Path, level: str, view: str) -> None:
    code, said = fordel("plan", "show", run, "--level", level, "--view", view)
    assert code == 0
    assert max(map(len, said.splitlines())) <= 80
    assert "Synthetic data" in said


def test_show_gives_the_runs_numbers_sorted(run: Path) -> None:
    _, said = fordel("plan", "show", run, "--level", "municipality", "--sort", "surplus", "--top", "2")
    rows = [line.split() for line in said.splitlines() if re.match(r"(Aarhus|København|Lolland)", line)]
    assert rows[0] == ["Aarhus", "9,000", "0.921", "5.2", "5", "6.0", "0.0", "1.0", "0.0"]
    assert rows[1] == ["København", "12,003", "0.920", "6.9", "7", "7.5", "0.0", "0.5", "–"]
    assert "2 of 7" in said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--level", "parish"], "No level is called 'parish'; use one of nation, region"),
        (["--sort", "size"], "areas has no column 'size'; sort by one of level, area_id"),
        (["--level", "practice", "--sort", "need"], "practices has no column 'need'"),
    ],
)
def test_show_says_what_it_cannot_show(run: Path, args: list[str], said: str) -> None:
    code, output = fordel("plan", "show", run, *args)
    assert code == 2
    assert said in output


def test_show_and_export_say_when_there_is_no_run(tmp_path: Path) -> None:
    for args in (["show", tmp_path / "none"], ["export", tmp_path / "none", "--to", tmp_path / "out"]):
        code, said = fordel("plan", *args)
        assert code == 2
        assert "No run:" in said
    assert not (tmp_path / "out").exists()


def test_export_lists_what_it_wrote(run: Path, tmp_path: Path) -> None:
    code, said = fordel("plan", "export", run, "--to", tmp_path / "out", "--format", "csv, xlsx", "--danish")
    assert code == 0
    assert sorted(Path(line).name for line in said.splitlines()) == sorted(p.name for p in (tmp_path / "out").iterdir())
    assert (tmp_path / "out" / "areas.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_export_refuses_a_format_it_does_not_know(run: Path, tmp_path: Path) -> None:
    code, said = fordel("plan", "export", run, "--to", tmp_path / "out", "--format", "pdf")
    assert code == 2
    assert "No format is called 'pdf'" in said
