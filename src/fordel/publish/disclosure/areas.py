"""Hold back small counts of people in the table of areas: the same ones on every page and in every file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import polars as pl

from fordel.publish.disclosure.least import least_shown
from fordel.publish.disclosure.places import hold_back_places, places_in, unprotected_sums
from fordel.publish.disclosure.practices import shown_practices
from fordel.publish.disclosure.suppress import Cell, Sum, crossed, suppress

if TYPE_CHECKING:
    from fordel.runs.record import Run

# Counts of people by what they can choose between. How many live in an area everybody can look up.
COUNTED = ("people_no_choice", "people_one_choice", "people_two_choices", "people_choice_met")
KNOWN = "people"


@dataclass(frozen=True, eq=False)
class Shown:
    """What of a table of areas is shown.

    Attributes:
        areas: the table, with nothing in place of what is held back.
        held_back: id of the area and name of the column, of each count that is.
        least: the least count of people above 0 that is shown. Unit: people.
    """

    areas: pl.DataFrame
    held_back: frozenset[Cell]
    least: int


_KEPT: WeakKeyDictionary[Run, Shown] = WeakKeyDictionary()
_KEPT_PLACES: WeakKeyDictionary[Run, pl.DataFrame] = WeakKeyDictionary()


def shown_areas(run: Run) -> Shown:
    """Give the areas of a run without the counts that are held back; worked out once per run."""
    kept = _KEPT.get(run)
    if kept is None:
        least = least_shown(run.manifest.law_date)
        sums, floors = unprotected_sums(run.places, least), places_in(run.places)
        kept = _KEPT[run] = hold_back(run.areas, least, sensitive=sums, at_least=floors)
    return kept


def shown_places(run: Run) -> pl.DataFrame:
    """Give the places of a run without the counts that are held back; worked out once per run."""
    kept = _KEPT_PLACES.get(run)
    if kept is None:
        shown = shown_areas(run)
        kept = _KEPT_PLACES[run] = hold_back_places(run.places, shown.held_back, shown.least)
    return kept


def shown_frames(run: Run) -> dict[str, pl.DataFrame]:
    """Give the tables of a run as they are shown."""
    shown = {"areas": shown_areas(run).areas, "places": shown_places(run), "practices": shown_practices(run)}
    return {**run.frames(), **shown}


def hold_back(
    areas: pl.DataFrame, least: int, *, sensitive: Collection[Cell] = (), at_least: Mapping[Cell, int] | None = None
) -> Shown:
    """Hold back counts of people in a table of areas, over all levels at once.

    Args:
        areas: ``level, area_id, region, health_council, people`` and the columns of ``COUNTED``.
        least: the least count above 0 that is shown. Unit: people.
        sensitive: counts to be hidden whatever their size.
        at_least: of municipalities by class: so many people everybody knows to be counted there, and nobody where
            nothing is said. None: nothing is known.
    """
    columns = [KNOWN, *COUNTED]
    value = {(row["area_id"], column): row[column] for row in areas.to_dicts() for column in columns}
    counts = crossed(_areas_add_up(areas), _choices_add_up(areas), [KNOWN], value)
    floors = _floors(areas, at_least or {})
    empty = _empty(areas, at_least) if at_least is not None else frozenset()
    counts = replace(
        counts,
        sensitive=np.array([cell in sensitive for cell in value]),
        floor=np.array([floors.get(cell, 0) for cell in value], dtype=np.float64),
        known=counts.known | np.array([cell in empty for cell in value]),
    )
    hidden, _ = suppress(counts, least)
    held_back = frozenset(cell for cell, hide in zip(value, hidden, strict=True) if hide) | _unclear(areas)
    shown = areas.with_columns(
        pl.when(pl.col("area_id").is_in([area for area, name in held_back if name == column]))
        .then(None)
        .otherwise(pl.col(column))
        .alias(column)
        for column in COUNTED
    )
    return Shown(shown, held_back, least)


def _floors(areas: pl.DataFrame, at_least: Mapping[Cell, int]) -> dict[Cell, int]:
    """Sum what everybody knows of municipalities over what they make up, and over classes."""
    floors = dict(at_least)
    for whole, parts in _areas_add_up(areas):
        of_towns = [part for part in parts if any((part, name) in at_least for name in COUNTED)]
        floors |= {(whole, name): sum(floors.get((part, name), 0) for part in of_towns) for name in COUNTED if of_towns}
    met = _enough(areas)
    for area in areas["area_id"] if met else ():
        floors[area, COUNTED[-1]] = sum(floors.get((area, name), 0) for name in met)
    return floors


def _empty(areas: pl.DataFrame, at_least: Mapping[Cell, int]) -> frozenset[Cell]:
    """Give the counts that everybody knows to be 0: where the table of places has no place of that class."""
    towns = areas.filter(pl.col("level") == "municipality")["area_id"]
    empty = {(town, name) for town in towns for name in COUNTED[:-1] if (town, name) not in at_least}
    for whole, parts in _areas_add_up(areas):
        empty |= {(whole, name) for name in COUNTED[:-1] if all((part, name) in empty for part in parts)}
    met = _enough(areas)
    return frozenset(empty | {(a, COUNTED[-1]) for a in areas["area_id"] if met and all((a, n) in empty for n in met)})


def _areas_add_up(areas: pl.DataFrame) -> list[Sum]:
    """Say which areas make up which: municipalities each council, each region and the nation; regions the nation."""
    sums: list[Sum] = []
    parts = areas.filter(pl.col("level") == "municipality")
    for level, column in (("health_council", "health_council"), ("region", "region")):
        for whole in areas.filter(pl.col("level") == level)["area_id"]:
            sums += [(whole, tuple(parts.filter(pl.col(column) == whole)["area_id"]))]
    for whole in areas.filter(pl.col("level") == "nation")["area_id"]:
        sums += [(whole, tuple(parts["area_id"])), (whole, tuple(areas.filter(pl.col("level") == "region")["area_id"]))]
    return [(whole, of) for whole, of in sums if of]


def _choices_add_up(areas: pl.DataFrame) -> list[Sum]:
    """Say which columns make up which."""
    met, enough = COUNTED[-1], _enough(areas)
    return [(KNOWN, COUNTED[:-1]), *([(met, enough)] if enough else [])]


def _enough(areas: pl.DataFrame) -> tuple[str, ...]:
    """Say which classes have enough choices; none where the law asks for more than the classes tell apart."""
    *classes, met = COUNTED
    return next((tuple(classes[i:]) for i in (2, 1, 0) if (areas[met] == sum(areas[c] for c in classes[i:])).all()), ())


def _unclear(areas: pl.DataFrame) -> frozenset[Cell]:
    """Hold back every count of those with enough choices where it is not known what they are made up of."""
    return frozenset() if _enough(areas) else frozenset((area, COUNTED[-1]) for area in areas["area_id"])
