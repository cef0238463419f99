"""Bad input: a sentence for each fault, all at once, and never a number that could point at a person."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from fordel.engines import duckdb_citizens
from fordel.need import Design, Family, Fitted, Link, NeedError, fit
from fordel.need.design import Level

AT = pl.int_range(pl.len())


def fit_changed(design: Design, rows: pl.DataFrame, folder: Path, **columns: pl.Expr) -> Fitted:
    rows.with_columns(**columns).write_parquet(folder / "changed.parquet")
    return fit(design, duckdb_citizens(folder / "changed.parquet"))


def told(design: Design, rows: pl.DataFrame, folder: Path, **columns: pl.Expr) -> str:
    with pytest.raises(NeedError) as fault:
        fit_changed(design, rows, folder, **columns)
    return str(fault.value)


def test_perfect_separation(small_model: Design, rows: pl.DataFrame, tmp_path: Path) -> None:
    none = pl.when(pl.col("copd") == 1).then(0).otherwise("contacts").cast(pl.Int32)
    text = told(small_model, rows, tmp_path, contacts=none)
    assert "Nobody whose copd is yes has any contacts" in text
    assert "ridge" in text
    some = pl.when(pl.col("copd") == 1).then(pl.col("contacts").clip(1)).otherwise("contacts")
    text = told(small_model.with_family(Family.TWO_PART), rows, tmp_path, contacts=some)
    assert "Everybody whose copd is yes has some contacts" in text


def test_separation_is_no_fault_with_a_ridge_or_where_use_adds(
    small_model: Design, rows: pl.DataFrame, tmp_path: Path
) -> None:
    none = pl.when(pl.col("copd") == 1).then(0).otherwise("contacts").cast(pl.Int32)
    covariates = tuple(replace(c, ridge=10.0) if c.name == "copd" else c for c in small_model.covariates)
    part = fit_changed(replace(small_model, covariates=covariates), rows, tmp_path, contacts=none).parts[0]
    at = [term.name for term in part.layout.terms].index("copd[yes]")
    assert -10 < part.coefficients[at] < -1
    fit_changed(small_model.with_family(Family.GAUSSIAN, Link.IDENTITY), rows, tmp_path, contacts=none)


def test_a_level_in_one_row_is_refused_without_telling_how_many(
    small_model: Design, rows: pl.DataFrame, tmp_path: Path
) -> None:
    three = (*small_model.covariate("sex").levels, Level("other", "andet", 3))
    covariates = tuple(replace(c, levels=three) if c.name == "sex" else c for c in small_model.covariates)
    design = replace(small_model, covariates=covariates)
    one = pl.when(AT == 17).then(3).otherwise("sex").cast(pl.Int8)
    assert "sex is other for fewer than 5 citizens: too few to learn from" in told(design, rows, tmp_path, sex=one)
    assert "sex is other for fewer than 5 citizens" in told(design, rows, tmp_path)


def test_a_constant_column(small_model: Design, rows: pl.DataFrame, tmp_path: Path) -> None:
    columns = {"copd": pl.lit(0, pl.Int8), "distance_km": pl.lit(3, pl.Int16)}
    text = told(small_model, rows, tmp_path, **columns)
    assert "copd is no for everybody" in text
    assert "km is 3 for everybody" in text


def test_negative_use_and_no_exposure_are_left_out_and_counted(
    small_model: Design, rows: pl.DataFrame, tmp_path: Path
) -> None:
    contacts = pl.when(AT < 11).then(-1).when(AT < 15).then(None).otherwise("contacts").cast(pl.Int32)
    days = (
        pl.when(AT.is_between(20, 39))
        .then(0)
        .when(AT == 40)
        .then(None)
        .when(AT == 41)
        .then(-3)
        .otherwise("exposure_days")
    )
    fitted = fit_changed(small_model, rows, tmp_path, contacts=contacts, exposure_days=days.cast(pl.Int16))
    assert dict(fitted.excluded) == {"outcome missing or negative": 15, "exposure missing, zero or negative": 22}
    assert fitted.citizens == rows.height - 37
    kept = rows.filter(~AT.is_between(0, 14) & ~AT.is_between(20, 41))
    kept.write_parquet(tmp_path / "kept.parquet")
    clean = fit(small_model, duckdb_citizens(tmp_path / "kept.parquet"))
    assert fitted.parts[0].coefficients.tolist() == pytest.approx(clean.parts[0].coefficients.tolist(), rel=1e-12)
    assert fitted.parts[0].errors("practice").tolist() == pytest.approx(clean.parts[0].errors("practice").tolist())


def test_forty_percent_missing(small_model: Design, rows: pl.DataFrame, tmp_path: Path) -> None:
    text = told(small_model, rows, tmp_path, copd=pl.when(AT % 5 < 2).then(None).otherwise("copd"))
    assert "would leave out 40.0% of the rows; it allows 20%" in text
    assert "copd missing: 24,000 of 60,000 rows" in text
    assert 'missing = "level"' in text


def test_collinear_flags(model: Design, rows: pl.DataFrame, tmp_path: Path) -> None:
    text = told(model, rows, tmp_path, diabetes_2=pl.col("diabetes_1"))
    assert "diabetes_2[yes] says nothing new: it follows from diabetes_1[yes]. Leave one of them out." in text


def test_an_interaction_that_nobody_has(small_model: Design, rows: pl.DataFrame, tmp_path: Path) -> None:
    design = replace(small_model, interactions=(("sex", "copd"),))
    no_women = pl.when(pl.col("sex") == 2).then(0).otherwise("copd").cast(pl.Int8)
    assert "sex[female]:copd[yes] has no citizens" in told(design, rows, tmp_path, copd=no_women)


def test_nobody_and_no_use(small_model: Design, rows: pl.DataFrame, tmp_path: Path) -> None:
    assert "no rows" in told(small_model, rows.head(0), tmp_path)
    assert "Nobody has any contacts" in told(small_model, rows, tmp_path, contacts=pl.lit(0, pl.Int32))


def test_use_no_more_spread_than_poisson(small_model: Design, rows: pl.DataFrame, tmp_path: Path) -> None:
    design = replace(small_model.with_family(Family.NB2), exposure=None, full_exposure=1)
    text = told(design, rows, tmp_path, contacts=(pl.lit(3) + AT % 2).cast(pl.Int32))
    assert "no more spread than Poisson" in text


def test_a_file_that_is_none(small_model: Design, tmp_path: Path) -> None:
    with pytest.raises(NeedError, match="cannot be read as Parquet"):
        duckdb_citizens(tmp_path / "none.parquet")
    (tmp_path / "text.parquet").write_text("hello")
    with pytest.raises(NeedError, match="cannot be read as Parquet"):
        duckdb_citizens(tmp_path / "text.parquet")
