"""Placement: equal to brute force, every constraint counted, conflicts named, classes exact."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from fordel.engines.milp import solve, write_lp
from fordel.placement.classes import collapse
from fordel.placement.errors import PlacementError
from fordel.placement.model import CONSTRAINTS, model_of
from fordel.placement.problem import Problem
from fordel.placement.search import search
from fordel.placement.wishes import conflict
from placement.small import CLASSIC, DECIDED_BY, best_by_brute_force, fits, problems, stated

NONE = np.empty(0, np.int64)
GOLDEN = Path(__file__).parents[1] / "golden"


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_best_plan_is_that_of_brute_force(problem: Problem) -> None:
    best = best_by_brute_force(problem)
    if best is None or conflict(problem):
        with pytest.raises(PlacementError):
            solve(problem)
        return
    found = solve(problem)
    assert found.value == best == problem.gain(found.chosen)
    assert found.proven
    assert fits(problem, tuple(int(site) for site in found.chosen))
    used = np.bincount(problem.area[found.chosen], found.capacities, minlength=len(problem.headroom))
    assert (used <= problem.headroom).all()
    assert used.sum() <= problem.total
    assert (found.capacities >= problem.least[found.chosen]).all()
    assert (found.capacities <= problem.most[found.chosen]).all()


@settings(max_examples=150, deadline=None)
@given(problems())
def test_search_gives_a_plan_that_may_be_made_and_is_no_better_than_the_best(problem: Problem) -> None:
    free = replace(problem, placed=0)  # search leaves to the solver whether enough is placed
    chosen, best = search(free.open_question), best_by_brute_force(free)
    assert fits(free, tuple(int(site) for site in chosen))
    assert best is not None
    assert free.gain(chosen) <= best


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_constraint_decides_an_answer(name: str) -> None:
    problem = DECIDED_BY[name]
    assert solve(problem).value < solve(problem, without=[name]).value


MODELS = {**{name: model_of(problem) for name, problem in DECIDED_BY.items()}, **CLASSIC}


def test_every_constraint_has_a_problem_it_decides_and_a_golden_file() -> None:
    assert set(DECIDED_BY) == set(CONSTRAINTS)
    of_goals = {"goal_kept", "goal_most", "served_there"}  # see test_goals
    assert {path.stem for path in (GOLDEN / "placement_lp").glob("*.lp")} == set(MODELS) | of_goals


@pytest.mark.parametrize("name", MODELS)
def test_the_model_is_the_golden_one(name: str, tmp_path: Path) -> None:
    write_lp(MODELS[name], tmp_path / "model.lp")
    assert (tmp_path / "model.lp").read_text() == (GOLDEN / "placement_lp" / f"{name}.lp").read_text()


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (stated([[1]], least=[2], headroom=[1]), "at least 2 capacities"),
        (stated([[1, 1]], forced_in=(0,), forced_out=(0,)), "both forced in and forced out"),
        (stated([[1, 1]], least=[2, 2], headroom=[3], forced_in=(0, 1)), "Sites 0, 1 are forced in and need 4"),
        (stated([[1, 1]], least=[2, 2], total=3, forced_in=(0, 1)), "but 3 are offered"),
        (stated([[1, 1]], least=[2, 2], total=1, forced_in=(1,)), "Site 1 is forced in"),
        (stated([[1, 1]], most=[2, 2], placed=5), "the most capacities a site may get; that all of them are to be"),
        (stated([[1, 1]], headroom=[3], placed=5), "the headroom of the areas; that all of them are to be placed"),
        (stated([[1, 1]], sites=1, forced_in=(0, 1)), "2 sites are forced in, but 1 may be opened"),
        (replace(stated([[1]]), reach=csr_array((1, 0)), area=NONE, least=NONE, most=NONE), "no candidate"),
    ],
)  # fmt: skip
def test_conflicting_wishes_are_named(problem: Problem, sentence: str) -> None:
    with pytest.raises(PlacementError, match=sentence):
        solve(problem)


def test_classes_too_few_candidates_reach_are_beyond_help() -> None:
    problem = stated([[1, 0], [0, 0], [1, 1]], choices=[0, 1, 0])
    assert problem.beyond_help.tolist() == [True, True, False]
    assert solve(problem).value == 10


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(0, 1), min_size=4, max_size=4)), min_size=1))
def test_classes_expand_back_to_addresses(rows: list[tuple[int, list[int]]]) -> None:
    reach = csr_array(np.array([row for _, row in rows], dtype=np.float64))
    choices, people = np.array([n for n, _ in rows]), np.arange(1, len(rows) + 1)
    classes = collapse(reach, people, choices)
    assert (classes.reach[classes.of].toarray() == reach.toarray()).all()
    assert (classes.choices[classes.of] == choices).all()
    assert classes.people.sum() == people.sum()
    assert len(classes.people) == len({(n, *row) for n, row in rows})
