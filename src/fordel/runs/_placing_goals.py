"""The goals of placement in numbers: who lacks what, whose need is unmet, who lives far, what closures would take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from fordel.placement.errors import PlacementError
from fordel.placement.goals import Goal, Nearing, Placing, Reaching, Serving

if TYPE_CHECKING:
    from fordel.coverage.matrix import Cover, Indices
    from fordel.coverage.survey import Survey
    from fordel.law import Law
    from fordel.placement.classes import Classes
    from fordel.placement.model import Floats

UNITS = {
    "two_choices": "people",
    "one_choice": "people",
    "unmet_need": "capacities",
    "farthest": "metres",
    "rural": "capacities",
    "robust": "people",
}
SMALLEST = 0.01  # people of a class below which closures need not be thought of


@dataclass(frozen=True, eq=False)
class Steps:
    """Classes as rows of the problem: those that reach the same candidates, once for each choice that may be new.

    Attributes:
        of: ``(rows,)`` class.
        nth: ``(rows,)`` which new choice it is: the first, the second.
        weights: by goal, ``(rows,)`` people for whom that choice makes the difference.
    """

    of: Indices
    nth: Indices
    weights: dict[str, Floats]


def steps(found: Survey, places: Indices, of: Indices, classes: int, required: int, risk: Floats) -> Steps:
    """Count people by class and by the new choice that makes the difference for them.

    For closures each practice is taken to close by itself, and new ones not at all: the n-th new choice makes the
    difference when just ``required - n`` of those there now are left (maximal expected covering; Daskin 1983).
    """
    people = found.places["people"].to_numpy()[places].astype(np.float64)
    now = np.minimum(found.choices["open_choices"].cast(pl.Int64).to_numpy()[places], required)
    left = surviving(found.cover, found.practices["open"].to_numpy(), risk, required)[:, places]
    rows: list[tuple[Indices, int, dict[str, Floats]]] = []
    for nth in range(1, required + 1):
        lacking = people * (now == required - nth)
        none = people * (now == 0) if nth == 1 else np.zeros(len(people))
        each = {"two_choices": lacking, "one_choice": none, "robust": people * left[required - nth]}
        summed = {name: _summed(of, part, classes) for name, part in each.items()}
        summed["robust"][summed["robust"] < SMALLEST] = 0.0
        kept = np.flatnonzero(sum(summed.values()))
        rows.append((kept, nth, {name: part[kept] for name, part in summed.items()}))
    weights = {name: np.concatenate([part[2][name] for part in rows]) for name in rows[0][2]}
    nths = np.concatenate([np.full(len(part[0]), part[1]) for part in rows])
    return Steps(np.concatenate([part[0] for part in rows]).astype(np.int64), nths.astype(np.int64), weights)


def _summed(of: Indices, amounts: Floats, classes: int) -> Floats:
    return np.bincount(of, amounts, minlength=classes).astype(np.float64)


def surviving(cover: Cover, is_open: np.ndarray, risk: Floats, required: int) -> Floats:
    """Give the probability that just 0, 1, … ``required`` - 1 of the open practices in reach stay open.

    Returns:
        ``(required, places)``.
    """
    closes = np.clip(risk, 1e-9, 1.0)
    log_none = cover.sums(np.where(is_open, np.log(closes), 0.0))
    odds = np.where(is_open, (1 - closes) / closes, 0.0)
    powers = [cover.sums(odds**n) for n in range(1, required)]
    symmetric = [np.ones(cover.places)]
    for n in range(1, required):  # Newton's identities: elementary symmetric sums from power sums
        terms = [(-1) ** (k - 1) * symmetric[n - k] * powers[k - 1] for k in range(1, n + 1)]
        symmetric.append(sum(terms, np.zeros(cover.places)) / n)
    return np.array([np.exp(log_none) * part for part in symmetric])


def unmet_need(found: Survey, areas: pl.DataFrame) -> Floats:
    """Say how much of each place's need no capacity in reach meets (udækket behov). Unit: capacities.

    Capacities are shared out in proportion to the need in their reach (two-step floating catchment; Luo & Wang 2003).
    """
    per_head = areas.filter(pl.col("level") == "municipality").select(
        municipality="area_id", per_head=pl.col("need") / pl.col("people")
    )
    places = found.places.join(per_head, on="municipality", how="left", maintain_order="left")
    need = (places["people"] * places["per_head"].fill_null(0.0)).to_numpy()
    crowd = found.cover.turned.sums(need)
    held = found.practices["capacities_filled"].to_numpy()
    had = found.cover.sums(np.divide(held, crowd, out=np.zeros(len(held)), where=crowd > 0))
    return need * np.maximum(0.0, 1.0 - had)


def nearest_open(found: Survey) -> Floats:
    """Measure from each place to the nearest open practice on its land, however far; infinite where there is none.

    On the projected plane, as the goal measures to new sites: off by a metre in a thousand at most.
    """
    (places, practices), is_open = found.located, found.practices["open"].to_numpy()
    metres = np.full(len(places), np.inf)
    for land in np.unique(practices.land[is_open]):
        here, there = np.flatnonzero(places.land == land), np.flatnonzero(is_open & (practices.land == land))
        metres[here] = cKDTree(practices.xy[there]).query(places.xy[here])[0]
    return metres


def goals_of(
    law: Law, found: Survey, areas: pl.DataFrame, sites: pl.DataFrame, classes: Classes, places: Indices, rows: Steps,
    total: int,
) -> dict[str, Goal]:  # fmt: skip
    """State every goal, in the law's order.

    Args:
        law: the law on the day.
        found: the survey.
        areas: of the run.
        sites: see ``candidates``.
        classes: of those places that reach some candidate.
        places: their numbers.
        rows: see ``steps``.
        total: capacities offered.

    Raises:
        PlacementError: the law names a goal that is not known.
    """
    unmet = _summed(classes.of, unmet_need(found, areas)[places], len(classes.people))
    groups = np.flatnonzero(unmet > 0)
    outside = (sites["town_people"] < law.value("larger_town_people")).to_numpy().astype(np.float64)
    known: dict[str, Goal] = {name: Reaching(name, weights) for name, weights in rows.weights.items()}
    known["unmet_need"] = Serving("unmet_need", unmet[groups], csr_array(classes.reach[groups]), total)
    known["farthest"] = _farthest(found, sites)
    known["rural"] = Placing("rural", outside, total)
    order = list(law.value("placement_goals"))
    if strange := [name for name in order if name not in known]:
        raise PlacementError(f"No goal is called {strange[0]!r}.\n  Expected: some of {', '.join(known)}, in order.")
    return {name: known[name] for name in order}


def _farthest(found: Survey, sites: pl.DataFrame) -> Nearing:
    """State the goal of those farthest off, of all places in the sites' municipalities."""
    own = np.flatnonzero(found.places["municipality"].is_in(sites["municipality"].unique().to_list()).to_numpy())
    metres = nearest_open(found)
    own = own[np.isfinite(metres[own])]
    land = {name: at for at, name in enumerate(sorted({*found.places["land"], *sites["land"]}))}
    lands = [frame["land"].replace_strict(land, return_dtype=pl.Int64).to_numpy() for frame in (found.places, sites)]
    return Nearing(
        "farthest",
        found.places["people"].to_numpy()[own].astype(np.float64),
        metres[own],
        found.located[0].xy[own],
        sites.select("easting", "northing").to_numpy(),
        lands[0][own][:, None] != lands[1][None],
    )
