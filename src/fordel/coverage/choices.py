"""Count the open practices within the radius of each place."""

from __future__ import annotations

import numpy as np
import polars as pl

from fordel.coverage.matrix import Engine, locate
from fordel.coverage.tree import TreeEngine


def count_choices(places: pl.DataFrame, practices: pl.DataFrame, engine: Engine | None = None) -> pl.Series:
    """Count the open practices within each place's radius on the same land (frit lægevalg).

    Args:
        places: ``easting, northing`` (metres, EPSG:25832), ``radius`` (metres), ``land``.
        practices: the open ones only: ``easting, northing, land``.
        engine: what measures; the tree engine by default.

    Returns:
        ``open_choices``, one whole number per place, in the same order. A practice exactly at the radius counts.

    Raises:
        CoverageError: a location is missing, not a number or outside Denmark.
    """
    here, there = locate(places, practices)
    radius = places["radius"].cast(pl.Float64).to_numpy()
    counts, _ = (engine or TreeEngine()).count(here, there, radius, np.zeros(len(there), dtype=np.int64))
    return pl.Series("open_choices", counts)
