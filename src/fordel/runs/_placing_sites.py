"""Where a new practice could lie: populated cells with the name of the town, practices that may extend, given sites."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import dataframely as dy
import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from fordel.placement.errors import PlacementError
from fordel.runs.towns import candidate_cells, nearest_town
from fordel.stores import read_table

if TYPE_CHECKING:
    from fordel.coverage.survey import Survey
    from fordel.law import Law


class GivenSites(dy.Schema):
    """One row per site a region or a municipality offers, such as premises or a region clinic."""

    site = dy.String(primary_key=True, min_length=1, description="What it is called. Unit: none.")
    municipality = dy.String(regex=r"^\d{4}$", description="Kommunekode. Unit: none.")
    easting = dy.Float64(min=400_000, max=950_000, description="Easting, EPSG:25832. Unit: metres.")
    northing = dy.Float64(min=6_000_000, max=6_450_000, description="Northing, EPSG:25832. Unit: metres.")


class ClosureRisks(dy.Schema):
    """One row per practice: how probably it closes before the next capacities are placed (hazard)."""

    practice_id = dy.String(primary_key=True, regex=r"^\d{6}$", description="Ydernummer. Unit: none.")
    probability = dy.Float64(min=0, max=1, description="Probability of closing. Unit: share.")


def candidates(
    law: Law, found: Survey, municipalities: list[str], *, given: Path | None = None, extend: bool = False
) -> pl.DataFrame:
    """Give the candidates of some municipalities.

    Args:
        law: the law on the day.
        found: the survey of the whole country.
        municipalities: area ids.
        given: a table of sites besides the cells; see ``GivenSites``.
        extend: whether practices that are there may get more capacities.

    Returns:
        ``site, kind`` (cell, practice, open_practice or given), ``name, municipality, easting, northing, land, people``
        (of the cell), ``base`` (people within the choice radius), ``town_people`` (near it). ``site`` is unique.

    Raises:
        PlacementError: a given site lies in no municipality of the region, or on no land that is known.
        BadInput: the table of sites cannot be read.
    """
    here = found.places.filter(pl.col("municipality").is_in(municipalities))
    cells = candidate_cells(law, found.places, municipalities)
    cells = cells.select("municipality", "easting", "northing", "land", "people", site="cell_id", kind=pl.lit("cell"))
    parts = [cells]
    if extend:
        parts.append(_practices(found, municipalities))
    if given is not None:
        parts.append(_given(read_table(given, GivenSites), here, municipalities))
    every = pl.concat([part.select(parts[0].columns) for part in parts])
    return every.with_columns(nearest_town(every), *_crowds(law, found, every))


def _practices(found: Survey, municipalities: list[str]) -> pl.DataFrame:
    """Practices that may extend: a closed one then takes new patients, an open one only serves more."""
    own = found.practices.filter(pl.col("municipality").is_in(municipalities), pl.col("capacities_filled") > 0)
    kind = pl.when("open").then(pl.lit("open_practice")).otherwise(pl.lit("practice"))
    return own.select(
        "municipality", "easting", "northing", "land", people=pl.lit(0, pl.Int64), site="practice_id", kind=kind
    )


def _given(sites: pl.DataFrame, here: pl.DataFrame, municipalities: list[str]) -> pl.DataFrame:
    strange = sites.filter(~pl.col("municipality").is_in(municipalities))
    if strange.height:
        row = strange.row(0, named=True)
        raise PlacementError(
            f"Site {row['site']!r} lies in municipality {row['municipality']}, which is not in the region.\n"
            f"  Expected: one of {', '.join(municipalities)}\n  Try:      correct the kommunekode, or leave out the row"
        )
    _, near = _nearest(here.select("easting", "northing").to_numpy(), sites)
    return sites.with_columns(land=here["land"].gather(near), people=here["people"].gather(near), kind=pl.lit("given"))


def _nearest(spots: np.ndarray, sites: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Give how far the nearest of some spots is from each site (metres), and which it is."""
    away, which = cKDTree(spots).query(sites.select("easting", "northing").to_numpy())
    return np.asarray(away), np.asarray(which)


def _crowds(law: Law, found: Survey, every: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Count people within the choice radius of each, and within the reach of a town."""
    sites, spots = (frame.select("easting", "northing").to_numpy() for frame in (every, found.places))
    people, tree = found.places["people"].to_numpy(), cKDTree(spots)
    radius = found.places["radius"].to_numpy()[_nearest(spots, every)[1]]
    town = law.value("larger_town_reach") * 1000

    def within(metres: np.ndarray) -> list[int]:
        return [int(people[near].sum()) for near in tree.query_ball_point(sites, metres)]

    return (
        pl.Series("base", within(radius), pl.Int64),
        pl.Series("town_people", within(np.full(len(sites), town)), pl.Int64),
    )


def closure_risks(law: Law, practices: pl.DataFrame, table: Path | None) -> np.ndarray:
    """Give the probability that each practice closes: from a table, else by filled capacities (lukningsrisiko).

    Raises:
        PlacementError: the table names a practice that is not there.
        BadInput: it cannot be read.
    """
    by_size = list(law.value("closure_risk"))
    size = practices["capacities_filled"].to_numpy().astype(np.int64)
    risk: np.ndarray = np.array(by_size, dtype=np.float64)[np.clip(size, 1, len(by_size)) - 1]
    if table is None:
        return risk
    told = read_table(table, ClosureRisks)
    strange = told.join(practices, on="practice_id", how="anti")["practice_id"].to_list()
    if strange:
        raise PlacementError(
            f"{table.name} names {len(strange)} practices that are not there: {', '.join(strange[:5])}.\n"
            "  Expected: practice ids of the run or the snapshot\n  Try:      leave out those rows"
        )
    found = practices.join(told, on="practice_id", how="left", maintain_order="left")["probability"]
    known: np.ndarray = np.where(found.is_null().to_numpy(), risk, found.fill_null(0.0).to_numpy())
    return known
