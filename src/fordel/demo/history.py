"""Snapshots of past years, for a back-test: people as they were, areas as they are planned, and no practices."""

from __future__ import annotations

from datetime import date

import polars as pl

from fordel.demo import areas, sources, weights
from fordel.demo.population import past_populations
from fordel.tables import SCHEMAS, Tables

NAME = "Danmark, folketal {year}"


def past_snapshots() -> list[Tables]:
    """Give one snapshot per 1 January from 2008 to 2020, oldest first.

    People are those of Statistics Denmark; the health councils of 2025 and the assumed need weights stand for every
    year, so that only people move. Practices, lists, places and shapes have no rows: no capacities are known of then.
    """
    same = {"areas": areas.areas(), "area_parts": areas.area_parts(), "need_weights": weights.need_weights()}
    used = sources.sources().filter(pl.col("source_id").is_in(["dst-folk1b", "health-councils", "need-weights"]))
    empty = {name: pl.DataFrame(schema.create_empty()) for name, schema in SCHEMAS.items()}
    return [
        Tables.of(NAME.format(year=year), date(year, 1, 1), **{**empty, **same, "sources": used, "population": people})
        for year, people in past_populations().items()
    ]
