"""The cover matrix from a travel table, where distances were measured elsewhere."""

from __future__ import annotations

import numpy as np
import polars as pl

from fordel.coverage.distance import Metres
from fordel.coverage.errors import CoverageError
from fordel.coverage.matrix import Cover, cover_of


def cover_from_travel(
    places: pl.DataFrame, practices: pl.DataFrame, travel: pl.DataFrame, radius: Metres, *, ferries: bool = False
) -> Cover:
    """Make the cover matrix from a travel table (rejseafstand).

    Args:
        places: ``cell_id, municipality``, in the order of the matrix.
        practices: ``practice_id``, in the order of the matrix.
        travel: valid by ``Travel``; rows without metres are left out.
        radius: ``(places,)`` metres; the radius itself counts.
        ferries: whether pairs that need a ferry count.

    Raises:
        CoverageError: the table names a place or a practice that is not there.
    """
    place_key = ["cell_id", "municipality"]
    numbered_places = places.select(place_key).with_row_index("place")
    numbered_practices = practices.select("practice_id").with_row_index("practice")
    rows = travel.filter(pl.col("metres").is_not_null())
    rows = rows if ferries else rows.filter(~pl.col("by_ferry"))
    rows = rows.join(numbered_places, on=place_key, how="left").join(numbered_practices, on="practice_id", how="left")
    for column, key in (("place", place_key), ("practice", ["practice_id"])):
        lost = rows.filter(pl.col(column).is_null())
        if lost.height:
            name = " in ".join(str(value) for value in lost.select(key).row(0))
            raise CoverageError(
                f"{lost.height} rows of the travel table name no known {column}; the first is {name}.\n"
                f"  Expected: cells and practices of the snapshot.\n"
                f"  Try:      make the travel table from the same snapshot."
            )
    place, practice = (rows[name].cast(pl.Int64).to_numpy() for name in ("place", "practice"))
    metres = rows["metres"].to_numpy().astype(np.float64)
    within = metres <= radius[place]
    return cover_of(place[within], practice[within], metres[within], (places.height, practices.height))
