"""A study's people lie in no municipality and on no list: its model is fitted, checked and shown all the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from fordel.cli import app
from fordel.runs.need_record import Kind, read_need_record

pytestmark = pytest.mark.slow

RANDHIE = Path(__file__).parents[1] / "need/data/microdata_doctor_visits/randhie.csv"
FLAGS = ("idp", "hlthg", "hlthf", "hlthp")
NUMBERS = ("lncoins", "lpi", "fmde", "physlm", "disea")


def model_file() -> str:
    lines = [
        "title = 'Visits'",
        "dansk = 'Besøg'",
        "outcome = 'mdvis'",
        "unit = 'visits / year'",
        "source = 'RAND HIE'",
    ]
    for name in (*FLAGS, *NUMBERS):
        lines += [f"[covariates.{name}]", f"dansk = '{name}'", f"column = '{name}'", "source = 'RAND HIE'"]
        if name in FLAGS:
            lines.append("levels = [{code = 0, name = 'no', dansk = 'nej'}, {code = 1, name = 'yes', dansk = 'ja'}]")
    return "\n".join(["name = 'visits'", *lines])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    pl.read_csv(RANDHIE, infer_schema_length=None).write_parquet(folder / "visits.parquet")
    (folder / "visits.toml").write_text(model_file(), encoding="utf-8")
    steps = (
        ["fit", "{}/visits.parquet", "--model", "{}/visits.toml", "--to", "{}/model"],
        ["check", "{}/visits.parquet", "{}/model", "--on", "2026-02-01", "--to", "{}/check"],
        ["publish", "{}/model", "--check", "{}/check", "--to", "{}/card"],
    )
    for words in steps:
        said = CliRunner().invoke(app, ["need", *(word.format(folder) for word in words)])
        assert said.exit_code == 0, said.output
    return folder


def test_real_visits_are_diagnosed_and_no_area_is_made_up(folder: Path) -> None:
    check = read_need_record(folder / "check", Kind.CHECK)
    assert not any(check.frames[name].height for name in ("municipalities", "councils", "moves", "practice_weights"))
    measures = check.frames["measures"].row(0, named=True)
    rows = pl.read_parquet(folder / "visits.parquet")
    assert measures["citizens"] == rows.height == 20_190
    assert measures["practice_r2"] is None
    tried = check.frames["measures"]["specification"].to_list()
    assert {"model", "without disea", "nb2", "gaussian", "two_part"} <= set(tried)
    assert check.frames["calibration"]["citizens"].sum() == rows.height


def test_a_number_is_told_by_fifths_of_the_people(folder: Path) -> None:
    ratios = read_need_record(folder / "check", Kind.CHECK).frames["ratios"]
    rows = pl.read_parquet(folder / "visits.parquet")
    disea = ratios.filter(covariate="disea")
    bounds = [
        float(level.removesuffix("+")) for level in disea["level"].to_list()[1:] for level in [level.split("-")[0]]
    ]
    at = np.searchsorted(bounds, rows["disea"].to_numpy().round(4), side="right")
    assert disea["citizens"].to_list() == np.bincount(at).tolist()
    assert disea["observed"].to_list() == np.bincount(at, weights=rows["mdvis"].to_numpy()).tolist()
    assert disea["fitted"].sum() == pytest.approx(rows["mdvis"].sum(), rel=1e-9)
    physlm = dict(ratios.filter(covariate="physlm").select("level", "citizens").iter_rows())
    assert physlm == {"0": (rows["physlm"] == 0).sum(), ">0": (rows["physlm"] > 0).sum()}


def test_the_card_says_that_no_area_is_known(folder: Path) -> None:
    danish, english = ((folder / "card" / name).read_text(encoding="utf-8") for name in ("index.html", "en.html"))
    assert "Borgerne er ikke kendt på kommune" in danish
    assert "not known by municipality" in english
    assert "R² for praksis" not in danish
    assert "disea: 13,8+" in danish
    assert "disea: 13.8+" in english
