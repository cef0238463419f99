"""What `fordel placement propose` says of a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fordel.cli._placement_shown import GOALS, amount, goals_table, places_table, plain_table
from fordel.cli._shown import console

if TYPE_CHECKING:
    from fordel.cli._surveyed import Surveyed
    from fordel.engines.in_order import Answer
    from fordel.publish.proposal import ShownProposal


def say_all(
    found: Surveyed, answers: list[Answer], proposals: list[ShownProposal], capacities: int, per_month: int | None,
    least: int,
) -> None:  # fmt: skip
    """Say what each plan gives, what is beyond any, and which capacities come first."""
    for number, (answer, shown) in enumerate(zip(answers, proposals, strict=True), start=1):
        _say(answer, shown, capacities, number if len(answers) > 1 else None)
        console.print(goals_table(shown.goals, "What the plan gives"))
        console.print(places_table(shown.places))
    _say_beyond(found, proposals[0].beyond)
    if per_month is not None:
        _say_sequence(proposals[0], per_month)
    if least:
        console.print(
            f"Counts of fewer than {least} people are held back, and so are those they would follow from.",
            highlight=False,
        )


def _say(answer: Answer, shown: ShownProposal, capacities: int, number: int | None) -> None:
    """Say what the plan gives of its first goal, and how good any could be."""
    first, placed = shown.goals.row(0, named=True), int(answer.plan.capacities.sum())
    goal = first["goal"]
    proof = "proven best" if first["proven"] else f"no plan gives more than {amount(goal, first['bound'])}"
    head = "" if number is None else f"Plan {number}. "
    console.print(
        f"{head}{GOALS[goal].capitalize()}: {amount(goal, first['value'])} by {placed} capacities in "
        f"{len(answer.plan.chosen)} places: {proof}, in {answer.seconds:.1f} s.",
        highlight=False,
    )
    if placed < capacities:
        console.print(
            f"{capacities - placed} capacities found no place within headroom and the wishes.", highlight=False
        )


def _say_beyond(found: Surveyed, beyond: int | None) -> None:
    if beyond != 0:
        console.print(
            f"{'A few' if beyond is None else f'{beyond:,}'} people lack choices that no place allowed can give.",
            highlight=False,
        )
    forms = ", then ".join(str(form) for form in found.law.value("clinic_priority"))
    console.print(f"Where no doctor takes a capacity, forms of clinic are tried in turn: {forms}.", highlight=False)


def _say_sequence(shown: ShownProposal, per_month: int) -> None:
    heads = {
        "month": "Month",
        "area": "Municipality",
        "name": "Place",
        "capacities": "Cap.",
        "people": "People by then",
    }
    console.print(plain_table(shown.sequence, f"{per_month} a month, worst areas first", heads))
