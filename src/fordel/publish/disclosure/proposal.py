"""Hold back small counts of people in a proposal of places: in its table, its months and its sums at once.

Every count of a proposal is a sum over groups of people who have the same choices now and reach the same of its places.
Nobody publishes the groups; a small one must not follow from what is published, nor may what one more month adds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from fordel.publish.disclosure.suppress import Counts, suppress

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_A_PLACE = ("people_second", "people_first")
SECOND, FIRST, BEYOND = "two_choices", "one_choice", "beyond"
Group = dict[str, Any]
Member = Callable[[Group], bool]


@dataclass(frozen=True)
class ShownPlan:
    """Counts of people of a plan, with None for those that are held back.

    Attributes:
        of_places: by site and column.
        by_step: people who newly have enough choices, by step of the sequence.
        of_plan: by ``two_choices``, ``one_choice`` and ``beyond``.
    """

    of_places: Mapping[tuple[str, str], int | None]
    by_step: tuple[int | None, ...]
    of_plan: Mapping[str, int | None]


def hold_back_plan(
    groups: pl.DataFrame, sites: Sequence[str], steps: Sequence[str], required: int, least: int,
    earlier: Sequence[tuple[frozenset[str], int]] = (),
) -> ShownPlan:  # fmt: skip
    """Choose which counts of a plan are shown.

    Args:
        groups: ``lacks, beyond, reaches, people``; see ``fordel.runs.placing_groups``.
        sites: ids of the plan's places.
        steps: the same in the order in which they come; or none.
        required: open choices everybody should have.
        least: the least count above 0 that is shown. Unit: people.
        earlier: the places and the people of plans that were published before. Where one holds all places of the
            other, the difference is a count as well.
    """
    cells = _cells(sites, steps, required)
    rows = groups.to_dicts()
    inside = np.array([[bool(member(row)) for row in rows] for member in cells.values()], dtype=np.float64)
    inside = inside.reshape(len(cells), len(rows))
    people = np.array([row["people"] for row in rows], dtype=np.float64)
    counted = inside @ people
    value = np.concatenate([people, counted])
    names = [*[("group", str(n)) for n in range(len(rows))], *cells]
    sums = csr_array(np.hstack([inside, -np.eye(len(cells))]))
    near = _near_to_earlier(frozenset(sites), int(counted[list(cells).index(("plan", SECOND))]), earlier, least)
    counts = Counts(
        value,
        sums,
        known=np.array([name == ("plan", "lacking") for name in names]),
        unpublished=np.array([name[0] in ("group", "added") or name == ("plan", "left") for name in names]),
        sensitive=np.array([near and name == ("plan", SECOND) for name in names]),
    )
    hidden, _ = suppress(counts, least)
    shown = {name: None if hide else round(n) for name, n, hide in zip(names, value, hidden, strict=True)}
    return ShownPlan(
        {(site, column): shown[column, site] for site in sites for column in OF_A_PLACE},
        tuple(shown["by", str(n)] for n in range(len(steps))),
        {name: shown["plan", name] for name in (SECOND, FIRST, BEYOND)},
    )


def _cells(sites: Sequence[str], steps: Sequence[str], required: int) -> dict[tuple[str, str], Member]:
    """Say of each count which groups it is made up of; those that nobody publishes are there to be protected."""
    cells: dict[tuple[str, str], Member] = {
        ("plan", SECOND): lambda g: len(g["reaches"]) >= g["lacks"],
        ("plan", FIRST): lambda g: g["lacks"] == required and bool(g["reaches"]),
        ("plan", BEYOND): lambda g: g["beyond"],
        ("plan", "left"): lambda g: not g["beyond"] and len(g["reaches"]) < g["lacks"],
        ("plan", "lacking"): lambda g: True,  # noqa: ARG005 - whoever lacks a choice; told of the region elsewhere
    }
    for site in sites:
        cells["people_second", site] = partial(_just_enough, site=site)
        cells["people_first", site] = partial(_nothing_else, site=site, required=required)
    for n in range(len(steps)):
        now, before = frozenset(steps[: n + 1]), frozenset(steps[:n])
        cells["by", str(n)] = partial(_served, opened=now)
        cells["added", str(n)] = partial(_newly, now=now, before=before)
    return cells


def _just_enough(group: Group, site: str) -> bool:
    return site in group["reaches"] and len(group["reaches"]) == group["lacks"]


def _nothing_else(group: Group, site: str, required: int) -> bool:
    return bool(group["lacks"] == required and group["reaches"] == [site])


def _served(group: Group, opened: frozenset[str]) -> bool:
    return bool(sum(site in opened for site in group["reaches"]) >= group["lacks"])


def _newly(group: Group, now: frozenset[str], before: frozenset[str]) -> bool:
    return _served(group, now) and not _served(group, before)


def _near_to_earlier(
    sites: frozenset[str], people: int, earlier: Sequence[tuple[frozenset[str], int]], least: int
) -> bool:
    """Say whether a plan serves but a few people more or fewer than one that holds its places, or whose it holds."""
    nested = (count for others, count in earlier if others <= sites or sites <= others)
    return any(0 < abs(people - count) < least for count in nested)


def shown_lost(second: int | None, lost: int | None, least: int) -> int | None:
    """Give how many fewer the next best place serves; nothing where that, or whom it would serve, are few.

    Args:
        second: people who would lack a choice without the place, as shown.
        lost: how many of them the next best place would not serve, less those it would serve besides.
        least: the least count above 0 that is shown. Unit: people.
    """
    if second is None or lost is None:
        return None
    few = 0 < abs(lost) < least or 0 < second - lost < least
    return None if few else lost
