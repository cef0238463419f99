"""Need weights by sex and age: an assumption until the need model has been fitted."""

from __future__ import annotations

import polars as pl

from fordel.demo.packaged import read


def need_weights() -> pl.DataFrame:
    """The table ``NeedWeights``: made-up coefficients of a plausible shape."""
    return read("need_weights/need_weights.csv").with_columns(pl.col("coefficient").cast(pl.Float64))
