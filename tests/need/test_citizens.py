"""Synthetic citizens: the published margins, a known truth, and called synthetic."""

from pathlib import Path

import polars as pl
import pytest

from fordel.demo.citizens import draw_citizens, is_synthetic, truth, write_citizens
from fordel.demo.population import population
from fordel.engines import duckdb_citizens
from fordel.tables.citizens import Citizens


def test_they_are_valid_and_called_synthetic(rows: pl.DataFrame, citizens_file: Path) -> None:
    Citizens.validate(rows.select(Citizens.column_names()), cast=False)
    assert is_synthetic(citizens_file)
    assert duckdb_citizens(citizens_file).synthetic
    assert set(rows.columns) - set(Citizens.column_names()) == {"true_need"}


def test_they_have_the_margins_of_folk1b(rows: pl.DataFrame) -> None:
    people = population()
    counts = rows.group_by("municipality", sex=pl.col("sex").replace_strict({1: "male", 2: "female"})).len()
    wanted = people.group_by("municipality", "sex").agg(pl.col("people").sum())
    both = wanted.join(counts, on=["municipality", "sex"])
    assert both.height == 196
    share = rows.height / people["people"].sum()
    # A sum of twenty age groups, each rounded down at its edge: never more than one person off.
    assert ((both["people"] * share - both["len"]).abs() <= 1.0).all()


def test_the_same_seed_gives_the_same_citizens() -> None:
    one, same = (next(draw_citizens(10_000, seed=5)) for _ in range(2))
    assert one.equals(same)
    assert not one.equals(next(draw_citizens(10_000, seed=6)))


@pytest.mark.parametrize("people", [9_999, 30_000_001])
def test_too_few_or_too_many(people: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"come in 10,000 to 30,000,000"):
        write_citizens(tmp_path / "citizens.parquet", people, seed=1)


@pytest.mark.slow
def test_municipal_means_resemble_those_published(tmp_path: Path) -> None:
    rows = pl.read_parquet(write_citizens(tmp_path / "citizens.parquet", 1_500_000, seed=1))
    use = pl.col("contacts").sum() / pl.col("exposure_days").sum() * 365
    means = dict(rows.group_by("municipality").agg(use).iter_rows())
    for municipality, published in {"0240": 6.1, "0101": 6.3, "0482": 8.6}.items():
        assert means[municipality] == pytest.approx(published, rel=0.1)
    assert rows["person_id"].n_unique() == rows.height
    prevalence = rows.group_by(pl.col("age") >= 65).agg(pl.col("copd", "dementia", "diabetes_2").mean()).sort("age")
    for condition in ("copd", "dementia", "diabetes_2"):
        young, old = prevalence[condition]
        assert old > 3 * young
    together = rows.select(pl.corr("copd", "diabetes_2")).item()
    assert together > 0.02
    assert rows["contacts"].var() > 4 * rows["contacts"].mean()  # type: ignore[operator]


def test_the_truth_names_every_level() -> None:
    coefficients = truth().coefficients
    assert coefficients.filter(pl.col("covariate") == "age").height == 20
    assert coefficients.filter((pl.col("covariate") == "age") & (pl.col("level") == 8))["coefficient"].item() == 0
