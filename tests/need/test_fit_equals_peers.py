"""Fits on cells equal fits on rows by four other programs."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from fordel.engines.parquet import ParquetCitizens, duckdb_citizens
from fordel.need import Design, Family, Fitted, Link, fit, fit_cells
from fordel.need.cells import Floats
from fordel.need.design import Balance, Equality


def matrix(fitted: Fitted, rows: pl.DataFrame) -> Floats:
    """Build the design matrix on rows, from nothing but the terms' names."""
    design = fitted.design
    columns = []
    for term in fitted.parts[0].layout.terms:
        column = np.ones(rows.height)
        for name, level in zip(term.covariates, term.levels, strict=True):
            covariate = design.covariate(name)
            raw = rows[covariate.column].to_numpy()
            if covariate.linear:
                column = column * raw
                continue
            at = [one.name for one in covariate.levels].index(level)
            held = np.searchsorted(covariate.breaks, raw, side="right") if covariate.breaks else None
            column = column * ((held == at) if held is not None else (raw == covariate.levels[at].code))
        columns.append(column)
    return np.stack(columns, axis=1)


def years(rows: pl.DataFrame) -> Floats:
    return rows["exposure_days"].to_numpy() / 365


def statsmodels() -> Any:
    import statsmodels.api as sm

    return sm


@pytest.mark.slow
@pytest.mark.parametrize("pairs", [(), (("age", "sex"), ("sex", "km"), ("copd", "age"))])
def test_poisson_equals_statsmodels_in_coefficients_and_every_covariance(
    small_model: Design, citizens: ParquetCitizens, rows: pl.DataFrame, pairs: tuple[tuple[str, str], ...]
) -> None:
    fitted = fit(replace(small_model, interactions=pairs), citizens)
    part, x, y = fitted.parts[0], matrix(fitted, rows), rows["contacts"].to_numpy()
    glm = statsmodels().GLM(y, x, family=statsmodels().families.Poisson(), offset=np.log(years(rows)))
    plain, robust = glm.fit(tol=1e-14, scale="X2"), glm.fit(tol=1e-14, cov_type="HC0")
    groups = rows["practice_id"].rank("dense").to_numpy()
    clustered = glm.fit(tol=1e-14, cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True})
    np.testing.assert_allclose(part.coefficients, plain.params, rtol=1e-9, atol=1e-10)
    assert part.dispersion == pytest.approx(plain.scale, rel=1e-8)
    np.testing.assert_allclose(part.errors("model"), plain.bse, rtol=1e-7)
    np.testing.assert_allclose(part.errors("robust"), robust.bse, rtol=1e-7)
    np.testing.assert_allclose(part.errors("practice"), clustered.bse, rtol=1e-6)


def test_gaussian_on_rates_equals_weighted_least_squares(
    small_model: Design, citizens: ParquetCitizens, rows: pl.DataFrame
) -> None:
    fitted = fit(small_model.with_family(Family.GAUSSIAN, Link.IDENTITY), citizens)
    e = years(rows)
    peer = statsmodels().WLS(rows["contacts"].to_numpy() / e, matrix(fitted, rows), weights=e).fit()
    np.testing.assert_allclose(fitted.parts[0].coefficients, peer.params, rtol=1e-9)
    np.testing.assert_allclose(fitted.parts[0].errors("model"), peer.bse, rtol=1e-6)


@pytest.mark.slow
def test_gamma_equals_statsmodels_on_users(small_model: Design, tmp_path: Path, rows: pl.DataFrame) -> None:
    users = rows.filter((pl.col("fee") > 0) & (pl.col("exposure_days") == 365))
    users.write_parquet(tmp_path / "users.parquet")
    design = replace(small_model, outcome="fee", practice=None).with_family(Family.GAMMA)
    fitted = fit(design, duckdb_citizens(tmp_path / "users.parquet"))
    family = statsmodels().families.Gamma(statsmodels().families.links.Log())
    peer = statsmodels().GLM(users["fee"].to_numpy(), matrix(fitted, users), family=family).fit(tol=1e-14, maxiter=200)
    np.testing.assert_allclose(fitted.parts[0].coefficients, peer.params, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(fitted.parts[0].errors("model"), peer.bse, rtol=1e-5)


def test_negative_binomial_with_exposure_equals_statsmodels(
    small_model: Design, citizens: ParquetCitizens, rows: pl.DataFrame
) -> None:
    fitted = fit(small_model.with_family(Family.NB2), citizens)
    part, y = fitted.parts[0], rows["contacts"].to_numpy()
    peer = statsmodels().NegativeBinomial(y, matrix(fitted, rows), offset=np.log(years(rows)))
    start = np.append(part.coefficients + 0.01, 0.6)
    found = peer.fit(start_params=start, method="newton", disp=0, tol=1e-12)
    np.testing.assert_allclose(part.coefficients, found.params[:-1], rtol=1e-6, atol=1e-8)
    assert part.alpha == pytest.approx(found.params[-1], abs=1e-6)
    assert part.objective == pytest.approx(found.llf, rel=1e-10)
    np.testing.assert_allclose([*part.errors("model"), part.alpha_error], found.bse, rtol=1e-5)


def test_randhie_equals_statsmodels(randhie_model: Design, randhie_file: Path, randhie_rows: pl.DataFrame) -> None:
    citizens = duckdb_citizens(randhie_file)
    poisson, nb2 = fit(randhie_model, citizens), fit(randhie_model.with_family(Family.NB2), citizens)
    y, x = randhie_rows["mdvis"].to_numpy(), matrix(poisson, randhie_rows)
    peer = statsmodels().GLM(y, x, family=statsmodels().families.Poisson()).fit(tol=1e-14)
    np.testing.assert_allclose(poisson.parts[0].coefficients, peer.params, rtol=1e-8, atol=1e-10)
    part = nb2.parts[0]
    found = (
        statsmodels()
        .NegativeBinomial(y, x)
        .fit(start_params=np.append(peer.params, 1.0), method="newton", maxiter=100, disp=0, tol=1e-12)
    )
    np.testing.assert_allclose([*part.coefficients, part.alpha], found.params, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose([*part.errors("model"), part.alpha_error], found.bse, rtol=1e-5)
    assert part.objective == pytest.approx(found.llf, rel=1e-10)


@pytest.mark.slow
def test_two_part_equals_a_logit_and_a_poisson_on_users(
    small_model: Design, citizens: ParquetCitizens, rows: pl.DataFrame
) -> None:
    fitted = fit(small_model.with_family(Family.TWO_PART), citizens)
    use, amount = fitted.parts
    x, y, e = matrix(fitted, rows), rows["contacts"].to_numpy(), years(rows)
    sm = statsmodels()
    groups = rows["practice_id"].rank("dense").to_numpy()
    logit = sm.GLM((y > 0).astype(float), x, family=sm.families.Binomial(), offset=np.log(e))
    any_use = logit.fit(tol=1e-14, cov_type="cluster", cov_kwds={"groups": groups})
    np.testing.assert_allclose(use.coefficients, any_use.params, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(use.errors("practice"), any_use.bse, rtol=1e-6)
    users = y > 0
    poisson = sm.GLM(y[users], x[users], family=sm.families.Poisson(), offset=np.log(e[users]))
    how_much = poisson.fit(tol=1e-14, cov_type="cluster", cov_kwds={"groups": groups[users]})
    np.testing.assert_allclose(amount.coefficients, how_much.params, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(amount.errors("practice"), how_much.bse, rtol=1e-6)
    np.testing.assert_allclose(amount.errors("robust"), poisson.fit(tol=1e-14, cov_type="HC0").bse, rtol=1e-6)


@pytest.mark.slow
def test_the_whole_model_equals_glum_and_scikit_learn(
    model: Design, citizens: ParquetCitizens, rows: pl.DataFrame
) -> None:
    from glum import GeneralizedLinearRegressor
    from sklearn.linear_model import PoissonRegressor

    fitted = fit(model, citizens)
    x, e = np.ascontiguousarray(matrix(fitted, rows)[:, 1:]), years(rows)
    rate = rows["contacts"].to_numpy() / e
    glum = GeneralizedLinearRegressor(family="poisson", alpha=0, gradient_tol=1e-13, max_iter=200)
    glum.fit(x, rate, sample_weight=e)
    np.testing.assert_allclose(fitted.parts[0].coefficients, [glum.intercept_, *glum.coef_], rtol=1e-8, atol=1e-9)
    sklearn = PoissonRegressor(alpha=0, solver="newton-cholesky", tol=1e-10, max_iter=200)
    sklearn.fit(x, rate, sample_weight=e)
    np.testing.assert_allclose(fitted.parts[0].coefficients, [sklearn.intercept_, *sklearn.coef_], atol=1e-7)


def test_the_design_matrix_is_that_of_a_formula(
    small_model: Design, rows: pl.DataFrame, citizens: ParquetCitizens
) -> None:
    from formulaic import model_matrix

    fitted = fit(replace(small_model, interactions=(("sex", "copd"), ("copd", "km"))), citizens)
    bands = np.array(["0-39", "40-69", "70+"])[np.searchsorted((40, 70), rows["age"].to_numpy(), side="right")]
    frame = rows.select("sex", "copd", km="distance_km").to_pandas().assign(age=bands)
    formula = (
        "1 + C(sex, contr.treatment(1)) + C(age, contr.treatment('40-69')) + C(copd, contr.treatment(0)) + km"
        " + C(sex, contr.treatment(1)):C(copd, contr.treatment(0)) + C(copd, contr.treatment(0)):km"
    )
    peer = np.asarray(model_matrix(formula, frame), dtype=float)
    mine = matrix(fitted, rows)
    assert sorted(map(tuple, mine.T.tolist())) == sorted(map(tuple, peer.T.tolist()))


def test_fitted_use_equals_observed_use_at_every_level(model: Design, citizens: ParquetCitizens) -> None:
    cells = citizens.cells(model)
    fitted = fit_cells(cells)
    part = fitted.parts[0]
    from fordel.need import predict_cells
    from fordel.need.fit import predictor_of

    eta = predict_cells(predictor_of(part.layout, part.coefficients), cells)
    expected = np.exp(eta) * cells.statistics["exposure"] / 365
    for covariate in model.covariates:
        codes = cells.codes(covariate)
        for at in range(len(covariate.levels)):
            observed = cells.statistics["y"][codes == at].sum()
            assert expected[codes == at].sum() == pytest.approx(observed, rel=1e-9), (covariate.name, at)


def test_ridge_equals_glum(small_model: Design, citizens: ParquetCitizens, rows: pl.DataFrame) -> None:
    from glum import GeneralizedLinearRegressor

    ridge = 500.0
    covariates = tuple(replace(c, ridge=ridge) for c in small_model.covariates)
    fitted = fit(replace(small_model, covariates=covariates), citizens)
    x, e = np.ascontiguousarray(matrix(fitted, rows)[:, 1:]), years(rows)
    # glum minimises the mean loss plus half alpha times the squares.
    glum = GeneralizedLinearRegressor(
        family="poisson", alpha=ridge / e.sum(), l1_ratio=0, gradient_tol=1e-13, max_iter=200
    )
    glum.fit(x, rows["contacts"].to_numpy() / e, sample_weight=e)
    np.testing.assert_allclose(fitted.parts[0].coefficients, [glum.intercept_, *glum.coef_], rtol=1e-7, atol=1e-9)


def test_equalities_hold_and_equal_statsmodels(
    small_model: Design, citizens: ParquetCitizens, rows: pl.DataFrame
) -> None:
    together = Equality((("age[0-39]", 1.0), ("age[70+]", 1.0)), 0.5)
    fitted = fit(replace(small_model, equalities=(together,)), citizens)
    part = fitted.parts[0]
    names = [term.name for term in part.layout.terms]
    at, other = names.index("age[0-39]"), names.index("age[70+]")
    assert part.coefficients[at] + part.coefficients[other] == pytest.approx(0.5, abs=1e-12)
    border = np.zeros((1, len(names)))
    border[0, [at, other]] = 1
    glm = statsmodels().GLM(
        rows["contacts"].to_numpy(),
        matrix(fitted, rows),
        family=statsmodels().families.Poisson(),
        offset=np.log(years(rows)),
    )
    peer = glm.fit_constrained((border, np.array([0.5])), tol=1e-14)
    np.testing.assert_allclose(part.coefficients, peer.params, rtol=1e-6, atol=1e-8)
    assert part.covariances["model"][at] + part.covariances["model"][other] == pytest.approx(0, abs=1e-12)


def test_a_balanced_group_gets_what_it_uses(model: Design, citizens: ParquetCitizens) -> None:
    lone = replace(model.covariate("lives_alone"), in_fit=False)
    covariates = tuple(lone if c.name == "lives_alone" else c for c in model.covariates)
    unbalanced = replace(model, covariates=covariates)
    compensation = {}
    for name, design in {
        "without": unbalanced,
        "with": replace(unbalanced, balances=(Balance("lives_alone", "yes"),)),
    }.items():
        cells = citizens.cells(design)
        part = fit_cells(cells).parts[0]
        from fordel.need import predict_cells
        from fordel.need.fit import predictor_of

        group = cells.codes(lone) == 1
        expected = (
            np.exp(predict_cells(predictor_of(part.layout, part.coefficients), cells))
            * cells.statistics["exposure"]
            / 365
        )
        compensation[name] = expected[group].sum() / cells.statistics["y"][group].sum() - 1
    assert compensation["without"] < -0.005
    assert compensation["with"] == pytest.approx(0, abs=1e-9)
