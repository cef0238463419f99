from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from fordel.cli import app
from fordel.runs.record import Run, write_run

runner = CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"})


@pytest.fixture(scope="module")
def run_folder(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(small_run, tmp_path_factory.mktemp("minimum") / "run")


def said(run: Path, *words: str, code: int = 0) -> str:
    done = runner.invoke(app, ["minimum", *words, "--run", str(run)])
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    assert max(map(len, done.output.splitlines()), default=0) <= 80 or code == 2
    return done.output


def row(output: str, name: str) -> list[str]:
    return next(line.split() for line in output.splitlines() if line.split()[:1] == [name])


def test_a_split_keeps_patients_and_need(run_folder: Path) -> None:
    shown = said(run_folder, "split", "010101", "--part", "nord:1:1600:0.85", "--part", "syd:2:3223")
    assert row(shown, "010101") == ["010101", "3", "4,823", "0.9206", "1,738", "5,214"]
    assert row(shown, "nord") == ["nord", "1", "1,600", "0.8500", "1,882", "1,882"]
    assert row(shown, "syd") == ["syd", "2", "3,223", "0.9556", "1,674", "3,348"]
    assert "4,823 patients and 4,440.027 weighted patients in all, the same as before." in shown
    assert "Synthetic data" in shown


def test_a_merger_a_move_and_a_resize(run_folder: Path) -> None:
    assert row(said(run_folder, "merge", "010101", "010102", "--name", "samlet"), "samlet")[1:3] == ["5", "8,413"]
    moved = said(run_folder, "move", "010101", "010102", "--patients", "100", "--capacities", "0.5")
    assert "010102 2.5 3,690" in " ".join(moved.split())
    assert row(said(run_folder, "resize", "010103", "--capacities", "2"), "010103")[1:3] == ["2.5", "4,400"]


def offers(folder: Path, *rows: str) -> str:
    path = folder / "offers.csv"
    path.write_text("practice_id,stated_maximum\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


def test_three_fair_answers_stand_side_by_side(run_folder: Path, tmp_path: Path) -> None:
    shown = said(run_folder, "distribute", "0306", "--offers", offers(tmp_path, "030601,1500", "030602,1600"))
    assert "3,500 citizens need a place; the practices offer 3,100: 400 are missing." in shown
    assert row(shown, "030601") == ["030601", "1", "1,500", "1,700", "(+200)", "1,753", "(+253)", "1,900", "(+400)"]
    assert row(shown, "All")[2:] == ["3,100", "3,500", "3,500", "3,500"]
    assert "1 of 2 practices take more, 400 patients at most" in " ".join(shown.split())


def test_offers_that_cover_leave_everyone_alone(run_folder: Path, tmp_path: Path) -> None:
    path = offers(tmp_path, "030601,2000", "030602,1600")
    shown = said(run_folder, "distribute", "0306", "--offers", path)
    assert "all are covered" in shown
    assert "nobody is asked for more than it offers" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["split", "999999", "--part", "a:1:1", "--part", "b:1:1"], "The run has no practice '999999' among its 11."),
        (["split", "010101", "--part", "a:one:1"], "'a:one:1' is no part; write it as north:1.5:2400"),
        (["split", "010101", "--part", "a:1:1", "--part", "b:1:1"], "the parts have 2 patients, the practice 4,823"),
        (["merge", "010101"], "A merger needs two or more different practices"),
        (["move", "030602", "010101", "--patients", "9999"], "no part can have fewer than 0 patients"),
    ],
)
def test_what_cannot_be_is_met_with_a_sentence(run_folder: Path, words: list[str], sentence: str) -> None:
    assert sentence in " ".join(said(run_folder, *words, code=2).replace("│", " ").split())


def test_offers_that_do_not_fit_are_named(run_folder: Path, tmp_path: Path) -> None:
    shown = said(run_folder, "distribute", "0306", "--offers", offers(tmp_path, "010101,1500"), code=2)
    assert "no offer from 030601, 030602 (2 in all); 010101 not in 0306 (1 in all)" in " ".join(shown.split())
    shown = said(run_folder, "distribute", "9999", "--offers", offers(tmp_path, "010101,1500"), code=2)
    assert "The run has no area '9999'" in shown
    path = offers(tmp_path, "030601,-5", "030602,many")
    assert "many" in said(run_folder, "distribute", "0306", "--offers", path, code=2)


def test_what_no_minimum_can_cover_is_said(run_folder: Path, tmp_path: Path) -> None:
    path = offers(tmp_path, "030601,1500", "030602,1600")
    shown = said(run_folder, "distribute", "0306", "--offers", path, "--citizens", "6000", code=2)
    assert "have room for 5,400, so 600 are left" in " ".join(shown.split())
