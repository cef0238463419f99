"""A proposal of places as it is shown: counts of few people held back in its table, its months and its sums alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish.disclosure.proposal import OF_A_PLACE, ShownPlan, hold_back_plan, shown_lost

if TYPE_CHECKING:
    from collections.abc import Sequence

PEOPLE = "people"
BY_ITSELF = ("people_in_reach", "robust_mean", "robust_tenth")  # counts that share no sum with the others


@dataclass(frozen=True)
class ShownProposal:
    """What is shown of a proposal.

    Attributes:
        places, sequence: the tables, with nothing in place of what is held back.
        goals: likewise; where the value is held back, so is its bound.
        beyond: people no plan can help; None where that is held back.
    """

    places: pl.DataFrame
    sequence: pl.DataFrame
    goals: pl.DataFrame
    beyond: int | None


def shown_proposal(
    places: pl.DataFrame, sequence: pl.DataFrame, goals: pl.DataFrame, groups: pl.DataFrame, required: int,
    least: int, earlier: Sequence[tuple[frozenset[str], int]] = (),
) -> ShownProposal:  # fmt: skip
    """Hold small counts of people of a proposal back.

    Args:
        places: one row per place: ``site``, and those of ``people_second, people_first, people_lost, people_in_reach,
            robust_mean, robust_tenth`` that are known.
        sequence: ``site, people`` in the order in which places come, or no row.
        goals: ``goal, unit, value, bound``.
        groups: see ``fordel.runs.placing_groups``.
        required: open choices everybody should have.
        least: the least count above 0 that is shown; at 1 nothing is held back. Unit: people.
        earlier: places and people of plans that were published before.
    """
    plan = hold_back_plan(groups, places["site"].to_list(), sequence["site"].to_list(), required, least, earlier)
    steps = pl.Series("people", plan.by_step, pl.Int64)
    shown = sequence.with_columns(steps) if sequence.height else sequence
    return ShownProposal(_places(places, plan, least), shown, _goals(goals, plan, least), plan.of_plan["beyond"])


def _places(places: pl.DataFrame, plan: ShownPlan, least: int) -> pl.DataFrame:
    return pl.DataFrame([_place(row, plan, least) for row in places.to_dicts()], schema=places.schema)


def _place(row: dict[str, Any], plan: ShownPlan, least: int) -> dict[str, Any]:
    counts: dict[str, Any] = {column: plan.of_places[row["site"], column] for column in OF_A_PLACE}
    counts["people_lost"] = shown_lost(counts["people_second"], row["people_lost"], least)
    hidden = {name: None for name in BY_ITSELF if row.get(name) is not None and 0 < row[name] < least}
    if counts["people_second"] is None:
        hidden |= {name: None for name in BY_ITSELF[1:] if name in row}
    return {**row, **counts, **hidden}


def _goals(goals: pl.DataFrame, plan: ShownPlan, least: int) -> pl.DataFrame:
    rows = [{**row, "value": None, "bound": None} if _is_hidden(row, plan, least) else row for row in goals.to_dicts()]
    return pl.DataFrame(rows, schema=goals.schema)


def _is_hidden(row: dict[str, Any], plan: ShownPlan, least: int) -> bool:
    few = row["unit"] == PEOPLE and 0 < row["value"] < least
    return few or plan.of_plan.get(row["goal"], 0) is None
