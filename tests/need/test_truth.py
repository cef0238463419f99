"""The truth behind synthetic citizens is found: intervals cover it as often as they say."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from fordel.demo.citizens import draw_citizens, truth
from fordel.engines.parquet import duckdb_citizens
from fordel.need import Design, Fitted, fit
from fordel.need.cells import Floats

FITS = 500


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


def test_a_large_sample_finds_the_truth(model: Design, tmp_path: Path) -> None:
    path = tmp_path / "citizens.parquet"
    pl.concat(draw_citizens(400_000, seed=2)).write_parquet(path)
    fitted = fit(model, duckdb_citizens(path))
    z = (fitted.parts[0].coefficients - true_coefficients(fitted)) / fitted.parts[0].errors("practice")
    assert np.sqrt(np.mean(z**2)) < 1.35
    assert np.abs(z).max() < 4
