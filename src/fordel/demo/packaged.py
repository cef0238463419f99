"""The open data that come with the package, one folder per source, each with its SOURCE.md."""

from __future__ import annotations

import gzip
from importlib.resources import files

import polars as pl


def read(name: str) -> pl.DataFrame:
    """Read a packaged CSV as text columns; every module casts what it needs.

    Args:
        name: source folder and file, as ``"dagi_2014/land.csv"``.
    """
    content = files("fordel.demo").joinpath("data", *name.split("/")).read_bytes()
    return pl.read_csv(gzip.decompress(content) if name.endswith(".gz") else content, infer_schema=False)
