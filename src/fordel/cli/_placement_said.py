"""What `fordel placement propose` says of a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fordel.cli._placement_shown import GOALS, amount, goals_table, places_table, plain_table
from fordel.cli._shown import console
from fordel.runs.placing_effects import in_sequence, place_by_place

if TYPE_CHECKING:
    import polars as pl

    from fordel.cli._surveyed import Surveyed
    from fordel.engines.in_order import Answer
    from fordel.placement.goals import Sites
    from fordel.runs.placing import Question


def say_all(
    found: Surveyed, question: Question, answers: list[Answer], frames: list[pl.DataFrame], capacities: int,
    per_month: int | None,
) -> None:  # fmt: skip
    """Say what each plan gives, what is beyond any, and which capacities come first."""
    for number, (answer, proposed) in enumerate(zip(answers, frames, strict=True), start=1):
        _say(answer, capacities, number if len(answers) > 1 else None)
        console.print(goals_table(answer.outcomes, "What the plan gives"))
        console.print(places_table(proposed))
    _say_beyond(found, question)
    if per_month is not None:
        _say_sequence(found, question, answers[0].plan, per_month)


def _say(answer: Answer, capacities: int, number: int | None) -> None:
    """Say what the plan gives of its first goal, and how good any could be."""
    first, placed = answer.outcomes[0], int(answer.plan.capacities.sum())
    proof = "proven best" if first.proven else f"no plan gives more than {amount(first.goal, first.bound)}"
    head = "" if number is None else f"Plan {number}. "
    console.print(
        f"{head}{GOALS[first.goal].capitalize()}: {amount(first.goal, first.value)} by {placed} capacities in "
        f"{len(answer.plan.chosen)} places: {proof}, in {answer.seconds:.1f} s.",
        highlight=False,
    )
    if placed < capacities:
        console.print(
            f"{capacities - placed} capacities found no place within headroom and the wishes.", highlight=False
        )


def _say_beyond(found: Surveyed, question: Question) -> None:
    problem = place_by_place(found.survey, question)
    beyond = int(problem.people[problem.beyond_help].sum())
    if beyond:
        console.print(f"{beyond:,} people lack choices that no place allowed can give.", highlight=False)
    forms = ", then ".join(str(form) for form in found.law.value("clinic_priority"))
    console.print(f"Where no doctor takes a capacity, forms of clinic are tried in turn: {forms}.", highlight=False)


def _say_sequence(found: Surveyed, question: Question, plan: Sites, per_month: int) -> None:
    heads = {
        "month": "Month",
        "area": "Municipality",
        "name": "Place",
        "capacities": "Cap.",
        "people": "People by then",
    }
    months = in_sequence(found.survey, question, plan, per_month)
    console.print(plain_table(months, f"{per_month} a month, worst areas first", heads))
