"""Hold back small counts of people in the table of places, so that neither it nor what it sums to tells them.

All people of a place have the same choices, so the places of a municipality with the same class of choice add up to
one count in the table of areas. Within such a group as many people are hidden as leave each small count free to be
``least`` people larger. Where a group is too small for that, its sum is hidden in the table of areas; and where that is
hidden, for whatever reason, so is every place of the group.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from fordel.publish.disclosure.suppress import Cell

CLASSES = ("people_no_choice", "people_one_choice", "people_two_choices")
MET = "people_choice_met"
AT_LEAST = 1  # somebody lives in every place there is


def with_classes(places: pl.DataFrame) -> pl.DataFrame:
    """Say of each place which count of its municipality it belongs to, as ``class``."""
    return places.with_columns(
        pl.col("open_choices")
        .clip(upper_bound=2)
        .replace_strict(dict(enumerate(CLASSES)), return_dtype=pl.String)
        .alias("class")
    )


def unprotected_sums(places: pl.DataFrame, least: int) -> frozenset[Cell]:
    """Give the counts of municipalities whose places hide a small one only if the count itself is hidden as well."""
    grouped = with_classes(places).group_by("municipality", "class").agg("people")
    return frozenset(
        (municipality, name)
        for municipality, name, people in grouped.iter_rows()
        if any(0 < n < least for n in people) and _hidden(people, least) is None
    )


def places_in(places: pl.DataFrame) -> dict[Cell, int]:
    """Count the places of each count of a municipality: so many people at least are in it."""
    grouped = with_classes(places).filter(pl.col("people") > 0).group_by("municipality", "class").len()
    return {(municipality, name): int(n) for municipality, name, n in grouped.iter_rows()}


def hold_back_places(places: pl.DataFrame, held_back: Collection[Cell], least: int) -> pl.DataFrame:
    """Give the places with nothing in place of the people that are held back.

    Args:
        places: ``municipality, people, open_choices``.
        held_back: id of the municipality and name of the column, of each count of people that is hidden there.
        least: the least count above 0 that is shown. Unit: people.
    """
    numbered = with_classes(places).with_row_index("row")
    hidden: list[int] = []
    for municipality, name, rows, people in (
        numbered.group_by("municipality", "class", maintain_order=True).agg("row", "people").iter_rows()
    ):
        whole = (municipality, name) in held_back or (name == CLASSES[2] and (municipality, MET) in held_back)
        chosen = None if whole else _hidden(people, least)
        hidden += rows if chosen is None else [rows[at] for at in chosen]
    hide = pl.int_range(places.height).is_in(hidden)
    return places.with_columns(people=pl.when(hide).then(None).otherwise(pl.col("people")))


def _hidden(people: list[int], least: int) -> list[int] | None:
    """Choose which counts that add up to a known sum are hidden; None where not even all of them are enough.

    The small ones, and then the smallest of the others until each small one can grow by ``least`` at the others' cost.
    """
    order = sorted(range(len(people)), key=lambda at: (people[at], at))
    small = [at for at in order if 0 < people[at] < least]
    if not small:
        return []
    chosen = list(small)
    rest = [at for at in order if people[at] >= least]
    while True:
        spare = sum(people[at] - AT_LEAST for at in chosen) - (people[small[-1]] - AT_LEAST)
        if spare >= least:
            return chosen
        if not rest:
            return None
        chosen.append(rest.pop(0))
