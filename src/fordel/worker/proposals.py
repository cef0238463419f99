"""What is kept of the plan that a search found: its places with their reasons, counts of few people held back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish.disclosure import least_shown
from fordel.publish.proposal import shown_proposal
from fordel.runs._placing_goals import UNITS
from fordel.runs.placing_effects import closures, explained, in_sequence
from fordel.runs.placing_groups import groups
from fordel.runs.placing_robust import robust_places
from fordel.web.jobs.work import State
from fordel.web.placement.models import Search

if TYPE_CHECKING:
    from fordel.coverage.survey import Survey
    from fordel.engines.in_order import Answer
    from fordel.law import Law
    from fordel.placement.goals import Sites
    from fordel.publish.proposal import ShownProposal
    from fordel.runs.placing import Question

PEOPLE = "people"


def proposal_of(
    law: Law, found: Survey, areas: pl.DataFrame, question: Question, told: Answer, search: Search
) -> dict[str, Any]:
    """Give the plan of a search as ``Search`` keeps it: ``places, found, beyond, value, bound`` and ``proven``."""
    plan, least = told.plan, least_shown(search.run.law_date)
    places = _places(law, found, areas, question, plan)
    sequence = in_sequence(found, question, plan, int(search.wishes.get("per_month") or 1))
    counted, required = groups(found, question, plan), question.problem.required
    goals = _goals(question, told)
    shown = shown_proposal(places, sequence, goals, counted, required, least, _earlier(search))
    months = shown.sequence.with_row_index("turn", 1).select("turn", "site", "month", people_by_then="people")
    rows = shown.places.join(months, on="site", how="left", maintain_order="left")
    order, (first, *_) = question.order, shown.goals.filter(pl.col("goal") == question.order[0]).to_dicts()
    asked = [row for goal in order for row in shown.goals.to_dicts() if row["goal"] == goal]
    return {
        "places": rows.to_dicts(),
        "found": {
            "goals": asked,
            "all_goals": [{name: row[name] for name in ("goal", "unit", "value")} for row in shown.goals.to_dicts()],
            "closures": _closures(found, question, plan, shown, least),
        },
        "beyond": shown.beyond,
        "value": first["value"],
        "bound": first["bound"],
        "proven": first["proven"],
    }


def shown_progress(goal: str, amount: float, least: int) -> float | None:
    """Give what a plan on the way gives of a goal, unless it is a count of few people."""
    return None if UNITS[goal] == PEOPLE and 0 < amount < least else amount


def _places(law: Law, found: Survey, areas: pl.DataFrame, question: Question, plan: Sites) -> pl.DataFrame:
    robust = robust_places(found, question, plan)
    places = explained(law, found, areas, question, plan)
    return places.join(robust, on="site", how="left", maintain_order="left")


def _goals(question: Question, told: Answer) -> pl.DataFrame:
    """Give what the plan gives of every goal; of those asked for also the bound."""
    asked = {outcome.goal: outcome for outcome in told.outcomes}
    rows = []
    for name, goal in question.goals.items():
        value = round(float(goal.value(question.problem, told.plan)), 2)
        outcome = asked.get(name)
        bound = None if outcome is None else max(value, round(float(outcome.bound), 2))
        proven = outcome is not None and outcome.proven
        rows.append({"goal": name, "unit": UNITS[name], "value": value, "bound": bound, "proven": proven})
    schema = {"goal": pl.String, "unit": pl.String, "value": pl.Float64, "bound": pl.Float64, "proven": pl.Boolean}
    return pl.DataFrame(rows, schema=schema)


def _closures(
    found: Survey, question: Question, plan: Sites, shown: ShownProposal, least: int
) -> dict[str, float] | None:
    """Let practices close at random with the plan and without; nothing where the difference is a few people."""
    none = type(plan)(plan.chosen[:0], plan.capacities[:0])
    both = {row["plan"]: row for row in closures(found, question, {"with": plan, "without": none}).to_dicts()}
    gained = both["with"]["mean"] - both["without"]["mean"]
    hidden = shown.goals.filter(pl.col("goal") == "two_choices")["value"].to_list() == [None]
    if hidden or 0 < gained < least:
        return None
    return {f"{which}_{what}": both[which][what] for which in both for what in ("mean", "tenth")}


def _earlier(search: Search) -> list[tuple[frozenset[str], int]]:
    """Give places and people of the plans found before in the same run."""
    done = Search.objects.filter(run_id=search.run_id, state=State.DONE).exclude(pk=search.pk)
    plans = []
    for places, found in done.values_list("places", "found"):
        goals = found["all_goals"] if found else ()
        value = next((row["value"] for row in goals if row["goal"] == "two_choices"), None)
        if value is not None:
            plans.append((frozenset(row["site"] for row in places), int(value)))
    return plans
