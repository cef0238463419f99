"""Attack a proposal of places: no small group of people may follow from what is shown of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from fordel.publish.disclosure.proposal import ShownPlan, hold_back_plan, shown_lost
from fordel.publish.proposal import shown_proposal

LEAST, REQUIRED = 5, 2
SITES = ["a", "b", "c"]
SIGNATURES = [
    (lacks, list(reaches)) for lacks in (1, 2) for n in range(len(SITES) + 1) for reaches in combinations(SITES, n)
]
Groups = list[tuple[int, list[str], int]]


def frame(groups: Groups) -> pl.DataFrame:
    rows = [{"lacks": need, "beyond": False, "reaches": reaches, "people": n} for need, reaches, n in groups]
    names: tuple[tuple[str, pl.DataType | type[pl.DataType]], ...] = (
        ("lacks", pl.Int64),
        ("beyond", pl.Boolean),
        ("reaches", pl.List(pl.String)),
        ("people", pl.Int64),
    )
    schema = dict(names)
    return pl.DataFrame(rows, schema=schema)


def known(groups: Groups, shown: ShownPlan, steps: list[str]) -> list[tuple[list[bool], int | None]]:
    """Every published count as a sum over groups, written from its definition."""
    counts: list[tuple[list[bool], int | None]] = [
        ([len(reaches) >= need for need, reaches, _ in groups], shown.of_plan["two_choices"]),
        ([need == 2 and bool(reaches) for need, reaches, _ in groups], shown.of_plan["one_choice"]),
        ([True] * len(groups), sum(n for *_, n in groups)),
    ]
    for site in SITES:
        second = [site in reaches and len(reaches) - 1 == need - 1 for need, reaches, _ in groups]
        first = [need == REQUIRED and set(reaches) == {site} for need, reaches, _ in groups]
        counts += [(second, shown.of_places[site, "people_second"])]
        counts += [(first, shown.of_places[site, "people_first"])]
    for n, people in enumerate(shown.by_step, start=1):
        opened = set(steps[:n])
        counts.append(([len(opened & set(reaches)) >= need for need, reaches, _ in groups], people))
    return counts


def attack(groups: Groups, published: Sequence[tuple[list[bool], int | None]], sought: list[bool]) -> tuple[int, float]:
    told = [(flags, people) for flags, people in published if people is not None]
    matrix, right = np.array([flags for flags, _ in told], dtype=float), np.array([n for _, n in told], dtype=float)
    ends: list[float] = []
    for sign in (1, -1):
        found = milp(
            sign * np.array(sought, dtype=float), constraints=LinearConstraint(matrix, right, right),
            integrality=np.ones(len(groups), dtype=np.int64), bounds=Bounds(0, np.inf),
        )  # fmt: skip
        assert found.success, found.message
        ends.append(sign * found.fun)
    return round(ends[0]), ends[1]


people = st.one_of(st.just(0), st.integers(1, 8), st.integers(1, 4000))


@settings(max_examples=80, deadline=None)
@given(st.lists(people, min_size=len(SIGNATURES), max_size=len(SIGNATURES)), st.permutations(SITES))
@example([0, 5, 1, 5, 0, 0, 0, 5, 0, 0, 0, 0, 0, 5, 5, 5], ["b", "a", "c"])  # half people would have protected here
def test_no_small_group_follows_from_a_plan(counts: list[int], steps: list[str]) -> None:
    groups = [(need, reaches, n) for (need, reaches), n in zip(SIGNATURES, counts, strict=True) if n]
    shown = hold_back_plan(frame(groups), SITES, steps, REQUIRED, LEAST)
    published = known(groups, shown, steps)
    assert all(n is None or n == 0 or n >= LEAST for _, n in published[:2])
    everybody = [([True] * len(groups), sum(counts))]
    for at, (_, _, n) in enumerate(groups):
        sought = [other == at for other in range(len(groups))]
        if n < LEAST:
            _, high = attack(groups, published, sought)
            assert high >= n + LEAST - 1e-6 or high == attack(groups, everybody, sought)[1], (groups[at], shown)
    before = [False] * len(groups)
    for flags, _ in published[-len(steps) :]:
        added = [now and not then for now, then in zip(flags, before, strict=True)]
        before, more = flags, sum(n for (*_, n), here in zip(groups, added, strict=True) if here)
        if 0 < more < LEAST:
            _, high = attack(groups, published, added)
            assert high >= more + LEAST - 1e-6 or high == attack(groups, everybody, added)[1]


def test_the_attack_succeeds_where_small_counts_alone_are_hidden() -> None:
    groups = [(1, ["a"], 3), (1, ["b"], 40), (1, ["a", "b"], 0)][:2]
    naive = [([True, True], 43), ([False, True], 40), ([True, False], None)]
    assert attack(groups, naive, [True, False]) == (3, 3)
    shown = hold_back_plan(frame([*groups, (1, ["c"], 90)]), SITES, [], REQUIRED, LEAST)
    assert shown.of_places["a", "people_second"] is None
    assert sum(shown.of_places[site, "people_second"] is None for site in SITES) >= 2


def test_a_plan_within_an_earlier_one_hides_a_difference_of_few() -> None:
    groups = frame([(1, ["a"], 100), (1, ["b"], 40), (1, ["a", "b"], 60), (1, [], 90)])
    alone = hold_back_plan(groups, ["a", "b"], [], REQUIRED, LEAST)
    assert alone.of_plan["two_choices"] == 200
    for sites, hidden in ((frozenset("a"), True), (frozenset("abc"), True), (frozenset("xy"), False)):
        after = hold_back_plan(groups, ["a", "b"], ["a", "b"], REQUIRED, LEAST, [(sites, 197)])
        assert (after.of_plan["two_choices"] is None) is hidden
        assert (after.by_step[-1] is None) is hidden


def test_what_the_next_best_place_would_give_is_hidden_where_few_are_concerned() -> None:
    assert shown_lost(40, 37, LEAST) is None  # the other would serve three
    assert shown_lost(40, 3, LEAST) is None
    assert shown_lost(40, -2, LEAST) is None
    assert shown_lost(None, 30, LEAST) is None
    assert [shown_lost(40, lost, LEAST) for lost in (0, 5, 35, 40, -60)] == [0, 5, 35, 40, -60]


def test_a_bound_is_hidden_with_its_value() -> None:
    places = pl.DataFrame({"site": ["a"], "people_second": [3], "people_first": [0], "people_lost": [0]})
    goals = pl.DataFrame(
        {"goal": ["two_choices", "farthest"], "unit": ["people", "metres"], "value": [3.0, 2.0], "bound": [4.0, 9.0]}
    )
    none = pl.DataFrame(schema={"site": pl.String, "people": pl.Int64})
    shown = shown_proposal(places, none, goals, frame([(1, ["a"], 3)]), REQUIRED, LEAST)
    assert shown.goals.select("value", "bound").rows() == [(None, None), (2.0, 9.0)]
    assert shown.places.select("people_second", "people_lost").row(0) == (None, None)
    everything = shown_proposal(places, none, goals, frame([(1, ["a"], 3)]), REQUIRED, 0)
    assert everything.places["people_second"].to_list() == [3]
