"""What a proposal does: place by place, month by month, when practices close, and where it is not released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fordel.engines.milp import solve
from fordel.placement.errors import PlacementError
from fordel.placement.explain import sites_frame
from fordel.placement.goals import Reaching, Sites
from fordel.placement.problem import Placement, Problem
from fordel.runs.placing import Question, called

if TYPE_CHECKING:
    from fordel.coverage.survey import Survey
    from fordel.law import Law
    from fordel.placement.model import Floats

SCENARIOS, SEED = 200, 2026
PRINCIPLES = ("need", "people", "together", "access", "forms", "flexible", "nation")


def place_by_place(found: Survey, question: Question) -> Problem:
    """State the question place by place, for explaining: people and their choices now."""
    choices = found.choices["open_choices"].cast(pl.Int64).to_numpy()[question.places]
    return replace(
        question.problem,
        people=found.places["people"].to_numpy()[question.places],
        choices=np.minimum(choices, question.problem.required),
        reach=question.cells,
    )


def explained(law: Law, found: Survey, areas: pl.DataFrame, question: Question, plan: Sites) -> pl.DataFrame:
    """Explain each place of a proposal (begrundelse).

    Returns:
        most people first: ``site, kind, name, municipality, area, easting, northing, capacities, people_in_reach,
        people_second, people_first`` (who would lack that choice without the place), ``need_served`` (capacities that
        would not be served without it), ``headroom, headroom_used`` (by all places of the municipality),
        ``next_best, people_lost`` (by the best other place), ``town_people``, and a column per principle of the
        practice plan: met, conflict, or not judged.
    """
    problem = place_by_place(found, question)
    sites = sites_frame(problem, Placement(plan.chosen, plan.capacities, 0, 0.0, 0.0))
    own = question.sites.with_row_index("candidate").with_columns(pl.col("candidate").cast(pl.Int64))
    names = question.municipalities.select(
        "headroom", "need", "capacities_released", area="name", municipality="area_id"
    )
    told = sites.join(own.drop("people"), on="candidate").join(names, on="municipality", how="left")
    used = told.group_by("municipality").agg(headroom_used=pl.col("capacities").sum())
    other = own.select(next_best="candidate", other=called(question.sites))
    told = told.join(used, on="municipality").join(other, on="next_best", how="left", maintain_order="left")
    told = told.with_columns(need_served=_need_served(question, plan, told["candidate"]))
    told = told.with_columns(_principles(law, areas)).drop("next_best", "candidate", "land")
    told = told.rename({"other": "next_best"})
    first = ["site", "kind", "name", "municipality", "area", "easting", "northing", "capacities"]
    rest = [name for name in told.columns if name not in first]
    return told.select(*first, *rest).sort("people_second", "need_served", "site", descending=[True, True, False])


def _need_served(question: Question, plan: Sites, candidates: pl.Series) -> pl.Series:
    goal = question.goals["unmet_need"]
    whole, lost = goal.value(question.problem, plan), {}
    for at, site in enumerate(plan.chosen.tolist()):
        left = Sites(np.delete(plan.chosen, at), np.delete(plan.capacities, at))
        lost[site] = round(whole - goal.value(question.problem, left), 2)
    return pl.Series([lost[site] for site in candidates], dtype=pl.Float64)


def _principles(law: Law, areas: pl.DataFrame) -> list[pl.Expr]:
    """Judge a place by the seven principles of the practice plan of 2014-2017, as far as the tables tell.

    Need: the municipality lacks capacities, and half of those placed serve need that is unmet. People: as many live
    within the radius as its capacities are for. Together: two capacities or more. Flexible: the place may get more.
    Nation: the municipality is further below its need than the nation. Access by bus and road, and the form of clinic,
    are for others to judge.
    """
    nation = areas.filter(pl.col("level") == "municipality").select(
        share=pl.col("capacities_released").sum() / pl.col("need").sum()
    )["share"][0]
    norm = law.value("weighted_citizens_per_capacity")
    judged = {
        "need": (pl.col("need") > pl.col("capacities_released")) & (pl.col("need_served") >= pl.col("capacities") / 2),
        "people": pl.col("base") >= norm * pl.col("capacities"),
        "together": (pl.col("capacities") >= 2) | pl.col("kind").is_in(["practice", "open_practice"]),
        "access": pl.lit(None, pl.Boolean),
        "forms": pl.lit(None, pl.Boolean),
        "flexible": pl.col("capacities") < law.value("site_capacities_max"),
        "nation": pl.col("capacities_released") / pl.col("need") < nation,
    }
    word = {True: "met", False: "conflict"}
    return [
        expr.replace_strict(word, default="not judged", return_dtype=pl.String).alias(f"principle_{name}")
        for name, expr in judged.items()
    ]


def read_plan(question: Question, frame: pl.DataFrame) -> Sites:
    """Read a proposal back: ``site, capacities``.

    Raises:
        PlacementError: columns are missing, or a site is no candidate.
    """
    if missing := {"site", "capacities"} - set(frame.columns):
        raise PlacementError(
            f"The proposal has no column {', '.join(sorted(missing))}.\n"
            "  Expected: a placement.csv that `propose` wrote."
        )
    ids = {site: at for at, site in enumerate(question.sites["site"])}
    strange = [site for site in frame["site"].cast(pl.String) if site not in ids]
    if strange:
        raise PlacementError(
            f"The proposal names {strange[0]!r}, which is no candidate.\n"
            f"  Try: the region, the law date and the tables that it was made with."
        )
    pairs = sorted((ids[str(site)], int(n)) for site, n in frame.select("site", "capacities").iter_rows())
    return Sites(np.array([p[0] for p in pairs], np.int64), np.array([p[1] for p in pairs], np.int64))


def closures(
    found: Survey, question: Question, plans: Mapping[str, Sites], scenarios: int = SCENARIOS, seed: int = SEED
) -> pl.DataFrame:
    """Let practices close at random, the same ones for every plan, and count who has two open choices (robusthed).

    Args:
        found: the survey.
        question: whose places are counted, and the probabilities.
        plans: by name.
        scenarios: how many.
        seed: of the draws.

    Returns:
        ``plan, mean, tenth`` (percentile), ``least``: people with the choices the law asks for, over the scenarios.
    """
    rng, is_open = np.random.default_rng(seed), found.practices["open"].to_numpy()
    problem = place_by_place(found, question)
    stays = (rng.random((scenarios, len(is_open))) >= question.risk) & is_open
    here = found.cover.weighted(np.ones(found.cover.pairs))[question.places]
    left = np.asarray(here @ stays.T.astype(np.float64))
    rows = []
    for name, plan in plans.items():
        new = problem.counts(plan.chosen)[:, None]
        have = problem.people @ (left + new >= problem.required)
        mean, tenth, least = float(have.mean()), float(np.percentile(have, 10)), int(have.min())
        rows.append({"plan": name, "mean": mean, "tenth": tenth, "least": least})
    return pl.DataFrame(rows)


def in_sequence(found: Survey, question: Question, plan: Sites, per_month: int) -> pl.DataFrame:
    """Say which capacities come first, given how many a month: worst areas first (rækkefølge).

    The municipality that lacks the largest share of its need, what was placed before counted, is next; within it the
    place that newly gives most people two choices.

    Returns:
        ``month, site, name, area, capacities, people`` (newly with two choices by then).
    """
    problem = place_by_place(found, question)
    need = question.municipalities["need"].to_numpy()
    held = question.municipalities["capacities_released"].to_numpy().astype(np.float64)
    waiting, placed = list(range(len(plan.chosen))), 0
    opened: list[int] = []
    rows: list[dict[str, object]] = []
    while waiting:
        lack = np.where(need > 0, 1 - held / np.maximum(need, 1e-9), 0.0)

        def rank(at: int, lack: Floats = lack, opened: list[int] = opened) -> tuple[float, int, int]:
            site = int(plan.chosen[at])
            return float(lack[problem.area[site]]), problem.gain(np.array([*opened, site], np.int64)), -site

        at = max(waiting, key=rank)
        waiting.remove(at)
        opened.append(int(plan.chosen[at]))
        count = int(plan.capacities[at])
        held[problem.area[opened[-1]]] += count
        placed += count
        site = question.sites.row(opened[-1], named=True)
        area = question.municipalities["name"][int(problem.area[opened[-1]])]
        month = -(-placed // per_month)
        told = {"month": month, "site": site["site"], "name": site["name"], "area": area, "capacities": count}
        rows.append({**told, "people": problem.gain(np.array(opened, np.int64))})
    return pl.DataFrame(rows)


def held_back(found: Survey, question: Question, plan: Sites, seconds: float = 5.0) -> pl.DataFrame:
    """Say what is lost where a municipality's headroom is not released (ikke udmøntet).

    Returns:
        per municipality with a place in the plan, most lost first: ``area, capacities, people_lost`` (newly with two
        choices, if its places are left out), ``people_lost_at_best`` (if the rest is placed as well as can be), and
        ``proven``.
    """
    problem, first = place_by_place(found, question), question.problem
    goal = question.goals.get("two_choices")
    weights = goal.weights if isinstance(goal, Reaching) else first.people
    at = np.flatnonzero(weights > 0)
    counted = replace(
        first, people=np.round(weights[at]).astype(np.int64), choices=first.choices[at], reach=first.reach[at], placed=0
    )
    whole, rows = problem.gain(plan.chosen), []
    for area in np.unique(problem.area[plan.chosen]):
        inside = problem.area[plan.chosen] == area
        headroom = first.headroom.copy()
        headroom[area] = 0
        best = solve(replace(counted, headroom=headroom, forced_in=()), seconds=seconds)
        rows.append(
            {
                "area": question.municipalities["name"][int(area)],
                "capacities": int(plan.capacities[inside].sum()),
                "people_lost": whole - problem.gain(plan.chosen[~inside]),
                "people_lost_at_best": whole - best.value,
                "proven": best.proven,
            }
        )
    return pl.DataFrame(rows).sort("people_lost", "area", descending=[True, False])
