from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from fordel.cli import app
from fordel.runs.execute import execute
from fordel.runs.record import write_run
from fordel.stores import write_snapshot
from fordel.tables import Tables
from small_country import small_country_tables

runner = CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"})


@pytest.fixture(scope="module")
def folders(small_country: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    for name, day in (("a", date(2026, 1, 31)), ("b", date(2027, 1, 1))):
        write_run(execute(small_country, day=day), folder / name)
    write_snapshot(small_country, folder / "snapshot")
    return folder


def compared(folder: Path, *words: str) -> str:
    done = runner.invoke(app, ["compare", str(folder / "a"), str(folder / "b"), *words])
    assert done.exit_code == 0, done.output
    assert max(len(line) for line in done.output.splitlines() if not line.startswith("Wrote")) <= 80
    return done.output


def test_two_runs_are_compared_without_their_snapshots(folders: Path) -> None:
    shown = compared(folders)
    assert "A: law of 2026-01-31, Lilleland" in shown
    assert "Region Østdanmark (new)" in shown
    assert "Synthetic data" in shown
    assert compared(folders, "--number", "people", "--level", "nation").endswith("Nothing asked for changed.\n")


def test_with_the_snapshot_each_ingredient_is_told(folders: Path) -> None:
    shown = compared(
        folders, "--snapshot", str(folders / "snapshot"), "--level", "practice", "--number", "closing_minimum"
    )
    assert [line.split() for line in shown.splitlines() if line.startswith("Lægerne Nørrebro")] == [
        ["Lægerne", "Nørrebro", "4,800", "·", "·", "+414", "·", "5,214"]
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "parquet"])
def test_every_row_is_written(folders: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"changes.{form}"
    assert f"rows to {path}" in compared(folders, "--to", str(path)).replace("\n", "")
    if form == "xlsx":
        first, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        found = [dict(zip(first, row, strict=True)) for row in rows]
    elif form == "jsonl":
        found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    else:
        found = (pl.read_csv(path) if form == "csv" else pl.read_parquet(path)).to_dicts()
    merged = [row for row in found if row["known_as"] == "region-oestdanmark" and row["number"] == "people"]
    assert [float(row["after"]) for row in merged] == [25623.0]
    assert [path.name for path in tmp_path.iterdir()] == [path.name]


def test_a_name_is_never_a_formula(small_country: Tables, tmp_path: Path) -> None:
    evil = small_country.practices.with_columns(name=pl.lit("=1+1"))
    write_run(execute(small_country_tables(practices=evil), day=date(2026, 2, 1)), tmp_path / "a")
    write_run(execute(small_country, day=date(2026, 2, 1)), tmp_path / "b")
    words = ["compare", str(tmp_path / "b"), str(tmp_path / "a"), "--to"]
    for name in ("c.csv", "c.xlsx"):
        assert runner.invoke(app, [*words, str(tmp_path / name)]).exit_code == 0
    assert "'=1+1" in (tmp_path / "c.csv").read_text(encoding="utf-8")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "c.xlsx").active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--level", "planet"], "No level is called 'planet'"),
        (["--number", "luck"], "region has no number 'luck'; use one of people"),
        (["--demo", "--snapshot", "x"], "Give --demo, or --snapshot once or twice"),
        (["--snapshot", "nowhere"], "no such folder"),
        (["--to", "out.docx"], "out.docx ends in .docx; use one of .csv, .xlsx, .jsonl, .parquet."),
        (["--to", "nowhere/out.csv"], "There is no folder nowhere"),
    ],
)
def test_a_wrong_question_is_met_with_a_sentence(folders: Path, words: list[str], said: str) -> None:
    done = runner.invoke(app, ["compare", str(folders / "a"), str(folders / "b"), *words])
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", " ").split())
    assert "Traceback" not in done.output


def test_a_snapshot_of_another_run_is_refused(folders: Path, tmp_path: Path) -> None:
    other = small_country_tables()
    write_snapshot(Tables.of("Andet land", other.snapshot_date, **other.frames()), tmp_path / "other")
    done = runner.invoke(
        app, ["compare", str(folders / "a"), str(folders / "b"), "--snapshot", str(tmp_path / "other")]
    )
    assert done.exit_code == 2
    assert "this snapshot, Andet land, has" in " ".join(done.output.split())
