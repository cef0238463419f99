"""Several goals one after the other, or weighed, or two against each other; by HiGHS, each with its bound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np

from fordel.engines.milp import BOUNDED, Progress, load, solve
from fordel.placement.errors import PlacementError
from fordel.placement.goals import Goal, Nearing, Reaching, Row, Serving, Sites
from fordel.placement.ordered import Laid, Stage, Worth, lay
from fordel.placement.problem import Placement, Problem

LEAST_SECONDS = 1.0
Tell = Callable[[str, float, float, float], None]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a plan gives of one goal, and what any plan could that gives as much of the goals before it.

    Attributes:
        goal: its name.
        value, bound: in the goal's unit.
        proven: whether no plan is better by half a step.
        seconds: how long it took.
    """

    goal: str
    value: float
    bound: float
    proven: bool
    seconds: float


@dataclass(frozen=True, eq=False)
class Answer:
    """A plan, and what it gives of each goal in order."""

    plan: Sites
    outcomes: tuple[Outcome, ...]
    seconds: float


def best_in_order(
    problem: Problem, goals: Sequence[Goal], *, seconds: float = 60.0, gap: float = 0.0, tell: Tell | None = None
) -> Answer:
    """Find the plan that gives most of the first goal; of those, most of the second; and so on (leksikografisk).

    Args:
        problem: what to place, where; its people are not asked for, the goals' weights are.
        goals: first things first.
        seconds: time limit; half of it for the first goal, what is left shared by the others.
        gap: a goal within this share of its bound is good enough.
        tell: told goal, seconds, value and bound on the way.

    Raises:
        PlacementError: wishes conflict.
    """
    began = perf_counter()
    rows: dict[str, tuple[Row, ...]] = {}
    kept: list[tuple[Goal, float]] = []
    outcomes: list[Outcome] = []
    plan: Sites | None = None
    for at, goal in enumerate(goals):
        left = seconds - (perf_counter() - began)
        share = left / 2 if at == 0 and len(goals) > 1 else left / (len(goals) - at)
        stage = Stage(problem, ((goal, 1.0),), tuple(kept), rows)
        plan, outcome = maximise(stage, plan, max(share, LEAST_SECONDS), gap, tell)
        outcomes.append(outcome)
        kept.append((goal, outcome.value))
    if plan is None:
        raise PlacementError("No goal is given.\n  Try: one of those in the law's placement_goals.")
    final = [replace(o, value=g.value(problem, plan)) for g, o in zip(goals, outcomes, strict=True)]
    return Answer(plan, tuple(final), perf_counter() - began)


def best_weighed(
    problem: Problem, wanted: Sequence[Worth], *, seconds: float = 60.0, gap: float = 0.0, tell: Tell | None = None
) -> Answer:
    """Find the plan with the largest weighted sum of goals."""
    began = perf_counter()
    plan, summed = maximise(Stage(problem, tuple(wanted), (), {}), None, seconds, gap, tell)
    each = [Outcome(g.name, g.value(problem, plan), g.most, proven=False, seconds=0.0) for g, _ in wanted]
    return Answer(plan, (replace(summed, goal="weighed"), *each), perf_counter() - began)


def front(
    problem: Problem, one: Goal, other: Goal, *, points: int = 5, seconds: float = 60.0
) -> list[tuple[Answer, bool]]:
    """Set two goals against each other: what more of one costs of the other (Pareto-front).

    The best of each alone, and between them the best of one with at least so much of the other (epsilon constraint;
    Haimes et al. 1971). Plans that another beats are left out.

    Returns:
        answers with the outcomes of both goals, most of ``one`` first, and whether each is proven.
    """
    each = seconds / (points + 1)
    first = best_in_order(problem, (one, other), seconds=each)
    last = best_in_order(problem, (other, one), seconds=each)
    low, high = first.outcomes[1].value, last.outcomes[0].value
    found = [first]
    for level in np.linspace(low, high, points)[1:-1] if high - low > other.step else ():
        stage = Stage(problem, ((one, 1.0),), ((other, float(level)),), {})
        plan, outcome = maximise(stage, last.plan, each, 0.0, None)
        had = Outcome(other.name, other.value(problem, plan), high, proven=outcome.proven, seconds=0.0)
        found.append(Answer(plan, (outcome, had), outcome.seconds))
    found.append(replace(last, outcomes=last.outcomes[::-1]))
    return [(answer, all(o.proven for o in answer.outcomes)) for answer in _unbeaten(found, (one, other))]


def _unbeaten(found: list[Answer], goals: tuple[Goal, Goal]) -> list[Answer]:
    values = [tuple(o.value for o in answer.outcomes) for answer in found]
    half = [goal.step / 2 for goal in goals]

    def beaten(at: int) -> bool:
        for other, (one, two) in enumerate(values):
            more = one - values[at][0], two - values[at][1]
            as_good = more[0] > -half[0] and more[1] > -half[1]
            if other != at and as_good and (more[0] > half[0] or more[1] > half[1] or other < at):
                return True
        return False

    return [answer for at, answer in enumerate(found) if not beaten(at)]


def maximise(
    stage: Stage, start: Sites | None, seconds: float, gap: float = 0.0, tell: Tell | None = None
) -> tuple[Sites, Outcome]:
    """Solve one stage; where a goal is no sum, again and again with the rows its plans give, until none is wanting.

    The rows found are left in the stage's ``rows``.

    Raises:
        PlacementError: wishes conflict, or no plan was found in time.
    """
    began, name = perf_counter(), stage.wanted[0][0].name
    told = (lambda at, value, bound: tell(name, at, value, bound)) if tell else None
    if start is None:
        first, outcome = _alone(stage, seconds / 2, gap, told)
        if outcome is not None:
            return first, outcome
        start = first
    best, value = start, _worth(stage, start)
    for goal in stage.goals:  # a goal without any row has no bound, and the plan to begin with has one to give
        if isinstance(goal, Serving | Nearing) and goal.name not in stage.rows:
            stage.rows[goal.name] = tuple(goal.rows(stage.problem, start, goal.own))
    _settle_relaxed(stage, start, began + seconds / 3)
    bound, step = sum(abs(each) * goal.most for goal, each in stage.wanted), min(g.step for g, _ in stage.wanted)
    while perf_counter() - began < seconds:
        laid = lay(stage)
        values, most = _solved(laid, best, seconds - (perf_counter() - began), gap, told)
        bound = min(bound, most + laid.constant)
        plan = laid.plan(values)
        new = _rows_wanting(stage, laid, plan, values)
        if all(goal.value(stage.problem, plan) >= low - goal.step / 2 - 1e-6 for goal, low in stage.kept):
            worth = _worth(stage, plan)
            if worth >= value:
                best, value = plan, worth
        if bound - value <= max(step / 2, gap * abs(bound)) or not new:
            break
    done = bound - value <= step / 2 + 1e-6
    return best, Outcome(name, value, max(bound, value), proven=done, seconds=perf_counter() - began)


def _worth(stage: Stage, plan: Sites) -> float:
    return sum(each * goal.value(stage.problem, plan) for goal, each in stage.wanted)


def _alone(stage: Stage, seconds: float, gap: float, told: Progress | None) -> tuple[Sites, Outcome | None]:
    """Find a first plan. A goal that counts people, whole, with nothing before it is the plain question, and answered.

    For other goals the plan of most people is where to start from.
    """
    counting = [goal for goal, _ in stage.wanted if isinstance(goal, Reaching)]
    weights = counting[0].weights if counting else stage.problem.people.astype(np.float64)
    at = np.flatnonzero(weights > 0)
    whole = replace(
        stage.problem,
        people=np.round(weights[at]).astype(np.int64),
        choices=stage.problem.choices[at],
        reach=stage.problem.reach[at],
    )
    plain = len(stage.wanted) == 1 and bool(counting) and bool((whole.people == weights[at]).all())
    found: Placement = solve(whole, seconds=seconds if plain else min(seconds, 5.0), gap=gap, progress=told)
    plan = Sites(found.chosen, found.capacities)
    if not plain or stage.kept:
        return plan, None
    goal, had = counting[0], stage.within(counting[0])
    outcome = Outcome(goal.name, found.value + had, found.bound + had, proven=found.proven, seconds=found.seconds)
    return plan, outcome


def _solved(laid: Laid, start: Sites, seconds: float, gap: float, told: Progress | None) -> tuple[Any, float]:
    """Let HiGHS solve the model from a plan; give the variables and the bound."""
    import highspy  # noqa: PLC0415 - only solving needs it

    solver = load(laid.model)
    for option, value in (("time_limit", max(seconds, LEAST_SECONDS)), ("mip_rel_gap", gap), ("mip_abs_gap", 1e-4)):
        solver.setOptionValue(option, float(value))
    began = laid.start(start)
    solution = highspy.HighsSolution()
    solution.col_value = began
    solver.setSolution(solution)
    if told is not None:
        since = perf_counter()
        solver.cbMipLogging.subscribe(
            lambda event: told(
                perf_counter() - since,
                event.data_out.mip_primal_bound + laid.constant,
                event.data_out.mip_dual_bound + laid.constant,
            )
        )
    solver.solve()
    settled = solver.modelStatusToString(solver.getModelStatus()) in BOUNDED
    bound = float(solver.getInfo().mip_dual_bound) if settled else np.inf
    values = np.asarray(solver.getSolution().col_value)
    return (values if solver.getSolution().value_valid and len(values) else began), bound


def _settle_relaxed(stage: Stage, plan: Sites, until: float) -> None:
    """Find the rows on need served that the linear program breaks: many, and each found in a moment."""
    serving = [goal for goal, _ in stage.wanted if isinstance(goal, Serving)]
    new = bool(serving)
    while new and perf_counter() < until:
        laid, new = lay(stage), False
        solver = load(replace(laid.model, whole=np.zeros(len(laid.model.whole), np.bool_)))
        solver.solve()
        values = np.asarray(solver.getSolution().col_value)
        for goal in serving if len(values) else ():
            rows = goal.rows(stage.problem, plan, laid.own(goal, values))
            stage.rows[goal.name] = (*stage.rows.get(goal.name, ()), *rows)
            new |= bool(rows)


def _rows_wanting(stage: Stage, laid: Laid, plan: Sites, values: Any) -> bool:
    """Add rows for each goal that the model takes to be higher than it is; say whether any was."""
    added = False
    for goal in laid.bought:
        new = goal.rows(stage.problem, plan, laid.own(goal, values))
        stage.rows[goal.name] = (*stage.rows.get(goal.name, ()), *new)
        added |= bool(new)
    return added
