"""Read a road graph from GeoDanmark's road centre lines (Vejmidte) as GeoJSON in EPSG:25832."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from fordel.coverage.distance import metres_between
from fordel.coverage.errors import CoverageError
from fordel.coverage.paces import Paces
from fordel.engines.roads import Roads

LICENCE = "Indeholder data fra GeoDanmark (Klimadatastyrelsen og danske kommuner)"
NOT_FOR_CARS = ("Sti", "Sti, diverse", "Hovedsti")


def read_vejmidte(path: Path, paces: Paces) -> Roads:
    """Read the roads in use: both ways and at assumed speeds, as they hold neither one-way streets nor speeds.

    Raises:
        CoverageError: the file is missing, or is not GeoJSON of centre lines in EPSG:25832.
    """
    lines = [line for line in _features(path) if _for_cars(line["properties"])]
    number: dict[tuple[int, int], int] = {}
    rows = [row for line in lines for row in _arcs(line, number, paces.centre_line_speeds)]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    tail, head = (np.array(column, dtype=np.int64) for column in columns[:2])
    xy = np.array(list(number), dtype=np.float64).reshape(-1, 2) / 100
    metres = metres_between(xy[tail], xy[head])
    seconds = metres * 3.6 / np.array(columns[2], dtype=np.float64)
    ends, ferry = np.concatenate([tail, head]), np.zeros(2 * len(tail), np.bool_)
    other_ends = np.concatenate([head, tail])
    source = f"{path.name} ({LICENCE})"
    return Roads(xy, ends, other_ends, np.tile(metres, 2), np.tile(seconds, 2), ferry, source)


def _features(path: Path) -> list[dict[str, Any]]:
    wanted = "  Expected: a GeoJSON FeatureCollection of Vejmidte line strings in EPSG:25832."
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        collection = json.loads(raw)
        features: list[dict[str, Any]] = collection["features"]
        crs = collection.get("crs", {}).get("properties", {}).get("name", "")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise CoverageError(f"{path} cannot be read as road centre lines: {fault}\n{wanted}") from None
    if "25832" not in crs:
        raise CoverageError(
            f"{path} is in {crs or 'no stated coordinate system'}.\n{wanted}\n  Try:      project it first."
        )
    return features


def _for_cars(properties: dict[str, Any]) -> bool:
    return properties.get("VEJMIDTETYPE") not in NOT_FOR_CARS and properties.get("VEJKLASSE") not in NOT_FOR_CARS


def _arcs(
    line: dict[str, Any], number: dict[tuple[int, int], int], speeds: Mapping[str, float]
) -> list[tuple[int, int, float]]:
    """Give the pieces of a line; points are the same node when they agree to the centimetre."""
    pace = speeds.get(str(line["properties"].get("VEJKLASSE")), speeds["other"])
    points = [(round(x * 100), round(y * 100)) for x, y, *_ in line["geometry"]["coordinates"]]
    nodes = [number.setdefault(point, len(number)) for point in points]
    return [(a, b, pace) for a, b in pairwise(nodes) if a != b]
