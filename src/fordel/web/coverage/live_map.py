"""What the map in the browser draws, in metres of EPSG:25832: borders, cells, practices, settlements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish.maps import grid_of, outlines
from fordel.web.coverage.queries import own_places
from fordel.web.coverage.sites import own_settlements
from fordel.web.practices.queries import found

if TYPE_CHECKING:
    from fordel.web.runs.queries import Seen


def drawn(seen: Seen, asked: dict[str, str]) -> dict[str, Any]:
    """Give the person's own area.

    Args:
        seen: the run as the person sees it.
        asked: a filter of practices, as ``practices.queries.found`` reads it.

    Returns:
        ``outlines``: rings of points; ``grid``: a picture and its edges, missing where there are no cells;
        ``practices``: id, name, easting, northing, open, patients; ``settlements``: id, name, easting, northing.
        No count of people.
    """
    practices = [
        (row["practice_id"], row["name"], row["easting"], row["northing"], _is_open(row), row["patients"])
        for row in found(seen, asked, "name")
    ]
    return {**_ground(seen), "practices": practices}


def _is_open(row: dict[str, Any]) -> bool:
    return bool(row["open_to_new"] and row["capacities_filled"] > 0)


_KEPT: dict[tuple[str, str], dict[str, Any]] = {}
KEPT = 64  # areas of runs


def _ground(seen: Seen) -> dict[str, Any]:
    """Give what is the same for all who belong to an area, whatever they ask; a run never changes."""
    key = (seen.record.folder, seen.own_area()["area_id"])
    if key not in _KEPT:
        if len(_KEPT) >= KEPT:
            _KEPT.clear()
        codes = [row["area_id"] for row in seen.at_level("municipality")]
        grid = grid_of(own_places(seen))
        towns = own_settlements(seen).select("settlement_id", "name", "easting", "northing")
        whole = towns.with_columns(pl.col("easting", "northing").round(0).cast(pl.Int64))
        _KEPT[key] = {
            "outlines": outlines(seen.run.area_shapes.filter(pl.col("municipality").is_in(codes))),
            "grid": None if grid is None else vars(grid),
            "settlements": whole.rows(),
        }
    return _KEPT[key]
