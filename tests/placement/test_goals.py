"""Several goals, in order, weighed and against each other, equal to brute force; closures to every one counted."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from fordel.coverage.matrix import cover_of
from fordel.engines.in_order import best_in_order, best_weighed, front
from fordel.engines.milp import conflicting, load, write_lp
from fordel.placement.goals import Goal, Nearing, Placing, Reaching, Row, Serving, Sites
from fordel.placement.model import CONSTRAINTS, Floats, model_of
from fordel.placement.ordered import Stage, lay
from fordel.placement.problem import Problem
from fordel.placement.wishes import conflict
from fordel.runs._placing_goals import surviving
from placement.small import fits, problems, stated

GOLDEN = Path(__file__).parents[1] / "golden" / "placement_lp"


def goals_for(problem: Problem, seed: int) -> list[Goal]:
    """Draw a goal of each kind for a problem."""
    rng, (classes, candidates) = np.random.default_rng(seed), problem.reach.shape
    groups, places = 3, 4
    spots: Floats = (rng.integers(0, 9, (places + candidates, 2)) * 1000).astype(np.float64)
    metres: Floats = (rng.integers(1, 20, places) * 1000).astype(np.float64)
    near = csr_array((rng.random((groups, candidates)) < 0.6).astype(np.float64))
    apart = rng.random((places, candidates)) < 0.2
    return [
        Reaching("two_choices", rng.integers(0, 9, classes).astype(np.float64)),
        Serving("unmet_need", rng.integers(0, 30, groups) / 10, near, problem.total),
        Placing("rural", rng.integers(0, 2, candidates).astype(np.float64), problem.total),
        Nearing("farthest", rng.integers(1, 9, places).astype(np.float64), metres,
                spots[:places], spots[places:], apart, 0.5),
    ]  # fmt: skip


def every_plan(problem: Problem) -> list[Sites]:
    """List every plan that may be made, with every way to share out capacities."""
    found = []
    for size in range(problem.candidates + 1):
        for chosen in combinations(range(problem.candidates), size):
            if not fits(replace(problem, placed=0), chosen):
                continue
            sites = np.array(chosen, dtype=np.int64)
            spans = [range(int(problem.least[s]), int(problem.most[s]) + 1) for s in chosen]
            for given_to in product(*spans):
                used = np.bincount(problem.area[sites], given_to, minlength=len(problem.headroom))
                if (used <= problem.headroom).all() and problem.placed <= sum(given_to) <= problem.total:
                    found.append(Sites(sites, np.array(given_to, dtype=np.int64)))
    return found


def small_enough(problem: Problem) -> Problem:
    """Keep four candidates and a handful of capacities, so that every plan can be listed."""
    at = slice(0, 4)
    return replace(
        problem, reach=csr_array(problem.reach[:, at]), area=problem.area[at], least=problem.least[at],
        most=problem.most[at], total=min(problem.total, 6), placed=0,
        forced_out=tuple(s for s in problem.forced_out if s < 4),
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 999), st.permutations(range(4)))
def test_goals_in_order_are_those_of_brute_force(drawn: Problem, seed: int, order: list[int]) -> None:
    problem = small_enough(drawn)
    assume(conflict(problem) is None)
    goals = [goals_for(problem, seed)[at] for at in order[:3]]
    left = every_plan(problem)
    found = best_in_order(problem, goals)
    for goal, outcome in zip(goals, found.outcomes, strict=True):
        values = [goal.value(problem, plan) for plan in left]
        best = max(values)
        assert outcome.value <= best + goal.step / 2
        if not outcome.proven:
            return  # rows would be wanting still; what follows is then another question
        assert outcome.value >= best - goal.step
        left = [plan for plan, value in zip(left, values, strict=True) if value >= outcome.value - goal.step / 2 - 1e-9]
    assert fits(problem, tuple(int(site) for site in found.plan.chosen))


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 999), st.integers(0, 3))
def test_no_plan_breaks_the_rows_of_a_goal(drawn: Problem, seed: int, at: int) -> None:
    problem = small_enough(drawn)
    plans, goal = every_plan(problem), goals_for(problem, seed)[1 + 2 * (at % 2)]
    assert isinstance(goal, Serving | Nearing)
    rows = goal.rows(problem, plans[at % len(plans)], goal.own)
    for plan in plans:
        opened = np.zeros(problem.candidates)
        opened[plan.chosen] = 1
        own = goal.variables(problem, plan)
        assert own.sum() == pytest.approx(goal.value(problem, plan), abs=1e-9)
        for row in rows:
            assert row.own @ own <= row.constant + row.on_sites @ opened + 1e-6


def test_weights_and_the_front_are_those_of_brute_force() -> None:
    problem = stated([[1, 0, 0], [0, 1, 0], [0, 0, 1]], people=[10, 6, 4], total=2)
    one, other = Reaching("two_choices", np.array([10.0, 6, 4])), Placing("rural", np.array([0.0, 0, 1]), 2)
    plans = every_plan(problem)
    values = [(one.value(problem, plan), other.value(problem, plan)) for plan in plans]
    weighed = best_weighed(problem, [(one, 1.0), (other, 5.0)])
    assert weighed.outcomes[0].value == max(a + 5 * b for a, b in values)
    assert weighed.outcomes[0].proven
    unbeaten = {v for v in values if not any(w != v and w[0] >= v[0] and w[1] >= v[1] for w in values)}
    shown = front(problem, one, other, points=3)
    assert [proven for _, proven in shown] == [True] * len(unbeaten)
    assert {tuple(o.value for o in answer.outcomes) for answer, _ in shown} == unbeaten


def test_an_earlier_goal_is_kept_and_a_later_one_decides_what_it_leaves_open() -> None:
    """Two sites give the first goal nothing: need decides how many capacities each site gets."""
    problem = stated([[1, 0, 0]], total=5, placed=5, most=[2, 6, 6])
    people = Reaching("two_choices", np.array([10.0]))
    need = Serving("unmet_need", np.array([0.5, 3.0]), csr_array(np.array([[0.0, 1, 0], [0, 0, 1]])), 5)
    found = best_in_order(problem, [people, need])
    assert [o.value for o in found.outcomes] == [10, 3.5]
    assert all(o.proven for o in found.outcomes)
    assert dict(zip(found.plan.chosen.tolist(), found.plan.capacities.tolist(), strict=True)) == {0: 1, 1: 1, 2: 3}


STAGE = {
    "goal_kept": lambda p, g: Stage(p, ((g[2], 1.0),), ((g[0], 10.0),), {}),
    "served_there": lambda p, g: Stage(p, ((g[1], 1.0),), (), {}),
    "goal_most": lambda p, g: Stage(p, ((g[1], 1.0),), (), {"unmet_need": (Row(np.ones(2), np.zeros(2), 1.5),)}),
}


@pytest.mark.parametrize("name", STAGE)
def test_the_rows_of_goals_are_the_golden_ones_and_each_decides_an_answer(name: str, tmp_path: Path) -> None:
    problem = stated([[1, 0], [0, 1]], people=[10, 5], total=2, most=[2, 2])
    goals: list[Any] = [
        Reaching("two_choices", np.array([10.0, 5.0])),
        Serving("unmet_need", np.array([3.0]), csr_array(np.array([[1.0, 1.0]])), 2),
        Placing("rural", np.array([0.0, 1.0]), 2),
    ]
    model = lay(STAGE[name](problem, goals)).model
    write_lp(model, tmp_path / "model.lp")
    assert (tmp_path / "model.lp").read_text() == (GOLDEN / f"{name}.lp").read_text()
    names = np.repeat([row for row, _ in model.rows], [count for _, count in model.rows])
    kept = np.flatnonzero(names != name)
    free = replace(model, top=np.where(np.isfinite(model.top), 9.0, model.top)) if name == "served_there" else model
    loose = replace(free, matrix=model.matrix[kept], low=model.low[kept], high=model.high[kept])
    worths = []
    for each in (free, loose):
        solver = load(replace(each, top=np.where(np.arange(len(each.top)) < 4, 1.0, each.top)))
        solver.solve()
        worths.append(solver.getInfo().objective_function_value)
    assert worths[1] > worths[0]


def test_the_fewest_conflicting_wishes_are_found() -> None:
    """Letting go of wishes one after the other would leave three here; two are enough, and no single one."""
    problem = stated([[1, 1]], least=[1, 1], most=[2, 2], headroom=[3], sites=1, placed=4, total=9)
    found = conflicting(problem)
    assert found == ["area_headroom", "all_placed"]
    for size in range(1, len(found)):
        for few in combinations([n for n in CONSTRAINTS if n != "covered"], size):
            solver = load(model_of(problem, [name for name in CONSTRAINTS if name not in (*few, "covered")]))
            solver.solve()
            assert solver.modelStatusToString(solver.getModelStatus()) != "Infeasible"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=1, max_size=6), st.integers(1, 3))
def test_survival_is_that_of_counting_every_closure(practices: list[tuple[float, bool]], required: int) -> None:
    risk, is_open = np.array([r for r, _ in practices]), np.array([o for _, o in practices])
    here = np.arange(len(practices))
    cover = cover_of(np.zeros(len(practices), np.int64), here, np.ones(len(practices)), (1, len(practices)))
    chance = np.zeros(len(practices) + 1)
    for stays in product([False, True], repeat=len(practices)):
        kept = np.array(stays)
        chance[(kept & is_open).sum()] += float(np.where(kept, 1 - risk, risk).prod())
    found = surviving(cover, is_open, risk, required)[:, 0]
    wanted = [chance[n] if n < len(chance) else 0.0 for n in range(required)]
    assert found == pytest.approx(wanted, abs=1e-6)
