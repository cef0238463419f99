"""What `fordel placement compare` works out and shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.cli._placement_counts import few_held_back, goals_of_plans
from fordel.cli._placement_shown import GOALS, amount, plain_table
from fordel.cli._shown import console
from fordel.engines.in_order import front
from fordel.placement.errors import PlacementError
from fordel.runs._placing_goals import UNITS
from fordel.runs.placing_effects import closures, held_back, read_plan

if TYPE_CHECKING:
    from fordel.cli._surveyed import Surveyed
    from fordel.placement.goals import Sites
    from fordel.runs.placing import Question


def compared(
    found: Surveyed, question: Question, tables: dict[str, pl.DataFrame], scenarios: int, seed: int, least: int, *,
    hold_back: bool,
) -> dict[str, pl.DataFrame]:  # fmt: skip
    """Work out what proposals give: ``goals``, ``closures`` and, if asked for, ``held_back`` of the first.

    Counts of fewer than ``least`` people are held back.
    """
    plans = {name: read_plan(question, table) for name, table in tables.items()}
    goals = goals_of_plans(found, question, plans, _goals(question, plans), least)
    frames = {"goals": goals, "closures": closures(found.survey, question, plans, scenarios, seed)}
    if hold_back:
        lost = held_back(found.survey, question, next(iter(plans.values())))
        frames["held_back"] = few_held_back(lost, ["people_lost", "people_lost_at_best"], least)
    return frames


def _goals(question: Question, plans: dict[str, Sites]) -> pl.DataFrame:
    """Give what each plan gives of each goal: ``goal, unit`` and a column per plan."""
    rows = []
    for name, goal in question.goals.items():
        given = {plan: round(goal.value(question.problem, sites), 2) for plan, sites in plans.items()}
        rows.append({"goal": name, "unit": UNITS[name], **given})
    return pl.DataFrame(rows)


def front_of(question: Question, told: str, seconds: float, least: int) -> pl.DataFrame:
    """Set two goals against each other: a column for each, and whether the plan is proven; few people held back.

    Raises:
        PlacementError: there are not two, or one is not known.
    """
    names = told.split(",")
    if len(names) != 2 or not set(names) <= set(question.goals):
        raise PlacementError(
            f"{told!r} is not two goals.\n  Expected: two of {', '.join(question.goals)}, with a comma."
        )
    found = front(question.problem, question.goals[names[0]], question.goals[names[1]], seconds=seconds)
    rows = [{o.goal: o.value for o in a.outcomes} | {"proven": proven} for a, proven in found]
    frame = pl.DataFrame(rows).select(*names, "proven")
    return few_held_back(frame, [name for name in names if UNITS[name] == "people"], least)


def show(frames: dict[str, pl.DataFrame], scenarios: int) -> None:
    """Print the tables."""
    goals = frames["goals"]
    plans = [name for name in goals.columns if name not in ("goal", "unit")]
    worded = goals.with_columns(
        pl.col("goal").replace_strict(GOALS).alias("worded"),
        *(
            pl.Series(plan, [amount(g, v) for g, v in goals.select("goal", plan).iter_rows()], pl.String)
            for plan in plans
        ),
    )
    console.print(plain_table(worded, "What each proposal gives", {"worded": "Goal", **{plan: plan for plan in plans}}))
    heads = {"plan": "Proposal", "mean": "Mean", "tenth": "10th percentile", "least": "Least"}
    title = f"People with two open choices when practices close, {scenarios} times at random"
    console.print(plain_table(frames["closures"], title, heads))
    if "held_back" in frames:
        heads = {"area": "Municipality", "capacities": "Cap.", "people_lost": "People lost"}
        heads |= {"people_lost_at_best": "Lost, rest placed anew"}
        console.print(plain_table(frames["held_back"], "Released nothing", heads))
    if "front" in frames:
        one, other, _ = frames["front"].columns
        heads = {one: GOALS[one], other: GOALS[other], "proven": "Proven"}
        console.print(plain_table(frames["front"], "What more of one costs of the other", heads, decimals=1))
