"""A model that others published weighs as they say, and needs no row of a person."""

from __future__ import annotations

import gzip
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from conftest import LAW_DATE
from fordel.cli import app
from fordel.need import (
    NeedError,
    Origin,
    coefficients_as_model,
    default_model,
    fitted_of,
    frames_of,
    scaled_lists,
    weigh_counts,
    weights_as_model,
)
from fordel.need.weigh_counts import plain_level
from fordel.runs.execute import execute
from fordel.runs.models import model_record as frozen
from fordel.runs.models import weighted_tables, weights_record
from fordel.runs.need_record import Kind, read_need_record
from fordel.tables import Tables

ORIGIN = Origin("published", "Published", "Offentliggjort", "a test")
NHS = files("fordel.demo") / "data" / "nhs_payments_2017_18" / "payments.csv.gz"
NHS_COLUMNS = (
    "list_id=Practice Code",
    "people=Number of Registered Patients (Last Known Figure)",
    "weighted_citizens=Number of Weighted Patients (Last Known Figure)",
    "amount=Global Sum",
)


def weights_of(tables: Tables) -> pl.DataFrame:
    return tables.need_weights.rename({"coefficient": "weight"})


def test_published_weights_on_counts_make_the_plan_of_the_same_weights(small_country: Tables) -> None:
    """Two ways to the same number: need weights in the snapshot, and the same published weights through a model."""
    model = frozen(weights_as_model(weights_of(small_country), ORIGIN))
    fitted = fitted_of(dict(model.frames))
    lists = small_country.registrations.rename({"patients": "people"})
    sums = []
    for counts, by in ((small_country.population, "municipality"), (lists, "practice_id")):
        weighed = weigh_counts(fitted, counts.with_columns(pl.col("sex", "age_group").cast(pl.String)), [by])
        record = weights_record(model, weighed, fewest=1, citizens="counts", synthetic=False)
        sums.append(record.frames["weighted_sums"])
    record = weights_record(model, weighed, fewest=1, citizens="counts", synthetic=False)
    both = type(record)(Kind.WEIGHTS, record.facts, {**record.frames, "weighted_sums": pl.concat(sums)})
    ours, theirs = execute(weighted_tables(small_country, both), day=LAW_DATE), execute(small_country, day=LAW_DATE)
    assert ours.areas["ceiling"].equals(theirs.areas["ceiling"])
    assert ours.practices["practice_minimum"].equals(theirs.practices["practice_minimum"])
    np.testing.assert_allclose(ours.areas["weighted_citizens"], theirs.areas["weighted_citizens"], rtol=1e-12)
    assert ours.manifest.snapshot_fingerprint != theirs.manifest.snapshot_fingerprint


def test_imported_coefficients_are_the_model_they_were_read_from() -> None:
    design = default_model()
    chance = np.random.default_rng(3)
    from fordel.need.published import _layout

    terms = [term.name for term in _layout(design).terms]
    table = pl.DataFrame({"term": terms, "coefficient": chance.normal(0, 0.1, len(terms))}).sample(
        fraction=1, shuffle=True, seed=1
    )
    fitted = fitted_of(frames_of(coefficients_as_model(design, table, ORIGIN)))
    known = dict(table.iter_rows())
    counts = pl.DataFrame(
        {
            "municipality": ["0101"] * 2,
            "people": [3, 1],
            "age": ["40", "82"],
            "sex": ["male", "2"],
            "asthma": ["0", "yes"],
        }
    )
    weighed = weigh_counts(fitted, counts.with_columns(pl.Series("municipality", ["0101", "0147"])), ["municipality"])
    ratio = np.exp(known["age[80-84]"] + known["sex[female]"] + known["asthma[yes]"])
    assert weighed.groups["mean_weight"][1] / weighed.groups["mean_weight"][0] == pytest.approx(ratio, rel=1e-12)
    assert weighed.groups["weighted_citizens"].sum() == pytest.approx(4, rel=1e-14)
    told = weighed.not_in_model.filter(pl.col("reason") == "not in the counts")["covariate"].to_list()
    assert "copd" in told
    assert "asthma" not in told


def test_wrong_terms_are_all_named() -> None:
    table = pl.DataFrame({"term": ["constant", "age[7-9]"], "coefficient": [0.0, 1.0]})
    with pytest.raises(NeedError, match=r"(?s)lacks age\[0-4\].*no term age\[7-9\]"):
        coefficients_as_model(default_model(), table, ORIGIN)


def test_a_gap_in_published_weights_is_named(small_country: Tables) -> None:
    with pytest.raises(NeedError, match="female 00-04"):
        weights_as_model(
            weights_of(small_country).filter(~((pl.col("sex") == "female") & (pl.col("age_group") == "00-04"))), ORIGIN
        )


def test_a_strange_level_in_counts_is_named(small_country: Tables) -> None:
    fitted = weights_as_model(weights_of(small_country), ORIGIN)
    counts = pl.DataFrame({"municipality": ["0101"], "sex": ["other"], "age_group": ["00-04"], "people": [1]})
    with pytest.raises(NeedError, match="sex has other, which are no levels of sex; levels are male, female"):
        weigh_counts(fitted, counts, ["municipality"])


def test_levels_are_compared_by_their_numbers() -> None:
    assert [plain_level(text) for text in ("00-04", "95+", "0", "female", None)] == ["0-4", "95+", "0", "female", ""]


def test_english_lists_have_a_mean_weight_of_one_and_a_price(tmp_path: Path) -> None:
    """Carr-Hill weights are normalised to the nation's list; the global sum is a price per weighted patient."""
    table = tmp_path / "payments.csv"
    table.write_bytes(gzip.decompress(NHS.read_bytes()))
    words = ["need", "import", str(table), "--holds", "lists", "--name", "carr-hill", "--source", "NHS Digital"]
    words += [word for column in NHS_COLUMNS for word in ("--column", column)]
    done = CliRunner().invoke(app, [*words, "--to", str(tmp_path / "nhs")], env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    record = read_need_record(tmp_path / "nhs", Kind.WEIGHTS)
    assert float(record.facts["mean_before"]) == pytest.approx(1, abs=1e-4)
    assert record.facts["citizens"] == "59527981"
    sums = record.frames["weighted_sums"]
    assert sums["weighted_citizens"].sum() == pytest.approx(59_527_981, rel=1e-12)


def test_the_english_price_per_weighted_patient() -> None:
    names = {heading: name for name, heading in (pair.split("=") for pair in NHS_COLUMNS)}
    payments = pl.read_csv(NHS.read_bytes()).rename(names)
    gms = payments.filter(
        (pl.col("Contract Type") == "GMS") & (pl.col("weighted_citizens") > 500) & (pl.col("amount") > 0)
    )
    prices = scaled_lists(gms.select("list_id", "people", "weighted_citizens", "amount")).sums["amount_per_weighted"]
    quartiles = [prices.quantile(at, "linear") for at in (0.25, 0.75)]
    assert quartiles == pytest.approx([80.61, 82.17], abs=0.01)


def test_a_plan_cannot_be_made_of_english_lists(small_country: Tables, tmp_path: Path) -> None:
    from fordel.law import LawError
    from fordel.runs.models import lists_record

    lists = scaled_lists(pl.DataFrame({"list_id": ["A81001"], "people": [10.0], "weighted_citizens": [11.0]}))
    with pytest.raises(LawError, match="lacks 7 municipalities where people live: 0101"):
        execute(weighted_tables(small_country, lists_record(lists, ORIGIN)), day=LAW_DATE)


def test_import_refuses_a_file_without_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "weights.csv"
    path.write_text("køn;aldersgruppe;vægt\nkvinde;00-04;1,2\n", encoding="utf-8")
    words = [
        "need",
        "import",
        str(path),
        "--holds",
        "weights",
        "--name",
        "x",
        "--source",
        "y",
        "--to",
        str(tmp_path / "m"),
    ]
    done = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
    assert done.exit_code == 2
    assert "expected a column weight" in done.output
    done = CliRunner().invoke(app, [*words, "--column", "weight=vægt"], env={"COLUMNS": "80"})
    assert done.exit_code == 2
    assert "no weight for male 00-04" in done.output
