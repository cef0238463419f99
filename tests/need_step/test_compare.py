"""Two models side by side: every number again from the frames they wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats
from typer.testing import CliRunner

from fordel.cli import app
from fordel.engines.parquet import duckdb_citizens
from fordel.law import Lawbook
from fordel.need import NeedError, fit
from fordel.runs.models import model_of, model_record
from fordel.runs.need_compare import compare_models
from fordel.runs.need_record import Kind, NeedRecord, read_need_record
from fordel.stores import read_snapshot
from need_step.conftest import NeedStep

pytestmark = pytest.mark.slow

LAW = Lawbook.shipped().on(date(2026, 2, 1))


@pytest.fixture(scope="module")
def found(need_step: NeedStep) -> NeedRecord:
    return read_need_record(need_step.folder / "comparison", Kind.COMPARISON)


def record(need_step: NeedStep, name: str, kind: Kind) -> NeedRecord:
    return read_need_record(need_step.folder / name, kind)


def test_coefficients_stand_side_by_side(need_step: NeedStep, found: NeedRecord) -> None:
    one, other = (
        record(need_step, name, Kind.MODEL).frames["coefficients"].sort("place") for name in ("model", "model-2023")
    )
    frame = found.frames["coefficients"]
    assert frame["term"].to_list() == one["term"].to_list()
    np.testing.assert_allclose(frame["change"], other["coefficient"] - one["coefficient"], atol=1e-12)
    error = (one["practice_error"] ** 2 + other["practice_error"] ** 2).sqrt()
    np.testing.assert_allclose(frame["z"], frame["change"] / error, rtol=1e-9)


def test_need_moves_as_weights_and_people_say(need_step: NeedStep, found: NeedRecord) -> None:
    tables = read_snapshot(need_step.folder.parent / "snapshot")
    people = dict(tables.population.group_by("municipality").agg(pl.col("people").sum()).iter_rows())
    weighted = {}
    for name in ("weights", "weights-2023"):
        sums = record(need_step, name, Kind.WEIGHTS).frames["weighted_sums"]
        rows = sums.filter(pl.col("level").cast(pl.String) == "municipality").sort("area_id").to_dicts()
        weighted[name] = np.array([r["weighted_citizens"] / r["people"] * people[r["area_id"]] for r in rows])
        weighted[name] *= sum(people.values()) / weighted[name].sum()
    norm = LAW.value("weighted_citizens_per_capacity")
    frame = found.frames["municipalities"]
    np.testing.assert_allclose(frame["change"], (weighted["weights-2023"] - weighted["weights"]) / norm, atol=1e-9)
    assert frame["change"].to_numpy().sum() == pytest.approx(0, abs=1e-9)
    assert frame["change"].to_numpy().any()
    measured = found.frames["measures"].row(0, named=True)
    assert measured["areas"] == 98
    assert measured["rank_correlation"] == pytest.approx(stats.spearmanr(frame["one"], frame["other"]).statistic)


def test_a_model_beside_itself_changes_nothing(need_step: NeedStep) -> None:
    model, weights = record(need_step, "model", Kind.MODEL), record(need_step, "weights", Kind.WEIGHTS)
    same = compare_models((model, model), (weights, weights), law=LAW)
    assert same.frames["coefficients"]["change"].abs().max() == 0
    assert same.frames["municipalities"]["change"].abs().max() == 0
    assert same.frames["measures"]["changed_much"].to_list() == [0, 0]


def test_a_term_that_only_one_has_is_shown(need_step: NeedStep) -> None:
    model = record(need_step, "model", Kind.MODEL)
    design = replace(model_of(model).design.without("copd"), practice=None)
    less = model_record(fit(design, duckdb_citizens(need_step.citizens)))
    frame = compare_models((model, less), law=LAW).frames["coefficients"]
    alone = frame.filter(term="copd[yes]").row(0, named=True)
    assert alone["one"] is not None
    assert alone["other"] is None
    assert alone["z"] is None


def test_weights_of_another_model_are_refused(need_step: NeedStep, tmp_path: Path) -> None:
    model, weights = record(need_step, "model", Kind.MODEL), record(need_step, "weights-2023", Kind.WEIGHTS)
    with pytest.raises(NeedError, match="of another model than small"):
        compare_models((model, model), (weights, weights), law=LAW)
    folder = str(need_step.folder)
    words = ["need", "compare", f"{folder}/model", f"{folder}/model-2023", "--weights", f"{folder}/weights"]
    done = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
    assert done.exit_code == 2
    assert "Give both --weights and --other-weights" in done.output


def test_the_terminal_tells_what_moves(need_step: NeedStep) -> None:
    assert "Need moved in all:" in need_step.said
    assert "Weights of 98 municipalities: correlation" in need_step.said
