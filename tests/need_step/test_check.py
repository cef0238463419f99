"""A check says what is so: its numbers are those that rows of citizens give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from fordel.cli import app
from fordel.engines.parquet import duckdb_citizens
from fordel.need.diagnostics import calibration, equations, fitted_in_cells
from fordel.publish.card import BadCard, write_card
from fordel.publish.card._frame import words
from fordel.runs.models import model_of
from fordel.runs.need_record import Kind, NeedRecord, read_need_record
from need_step.conftest import NeedStep

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def check(need_step: NeedStep) -> NeedRecord:
    return read_need_record(need_step.folder / "check", Kind.CHECK)


@pytest.fixture(scope="module")
def model(need_step: NeedStep) -> NeedRecord:
    return read_need_record(need_step.folder / "model", Kind.MODEL)


def band(column: str, breaks: list[int], names: list[str]) -> pl.Expr:
    passed = sum(((pl.col(column) >= at).cast(pl.Int32) for at in breaks), pl.lit(0))
    return passed.replace_strict(dict(enumerate(names)), return_dtype=pl.String)


@pytest.fixture(scope="module")
def rows(need_step: NeedStep, model: NeedRecord) -> pl.DataFrame:
    """Citizens with the use the model expects of each, by a second route: factors looked up row by row."""
    factor = dict(model.frames["coefficients"].select("term", "coefficient").iter_rows())
    age = band("age", [15, 40, 65, 80], ["0-14", "15-39", "40-64", "65-79", "80+"])
    reach = band("reach", [5, 7], ["0-4", "5-6", "7+"])
    sex = pl.col("sex").replace_strict({1: "male", 2: "female"})
    copd = pl.col("copd").replace_strict({0: "no", 1: "yes"})
    terms = [
        pl.format(f"{name}[{{}}]", level)
        for name, level in (("age", age), ("reach", reach), ("sex", sex), ("copd", copd))
    ]
    logs = sum(
        (term.replace_strict(factor, default=0.0, return_dtype=pl.Float64) for term in terms),
        pl.lit(factor["constant"]),
    )
    people = pl.read_parquet(need_step.citizens)
    return people.with_columns(expected=logs.exp() * pl.col("exposure_days") / 365)


def test_measures_are_those_of_the_rows(check: NeedRecord, rows: pl.DataFrame) -> None:
    found = check.frames["measures"].filter(sample="fitted", specification="model").row(0, named=True)
    use, expected, years = (rows[name].to_numpy().astype(float) for name in ("contacts", "expected", "exposure_days"))
    mean = years / 365 * use.sum() / (years.sum() / 365)
    assert found["citizens"] == len(use)
    assert found["r2"] == pytest.approx(1 - np.sum((use - expected) ** 2) / np.sum((use - mean) ** 2), rel=1e-6)
    assert found["cpm"] == pytest.approx(1 - np.abs(use - expected).sum() / np.abs(use - mean).sum(), rel=1e-6)
    assert found["mape"] == pytest.approx(np.abs(use - expected).mean(), rel=1e-6)
    log = np.where(use > 0, use * np.log(np.maximum(use, 1)), 0)
    deviance = [2 * np.sum(log - use * np.log(m) - use + m) for m in (expected, mean)]
    assert found["deviance_explained"] == pytest.approx(1 - deviance[0] / deviance[1], rel=1e-6)
    lists = rows.group_by("practice_id").agg(pl.len(), pl.col("contacts", "expected").sum())
    seen, fitted = (lists[name].to_numpy().astype(float) for name in ("contacts", "expected"))
    far = np.average(np.abs(seen / fitted - 1) > 0.1, weights=fitted)
    assert found["practices_far_off"] == pytest.approx(far, rel=1e-6)


def test_areas_and_groups_are_those_of_the_rows(check: NeedRecord, rows: pl.DataFrame) -> None:
    sums = rows.group_by("municipality").agg(pl.len(), pl.col("contacts", "expected").sum()).filter(pl.col("len") >= 5)
    found = check.frames["municipalities"].join(sums, left_on="area_id", right_on="municipality")
    assert found.height == check.frames["municipalities"].height == sums.height
    np.testing.assert_allclose(found["fitted"], found["expected"], rtol=1e-6)
    assert found["observed"].equals(found["contacts"].cast(pl.Int64), check_names=False)
    np.testing.assert_allclose(
        check.frames["ratios"]["ratio"], 1, atol=1e-8
    )  # all levels balance on the fit's own citizens
    assert np.abs(check.frames["held_out_ratios"]["ratio"].to_numpy() - 1).max() > 1e-3


def test_calibration_keeps_everybody(need_step: NeedStep, model: NeedRecord, rows: pl.DataFrame) -> None:
    fitted, citizens = model_of(model), duckdb_citizens(need_step.citizens)
    cells = citizens.cells(fitted.design)
    assert fitted_in_cells(fitted, cells).sum() == pytest.approx(rows["expected"].sum(), rel=1e-12)
    tenths = calibration(fitted, cells)
    assert tenths["citizens"].sum() == rows.height
    assert tenths["fitted"].is_sorted()
    whole = citizens.use_by(fitted.design, equations(fitted), ())
    assert whole["fitted"].item() == pytest.approx(rows["contacts"].sum(), rel=1e-8)


def test_a_council_left_out_is_told_by_the_others(check: NeedRecord) -> None:
    councils = check.frames["councils"]
    assert councils.height == 5
    assert (councils["ratio"] - councils["ratio_left_out"]).abs().min() > 0  # type: ignore[operator]
    np.testing.assert_allclose(councils["ratio_left_out"], councils["ratio"], atol=0.05)
    assert councils["citizens"].sum() == 10_000


def test_other_specifications_move_what_they_say(check: NeedRecord) -> None:
    moves = check.frames["moves"]
    kinds = dict(moves.select("specification", "kind").unique().iter_rows())
    assert kinds["without copd"] == "variables"
    assert kinds["supply as need"] == "supply"
    assert kinds["nb2"] == "family"
    assert set(check.frames["measures"]["specification"]) >= {"gaussian", "two_part", "nb2, age and sex only"}
    sums = moves.group_by("specification").agg(pl.col("change").sum(), pl.col("change").abs().max().alias("most"))
    assert sums["change"].abs().max() < 1e-9  # type: ignore[operator]  # what one gains, another loses
    assert sums["most"].min() > 0  # type: ignore[operator]


def test_a_check_refuses_other_citizens(need_step: NeedStep, tmp_path: Path) -> None:
    other = need_step.citizens.with_name("other.parquet")
    words = ["need", "check", str(other), str(need_step.folder / "model"), "--to", str(tmp_path / "check")]
    done = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
    assert done.exit_code == 2
    assert "other.parquet are not the citizens the model was fitted on" in done.output
    assert not (tmp_path / "check").exists()


def test_the_card_shows_what_was_found(need_step: NeedStep, check: NeedRecord) -> None:
    danish, english = (
        (need_step.folder / "card" / name).read_text(encoding="utf-8") for name in ("index.html", "en.html")
    )
    for page in (danish, english):
        assert page.count("<svg") >= 4
        assert "<script" not in page
        assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "Syntetiske borgere" in danish
    assert "Synthetic citizens" in english
    assert "KOL: ja" in danish
    assert "copd: yes" in english
    r2 = check.frames["measures"].filter(sample="fitted", specification="model")["r2"].item()
    assert f"{r2:.3f}" in english
    assert f"{r2:.3f}".replace(".", ",") in danish


def test_a_card_says_that_a_model_was_not_checked(model: NeedRecord, tmp_path: Path) -> None:
    write_card(model, None, tmp_path)
    assert "Not checked" in (tmp_path / "en.html").read_text(encoding="utf-8")
    assert (
        pl.read_csv(tmp_path / "coefficients.csv")["term"].to_list() == model.frames["coefficients"]["term"].to_list()
    )


def test_a_card_refuses_the_check_of_another_model(model: NeedRecord, check: NeedRecord, tmp_path: Path) -> None:
    other = NeedRecord(Kind.MODEL, {**model.facts, "licence": "CC0-1.0"}, model.frames)
    with pytest.raises(BadCard, match="It checks model"):
        write_card(other, check, tmp_path)


def test_every_text_of_the_card_has_both_languages_and_the_same_places() -> None:
    import re

    for key, text in words().items():
        assert set(text) == {"da", "en"}, key
        assert sorted(re.findall(r"\{(\w+)\}", text["da"])) == sorted(re.findall(r"\{(\w+)\}", text["en"])), key
