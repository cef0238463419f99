"""Where each practice's patients live: an estimate from two counts that are known, people per place and lists.

Lists are known per practice and municipality of residence, people per place; who of a place is on which list is not.
The estimate spreads each list over the places of the municipality by people and nearness, then fits to both counts in
turn (iterative proportional fitting; Deming & Stephan 1940), lists last, so that every list keeps its exact size.
An assumption wherever it is used: the true addresses are in the registers, not here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from fordel.coverage.distance import Metres, metres_between
from fordel.coverage.errors import CoverageError
from fordel.coverage.matrix import Cover, Indices, Locations

FITTING_ROUNDS = 8


@dataclass(frozen=True, eq=False)
class Homes:
    """Patients by practice and place of living, practice by practice.

    Attributes:
        start: ``(practices + 1,)`` where each practice's patients begin.
        place: ``(pairs,)`` place number.
        patients: ``(pairs,)`` whole patients, all above 0.
        metres: ``(pairs,)`` from home to the practice in a straight line.
    """

    start: Indices
    place: Indices
    patients: Indices
    metres: Metres

    def of(self, practice: int) -> slice:
        """Where one practice's patients lie."""
        return slice(int(self.start[practice]), int(self.start[practice + 1]))


def estimate_homes(
    places: pl.DataFrame,
    practices: pl.DataFrame,
    registrations: pl.DataFrame,
    cover: Cover,
    decay: float,
    located: tuple[Locations, Locations],
) -> Homes:
    """Estimate where each practice's patients live.

    Args:
        places: ``municipality, people``.
        practices: ``practice_id``.
        registrations: ``practice_id, municipality, patients``; summed over other columns.
        cover: places within reach of practices.
        decay: distance at which a practice draws 1/e as many of a place's people. Unit: metres.
        located: where places and practices stand.

    Raises:
        CoverageError: a list names a practice that is not there, or a municipality where nobody lives.
    """
    lists = _lists(places, practices, registrations)
    codes = {code: number for number, code in enumerate(sorted(places["municipality"].unique()))}
    municipality = places["municipality"].replace_strict(codes, return_dtype=pl.Int64).to_numpy()
    group_of = np.full((practices.height, len(codes)), -1, dtype=np.int64)
    of_list = lists["municipality"].replace_strict(codes, return_dtype=pl.Int64).to_numpy()
    group_of[lists["practice"].to_numpy(), of_list] = np.arange(lists.height)
    group = group_of[cover.practice, municipality[cover.place]]
    near = np.flatnonzero(group >= 0)
    place, group = _with_far_lists(cover.place[near].astype(np.int64), group[near], municipality, of_list)
    practice = lists["practice"].to_numpy()[group]
    metres = metres_between(located[0].xy[place], located[1].xy[practice])
    people = places["people"].to_numpy()
    seed = people[place] * np.exp(-np.minimum(metres / decay, 30.0))
    wanted = lists["patients"].to_numpy()
    patients = _whole(_fit(seed, place, group, people.astype(np.float64), wanted), group, wanted)
    return _by_practice(practice, place, patients, metres, practices.height)


def _with_far_lists(place: Indices, group: Indices, municipality: Indices, of_list: Indices) -> tuple[Indices, Indices]:
    """Let a list none of whose patients live within reach have them anywhere in their municipality."""
    far = np.setdiff1d(np.arange(len(of_list)), group)
    extra = [np.flatnonzero(municipality == of_list[each]) for each in far]
    more = np.repeat(far, [len(part) for part in extra])
    return np.concatenate([place, *extra]), np.concatenate([group, more])


def _lists(places: pl.DataFrame, practices: pl.DataFrame, registrations: pl.DataFrame) -> pl.DataFrame:
    numbered = (
        practices.select("practice_id").with_row_index("practice").with_columns(pl.col("practice").cast(pl.Int64))
    )
    lists = registrations.group_by("practice_id", "municipality").agg(pl.col("patients").sum())
    lists = lists.join(numbered, on="practice_id", how="left").sort("practice_id", "municipality")
    unknown = lists.filter(pl.col("practice").is_null())
    empty = lists.filter(~pl.col("municipality").is_in(places["municipality"].unique().to_list()))
    for fault, column, what in (
        (unknown, "practice_id", "no such practice"),
        (empty, "municipality", "nobody lives there"),
    ):
        if fault.height:
            raise CoverageError(
                f"{fault.height} lists of registrations name {column} {fault[column][0]}, but {what}.\n"
                f"  Expected: every {column} of registrations among the practices and demand points.\n"
                f"  Try:      use registrations and practices of the same snapshot."
            )
    return lists


def _fit(seed: Metres, place: Indices, group: Indices, people: Metres, wanted: Indices) -> Metres:
    share = wanted.sum() / people.sum()
    fitted = seed * 1.0
    for _ in range(FITTING_ROUNDS):
        for which, target in ((place, people * share), (group, wanted)):
            sums = np.bincount(which, fitted, minlength=len(target))
            fitted *= np.divide(target, sums, out=np.zeros(len(target)), where=sums > 0)[which]
    return fitted


def _whole(fitted: Metres, group: Indices, wanted: Indices) -> Indices:
    """Round to whole patients so that each list keeps its size: the largest remainders of a list are rounded up."""
    whole = np.floor(fitted).astype(np.int64)
    missing = wanted - np.bincount(group, whole, minlength=len(wanted)).astype(np.int64)
    order = np.lexsort((np.arange(len(group)), whole - fitted, group))
    begin = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=len(wanted)))])[:-1]
    rank = np.arange(len(group)) - begin[group[order]]
    whole[order[rank < missing[group[order]]]] += 1
    return whole


def _by_practice(practice: Indices, place: Indices, patients: Indices, metres: Metres, practices: int) -> Homes:
    lived = np.flatnonzero(patients > 0)
    order = lived[np.lexsort((place[lived], practice[lived]))]
    start = np.concatenate([[0], np.cumsum(np.bincount(practice[order], minlength=practices))]).astype(np.int64)
    return Homes(start, place[order], patients[order], metres[order])
