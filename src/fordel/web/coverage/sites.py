"""Where a practice may be thought to open: the settlements of a person's own area."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from django.http import Http404

from fordel.coverage.settlements import settlements
from fordel.publish.formats import danish_order
from fordel.web.coverage.queries import standing_of

if TYPE_CHECKING:
    from fordel.web.runs.queries import Seen

NEAR = 4_000.0  # metres from a settlement to the nearest people; farther out there are none of this country


@dataclass(frozen=True)
class Site:
    """A settlement where a practice opens in thought.

    Attributes:
        place: number of the nearest populated place of the run.
        municipality: where that place lies, by name.
    """

    settlement_id: str
    name: str
    municipality: str
    easting: float
    northing: float
    place: int


@lru_cache(maxsize=2)
def _populated(folder: str) -> pl.DataFrame:
    """Give the settlements near which people of a run live, with the number and municipality of the nearest place."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - loads slowly

    found, (places, _) = settlements(), standing_of(folder).survey.located
    away, nearest = cKDTree(places.xy).query(found.select("easting", "northing").to_numpy())
    place = pl.Series("place", np.asarray(nearest), dtype=pl.Int64)
    numbered = found.with_columns(place, standing_of(folder).survey.places["municipality"].gather(place))
    return numbered.filter(pl.Series(np.asarray(away) <= NEAR))


def own_settlements(seen: Seen) -> pl.DataFrame:
    """Give the settlements of the person's own area, each with ``municipality`` and ``place``, a number."""
    codes = [row["area_id"] for row in seen.at_level("municipality")]
    return _populated(seen.record.folder).filter(pl.col("municipality").is_in(codes))


def site(seen: Seen, settlement_id: str) -> Site:
    """Give a settlement of the person's own area.

    Raises:
        Http404: there is none, or it lies elsewhere.
    """
    found = own_settlements(seen).filter(pl.col("settlement_id").cast(pl.String) == settlement_id)
    if found.height != 1:
        raise Http404
    return _site(seen, found.row(0, named=True))


def named(seen: Seen, words: str) -> list[Site]:
    """Give the settlements whose name holds some words, in Danish order; those that are called just so come first."""
    lower = words.lower()
    rows = own_settlements(seen).filter(pl.col("name").str.to_lowercase().str.contains(lower, literal=True))
    sites = [_site(seen, row) for row in rows.iter_rows(named=True)]
    return sorted(sites, key=lambda one: (one.name.lower() != lower, danish_order(one.name), one.settlement_id))


def _site(seen: Seen, row: dict[str, Any]) -> Site:
    where = seen.name_of(row["municipality"]) or row["municipality"]
    return Site(str(row["settlement_id"]), row["name"], where, row["easting"], row["northing"], row["place"])
