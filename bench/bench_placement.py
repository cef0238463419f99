"""Placement: search against the proven optimum on the national case, from scratch, and addresses collapsed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
from _case import Case
from _denmark import radius_of, standing

from fordel.coverage.matrix import Locations
from fordel.coverage.survey import survey
from fordel.demo import make_snapshot
from fordel.engines.addresses import collapse_addresses
from fordel.engines.in_order import Answer
from fordel.engines.milp import solve
from fordel.engines.straight_line import StraightLine, fastest
from fordel.engines.swaps import swap_search
from fordel.law import Lawbook
from fordel.placement.classes import Classes, collapse
from fordel.placement.problem import Placement, Problem
from fordel.runs.execute import execute
from fordel.runs.placing import Wishes, answer, ask

TITLE = "Placement of new capacities"
ABOUT = (
    "A synthetic Denmark: 5.8 million people in 20,000 populated 1-km cells, 582 open practices that stay, 2,000 of "
    "the cells as candidates. Where should new sites lie so that most citizens have two open choices? 3,469 cells are "
    "in question. Search must give 99.5 % of the gain that HiGHS, begun from search's plan, proves to be the most. "
    "From scratch, with no practice there, no solver gets through: the plan is that of search, the bound that of "
    "prices (Lagrangian relaxation), and the two must be within 4 %. Then 2.5 million addresses are collapsed to "
    "classes that no plan can tell apart, from where they stand; the plain way lists their pairs with candidates "
    "first, and is tried on a tenth of them. Last, 56 capacities in Region Sjælland on the demo, for people who newly "
    "have two open choices: proven best."
)
PACKAGES = ("highspy", "numba", "numpy", "scipy")
AREAS = 98


def cells_of(number: int, points: int, seed: int) -> tuple[Locations, np.ndarray]:
    """Give distinct 1-km cells that some of the points stand in, and how many of 5.8 million people live in each."""
    stand = standing(points, seed)
    kilometre: np.ndarray = np.floor(stand.xy / 1000).astype(np.int64)
    _, first, count = np.unique(kilometre @ [100_000, 1], return_index=True, return_counts=True)
    chosen = np.random.default_rng(7).permutation(len(first))[:number]
    cells, count = first[chosen], count[chosen]
    people = np.maximum(1, np.round(count * 5_800_000 / count.sum())).astype(np.int64)
    return Locations(kilometre[cells] * 1000.0 + 500.0, stand.land[cells]), people


def nation(cells: int = 20_000, candidates: int = 2_000, *, open_now: int = 582) -> Problem:
    """State the national case: 75 sites of one capacity each."""
    places, people = cells_of(cells, points=250_000, seed=1)
    sites, practices = places.take(np.arange(candidates)), standing(open_now, seed=2)
    radius, engine = radius_of(places), StraightLine()
    choices, _ = engine.count(places, practices, radius, np.zeros(open_now, np.int64))
    reach = engine.cover(places, sites, radius)
    area = np.argmin(np.hypot(*(sites.xy[:, None] - standing(AREAS, seed=5).xy[None]).transpose(2, 0, 1)), axis=1)
    ones = np.ones(candidates, np.int64)
    return Problem(
        people=people,
        choices=choices,
        reach=reach.weighted(np.ones(reach.pairs)),
        area=area.astype(np.int64),
        headroom=np.full(AREAS, 1_000),
        least=ones,
        most=ones,
        total=75,
    )


def limited(problem: Problem) -> Problem:
    """The same with 2 to 6 capacities a site, 80 in all, and 0 to 6 for each municipality."""
    headroom = np.random.default_rng(9).integers(0, 7, AREAS)
    return replace(problem, least=2 * problem.least, most=6 * problem.most, headroom=headroom, total=80)


def near_enough(problem: Problem, chosen: np.ndarray, best: Placement) -> bool:
    """Whether search gives 99.5 % of what is proven."""
    print(f"    {len(problem.open_question.people):,} cells in question; search gives {problem.gain(chosen):,} of "
          f"{best.value:,}, {'proven' if best.proven else 'NOT PROVEN'} in {best.seconds:.1f} s")  # fmt: skip
    return best.proven and problem.gain(chosen) >= 0.995 * best.value


def within_four_percent(plan: Placement, _: object) -> bool:
    """Whether the plan is within 4 % of its bound."""
    print(f"    value {plan.value:,}, bound {plan.bound:,.0f}, gap {plan.gap:.2%} in {plan.seconds:.1f} s")
    return plan.gap <= 0.04


def same_classes(ours: Classes, theirs: Classes) -> bool:
    """Whether both give every address the same class, with the same candidates."""
    same = (ours.of == theirs.of).all() and (ours.people == theirs.people).all()
    return bool(same and abs(ours.reach - theirs.reach).sum() == 0)


def addresses(number: int) -> Case:
    """Addresses and 2,000 candidates."""
    places, sites, engine = standing(number, seed=11), standing(2_000, seed=3), StraightLine()
    radius, people, choices = radius_of(places), np.full(number, 2), np.zeros(number, np.int64)
    ours = partial(collapse_addresses, places, sites, radius, people, choices, engine)
    ours()  # compiled code is loaded before

    def listed() -> Classes:
        cover = engine.cover(places, sites, radius)
        return collapse(cover.weighted(np.ones(cover.pairs, np.int8)), people, choices)

    small = number <= 250_000
    peer, name = (listed, "Fordel, every pair listed, numpy") if small else (None, "")
    return Case("addresses to classes", f"{number:,} addresses, 2,000 candidates", ours, peer, name, same_classes, 3)


def region() -> Case:
    """Give the demo's Region Sjælland: 56 capacities in 17 municipalities, the first goal."""
    run = execute(make_snapshot(), day=date(2026, 2, 1))
    law = Lawbook.shipped().on(date(2026, 2, 1))
    practices = run.practices
    places = run.places.select("cell_id", "municipality", "easting", "northing", "landmass", "people")
    found = survey(law, places, practices, fastest(places.height))

    def ours() -> Answer:
        question = ask(law, found, run.areas, "region-sjaelland", Wishes(56, goals=("two_choices",)))
        return answer(question, 60)

    def proven(plan: Answer, _: object) -> bool:
        print(f"    {plan.outcomes[0].value:,.0f} people, {'proven' if plan.outcomes[0].proven else 'NOT PROVEN'}")
        return plan.outcomes[0].proven

    return Case(
        "56 capacities, the demo",
        "Region Sjælland, 900 candidates",
        ours,
        lambda: None,
        "its own bound, proven",
        proven,
        1,
    )


def cases() -> Iterator[Case]:
    """The national case, free, limited and from scratch; then addresses."""
    problem = nation()
    swap_search(problem.open_question, rounds=0)  # compiled code is loaded before
    for name, asked in (("75 sites", problem), ("80 capacities, 2-6 a site, limits", limited(problem))):
        ours, peer = partial(swap_search, asked.open_question), partial(solve, asked, seconds=60)
        same = partial(near_enough, asked)
        yield Case(name, "20,000 cells, 2,000 candidates", ours, peer, "HiGHS, proven, from that plan", same, 1)
    scratch = partial(solve, replace(problem, choices=0 * problem.choices), seconds=60)
    bounded = "its own bound, within 4 %"
    yield Case("75 sites from scratch, twice", "20,000 cells", scratch, lambda: None, bounded, within_four_percent, 1)
    for number in (250_000, 2_500_000):
        yield addresses(number)
    yield region()
