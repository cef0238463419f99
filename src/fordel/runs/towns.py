"""Cells where a new practice could lie, and what they are called: by the nearest settlement of OpenStreetMap."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from fordel.coverage.settlements import settlements

if TYPE_CHECKING:
    from fordel.law import Law

NAME_WITHIN = 4_000.0  # metres from a cell to the settlement it is named by


def candidate_cells(law: Law, places: pl.DataFrame, municipalities: list[str]) -> pl.DataFrame:
    """Give the cells of some municipalities where enough people live for a practice, each once.

    Args:
        law: the law on the day.
        places: ``cell_id, municipality, people``, and whatever else is to be kept.
        municipalities: area ids.
    """
    here = places.filter(pl.col("municipality").is_in(municipalities))
    lived_in = here.filter(pl.col("people") >= law.value("candidate_people_min"))
    return lived_in.unique("cell_id", keep="first", maintain_order=True)


def nearest_town(spots: pl.DataFrame) -> pl.Series:
    """Name places by the nearest village, town or suburb (bebyggelse); empty where there is none near.

    Args:
        spots: ``easting, northing``. Unit: metres, EPSG:25832.
    """
    names, tree = _towns()
    away, which = (np.asarray(found) for found in tree.query(spots.select("easting", "northing").to_numpy()))
    near = [names[at] if far <= NAME_WITHIN else "" for far, at in zip(away.tolist(), which.tolist(), strict=True)]
    return pl.Series("name", near, pl.String)


@cache
def _towns() -> tuple[list[str], cKDTree]:
    found = settlements()
    return found["name"].to_list(), cKDTree(found.select("easting", "northing").to_numpy())
