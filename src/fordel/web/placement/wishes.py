"""Wishes for places: which must be, which may not, where nothing is released; chosen among a region's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish.formats import danish_order
from fordel.runs.laws import law_of
from fordel.runs.towns import candidate_cells, nearest_town
from fordel.web.runs.queries import tables_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

KINDS = ("in", "out", "held_back")
OF_CELLS = KINDS[:2]
SHOWN = 20  # places that fit what was typed


@dataclass(frozen=True, eq=False)
class Places:
    """Where capacities of a region may lie.

    Attributes:
        cells: name of each cell by id; areas: of each municipality by id.
        fitting: ``(key, id, name, is a cell)`` of each, in the order in which they are listed.
    """

    cells: Mapping[str, str]
    areas: Mapping[str, str]
    fitting: tuple[tuple[str, str, str, bool], ...]

    def names(self, kind: str) -> Mapping[str, str]:
        """Give what may be wished for in that way."""
        return self.cells if kind in OF_CELLS else self.areas


@dataclass(frozen=True)
class Draft:
    """Wishes that are being chosen.

    Attributes:
        chosen: by kind, ``id`` and ``name`` of each.
        words: what was typed; fitting: what it may mean, at most ``SHOWN``; count: how many there are in all.
        strange: whether something was chosen that is no place of the region, and left out.
    """

    chosen: dict[str, list[dict[str, str]]]
    words: str = ""
    fitting: tuple[tuple[str, str, str, bool], ...] = ()
    count: int = 0
    strange: bool = False

    @property
    def kinds(self) -> list[tuple[str, list[dict[str, str]]]]:
        """Give the wishes by kind, of kinds that have some."""
        return [(kind, chips) for kind, chips in self.chosen.items() if chips]


@lru_cache(maxsize=16)
def places_of(folder: str, region: str) -> Places:
    """Give the places of a region, kept: a run never changes."""
    run = tables_of(folder)
    law = law_of(run)
    if region in law.book.authorities:
        law = law.for_authority(region)
    own = run.areas.filter(pl.col("level") == "municipality", pl.col("region") == region)
    areas = dict(own.select("area_id", "name").iter_rows())
    cells = candidate_cells(law, run.places, list(areas))
    named = cells.with_columns(nearest_town(cells), area=pl.col("municipality").replace_strict(areas, default=""))
    names: dict[str, str] = {}
    fitting = [(f"{name} {code}".lower(), code, name, False) for code, name in areas.items()]
    for row in named.select("cell_id", "name", "area").to_dicts():
        name = ", ".join(part for part in (row["name"], row["area"]) if part)
        names[row["cell_id"]] = f"{name} ({row['cell_id']})"
        fitting.append((f"{row['name']} {row['cell_id']}".lower(), row["cell_id"], names[row["cell_id"]], True))
    fitting.sort(key=lambda one: (one[3], danish_order(one[2])))
    return Places(names, areas, tuple(fitting))


def read(given: QueryDict, places: Places) -> Draft:
    """Read what was chosen (``in``, ``out``, ``held_back``), what is added or taken away, and what was typed."""
    chosen = {kind: list(dict.fromkeys(given.getlist(kind))) for kind in KINDS}
    for step, act in (("add", _add), ("remove", _remove)):
        kind, _, place = given.get(step, "").partition(":")
        if kind in KINDS:
            act(chosen, kind, place)
    strange = any(one not in places.names(kind) for kind, ids in chosen.items() for one in ids)
    words = " ".join(given.get("words", "").split())[:100].lower()
    fitting = [one for one in places.fitting if words in one[0]] if words else []
    first = sorted(fitting, key=lambda one: (one[3], not one[0].startswith(words)))
    return Draft(_chips(chosen, places), words, tuple(first[:SHOWN]), len(fitting), strange)


def of_search(wishes: Mapping[str, Any], places: Places) -> Draft:
    """Give the wishes of an earlier search, as far as its places are still there."""
    return Draft(_chips({kind: [one["id"] for one in wishes.get(kind, ())] for kind in KINDS}, places))


def of_draft(typed: Mapping[str, Any], places: Places) -> Draft:
    """Give the wishes of a form that was sent too late, as far as its places are still there."""
    ids = {kind: typed.get(kind, []) for kind in KINDS}
    return Draft(_chips({kind: [one] if isinstance(one, str) else one for kind, one in ids.items()}, places))


def _chips(chosen: Mapping[str, list[str]], places: Places) -> dict[str, list[dict[str, str]]]:
    return {
        kind: [{"id": one, "name": places.names(kind)[one]} for one in ids if one in places.names(kind)]
        for kind, ids in chosen.items()
    }


def _add(chosen: dict[str, list[str]], kind: str, place: str) -> None:
    """Choose a place; one that must be can no longer be one that may not."""
    for other in KINDS:
        _remove(chosen, other, place)
    chosen[kind].append(place)


def _remove(chosen: dict[str, list[str]], kind: str, place: str) -> None:
    chosen[kind] = [one for one in chosen[kind] if one != place]
