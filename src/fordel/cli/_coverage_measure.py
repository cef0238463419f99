"""How `fordel coverage` measures: in a straight line, along the roads of a file, or by a table made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fordel.coverage.errors import CoverageError
from fordel.coverage.paces import Paces
from fordel.coverage.survey import MEASURES
from fordel.engines.straight_line import fastest

if TYPE_CHECKING:
    import polars as pl

    from fordel.coverage.matrix import Engine
    from fordel.engines.roads import Roads
    from fordel.law import Law

OSM = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2")
CENTRE_LINES = (".geojson", ".json", ".geojson.gz", ".json.gz")
TABLES = (".csv", ".parquet", ".xlsx")
WANTED = (
    f"one of {', '.join(MEASURES)}, or a file: roads ({', '.join(OSM + CENTRE_LINES)}) or travel ({', '.join(TABLES)})"
)


@dataclass(frozen=True, eq=False)
class Measured:
    """What measures, what it is called, where it comes from, and which places it knows; all where ``known`` is None."""

    engine: Engine
    measure: str
    source: str
    known: np.ndarray | None = None


def measured(
    asked: str, law: Law, places: pl.DataFrame, practices: pl.DataFrame, *, again: bool, partial: bool
) -> Measured:
    """Choose what measures.

    Args:
        asked: a measure's name, or a file of roads or of travel.
        law: says whether a ferry counts, and what is assumed of roads.
        places, practices: what will be measured.
        again: whether many questions follow.
        partial: whether roads that reach only some of the practices will do.

    Raises:
        CoverageError: no such measure or file, or roads that do not reach the practices.
        BadInput: a table that cannot be read; every fault.
    """
    if asked in MEASURES:
        return Measured(fastest(places.height, again=again), asked, "")
    path, ferries = Path(asked), bool(law.value("straight_line_crosses_water"))
    if not path.is_file() or not path.name.lower().endswith(OSM + CENTRE_LINES + TABLES):
        raise CoverageError(f"No measure is called {asked!r}, and it is no such file.\n  Expected: {WANTED}.")
    if path.name.lower().endswith(TABLES):
        return _by_table(path, places, practices, ferries=ferries)
    paces = law.load(Paces)[0]
    return _by_road(_roads(path, paces), paces, (places, practices), ferries=ferries, partial=partial)


def _by_table(path: Path, places: pl.DataFrame, practices: pl.DataFrame, *, ferries: bool) -> Measured:
    from fordel.engines.by_road import ByTravelTable  # noqa: PLC0415 - only who has such a table needs it
    from fordel.stores import read_table  # noqa: PLC0415
    from fordel.tables.travel import Travel  # noqa: PLC0415

    travel = read_table(path, Travel)
    engine = ByTravelTable(places, practices, travel, ferries)
    return Measured(engine, "travel_table", f"the table {path.name}")


def _roads(path: Path, paces: Paces) -> Roads:
    if path.name.lower().endswith(OSM):
        from fordel.engines.osm import read_osm  # noqa: PLC0415 - only roads need it

        return read_osm(path, paces)
    from fordel.engines.vejmidte import read_vejmidte  # noqa: PLC0415

    return read_vejmidte(path, paces)


def _by_road(
    roads: Roads, paces: Paces, points: tuple[pl.DataFrame, pl.DataFrame], *, ferries: bool, partial: bool
) -> Measured:
    """Measure by road; people beyond the roads are told apart, practices beyond them may stop it all."""
    from fordel.engines.by_road import ByRoad  # noqa: PLC0415 - only roads need it

    engine = ByRoad(roads if ferries else roads.without_ferries(), paces)
    places, practices = (
        engine.on_roads(np.asarray(frame.select("easting", "northing").to_numpy(), dtype=np.float64))
        for frame in points
    )
    near = f"within {paces.road_snap_limit:.0f} m of a road of {roads.source}"
    if not (places.any() and practices.any()):
        raise CoverageError(f"No place or no practice lies {near}.\n  Try:      roads of the area the places lie in.")
    if not (partial or practices.all()):
        raise CoverageError(
            f"Only {practices.sum():,} of {len(practices):,} practices lie {near}.\n"
            "  Expected: roads under all of them, as a practice that no road reaches can take nobody.\n"
            "  Try:      roads of the whole country, or `fordel coverage analyse`, which leaves out who is beyond them."
        )
    return Measured(engine, "road", f"the roads of {roads.source}", places)
