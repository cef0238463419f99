"""Synthetic practices: how many capacities each municipality has, shared into practices that stand in real settlements.

No row is a real practice. The sums are published: GPs per region, none on Læsø, shares of solo and of open practices.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fordel.demo.land import in_metres
from fordel.demo.packaged import read
from fordel.demo.population import municipalities
from fordel.demo.rounding import whole_shares
from fordel.demo.settlements import on_land

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SEED = 20260201
FIRST_ID = 900_001  # synthetic numbers of a series of their own
SIZES = (1, 2, 3, 4, 5, 6, 7, 8)  # filled capacities of a practice
SIZE_SHARES = (0.46, 0.30, 0.13, 0.055, 0.028, 0.015, 0.008, 0.004)  # assumption; half solo as PLO counted in 2019
SUPPLY_SPREAD = 0.12  # how far GPs per person vary between municipalities of a region (assumption)
VACANT_SHARE = {"region-sjaelland": 0.06, "region-nordjylland": 0.05}  # assumption
VACANT_ELSEWHERE = 0.02
WITHOUT_GP = "0825"  # Læsø had none
TOWN_CELL = 400.0  # people a cell must have for a practice to stand there
NAMING_SIZE = 200.0  # people a settlement must have to lend its name
DOCTOR_WITHIN = 2000.0  # metres from the drawn place to an OpenStreetMap doctor who lends it his address


def make_practices(
    parts: pl.DataFrame, grid: pl.DataFrame, settlements: pl.DataFrame, population: pl.DataFrame
) -> pl.DataFrame:
    """Practices without lists: the table ``Practices`` less ``patients`` and ``open_to_new``, with ``region``."""
    rng = np.random.default_rng(SEED)
    rows = []
    local_grids = grid.with_columns(pl.col("municipality", "land").cast(pl.String)).partition_by(
        "municipality", as_dict=True
    )
    for municipality, region, filled in _gps(rng, population).iter_rows():
        sizes = _sizes(rng, filled)
        local = local_grids[municipality,]
        sites = _sites(rng, local, len(sizes))
        rows.append(
            local[sites]
            .select("municipality", "land", "easting", "northing")
            .with_columns(region=pl.lit(region), capacities_filled=pl.Series(sizes, dtype=pl.Float64))
        )
    practices = _beside_doctors(pl.concat(rows), parts)
    practices = _with_vacancies(rng, practices)
    return _named(practices, settlements)


def published_gps() -> dict[str, int]:
    """Published GPs per region, about 2020, by the id of the region."""
    figures = read("gp_supply/gp_supply_figures.csv").filter(
        (pl.col("measure") == "GPs") & pl.col("area").str.starts_with("Region")
    )
    key = pl.col("area").str.to_lowercase().str.replace(" ", "-").str.replace("æ", "ae")
    return dict(figures.select(key, pl.col("value").cast(pl.Int64)).sort("area").iter_rows())


def _gps(rng: np.random.Generator, population: pl.DataFrame) -> pl.DataFrame:
    """GPs per municipality: ``municipality, region, filled``. Regions sum as published."""
    people = population.group_by("municipality").agg(pl.col("people").sum())
    codes = municipalities().join(people, on="municipality").sort("region", "municipality")
    spread = 1 + SUPPLY_SPREAD * (2 * rng.random(codes.height) - 1)
    weight = pl.when(pl.col("municipality") == WITHOUT_GP).then(0.0).otherwise(pl.col("people") * pl.Series(spread))
    codes = codes.with_columns(weight=weight)
    shared = [
        group.with_columns(filled=pl.Series(whole_shares(group["weight"].to_numpy(), published_gps()[region])))
        for (region,), group in codes.partition_by("region", as_dict=True).items()
    ]
    return pl.concat(shared).sort("municipality").select("municipality", "region", "filled")


def _sizes(rng: np.random.Generator, filled: int) -> list[int]:
    """Share a municipality's GPs into practices; a municipality with none has one vacant practice."""
    if filled == 0:
        return [0]
    sizes: list[int] = []
    steps = np.cumsum(SIZE_SHARES)
    while (left := filled - sum(sizes)) > 0:
        drawn = SIZES[min(int(np.searchsorted(steps, rng.random())), len(SIZES) - 1)]
        sizes.append(min(drawn, left))
    return sizes


def _sites(rng: np.random.Generator, local: pl.DataFrame, count: int) -> Ints:
    """Draw fine grid points in towns in proportion to people, evenly over them (systematic sampling)."""
    in_cell = pl.col("expected").sum().over("cell")
    people = local.select(pl.when(in_cell >= TOWN_CELL).then("expected").otherwise(0.0)).to_series().to_numpy()
    if people.sum() == 0:
        people = local["expected"].to_numpy()
    ladder = np.cumsum(people) / people.sum()
    steps = (np.arange(count) + rng.random()) / count
    return np.minimum(np.searchsorted(ladder, steps), local.height - 1).astype(np.int64)[rng.random(count).argsort()]


def _beside_doctors(practices: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Move the practice nearest each OpenStreetMap doctor to that doctor's address, within the same municipality."""
    xy = practices.select("easting", "northing").to_numpy().copy()
    owner = practices["municipality"].to_numpy()
    free = np.ones(len(xy), dtype=bool)
    for x, y, municipality in _doctors(parts).iter_rows():
        distance = np.where(free & (owner == municipality), np.hypot(xy[:, 0] - x, xy[:, 1] - y), np.inf)
        nearest = int(distance.argmin())
        if distance[nearest] <= DOCTOR_WITHIN:
            xy[nearest], free[nearest] = (x, y), False
    return practices.with_columns(easting=pl.Series(xy[:, 0]).round(1), northing=pl.Series(xy[:, 1]).round(1))


def _doctors(parts: pl.DataFrame) -> pl.DataFrame:
    """Doctors' addresses on land joined to the rest of Denmark: ``easting, northing, municipality``."""
    lonlat = read("osm_2019/doctors.csv").select(pl.col("longitude", "latitude").cast(pl.Float64)).to_numpy()
    points = pl.DataFrame(in_metres(lonlat[:, 0], lonlat[:, 1]), schema=["easting", "northing"], orient="row")
    on_fixed = on_land(points, parts).filter(pl.col("land") == "fixed")
    return on_fixed.select("easting", "northing", "municipality")


def _with_vacancies(rng: np.random.Generator, practices: pl.DataFrame) -> pl.DataFrame:
    """Add released capacities that no doctor fills (ubesatte)."""
    share = pl.col("region").replace_strict(VACANT_SHARE, default=VACANT_ELSEWHERE, return_dtype=pl.Float64)
    drawn = pl.Series(rng.random(practices.height)) < share * pl.col("capacities_filled")
    vacant = (drawn | (pl.col("capacities_filled") == 0)).cast(pl.Float64)
    return practices.with_columns(capacities_released=pl.col("capacities_filled") + vacant)


def _named(practices: pl.DataFrame, settlements: pl.DataFrame) -> pl.DataFrame:
    """Number practices and name them, synthetic, by the nearest settlement of the same municipality."""
    practices = practices.sort("municipality", "northing", "easting")
    numbers = [str(FIRST_ID + row) for row in range(practices.height)]
    towns = settlements.filter(pl.col("people") >= NAMING_SIZE).partition_by("municipality", as_dict=True)
    names = []
    for number, site in zip(numbers, practices.select("municipality", "easting", "northing").iter_rows(), strict=True):
        local = towns[site[0],]
        apart = np.hypot(local["easting"].to_numpy() - site[1], local["northing"].to_numpy() - site[2])
        names.append(f"Syntetisk praksis {number}, {local['name'][int(apart.argmin())]}")
    named = practices.with_columns(practice_id=pl.Series(numbers), name=pl.Series(names))
    return named.rename({"land": "landmass"})
