"""`fordel report`."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from fordel.cli import app
from fordel.runs.record import Run, write_run


def test_a_report_is_made_from_a_run_and_made_again(small_run: Run, tmp_path: Path) -> None:
    write_run(small_run, tmp_path / "run")
    for _ in range(2):
        result = CliRunner().invoke(app, ["report", "make", str(tmp_path / "run"), "--to", str(tmp_path / "report")])
        assert result.exit_code == 0, result.output
        assert str(tmp_path / "report" / "index.html") in result.output
    assert (tmp_path / "report" / "index.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_no_run_is_a_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["report", "make", str(tmp_path), "--to", str(tmp_path / "report")])
    assert result.exit_code == 2
    assert "No run" in result.output
    assert "Traceback" not in result.output


def test_a_place_that_cannot_be_written_is_a_sentence(small_run: Run, tmp_path: Path) -> None:
    write_run(small_run, tmp_path / "run")
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(app, ["report", "make", str(tmp_path / "run"), "--to", str(tmp_path / "file")])
    assert result.exit_code == 2
    assert "could not be written" in result.output
