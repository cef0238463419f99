"""The hand-made country with all a snapshot may have: published ceilings, decisions, forecasts and districts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from fordel.tables import Tables
from small_country import ALWAYS, MUNICIPALITIES, small_country_frames, small_country_tables

DISTRICTS = {"koebenhavn-noerrebro": ("Nørrebro", 7_000), "koebenhavn-oesterbro": ("Østerbro", 5_003)}


def rich_country_tables(**changed: pl.DataFrame) -> Tables:
    """Give the country with everything; a frame given by name takes the place of its own."""
    return small_country_tables(**{**rich_country_frames(), **changed})


def rich_country_frames() -> dict[str, pl.DataFrame]:
    """Give the tables that differ from those of the small country."""
    frames = small_country_frames()
    areas = [(key, "district", ALWAYS, None, name) for key, (name, _) in DISTRICTS.items()]
    areas += [(f"planomraade-{slug}", "planning_area", ALWAYS, None, name) for slug, name in (("byen", "Byen"),)]
    parts = [(key, "district", "0101", "municipality", ALWAYS, None) for key in DISTRICTS]
    parts += [(key, "district", "planomraade-byen", "planning_area", ALWAYS, None) for key in DISTRICTS]
    parts += [("0147", "municipality", "planomraade-byen", "planning_area", ALWAYS, None)]
    parts += [("planomraade-byen", "planning_area", "region-hovedstaden", "region", ALWAYS, None)]
    return {
        "areas": _with(frames["areas"], areas),
        "area_parts": _with(frames["area_parts"], parts),
        "districts": districts(),
        "forecasts": forecasts({"0751": 3_400}),
        "decisions": decisions(
            ("bornholm", "exception_island", "0400", 1.0, date(2026, 1, 15), None),
            ("aarhus", "exception_growth", "0751", 1.0, date(2026, 1, 1), None),
            ("lolland", "exception_extraordinary", "0360", 0.5, date(2025, 9, 1), date(2026, 9, 1)),
        ),
        "stated_maxima": stated({"010101": 5_200, "030602": 1_000, "075101": 9_000}),
        "published_ceilings": published(("region-sjaelland", "region", 2026, 8)),
    }


def stated(maxima: dict[str, int]) -> pl.DataFrame:
    """Give the most patients some practices say they will have."""
    return pl.DataFrame({"practice_id": list(maxima), "stated_maximum": list(maxima.values())})


def districts(*, weighted: bool = False) -> pl.DataFrame:
    """Give the districts' people, and capacities in one of them alone."""
    rows = [
        (key, people, people * 0.9 if weighted else None, 5.0 if people > 6_000 else None)
        for key, (_, people) in DISTRICTS.items()
    ]
    types = {
        "district": pl.String,
        "people": pl.Int64,
        "weighted_citizens": pl.Float64,
        "capacities_released": pl.Float64,
    }
    return pl.DataFrame(rows, types, orient="row")


def forecasts(more: dict[str, int], year: int = 2026) -> pl.DataFrame:
    """Give both forecasts for every municipality; the newest has so many people more where it is said."""
    rows = [
        (forecast, code, year, people + (more.get(code, 0) if forecast == "newest" else 0), "Lavet i hånden")
        for code, *_, people in MUNICIPALITIES
        for forecast in ("model", "newest")
    ]
    return pl.DataFrame(rows, ["forecast", "municipality", "year", "people", "source"], orient="row")


def decisions(*rows: tuple[str, str, str, float, date, date | None]) -> pl.DataFrame:
    """Give exceptions: id, kind, area, capacities, first day, first day no longer."""
    full = [
        (key, kind, area, None, value, "supply", f"Referat om {area}", since, since, until, "region-midtjylland")
        for key, kind, area, value, since, until in rows
    ]
    columns = [
        "decision_id",
        "kind",
        "area_id",
        "practice_id",
        "value",
        "ground",
        "evidence",
        "decided_on",
        "valid_from",
    ]
    schema = {**dict.fromkeys([*columns, "valid_until", "decided_by"], pl.String), "value": pl.Float64}
    days = dict.fromkeys(("decided_on", "valid_from", "valid_until"), pl.Date)
    return pl.DataFrame(full, {**schema, **days}, orient="row")


def published(*rows: tuple[str, str, int, int]) -> pl.DataFrame:
    """Give published ceilings: area, level, year, capacities."""
    full = [(*row, "Bekendtgørelse, lavet i hånden") for row in rows]
    return pl.DataFrame(full, ["area_id", "level", "year", "ceiling", "source"], orient="row")


def _with(frame: pl.DataFrame, rows: Sequence[tuple[str | date | None, ...]]) -> pl.DataFrame:
    more = pl.DataFrame(rows, schema=frame.schema, orient="row")
    return pl.concat([frame, more])
