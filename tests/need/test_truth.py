"""The truth behind synthetic citizens is found: intervals cover it as often as they say."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr

from fordel.demo.citizens import draw_citizens, truth
from fordel.engines.parquet import ParquetCitizens, duckdb_citizens
from fordel.need import Design, Fitted, fit, weigh_citizens
from fordel.need.cells import Floats

FITS = 500
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "need.md"


def true_coefficients(fitted: Fitted) -> Floats:
    """Give the truth of each term: its level's effect less the reference level's."""
    effects = {(name, level): value for name, level, value in truth().coefficients.iter_rows()}
    true = []
    for term in fitted.parts[0].layout.terms:
        if not term.covariates:
            true.append(effects["constant", 0])
            continue
        covariate = fitted.design.covariate(term.covariates[0])
        level = [one.name for one in covariate.levels].index(term.levels[0])
        true.append(effects[covariate.name, level] - effects[covariate.name, covariate.reference])
    return np.array(true)


@pytest.mark.slow
def test_intervals_cover_the_truth_in_93_to_97_of_100(model: Design, tmp_path: Path) -> None:
    covered, naive = [], []
    for seed in range(FITS):
        path = tmp_path / "citizens.parquet"
        next(draw_citizens(20_000, seed=10_000 + seed)).write_parquet(path, compression="uncompressed")
        fitted = fit(model, duckdb_citizens(path))
        part = fitted.parts[0]
        off = np.abs(part.coefficients - true_coefficients(fitted))
        covered.append(off < 1.959964 * part.errors("practice"))
        naive.append(off < 1.959964 * part.errors("model") / np.sqrt(part.dispersion))
    shares = np.mean(covered, axis=0)
    assert 0.93 <= shares.mean() <= 0.97
    # By chance alone a share of 500 lies within 0.95 +- 0.03 in 99.8 of 100.
    assert np.mean((shares >= 0.93) & (shares <= 0.97)) >= 0.85
    assert shares.min() >= 0.90, fitted.parts[0].layout.terms[int(shares.argmin())].name
    assert np.mean(naive) < 0.75, (
        "plain Poisson errors are far too small: practices have styles, and use is over-dispersed"
    )


@pytest.fixture(scope="module")
def large(model: Design, tmp_path_factory: pytest.TempPathFactory) -> tuple[Fitted, ParquetCitizens, pl.DataFrame]:
    path = tmp_path_factory.mktemp("large") / "citizens.parquet"
    rows = pl.concat(draw_citizens(400_000, seed=2))
    rows.write_parquet(path)
    return fit(model, duckdb_citizens(path)), duckdb_citizens(path), rows


@pytest.mark.slow
@pytest.mark.xdist_group("large citizens")
def test_a_large_sample_finds_the_truth(large: tuple[Fitted, ParquetCitizens, pl.DataFrame]) -> None:
    fitted, _, _ = large
    z = (fitted.parts[0].coefficients - true_coefficients(fitted)) / fitted.parts[0].errors("practice")
    assert np.sqrt(np.mean(z**2)) < 1.35
    assert np.abs(z).max() < 4


@pytest.mark.slow
@pytest.mark.xdist_group("large citizens")
def test_the_page_tells_what_counting_supply_as_need_costs(
    large: tuple[Fitted, ParquetCitizens, pl.DataFrame],
) -> None:
    """The third of municipalities with the fewest capacities in reach: the figures of the page, computed again."""
    fitted, citizens, rows = large
    true = rows.group_by("municipality").agg(pl.col("true_need", "reach").mean(), pl.len()).sort("municipality")
    true_weight = true["true_need"].to_numpy() / np.average(true["true_need"], weights=true["len"])
    poor = (true["reach"].rank("ordinal") <= 33).to_numpy()
    found = {}
    for neutral in (True, False):
        weighed = weigh_citizens(fitted, citizens, supply_neutral=neutral).by("municipality").sort("municipality")
        mean = weighed["mean_weight"].to_numpy()
        rank = spearmanr(mean[poor], true["true_need"].to_numpy()[poor]).statistic
        found[neutral] = f"{rank:.2f}", f"{np.mean(mean[poor] / true_weight[poor] - 1):.1%}".replace("%", " %")
    assert found[True][0] == "1.00"
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"by rank {found[True][0]} with the true need, naive ones {found[False][0]}" in page
    assert f"naive ones are {found[False][1].lstrip('-')} too low in the mean, supply-neutral ones right" in page
    assert abs(float(found[True][1].removesuffix(" %"))) < 0.1
