"""The places of a proposal as files: points in WGS 84 (GeoJSON, RFC 7946) and a table (CSV)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from pyproj import Transformer

from fordel.publish.placement_words import say

if TYPE_CHECKING:
    from fordel.publish._words import Lang
    from fordel.runs.record import Run

COLUMNS = {
    "number": "number",
    "site": "site_id",
    "name": "place",
    "municipality": "municipality_code",
    "area": "municipality",
    "easting": "easting",
    "northing": "northing",
    "capacities": "capacities",
    "people_in_reach": "in_reach",
    "people_second": "second",
    "people_first": "first",
    "need_served": "need",
    "headroom": "headroom",
    "headroom_used": "headroom_used",
    "month": "month",
    "people_by_then": "by_then",
    "robust_mean": "robust",
    "next_best": "next_best",
    "people_lost": "lost",
}


def placement_geojson(run: Run, places: pl.DataFrame) -> str:
    """Write the places as points; where they come from stands at the head.

    Args:
        run: what the proposal was made from.
        places: as they are shown: ``site, easting, northing`` (metres, EPSG:25832) and what else is known of each.
    """
    to_degrees = Transformer.from_crs(25832, 4326, always_xy=True)
    lonlat = np.round(np.column_stack(to_degrees.transform(places["easting"], places["northing"])), 6)
    features = [
        {"type": "Feature", "id": row["site"], "properties": row, "geometry": {"type": "Point", "coordinates": at}}
        for row, at in zip(places.drop("easting", "northing").to_dicts(), lonlat.tolist(), strict=True)
    ]
    about = {
        "law_date": run.manifest.law_date.isoformat(),
        "snapshot": run.manifest.snapshot_name,
        "run_id": run.manifest.run_id,
        "synthetic": bool(run.manifest.synthetic),
        "attribution": run.sources["attribution"].to_list(),
    }
    whole = {"type": "FeatureCollection", **about, "features": features}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n"


def shown_columns(places: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    """Give the places with headings in the language, in the order of the table; what is not known has no column."""
    numbered = places.with_row_index("number", 1)
    return numbered.select(
        pl.col(name).alias(say(heading, lang)) for name, heading in COLUMNS.items() if name in numbered.columns
    )
