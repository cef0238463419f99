"""What each place of a plan is worth when practices close (robusthed): the same draws as for whole plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fordel.runs.placing_effects import SCENARIOS, SEED, place_by_place

if TYPE_CHECKING:
    from fordel.coverage.survey import Survey
    from fordel.placement.goals import Sites
    from fordel.runs.placing import Question


def robust_places(
    found: Survey, question: Question, plan: Sites, scenarios: int = SCENARIOS, seed: int = SEED
) -> pl.DataFrame:
    """Count who would lack open choices without a place when practices close at random, and new ones stay.

    Args:
        found: the survey.
        question: whose places are counted, and the probabilities.
        plan: what is opened.
        scenarios: how many times practices close.
        seed: of the draws; ``closures`` of the same seed draws the same.

    Returns:
        ``site, robust_mean, robust_tenth`` (percentile): people. An open practice that extends is no new choice.
    """
    rng, is_open = np.random.default_rng(seed), found.practices["open"].to_numpy()
    problem = place_by_place(found, question)
    stays = (rng.random((scenarios, len(is_open))) >= question.risk) & is_open
    here = found.cover.weighted(np.ones(found.cover.pairs))[question.places]
    opened = np.zeros(problem.candidates)
    opened[plan.chosen] = 1
    new = np.asarray(problem.reach @ opened)
    reaches = problem.reach[:, plan.chosen].tocsc()
    rows = []
    for at, site in enumerate(plan.chosen.tolist()):
        near = reaches.indices[reaches.indptr[at] : reaches.indptr[at + 1]]
        left = np.asarray(here[near] @ stays.T.astype(np.float64)) + new[near][:, None]
        lacks = problem.people[near] @ (left == problem.required)  # with the place just enough, without it too few
        told = {"robust_mean": float(lacks.mean()), "robust_tenth": float(np.percentile(lacks, 10))}
        rows.append({"site": question.sites["site"][site], **told})
    return pl.DataFrame(rows, schema={"site": pl.String, "robust_mean": pl.Float64, "robust_tenth": pl.Float64})
