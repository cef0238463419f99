"""What `fordel placement` shows of proposals: counts of few people are held back unless they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.cli._placement_shown import outcomes_frame
from fordel.publish.disclosure import least_shown
from fordel.publish.disclosure.proposal import hold_back_plan
from fordel.publish.proposal import shown_proposal
from fordel.runs._placing_goals import UNITS
from fordel.runs.placing_effects import explained, in_sequence
from fordel.runs.placing_groups import groups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fordel.cli._surveyed import Surveyed
    from fordel.engines.in_order import Answer
    from fordel.placement.goals import Sites
    from fordel.publish.proposal import ShownProposal
    from fordel.runs.placing import Question

Earlier = list[tuple[frozenset[str], int]]


def least_of(found: Surveyed, *, small_counts: bool) -> int:
    """Give the least count of people that is shown; 0 where all are."""
    return 0 if small_counts else least_shown(found.run.manifest.law_date)


def shown_answers(
    found: Surveyed, question: Question, answers: Sequence[Answer], per_month: int | None, least: int
) -> list[ShownProposal]:
    """Explain the places of plans, and hold back what is small in any of them."""
    earlier: Earlier = []
    shown = []
    for number, answer in enumerate(answers, start=1):
        outcomes = outcomes_frame(answer, number)
        shown.append(shown_plan(found, question, answer.plan, outcomes, per_month, least, earlier))
    return shown


def shown_plan(
    found: Surveyed, question: Question, plan: Sites, outcomes: pl.DataFrame, per_month: int | None, least: int,
    earlier: Earlier,
) -> ShownProposal:  # fmt: skip
    """Explain the places of a plan, hold back what is small, and keep the plan among those published before."""
    frame = explained(found.law, found.survey, found.run.areas, question, plan)
    months = in_sequence(found.survey, question, plan, per_month or 1)
    sequence = months if per_month is not None else months.clear()
    counted = groups(found.survey, question, plan)
    shown = shown_proposal(frame, sequence, outcomes, counted, question.problem.required, least, earlier)
    _remember(question, plan, counted, least, earlier)
    return shown


def goals_of_plans(
    found: Surveyed, question: Question, plans: Mapping[str, Sites], values: pl.DataFrame, least: int
) -> pl.DataFrame:
    """Hold back small counts in what plans give of each goal: ``goal, unit`` and a column per plan."""
    earlier: Earlier = []
    rows = {row["goal"]: row for row in values.to_dicts()}
    for name, plan in plans.items():
        counted = groups(found.survey, question, plan)
        of_plan = _remember(question, plan, counted, least, earlier)
        for goal, row in rows.items():
            few = UNITS[goal] == "people" and 0 < row[name] < least
            row[name] = None if few or (goal in of_plan and of_plan[goal] is None) else row[name]
    return pl.DataFrame(list(rows.values()), schema=values.schema)


def few_held_back(frame: pl.DataFrame, columns: Sequence[str], least: int) -> pl.DataFrame:
    """Hold back counts of few people in columns that share no sum."""
    return frame.with_columns(
        pl.when(pl.col(name).abs().is_between(0, least, closed="none")).then(None).otherwise(pl.col(name)).alias(name)
        for name in columns
    )


def _remember(
    question: Question, plan: Sites, counted: pl.DataFrame, least: int, earlier: Earlier
) -> Mapping[str, int | None]:
    sites = question.sites["site"].gather(plan.chosen).to_list()
    of_plan = hold_back_plan(counted, sites, (), question.problem.required, least, earlier).of_plan
    if (people := of_plan["two_choices"]) is not None:
        earlier.append((frozenset(sites), people))
    return of_plan
