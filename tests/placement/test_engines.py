"""The fast engines of placement against the plain ones and against brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fordel.coverage.matrix import Locations
from fordel.coverage.tree import TreeEngine
from fordel.engines import milp
from fordel.engines.addresses import collapse_addresses
from fordel.engines.milp import load, solve
from fordel.engines.straight_line import StraightLine
from fordel.engines.swaps import swap_search
from fordel.placement.bound import price_bound
from fordel.placement.classes import collapse
from fordel.placement.errors import PlacementError
from fordel.placement.model import model_of
from fordel.placement.problem import Problem
from fordel.placement.search import search
from placement.small import best_by_brute_force, fits, problems, stated


@settings(max_examples=150, deadline=None)
@given(problems())
def test_swaps_give_a_plan_that_may_be_made_no_worse_than_the_plain_search(problem: Problem) -> None:
    free = replace(problem, placed=0).open_question
    chosen, best = swap_search(free, rounds=2), best_by_brute_force(free)
    assert fits(free, tuple(int(site) for site in chosen))
    assert best is not None
    assert free.gain(search(free)) <= free.gain(chosen) <= best


@settings(max_examples=150, deadline=None)
@given(problems())
@example(stated([[1, 0], [0, 1]], least=[2, 2], most=[2, 2], total=3))
def test_no_plan_gives_more_than_the_bound_of_prices(problem: Problem) -> None:
    free = replace(problem, placed=0).open_question
    best = best_by_brute_force(free)
    assert best is not None
    assert price_bound(free, 0.0, steps=60) >= best - 1e-6


def _country(cells: int, candidates: int, sites: int) -> Problem:
    """Draw a country of cells on a plane; each reaches the candidates within a tenth of its width."""
    rng = np.random.default_rng(11)
    apart = np.hypot(*(rng.random((cells, 1, 2)) - rng.random((1, candidates, 2))).transpose(2, 0, 1))
    people = rng.integers(1, 500, cells)
    return stated((apart < 0.1).astype(int).tolist(), people=people, choices=rng.integers(0, 2, cells), sites=sites)


def test_prices_come_down_to_the_linear_program_and_search_up_to_the_optimum() -> None:
    problem = _country(400, 60, 8).open_question
    model = model_of(problem)
    relaxed = load(replace(model, whole=np.zeros(len(model.whole), np.bool_)))
    relaxed.solve()
    linear, best = relaxed.getInfo().objective_function_value, solve(problem)
    assert best.proven
    assert linear - 1e-6 <= price_bound(problem, best.value) <= 1.005 * linear
    assert problem.gain(swap_search(problem)) >= 0.99 * best.value


def test_where_no_solver_gets_through_a_plan_is_given_with_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _country(400, 60, 8)
    best = solve(problem)
    monkeypatch.setattr(milp, "MOST_PAIRS", 0)
    found = solve(problem, seconds=5)
    assert 0.99 * best.value <= found.value <= best.value <= found.bound
    assert found.bound < problem.open_question.people.sum()
    with pytest.raises(PlacementError, match="both forced in and forced out"):
        solve(replace(problem, forced_in=(1,), forced_out=(1,)))


def test_a_solver_that_fails_gives_no_proof() -> None:
    problem = _country(100, 20, 4).open_question
    solver = load(model_of(problem))
    solver.setOptionValue("time_limit", 0.0)
    start = search(problem)
    plan = milp._read(solver, problem, start, whole=True)  # never run: its bound means nothing
    assert plan.value == problem.gain(start)
    assert plan.bound == problem.people.sum()
    assert not plan.proven


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 300), st.integers(1, 25))
def test_addresses_collapse_to_the_classes_of_their_pairs(seed: int, addresses: int, candidates: int) -> None:
    rng = np.random.default_rng(seed)
    spots = np.array([600_000.0, 6_100_000.0]) + rng.integers(0, 60, (addresses + candidates, 2)) * 1000.0
    land = (rng.random(addresses + candidates) < 0.1).astype(np.int64)
    homes, sites = (Locations(spots[part], land[part]) for part in (slice(addresses), slice(addresses, None)))
    radius = np.where(rng.random(addresses) < 0.3, 5_000.0, 15_000.0)
    people, choices = rng.integers(0, 9, addresses), rng.integers(0, 3, addresses)
    pairs = TreeEngine().cover(homes, sites, radius)
    listed = collapse(pairs.weighted(np.ones(pairs.pairs)), people, choices)
    straight = collapse_addresses(homes, sites, radius, people, choices, StraightLine())
    assert (straight.of == listed.of).all()
    assert (straight.people == listed.people).all()
    assert (straight.choices == listed.choices).all()
    assert (straight.reach.toarray() == listed.reach.toarray()).all()
    assert (straight.reach[straight.of].toarray() == pairs.weighted(np.ones(pairs.pairs)).toarray()).all()
