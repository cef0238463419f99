"""The model of several goals: one maximised, the others kept at what they were, with rows for those that need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import block_array, coo_array, csr_array

from fordel.placement.goals import Goal, Nearing, Placing, Reaching, Row, Serving, Sites
from fordel.placement.model import Floats, Model, Rows, model_of
from fordel.placement.problem import Indices, Problem

Worth = tuple[Goal, float]  # what is maximised: goals, and what a unit of each counts for


@dataclass(frozen=True, eq=False)
class Stage:
    """One question of several goals.

    Attributes:
        problem: its classes may be more than what any one goal counts.
        wanted: what is maximised.
        kept: goals that must not fall below a value.
        rows: for goals that are no sums: what no plan exceeds.
    """

    problem: Problem
    wanted: tuple[Worth, ...]
    kept: tuple[tuple[Goal, float], ...]
    rows: dict[str, tuple[Row, ...]]

    @property
    def goals(self) -> list[Goal]:
        """The goals in play, each once."""
        every = {goal.name: goal for goal, _ in (*self.wanted, *self.kept)}
        return list(every.values())

    @property
    def classes(self) -> Indices:
        """The classes that some goal in play counts."""
        counted = np.zeros(len(self.problem.people), np.bool_)
        for goal in self.goals:
            if isinstance(goal, Reaching):
                counted |= goal.weights > 0
        return np.flatnonzero(counted & (self.problem.need > 0) & ~self.problem.beyond_help)

    def within(self, goal: Goal) -> float:
        """What is already had by the classes of need nought, in whatever plan."""
        return float(goal.weights[self.problem.need == 0].sum()) if isinstance(goal, Reaching) else 0.0


@dataclass(frozen=True, eq=False)
class Laid:
    """A stage as a model.

    Attributes:
        model: variables: covered classes z, opened sites x, capacities n, and those that goals which are no sums bring.
        small: the problem of the classes in play.
        bought: goals that are no sums, in the order of their variables.
        constant: what the worth lacks of what is wanted.
    """

    model: Model
    small: Problem
    bought: tuple[Serving | Nearing, ...]
    constant: float

    def start(self, plan: Sites) -> Floats:
        """Give a plan as variables of the model."""
        opened, given = np.zeros(self.small.candidates), np.zeros(self.small.candidates)
        opened[plan.chosen], given[plan.chosen] = 1, plan.capacities
        covered = (self.small.counts(plan.chosen) >= self.small.need).astype(np.float64)
        return np.concatenate([covered, opened, given, *(goal.variables(self.small, plan) for goal in self.bought)])

    def own(self, goal: Serving | Nearing, values: Floats) -> Floats:
        """Give the variables that a goal brings along."""
        begin = self.small.reach.shape[0] + 2 * self.small.candidates
        for other in self.bought:
            if other.name == goal.name:
                break
            begin += len(other.own)
        return values[begin : begin + len(goal.own)]

    def plan(self, values: Floats) -> Sites:
        """Read a plan from variables of the model."""
        classes, candidates = self.small.reach.shape
        chosen = np.flatnonzero(values[classes : classes + candidates] > 0.5).astype(np.int64)
        given = values[classes + candidates : classes + 2 * candidates]
        return Sites(chosen, given[chosen].round().astype(np.int64))


def lay(stage: Stage) -> Laid:
    """Build the model of a stage: the constraints of placement, goals kept, and the rows of goals that are no sums."""
    at = stage.classes
    whole = stage.problem
    small = replace(whole, people=whole.people[at], choices=whole.choices[at], reach=whole.reach[at])
    bought = tuple(goal for goal in stage.goals if isinstance(goal, Serving | Nearing))
    base = model_of(small)
    wide = base.matrix.shape[1]
    blocks: list[tuple[str, Rows]] = []
    if stage.kept:
        blocks.append(("goal_kept", goal_kept(stage, at, bought, wide)))
    if bought:
        blocks.append(("served_there", served_there(stage, bought, wide)))
        blocks.append(("goal_most", goal_most(stage, bought, wide)))
    worth = sum((each * _sum_of(goal, stage, at, bought, wide) for goal, each in stage.wanted), np.zeros(1))
    constant = sum(each * stage.within(goal) for goal, each in stage.wanted)
    return Laid(_joined(base, worth, blocks, bought), small, bought, constant)


def goal_kept(stage: Stage, at: Indices, bought: Sequence[Serving | Nearing], wide: int) -> Rows:
    """A goal that came earlier keeps what it had (leksikografisk)."""
    sums = [_sum_of(goal, stage, at, bought, wide) for goal, _ in stage.kept]
    low = [value - goal.step / 2 - stage.within(goal) for goal, value in stage.kept]
    return csr_array(np.array(sums)), np.array(low), np.full(len(low), np.inf)


def goal_most(stage: Stage, bought: Sequence[Serving | Nearing], wide: int) -> Rows:
    """What a goal brings along keeps to the rows that were found wanting."""
    widths = [len(goal.own) for goal in bought]
    candidates = stage.problem.candidates
    rows, high = [], []
    for at, goal in enumerate(bought):
        for row in stage.rows.get(goal.name, ()):
            found = np.zeros(wide + sum(widths))
            found[wide - 2 * candidates : wide - candidates] = -row.on_sites
            begin = wide + sum(widths[:at])
            found[begin : begin + widths[at]] = row.own
            rows.append(found)
            high.append(row.constant)
    matrix = np.array(rows).reshape(len(rows), wide + sum(widths))
    return csr_array(matrix), np.full(len(high), -np.inf), np.array(high, dtype=np.float64)


def served_there(stage: Stage, bought: Sequence[Serving | Nearing], wide: int) -> Rows:
    """Need is served only by capacities that are there."""
    candidates, at, begin = stage.problem.candidates, [], wide
    for goal in bought:
        at += [begin] if isinstance(goal, Serving) else []
        begin += len(goal.own)
    one, count = np.arange(candidates), len(at) * candidates
    rows = np.arange(count)
    own = coo_array(
        (np.ones(count), (rows, np.concatenate([one + start for start in at] or [one[:0]]))), (count, begin)
    )
    there = coo_array((np.ones(count), (rows, np.tile(one, len(at)) + wide - candidates)), (count, begin))
    return csr_array(own - there), np.full(count, -np.inf), np.zeros(count)


def _sum_of(goal: Goal, stage: Stage, at: Indices, bought: Sequence[Serving | Nearing], wide: int) -> Floats:
    """Write a goal as a sum over the variables."""
    found = np.zeros(wide + sum(len(other.own) for other in bought))
    candidates, begin = stage.problem.candidates, wide
    if isinstance(goal, Reaching):
        found[: len(at)] = goal.weights[at]
    elif isinstance(goal, Placing):
        found[wide - candidates : wide] = goal.worth
    for other in bought:
        if other.name == goal.name:
            found[begin : begin + len(other.own)] = 1.0
        begin += len(other.own)
    return found


def _joined(
    base: Model, worth: Floats, blocks: Sequence[tuple[str, Rows]], bought: Sequence[Serving | Nearing]
) -> Model:
    own = np.concatenate([np.zeros(0), *(goal.own for goal in bought)])
    wider = block_array([[base.matrix, coo_array((base.matrix.shape[0], len(own)))]])
    parts = [wider, *(rows[0] for _, rows in blocks)]
    return Model(
        csr_array(block_array([[part] for part in parts], format="csr")),
        np.concatenate([base.low, *(rows[1] for _, rows in blocks)]),
        np.concatenate([base.high, *(rows[2] for _, rows in blocks)]),
        np.concatenate([base.floor, np.zeros(len(own))]),
        np.concatenate([base.top, own]),
        worth,
        np.concatenate([base.whole, np.zeros(len(own), np.bool_)]),
        (*base.rows, *((name, int(rows[0].shape[0])) for name, rows in blocks)),
    )
