"""Read a road graph from an OpenStreetMap extract (``.osm.pbf``, ``.osm``, ``.osm.gz``, ``.osm.bz2``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import Transformer

from fordel.coverage.distance import Metres, metres_between
from fordel.coverage.errors import CoverageError
from fordel.coverage.paces import Paces
from fordel.engines.roads import Roads

LICENCE = "ODbL-1.0, © OpenStreetMap contributors"
ZONES = {"dk:urban": 50.0, "dk:rural": 80.0, "dk:motorway": 130.0, "walk": 6.0, "none": 130.0}
MILE = 1.609344


def read_osm(path: Path, paces: Paces) -> Roads:
    """Read the roads and ferries that a car may use.

    Args:
        path: the extract.
        paces: what is assumed where nothing is tagged. The wait before a ferry with a tagged interval is half of it.

    Raises:
        CoverageError: the file is missing or is no extract.
    """
    if not path.is_file():
        raise CoverageError(
            f"There is no file {path}.\n  Expected: an OpenStreetMap extract (.osm.pbf, .osm, .osm.gz)."
        )
    arcs = _Arcs(paces)
    try:
        for way in _ways(path):
            arcs.add(way)
    except RuntimeError as fault:
        raise CoverageError(
            f"{path} cannot be read as an OpenStreetMap extract: {fault}\n"
            f"  Expected: .osm.pbf, .osm, .osm.gz or .osm.bz2, with nodes before ways.\n  Try:      download it again."
        ) from None
    return arcs.roads(f"{path.name} ({LICENCE})")


def _ways(path: Path) -> Iterator[Any]:
    import osmium  # noqa: PLC0415 - only needed where roads are read

    processor: Any = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    yield from (entity for entity in processor if entity.is_way())


class _Arcs:
    """Collects arcs way by way."""

    def __init__(self, paces: Paces) -> None:
        self.paces = paces
        self.number: dict[int, int] = {}
        self.degrees: list[tuple[float, float]] = []
        self.rows: list[tuple[int, int, float, float, bool]] = []

    def add(self, way: Any) -> None:
        """Add the arcs of a road or ferry, both ways unless it is one-way; other ways are passed over."""
        tags = way.tags
        ferry = tags.get("route") == "ferry"
        if not (ferry or tags.get("highway") in self.paces.road_speeds) or _closed_to_cars(tags):
            return
        runs = self._runs(way)
        direction = 0 if ferry else one_way(tags)
        pace = self._ferry_pace(tags, runs) if ferry else (3.6 / speed(tags, self.paces.road_speeds), 0.0)
        for run in runs:
            self._add_run(run, pace, direction, ferry=ferry)

    def _runs(self, way: Any) -> list[list[int]]:
        """Split a way where nodes are missing from the extract; a gap must not become a road."""
        runs: list[list[int]] = [[]]
        for node in way.nodes:
            if node.location.valid():
                runs[-1].append(self._node(node.ref, node.location.lon, node.location.lat))
            elif runs[-1]:
                runs.append([])
        return [run for run in runs if len(run) > 1]

    def _node(self, ref: int, lon: float, lat: float) -> int:
        if ref not in self.number:
            self.number[ref] = len(self.degrees)
            self.degrees.append((lon, lat))
        return self.number[ref]

    def _length(self, run: list[int]) -> Metres:
        xy = _project([self.degrees[n] for n in run])
        return metres_between(xy[:-1], xy[1:])

    def _ferry_pace(self, tags: Any, runs: list[list[int]]) -> tuple[float, float]:
        """Give seconds per metre sailed, and seconds waited, which are paid once, on boarding."""
        length = sum(float(self._length(run).sum()) for run in runs)
        sailing = duration(tags.get("duration"))
        pace = sailing / length if sailing and length else 3.6 / self.paces.ferry_speed
        interval = duration(tags.get("interval"))
        return pace, interval / 2 if interval else self.paces.ferry_wait * 60

    def _add_run(self, run: list[int], pace: tuple[float, float], direction: int, *, ferry: bool) -> None:
        """Add a run; the wait lies half at each end, so that a crossing pays it once whichever way it goes."""
        metres = self._length(run)
        seconds = metres * pace[0]
        seconds[0] += pace[1] / 2
        seconds[-1] += pace[1] / 2
        for a, b, length, time in zip(run[:-1], run[1:], metres, seconds, strict=True):
            if direction >= 0:
                self.rows.append((a, b, float(length), float(time), ferry))
            if direction <= 0:
                self.rows.append((b, a, float(length), float(time), ferry))

    def roads(self, source: str) -> Roads:
        """Give the graph."""
        columns = list(zip(*self.rows, strict=True)) or [(), (), (), (), ()]
        tail, head = (np.array(column, dtype=np.int64) for column in columns[:2])
        metres, seconds = (np.array(column, dtype=np.float64) for column in columns[2:4])
        return Roads(_project(self.degrees), tail, head, metres, seconds, np.array(columns[4], dtype=np.bool_), source)


def _project(degrees: list[tuple[float, float]]) -> Metres:
    if not degrees:
        return np.empty((0, 2))
    to_metres = Transformer.from_crs(4258, 25832, always_xy=True)
    return np.column_stack(to_metres.transform(*np.array(degrees).T))


def _closed_to_cars(tags: Any) -> bool:
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        value = tags.get(key)
        if value is not None:
            return value in ("no", "agricultural", "forestry", "military")
    return False


def one_way(tags: Any) -> int:
    """Read the direction of a road: 1 along it, -1 against it, 0 both."""
    value = tags.get("oneway")
    if value in ("-1", "reverse"):
        return -1
    if value in ("yes", "1", "true"):
        return 1
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return 1 if implied and value not in ("no", "0", "false") else 0


def speed(tags: Any, by_class: Mapping[str, float]) -> float:
    """Read the speed of a road from maxspeed, else by its class. Unit: kilometres / hour."""
    tagged = (tags.get("maxspeed") or "").strip().lower()
    if tagged in ZONES:
        return ZONES[tagged]
    number = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh)?", tagged)
    if number and float(number[1]) > 0:
        return float(number[1]) * (MILE if number[2] == "mph" else 1.0)
    return float(by_class[tags.get("highway")])


def duration(text: str | None) -> float:
    """Read a duration: ``1:00``, ``0:15:30`` (hours first), ``45`` (minutes), ``PT1H30M``. Unit: seconds, 0 if none."""
    text = (text or "").strip()
    if re.fullmatch(r"\d+", text):
        return float(text) * 60
    if clock := re.fullmatch(r"(\d+):(\d{2})(?::(\d{2}))?", text):
        return int(clock[1]) * 3600.0 + int(clock[2]) * 60 + int(clock[3] or 0)
    if iso := re.fullmatch(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", text):
        days, hours, minutes, seconds = (int(part or 0) for part in iso.groups())
        return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
    return 0.0
