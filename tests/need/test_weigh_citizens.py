"""Weights: mean 1, neutral to supply, and a stated rule for whoever the model does not know."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr

from fordel.engines.citizens import IbisCitizens
from fordel.engines.parquet import ParquetCitizens, duckdb_citizens
from fordel.need import (
    Design,
    Family,
    Fitted,
    Link,
    NeedError,
    fit,
    fitted_of,
    frames_of,
    neutral_predictor,
    weigh_cells,
    weigh_citizens,
)
from fordel.need.design import Missing
from fordel.need.source import Predictor, Scoring

FAMILIES = [
    (Family.POISSON, Link.LOG),
    (Family.NB2, Link.LOG),
    (Family.GAUSSIAN, Link.IDENTITY),
    (Family.TWO_PART, Link.LOG),
]


@pytest.mark.slow
@pytest.mark.parametrize(("family", "link"), FAMILIES)
def test_the_mean_weight_is_one_and_sums_agree(
    model: Design, citizens: ParquetCitizens, family: Family, link: Link
) -> None:
    fitted = fit(model.with_family(family, link), citizens)
    weighed = weigh_citizens(fitted, citizens)
    people = weighed.groups["people"].sum()
    assert people == 60_000
    assert weighed.groups["weighted_citizens"].sum() == pytest.approx(people, rel=1e-12)
    by_practice, by_municipality = weighed.by("practice_id"), weighed.by("municipality")
    assert by_municipality.height == 98
    for frame in (by_practice, by_municipality):
        assert frame["weighted_citizens"].sum() == pytest.approx(people, rel=1e-12)
        assert frame["people"].sum() == people


def test_weights_on_citizens_are_those_on_cells_and_on_any_engine(
    model: Design, citizens: ParquetCitizens, rows: pl.DataFrame
) -> None:
    fitted = fit(model, citizens)
    fast = weigh_citizens(fitted, citizens, by=("municipality",))
    by_sql = IbisCitizens.expected_use(citizens, model, _parts(fitted), ("municipality",))
    np.testing.assert_allclose(fast.groups["expected_use"], by_sql["expected"], rtol=1e-12)
    cells = citizens.cells(model)
    weights = weigh_cells(fitted, cells)
    assert np.average(weights, weights=cells.statistics["n"]) == pytest.approx(1, rel=1e-12)
    expected = (weights * cells.statistics["n"]).sum() * fast.mean_use
    assert expected == pytest.approx(fast.groups["expected_use"].sum(), rel=1e-9)


def _parts(fitted: Fitted) -> tuple[tuple[Predictor, Scoring], ...]:
    return tuple((neutral_predictor(fitted, part), part.scoring) for part in fitted.parts)


def test_supply_moves_no_weight_but_is_in_the_fit(
    model: Design, citizens: ParquetCitizens, rows: pl.DataFrame, tmp_path: Path
) -> None:
    fitted = fit(model, citizens)
    far = rows.with_columns(
        distance_km=pl.lit(40, pl.Int16), reach=pl.lit(2, pl.Int16), practice_open=pl.lit(0, pl.Int8)
    )
    far.write_parquet(tmp_path / "far.parquet")
    moved = duckdb_citizens(tmp_path / "far.parquet")
    here, there = weigh_citizens(fitted, citizens), weigh_citizens(fitted, moved)
    assert here.groups["expected_use"].to_list() == there.groups["expected_use"].to_list()
    naive = weigh_citizens(fitted, moved, supply_neutral=False)
    assert naive.mean_use < 0.9 * here.mean_use


def test_supply_neutral_weights_order_under_supplied_places_better(
    model: Design, citizens: ParquetCitizens, rows: pl.DataFrame
) -> None:
    true = rows.group_by("municipality").agg(need=pl.col("true_need").mean(), reach=pl.col("reach").mean())
    neutral = weigh_citizens(fit(model, citizens), citizens).by("municipality")
    naive = weigh_citizens(fit(model.without_supply(), citizens), citizens).by("municipality")
    poor = true.sort("reach").head(40).join(neutral, on="municipality").join(naive, on="municipality", suffix="_naive")
    correlation = spearmanr(poor["need"], poor["mean_weight"]).statistic
    assert correlation > spearmanr(poor["need"], poor["mean_weight_naive"]).statistic
    assert correlation > 0.99


@pytest.mark.slow
def test_frames_give_the_model_back_to_the_digit(model: Design, citizens: ParquetCitizens) -> None:
    for family, link in FAMILIES:
        fitted = fit(model.with_family(family, link), citizens)
        again = fitted_of(frames_of(fitted))
        assert again.design == fitted.design
        assert weigh_citizens(again, citizens).groups.equals(weigh_citizens(fitted, citizens).groups)
        for part, read in zip(fitted.parts, again.parts, strict=True):
            assert np.array_equal(part.best_covariance, read.best_covariance)


def test_frames_hold_no_person(model: Design, citizens: ParquetCitizens, rows: pl.DataFrame) -> None:
    people = set(rows["person_id"].cast(pl.String))
    for name, frame in frames_of(fit(model, citizens)).items():
        text = frame.write_csv()
        assert not any(word in people for word in text.replace("\n", ",").split(",")), name


def test_who_the_model_does_not_know_counts_as_the_mean_and_is_counted(
    model: Design, citizens: ParquetCitizens, rows: pl.DataFrame, tmp_path: Path
) -> None:
    fitted = fit(model, citizens)
    odd = rows.with_row_index().with_columns(
        work=pl.when(pl.col("index") < 100)
        .then(None)
        .when(pl.col("index") < 130)
        .then(9)
        .otherwise("work")
        .cast(pl.Int8),
        age=pl.when(pl.col("index") < 7).then(140).otherwise("age").cast(pl.Int16),
    )
    odd.drop("index").write_parquet(tmp_path / "odd.parquet")
    strange = duckdb_citizens(tmp_path / "odd.parquet")
    weighed = weigh_citizens(fitted, strange)
    assert sorted(weighed.not_in_model.rows()) == [
        ("age", "not a level of the model", 7),
        ("work", "missing", 100),
        ("work", "not a level of the model", 30),
    ]
    assert (
        IbisCitizens.not_in_model(strange, model, fitted.means)
        .sort("covariate", "reason")
        .equals(weighed.not_in_model.sort("covariate", "reason"))
    )
    one = rows.head(1).with_columns(work=pl.lit(None, pl.Int8))
    every_work = pl.concat([one.with_columns(work=pl.lit(code, pl.Int8)) for code in range(1, 7)])
    for name, frame in (("one", one), ("all", every_work)):
        frame.write_parquet(tmp_path / f"{name}.parquet")
    unknown = weigh_citizens(fitted, duckdb_citizens(tmp_path / "one.parquet"), by=("sex",)).mean_use
    each = (
        weigh_citizens(fitted, duckdb_citizens(tmp_path / "all.parquet"), by=("work",))
        .groups["expected_use"]
        .to_numpy()
    )
    assert np.log(unknown) == pytest.approx(float(fitted.shares["work"] @ np.log(each)), abs=1e-8)


def test_a_number_beyond_those_fitted_counts_as_the_nearest(
    small_model: Design, citizens: ParquetCitizens, rows: pl.DataFrame, tmp_path: Path
) -> None:
    needs = tuple(replace(c, supply=False) for c in small_model.covariates)
    fitted = fit(replace(small_model, covariates=needs), citizens)
    farthest = fitted.means["km"][2]
    for name, km in (("at", farthest), ("beyond", farthest + 500), ("missing", None), ("mean", None)):
        rows.head(50).with_columns(distance_km=pl.lit(km, pl.Int16)).write_parquet(tmp_path / f"{name}.parquet")
    use = {
        name: weigh_citizens(fitted, duckdb_citizens(tmp_path / f"{name}.parquet"))
        for name in ("at", "beyond", "missing")
    }
    assert use["at"].mean_use == use["beyond"].mean_use != use["missing"].mean_use
    assert use["beyond"].not_in_model.rows() == [("km", "beyond the values fitted", 50)]
    assert use["missing"].not_in_model.rows() == [("km", "missing", 50)]


def test_a_missing_level_has_a_coefficient_of_its_own(model: Design, rows: pl.DataFrame, tmp_path: Path) -> None:
    gaps = rows.with_row_index().with_columns(
        education=pl.when(pl.col("index") % 9 == 0).then(None).otherwise("education").cast(pl.Int8)
    )
    gaps.write_parquet(tmp_path / "gaps.parquet")
    assert model.covariate("education").missing is Missing.LEVEL
    fitted = fit(model, duckdb_citizens(tmp_path / "gaps.parquet"))
    assert fitted.excluded == ()
    assert "education[missing]" in [term.name for term in fitted.parts[0].layout.terms]


def test_what_the_table_lacks_is_said_at_once(
    model: Design, citizens: ParquetCitizens, rows: pl.DataFrame, tmp_path: Path
) -> None:
    with pytest.raises(NeedError, match="no column 'parish'"):
        weigh_citizens(fit(model, citizens), citizens, by=("parish",))
    rows.drop("age", "copd").with_columns(pl.col("sex").cast(pl.String)).write_parquet(tmp_path / "lacking.parquet")
    with pytest.raises(NeedError) as told:
        fit(model, duckdb_citizens(tmp_path / "lacking.parquet"))
    for part in ("'age'", "'copd'", "'sex' is string", "contacts"):
        assert part in str(told.value)
