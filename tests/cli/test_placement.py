"""`fordel placement` on the small country: what it proposes, writes and refuses."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from string import Formatter

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from conftest import LAW_DATE
from fordel.cli import app
from fordel.runs.execute import execute
from fordel.runs.record import Run, write_run
from fordel.tables import Tables

PROPOSE = ("placement", "propose")
REGION = ("--region", "region-sjaelland")


@pytest.fixture(scope="module")
def folder(small_country: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with capacities to place: twice what the need is."""
    run = execute(small_country, day=LAW_DATE, total=44)
    return write_run(run, tmp_path_factory.mktemp("placement") / "run")


def fordel(*arguments: str | Path, command: tuple[str, str] = PROPOSE) -> Result:
    return CliRunner(env={"COLUMNS": "80", "TERM": "dumb"}).invoke(app, [*command, *map(str, arguments)])


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


@pytest.fixture(scope="module")
def proposal(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A proposal of two capacities, written with the next best plan, months and the Danish page."""
    to = tmp_path_factory.mktemp("proposal") / "ordered"
    words = ("--capacities", "2", "--alternatives", "2", "--per-month", "1", "--danish", "--to", to)
    assert fordel(folder, *REGION, *words).exit_code == 0
    return to


def test_alternatives_differ_in_a_place_and_give_no_more(proposal: Path) -> None:
    first, second = (pl.read_csv(proposal / f"placement{n}.csv") for n in ("", "_2"))
    assert not set(first["site"]) <= set(second["site"])
    goals = pl.read_csv(proposal / "goals.csv").filter(pl.col("goal") == "two_choices").sort("plan")
    assert goals["value"][0] >= goals["value"][1]
    assert goals["proven"].all()
    months = pl.read_csv(proposal / "sequence.csv")
    assert months["month"].is_sorted()
    assert months["people"][-1] == goals["value"][0]


def test_the_page_names_every_goal_and_place_in_danish(proposal: Path) -> None:
    page = (proposal / "proposal.html").read_text(encoding="utf-8")
    assert '<html lang="da">' in page
    assert "Forslag til placering af nye lægekapaciteter" in page
    assert "opdigtede" in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=.?http", page)
    for site in pl.read_csv(proposal / "placement.csv")["site"]:
        assert f"({site})" in page
    assert page.count("Højst muligt") >= 1


def test_the_words_of_the_page_have_both_languages_and_the_same_gaps() -> None:
    words = tomllib.loads((files("fordel.publish") / "placement.toml").read_text(encoding="utf-8"))
    for key, both in words.items():
        assert set(both) == {"da", "en"}, key
        da, en = (sorted(field for _, field, _, _ in Formatter().parse(both[lang]) if field) for lang in ("da", "en"))
        assert da == en, key


def test_proposals_are_compared_also_when_practices_close(folder: Path, proposal: Path, tmp_path: Path) -> None:
    robust = fordel(folder, *REGION, "--capacities", "2", "--goal", "robust", "--to", tmp_path / "robust")
    assert robust.exit_code == 0, robust.output
    words = (proposal, tmp_path / "robust", "--hold-back", "--front", "two_choices,robust", "--to", tmp_path / "out")
    found = fordel(folder, *REGION, *words, command=("placement", "compare"))
    assert found.exit_code == 0, found.output
    goals = pl.read_csv(tmp_path / "out" / "goals.csv").filter(pl.col("goal") == "robust")
    assert goals["robust"][0] >= goals["ordered"][0] - 0.5
    closures = pl.read_csv(tmp_path / "out" / "closures.csv")
    assert closures["plan"].to_list() == ["ordered", "robust"]
    assert (closures["least"] <= closures["tenth"]).all()
    assert "10th percentile" in found.output
    front = pl.read_csv(tmp_path / "out" / "front.csv")
    assert front["two_choices"].is_sorted(descending=True)
    assert front["robust"].is_sorted()


def test_each_place_is_explained_with_principles_met_or_in_conflict(folder: Path, proposal: Path) -> None:
    site = pl.read_csv(proposal / "placement.csv")["site"][0]
    found = fordel(folder, *REGION, proposal, "--site", site, command=("placement", "explain"))
    assert found.exit_code == 0, found.output
    text = " ".join(found.output.split())
    assert "several doctors together" in text
    assert "Cannot be judged from the tables: easy to reach by bus and road, open to other forms of clinic." in text
    wrong = fordel(folder, *REGION, proposal, "--site", "nowhere", command=("placement", "explain"))
    assert wrong.exit_code == 2
    assert site in wrong.output


def test_wishes_of_the_command_line_are_kept_or_refused_by_name(folder: Path, proposal: Path, tmp_path: Path) -> None:
    best = pl.read_csv(proposal / "placement.csv")["site"][0]
    out = fordel(folder, *REGION, "--capacities", "2", "--out", best, "--goal", "two_choices", "--to", tmp_path)
    assert out.exit_code == 0, out.output
    assert best not in pl.read_csv(tmp_path / "placement.csv")["site"]
    both = fordel(folder, *REGION, "--capacities", "2", "--in", best, "--out", best)
    assert both.exit_code == 2
    assert f"({best}) is both forced in and forced out" in " ".join(both.output.split())
    strange = fordel(folder, *REGION, "--capacities", "2", "--goal", "beauty")
    assert strange.exit_code == 2
    assert "two_choices" in strange.output
    weighed = fordel(folder, *REGION, "--capacities", "2", "--weight", "two_choices=1", "--weight", "robust=0,5")
    assert weighed.exit_code == 0, weighed.output
    assert "weighed sum" in weighed.output.lower()


def test_given_sites_practices_and_risks_come_from_tables(folder: Path, small_country: Tables, tmp_path: Path) -> None:
    place = small_country.demand_points.filter(pl.col("municipality") == "0306").row(0, named=True)
    row = {"site": "Rådhuset", "municipality": "0306", "easting": place["easting"], "northing": place["northing"]}
    pl.DataFrame([row]).write_csv(tmp_path / "given.csv")
    sure = small_country.practices.select("practice_id", probability=pl.lit(0.5))
    sure.write_csv(tmp_path / "risk.csv")
    words = ("--given", tmp_path / "given.csv", "--risk", tmp_path / "risk.csv", "--extend", "--in", "Rådhuset")
    found = fordel(folder, *REGION, "--capacities", "3", *words, "--to", tmp_path / "out")
    assert found.exit_code == 0, found.output
    proposed = pl.read_csv(tmp_path / "out" / "placement.csv")
    assert "given" in proposed["kind"].to_list()
    pl.DataFrame([{**row, "municipality": "0101"}]).write_csv(tmp_path / "far.csv")
    far = fordel(folder, *REGION, "--capacities", "2", "--given", tmp_path / "far.csv")
    assert far.exit_code == 2
    assert "not in the region" in " ".join(far.output.split())


def test_a_proposal_is_written_whole_or_not_at_all(folder: Path, tmp_path: Path) -> None:
    """Killed before its last file: the earlier proposal is there as it was. What is no proposal is left alone."""
    words = (folder, *REGION, "--capacities", "2", "--to", tmp_path / "p")
    assert fordel(*words).exit_code == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "p").iterdir()}
    asked = json.dumps([*PROPOSE, *map(str, words), "--goal", "robust", "--per-month", "1"])
    done = subprocess.run([sys.executable, "-c", KILLED, asked], capture_output=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert {path.name: path.read_bytes() for path in (tmp_path / "p").iterdir()} == before
    assert fordel(*words, "--goal", "robust", "--per-month", "1").exit_code == 0
    assert (tmp_path / "p" / "sequence.csv").is_file()
    assert fordel(*words).exit_code == 0
    assert {path.name for path in (tmp_path / "p").iterdir()} == set(before)
    (tmp_path / "p" / "letter.txt").write_text("of somebody's own", encoding="utf-8")
    refused = fordel(*words)
    assert refused.exit_code == 2
    assert "letter.txt" in refused.output
    assert (tmp_path / "p" / "letter.txt").is_file()


KILLED = """
import json, os, signal, sys
from fordel.cli import _placement_written as written, app
write = written.write_placement_page
def killed(*given):
    write(*given)
    os.kill(os.getpid(), signal.SIGKILL)
written.write_placement_page = killed
app(json.loads(sys.argv[1]))
"""


def test_small_counts_are_shown_to_those_who_ask_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the bar above every count there is nothing left to read; with the option all is there."""
    monkeypatch.setattr("fordel.cli._placement_counts.least_shown", lambda day: 10**7)
    words = (folder, *REGION, "--capacities", "2", "--per-month", "1", "--to")
    found = fordel(*words, tmp_path / "held")
    assert found.exit_code == 0, found.output
    assert "are held back" in found.output
    held = pl.read_csv(tmp_path / "held" / "placement.csv")
    all_of_it = fordel(*words, tmp_path / "all", "--with-small-counts")
    assert "held back" not in all_of_it.output
    whole = pl.read_csv(tmp_path / "all" / "placement.csv")
    assert whole["people_second"].max() > 0  # type: ignore[operator]
    served = whole.filter(pl.col("people_second") > 0)["site"]
    assert held.filter(pl.col("site").is_in(served.implode()))["people_second"].is_null().all()
    assert pl.read_csv(tmp_path / "held" / "goals.csv").filter(goal="two_choices")["value"].to_list() == [None]
    number = str(whole["people_second"].max())
    page = (tmp_path / "held" / "proposal.html").read_text(encoding="utf-8")
    assert "held back" in page
    assert not re.search(rf">{number}<|{number} would", page.replace(",", ""))
    assert re.search(rf">{number}<", (tmp_path / "all" / "proposal.html").read_text(encoding="utf-8").replace(",", ""))
    explained = fordel(folder, *REGION, tmp_path / "held", command=("placement", "explain"))
    assert "a few would lack their second" in " ".join(explained.output.split())
