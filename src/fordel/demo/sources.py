"""Where the demo snapshot comes from: one row per source, licence and attribution included."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import polars as pl


def sources() -> pl.DataFrame:
    """The table ``Sources``."""
    text = files("fordel.demo").joinpath("data", "sources.toml").read_text(encoding="utf-8")
    return pl.DataFrame(tomllib.loads(text)["source"])
