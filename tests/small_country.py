"""A hand-made country, small enough to check by hand: three regions, seven municipalities, two of them islands.

It has what a plan can trip over: a municipality with no practice (Samsø), a vacant capacity, a practice with no
patients, a closed one, several at one point, half a capacity, a ferry island, Danish letters, and the merger of two
regions in 2027.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import polars as pl
import shapely

from fordel.tables import AGE_GROUPS, SEXES, Tables

SNAPSHOT_DATE = date(2026, 1, 1)
ALWAYS, MERGER = date(1970, 4, 1), date(2027, 1, 1)

# kommunekode, name, health council, region to 2026, easting and northing of its middle (km), land, people.
MUNICIPALITIES = [
    ("0101", "København", "hovedstaden", "hovedstaden", 725, 6175, "fixed", 12_003),
    ("0147", "Frederiksberg", "hovedstaden", "hovedstaden", 721, 6176, "fixed", 4_000),
    ("0400", "Bornholm", "hovedstaden", "hovedstaden", 880, 6120, "bornholm", 1_997),
    ("0306", "Odsherred", "midt-vestsjaelland", "sjaelland", 650, 6190, "fixed", 3_500),
    ("0360", "Lolland", "oestsjaelland-oerne", "sjaelland", 640, 6075, "fixed", 4_123),
    ("0741", "Samsø", "aarhus", "midtjylland", 600, 6190, "samsoe", 377),
    ("0751", "Aarhus", "aarhus", "midtjylland", 574, 6225, "fixed", 9_000),
]
REGION_NAMES = {
    "hovedstaden": "Region Hovedstaden",
    "sjaelland": "Region Sjælland",
    "midtjylland": "Region Midtjylland",
    "oestdanmark": "Region Østdanmark",
}
COUNCIL_NAMES = {
    "hovedstaden": "Hovedstaden",
    "midt-vestsjaelland": "Midt- og Vestsjælland",
    "oestsjaelland-oerne": "Østsjælland og Øerne",
    "aarhus": "Aarhus",
}
# ydernummer, name, municipality, easting and northing (km), released, filled, open, whose patients (tenths).
PRACTICES = [
    ("010101", "Lægerne Nørrebro", "0101", 725.0, 6175.0, 3.0, 3.0, True, {"0101": 4}),
    ("010102", "Lægehuset Østerbro", "0101", 725.0, 6175.0, 2.0, 2.0, False, {"0101": 3}),
    ("010103", "Bryggens Læger", "0101", 727.5, 6172.5, 2.5, 2.0, True, {"0101": 3, "0147": 2}),
    ("014701", "Lægerne Falkoner", "0147", 721.0, 6176.0, 2.0, 2.0, True, {"0147": 8}),
    ("030601", "Lægehuset i Vig", "0306", 650.0, 6190.0, 1.0, 1.0, False, {"0306": 7}),
    ("030602", "Nykøbing Sj. Lægecenter", "0306", 652.0, 6195.0, 1.0, 1.0, True, {"0306": 3}),
    ("036001", "Rødby Lægehus", "0360", 640.0, 6075.0, 1.0, 1.0, True, {"0360": 10}),
    ("036002", "0-kapacitet i Nakskov", "0360", 631.0, 6081.0, 1.0, 0.0, True, {}),
    ("040001", "Rønne Lægehus", "0400", 880.0, 6120.0, 1.5, 1.5, True, {"0400": 10}),
    ("075101", "Lægerne Åboulevarden", "0751", 574.0, 6225.0, 4.0, 4.0, True, {"0751": 6, "0741": 10}),
    ("075102", "Lægehuset Skejby", "0751", 573.0, 6229.0, 2.0, 2.0, True, {"0751": 4}),
]
CELLS = [(0, 0, 5), (3, 4, 3), (-9, 12, 2)]  # kilometres east and north of the middle, share of people in tenths


def small_country_frames() -> dict[str, pl.DataFrame]:
    """Give the nine tables by name, before validation, so that tests can change one."""
    population, registrations = _population(), _registrations()
    return {
        "areas": _areas(),
        "area_parts": _area_parts(),
        "area_shapes": _area_shapes(),
        "population": population,
        "demand_points": _demand_points(),
        "practices": _practices(registrations),
        "registrations": registrations,
        "need_weights": _need_weights(),
        "sources": _sources(),
    }


def small_country_tables(**changed: pl.DataFrame) -> Tables:
    """Give the whole country; a frame given by name takes the place of its own."""
    return Tables.of("Lilleland", SNAPSHOT_DATE, **{**small_country_frames(), **changed})


def shares_of(amount: int, tenths: list[int]) -> list[int]:
    """Split a whole amount in tenths without losing anyone: the first share gets what is left over."""
    parts = [amount * share // 10 for share in tenths]
    return [parts[0] + amount - sum(parts), *parts[1:]] if sum(tenths) == 10 else parts


def _areas() -> pl.DataFrame:
    rows: list[tuple[str, str, date, date | None, str]] = [("dk", "nation", ALWAYS, None, "Danmark")]
    for slug, name in REGION_NAMES.items():
        ends = MERGER if slug in ("hovedstaden", "sjaelland") else None
        rows.append((f"region-{slug}", "region", MERGER if slug == "oestdanmark" else ALWAYS, ends, name))
    rows += [(f"sundhedsraad-{s}", "health_council", ALWAYS, None, n) for s, n in COUNCIL_NAMES.items()]
    rows += [(m[0], "municipality", ALWAYS, None, m[1]) for m in MUNICIPALITIES]
    return pl.DataFrame(rows, ["area_id", "level", "valid_from", "valid_until", "name"], orient="row")


def _area_parts() -> pl.DataFrame:
    rows: list[tuple[str, str, str, str, date, date | None]] = []
    for code, _, council, region, *_ in MUNICIPALITIES:
        rows.append((code, "municipality", f"sundhedsraad-{council}", "health_council", ALWAYS, None))
        rows += [(code, "municipality", *rest) for rest in _region_of(region)]
    councils = {council: region for _, _, council, region, *_ in MUNICIPALITIES}
    for council, region in councils.items():
        rows += [(f"sundhedsraad-{council}", "health_council", *rest) for rest in _region_of(region)]
    columns = ["part_id", "part_level", "whole_id", "whole_level", "valid_from", "valid_until"]
    return pl.DataFrame(rows, columns, orient="row")


def _region_of(region: str) -> list[tuple[str, str, date, date | None]]:
    if region == "midtjylland":
        return [("region-midtjylland", "region", ALWAYS, None)]
    return [(f"region-{region}", "region", ALWAYS, MERGER), ("region-oestdanmark", "region", MERGER, None)]


def _area_shapes() -> pl.DataFrame:
    """Every municipality is a square of 4 km."""
    rows = []
    for code, _, _, _, east, north, *_ in MUNICIPALITIES:
        square = shapely.box((east - 2) * 1000, (north - 2) * 1000, (east + 2) * 1000, (north + 2) * 1000)
        rows.append((code, shapely.MultiPolygon([square]).wkb))
    return pl.DataFrame(rows, ["municipality", "geometry"], orient="row")


def _population() -> pl.DataFrame:
    rows = []
    for code, *_, people in MUNICIPALITIES:
        groups = list(product(SEXES, AGE_GROUPS))
        base = people // len(groups)
        tilt = 1 if code in ("0360", "0306", "0400", "0741") else -1  # older people in the outskirts
        counts = [base + tilt * (base * (rank % 20 - 10) // 12) for rank in range(len(groups))]
        counts[0] += people - sum(counts)
        rows += [(code, sex, age, n) for (sex, age), n in zip(groups, counts, strict=True)]
    return pl.DataFrame(rows, ["municipality", "sex", "age_group", "people"], orient="row")


def _registrations() -> pl.DataFrame:
    rows = []
    for code, sex, age, people in _population().rows():
        takers = [(practice[0], practice[8][code]) for practice in PRACTICES if code in practice[8]]
        counts = shares_of(people, [share for _, share in takers])
        rows += [(taker, code, sex, age, n) for (taker, _), n in zip(takers, counts, strict=True) if n]
    return pl.DataFrame(rows, ["practice_id", "municipality", "sex", "age_group", "patients"], orient="row")


def _practices(registrations: pl.DataFrame) -> pl.DataFrame:
    land = {m[0]: m[6] for m in MUNICIPALITIES}
    lists = dict(registrations.group_by("practice_id").agg(pl.col("patients").sum()).iter_rows())
    rows = [
        (*p[:3], p[3] * 1000, p[4] * 1000, land[p[2]], p[5], p[6], lists.get(p[0], 0), p[7])  # one row per practice
        for p in PRACTICES
    ]
    columns = ["practice_id", "name", "municipality", "easting", "northing", "landmass"]
    columns += ["capacities_released", "capacities_filled", "patients", "open_to_new"]
    return pl.DataFrame(rows, columns, orient="row")


def _demand_points() -> pl.DataFrame:
    rows = []
    for code, _, _, _, east, north, land, people in MUNICIPALITIES:
        counts = shares_of(people, [share for *_, share in CELLS])
        for (dx, dy, _), n in zip(CELLS, counts, strict=True):
            x, y = east + dx, north + dy
            rows.append((f"1km_{y}_{x}", code, x * 1000.0, y * 1000.0, land, n))
    columns = ["cell_id", "municipality", "easting", "northing", "landmass", "people"]
    return pl.DataFrame(rows, columns, orient="row")


def _need_weights() -> pl.DataFrame:
    rows = [
        (sex, age, 0.5 + 0.07 * rank + (0.2 if sex == "female" else 0.0))
        for sex in SEXES
        for rank, age in enumerate(AGE_GROUPS)
    ]
    return pl.DataFrame(rows, ["sex", "age_group", "coefficient"], orient="row")


def _sources() -> pl.DataFrame:
    note = "Made by hand to test with."
    row = (
        "lilleland",
        "all",
        "Lilleland",
        "CC0-1.0",
        "Lilleland, made up",
        "2026-01-01",
        True,
        note,
        "Lavet i hånden.",
    )
    columns = ["source_id", "tables", "title", "licence", "attribution", "vintage", "synthetic", "note", "note_dansk"]
    return pl.DataFrame([row], columns, orient="row")


def three_without_choice(places: pl.DataFrame) -> pl.DataFrame:
    """The places of one municipality as its counts by class have it: 3, 1,797 and 7,200 people."""
    here, rest = (places.filter((pl.col("municipality") == "0751") == is_here) for is_here in (True, False))
    changed = here.head(1).select(pl.all().repeat_by(3).list.explode()) if here.height < 3 else here.head(3)
    values: dict[str, list[Any]] = {
        "people": [3, 1797, 7200],
        "open_choices": [0, 1, 2],
        "choice_met": [False, False, True],
    }
    columns = [pl.Series(name, value, dtype=places.schema[name]) for name, value in values.items()]
    return pl.concat([rest, changed.with_columns(columns)])
