"""People by what they can choose now and which places of a plan they reach: what every count of a plan is a sum of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fordel.runs.placing_effects import place_by_place

if TYPE_CHECKING:
    from fordel.coverage.survey import Survey
    from fordel.placement.goals import Sites
    from fordel.runs.placing import Question


def groups(found: Survey, question: Question, plan: Sites) -> pl.DataFrame:
    """Count people who lack choices by what they have now and the places of a plan that they reach.

    Returns:
        ``lacks`` (open choices), ``beyond`` (whether no plan can give them that many), ``reaches`` (site ids of the
        plan, ascending) and ``people``; one row per group that somebody is in.
    """
    problem = place_by_place(found, question)
    at = np.flatnonzero((problem.need > 0) & (problem.people > 0))
    ids = np.array(question.sites["site"].to_list(), dtype=object)[plan.chosen]
    inside = problem.reach[at][:, plan.chosen].tocsr()
    reaches = [sorted(ids[inside.indices[a:b]]) for a, b in zip(inside.indptr, inside.indptr[1:], strict=False)]
    rows = pl.DataFrame(
        {
            "lacks": problem.need[at],
            "beyond": problem.beyond_help[at],
            "reaches": pl.Series(reaches, dtype=pl.List(pl.String)),
            "people": problem.people[at],
        }
    )
    return rows.group_by("lacks", "beyond", "reaches", maintain_order=True).agg(pl.col("people").sum())
