"""Draws are those of the covariance, and a plan made of them is the plan."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from fordel.engines.citizens import IbisCitizens
from fordel.engines.parquet import duckdb_citizens
from fordel.law import Lawbook, LawError
from fordel.need import NeedError, Origin, weigh_citizens, weights_as_model
from fordel.need.draws import _by_moments, _shifts, every_profile, grouped, spread_of_weights, weight_draws
from fordel.runs.execute import execute
from fordel.runs.intervals import ceilings, intervals, minimums
from fordel.runs.models import model_of, weighted_tables
from fordel.runs.need_record import Kind, NeedRecord, read_need_record
from fordel.stores import read_snapshot
from need_step.conftest import NeedStep

DAY = date(2026, 2, 1)
BY = ("practice_id", "municipality")


def silence(_: str) -> None:
    """Say nothing."""


def test_the_short_way_agrees_with_every_profile(need_step: NeedStep) -> None:
    fitted = model_of(read_need_record(need_step.folder / "model", Kind.MODEL))
    placed = duckdb_citizens(need_step.citizens).placed(fitted.design, ("municipality",))
    shifts = _shifts(fitted.parts[0].best_covariance, 400, np.random.default_rng(5))
    short, long = _by_moments(fitted, placed, shifts), every_profile(fitted, placed, [shifts])
    people = np.bincount(placed.group, weights=placed.people)
    short, long = (sums / (sums.sum(axis=0) / people.sum()) / people[:, None] for sums in (short, long))
    np.testing.assert_allclose(short, long, rtol=3e-3)
    np.testing.assert_allclose(short.std(axis=1), long.std(axis=1), rtol=0.02)


def test_draws_have_the_covariance_of_the_model(need_step: NeedStep) -> None:
    covariance = model_of(read_need_record(need_step.folder / "model", Kind.MODEL)).parts[0].best_covariance
    drawn = _shifts(covariance, 20_000, np.random.default_rng(2))
    scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    np.testing.assert_allclose(np.cov(drawn.T) / scale, covariance / scale, atol=0.05)


def test_draws_lie_round_the_weights_and_repeat(need_step: NeedStep) -> None:
    fitted = model_of(read_need_record(need_step.folder / "model", Kind.MODEL))
    citizens = duckdb_citizens(need_step.citizens)
    placed = citizens.placed(fitted.design, ("municipality",))
    draws = weight_draws(fitted, placed, 2_000, 7)
    weighed = weigh_citizens(fitted, citizens, ("municipality",)).groups
    error = draws.std(axis=1) / np.sqrt(2_000)
    assert placed.groups["municipality"].equals(weighed["municipality"])
    assert np.abs((draws.mean(axis=1) - weighed["mean_weight"].to_numpy()) / error).max() < 6
    np.testing.assert_array_equal(draws, weight_draws(fitted, placed, 2_000, 7))
    assert (draws != weight_draws(fitted, placed, 2_000, 8)).all()
    np.testing.assert_allclose(weighed["people"].to_numpy() @ draws / 10_000, 1, rtol=1e-12)


def test_the_spread_within_a_list_is_that_of_its_citizens(need_step: NeedStep) -> None:
    fitted = model_of(read_need_record(need_step.folder / "model", Kind.MODEL))
    citizens = duckdb_citizens(need_step.citizens)
    placed = citizens.placed(fitted.design, BY)
    lists = grouped(placed, "practice_id")
    each = weigh_citizens(fitted, citizens, ("practice_id", "age", "sex", "copd")).groups
    mean = (pl.col("mean_weight") * pl.col("people")).sum() / pl.col("people").sum()
    square = (pl.col("mean_weight") ** 2 * pl.col("people")).sum() / pl.col("people").sum()
    wanted = each.group_by("practice_id").agg(sd=(square - mean**2).clip(0).sqrt()).sort("practice_id")
    assert wanted["practice_id"].equals(lists.groups["practice_id"])
    np.testing.assert_allclose(spread_of_weights(fitted, lists), wanted["sd"], atol=1e-7)


def test_the_plans_own_weights_give_the_plans_own_numbers(need_step: NeedStep) -> None:
    tables = read_snapshot(need_step.folder.parent / "snapshot")
    run = execute(weighted_tables(tables, read_need_record(need_step.folder / "weights", Kind.WEIGHTS)), day=DAY)
    law = Lawbook.shipped().on(DAY)
    areas = run.areas.filter(pl.col("level") == "municipality").sort("area_id")
    again = ceilings(law, tables, run, areas["mean_weight"].to_numpy()[:, None])
    assert again[:, 0].tolist() == areas["ceiling"].to_list()
    lists = minimums(law, run.practices["mean_weight"].to_numpy()[:, None])
    assert lists[:, 0].tolist() == run.practices["indicative_minimum"].to_list()


def test_intervals_hold_the_plan_and_widen_with_what_is_open(need_step: NeedStep) -> None:
    found = read_need_record(need_step.folder / "sure", Kind.INTERVALS)
    practices = found.frames["practices"].drop_nulls()
    assert practices.height >= 40  # a list of fewer than five of these citizens is not told
    inside = (pl.col("draws_low") <= pl.col("indicative_minimum")) & (
        pl.col("indicative_minimum") <= pl.col("draws_high")
    )
    assert practices.select(inside.mean()).item() > 0.95
    width = {
        kind: practices.select((pl.col(f"{kind}_high") - pl.col(f"{kind}_low")).median()).item()
        for kind in ("draws", "all")
    }
    assert 0 < width["draws"] < width["all"]
    for kind in ("specifications", "years"):  # the plan's own number is one of those left possible
        held = practices.filter(pl.col("indicative_minimum").is_between(f"{kind}_low", f"{kind}_high"))
        assert held.height == practices.height
    assert practices.select((pl.col("years_high") - pl.col("years_low")).max()).item() > 0
    areas = found.frames["areas"]
    assert areas.filter(pl.col("draws_low") > pl.col("draws_high")).is_empty()
    assert areas["draws_same"].is_between(0, 1).all()
    assert (practices["minimum_sway"] > 0).all()


def test_intervals_need_draws_and_the_same_model(need_step: NeedStep) -> None:
    law, tables = Lawbook.shipped().on(DAY), read_snapshot(need_step.folder.parent / "snapshot")
    weights = read_need_record(need_step.folder / "weights", Kind.WEIGHTS)
    bare = NeedRecord(Kind.WEIGHTS, weights.facts, {"weighted_sums": weights.frames["weighted_sums"]})
    with pytest.raises(LawError, match="have no draws"):
        intervals(law, tables, bare, None, silence)
    check = read_need_record(need_step.folder / "check", Kind.CHECK)
    other = NeedRecord(Kind.CHECK, {**check.facts, "model": "another"}, check.frames)
    with pytest.raises(LawError, match="check is of another model"):
        intervals(law, tables, weights, other, silence)


def test_nothing_is_drawn_from_a_model_published_without_errors(need_step: NeedStep) -> None:
    tables = read_snapshot(need_step.folder.parent / "snapshot")
    published = weights_as_model(tables.need_weights.rename({"coefficient": "weight"}), Origin("x", "x", "x", "a test"))
    placed = duckdb_citizens(need_step.citizens).placed(published.design, ("municipality",))
    with pytest.raises(NeedError, match="published without errors"):
        weight_draws(published, placed, 10, 1)


def test_every_engine_places_people_alike(need_step: NeedStep) -> None:
    """The compiled pass over Parquet and the SQL that other engines run give the same draws."""
    fitted = model_of(read_need_record(need_step.folder / "model", Kind.MODEL))
    citizens = duckdb_citizens(need_step.citizens)
    fast, plain = citizens.placed(fitted.design, BY), IbisCitizens.placed(citizens, fitted.design, BY)
    assert fast.groups.equals(plain.groups)
    assert plain.people.sum() == len(fast.people) == 10_000
    np.testing.assert_allclose(weight_draws(fitted, fast, 50, 3), weight_draws(fitted, plain, 50, 3), rtol=1e-12)
