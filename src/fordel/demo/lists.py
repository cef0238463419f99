"""Synthetic lists: a gravity model with room puts every resident on one practice's list, by sex and age."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fordel.demo.rounding import whole_shares, whole_table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SEED = 20250701
CANDIDATES = 40  # practices a place may choose among: the nearest
DECAY = 3000.0  # metres over which attraction falls to 1/e (assumption)
FERRY = 25_000.0  # metres a ferry counts as (assumption)
ROUNDS = 20
LIST_SPREAD = 0.22  # how far list sizes per capacity vary within a region (assumption)
FEWEST = 20.0  # a practice has no patients in a municipality where it would have fewer
AGE_SPREAD, SEX_SPREAD = 0.35, 0.12  # how far lists lean old or female (assumption)
OPEN_SHARE = {"region-hovedstaden": 0.23, "region-midtjylland": 0.43}  # published 2019
ROOMIER = 15.0  # patients per GP; large practices are open a little more often (37 % of GPs, 33 % of practices)
OPEN_ELSEWHERE = 0.38  # so that 37 % of the nation's GPs are open, as published


def make_lists(
    practices: pl.DataFrame, points: pl.DataFrame, population: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Fill the lists of practices.

    Returns:
        the tables ``Practices`` and ``Registrations``; registrations sum to the population of every group.
    """
    rng = np.random.default_rng(SEED)
    wanted = _room(rng, practices, int(points["people"].sum()))
    flows = _flows(practices, points, wanted)
    registrations = _by_group(rng, practices, flows, population)
    patients = registrations.group_by("practice_id").agg(pl.col("patients").sum())
    listed = practices.join(patients, on="practice_id", how="left", maintain_order="left")
    listed = listed.with_columns(pl.col("patients").fill_null(0))
    return _open(rng, listed), registrations


def _room(rng: np.random.Generator, practices: pl.DataFrame, people: int) -> Floats:
    """Patients each practice has room for; they sum to the nation's people."""
    spread = 1 + LIST_SPREAD * (rng.random((practices.height, 3)).sum(axis=1) - 1.5)
    room = practices["capacities_filled"].to_numpy() * spread
    return np.asarray(room * (people / room.sum()), dtype=np.float64)


def _flows(practices: pl.DataFrame, points: pl.DataFrame, room: Floats) -> pl.DataFrame:
    """Expected patients per municipality and practice, from a gravity model balanced to people and to room."""
    filled = np.flatnonzero(room > 0)
    sites = practices.select("easting", "northing").to_numpy()[filled]
    homes = points.select("easting", "northing").to_numpy()
    distance, found = cKDTree(sites).query(homes, k=CANDIDATES)
    site = filled[found]
    ferry = points["landmass"].to_numpy()[:, None] != practices["landmass"].to_numpy()[site]
    pull = np.exp(-(distance + FERRY * ferry) / DECAY)
    people = points["people"].to_numpy().astype(np.float64)
    weight = np.ones(practices.height)
    for _ in range(ROUNDS):
        attracted = pull * weight[site]
        patients = attracted * (people / attracted.sum(axis=1))[:, None]
        listed = np.bincount(site.ravel(), patients.ravel(), minlength=practices.height)
        weight *= np.divide(room, listed, out=np.zeros(len(room)), where=listed > 0)
    return _summed(points["municipality"], site, patients, practices.height)


def _summed(municipality: pl.Series, site: Ints, patients: Floats, practices: int) -> pl.DataFrame:
    """Sum patients of places by municipality and practice: ``municipality, practice`` (row number), ``expected``."""
    codes = municipality.unique().sort()
    code = codes.search_sorted(municipality).to_numpy().astype(np.int64)
    pair = (code[:, None] * practices + site).ravel()
    sums = np.bincount(pair, patients.ravel(), minlength=len(codes) * practices)
    where = np.flatnonzero(sums > 0)
    expected = sums[where].round(3)
    return pl.DataFrame(
        {"municipality": codes[where // practices], "practice": where % practices, "expected": expected}
    )


def _by_group(
    rng: np.random.Generator, practices: pl.DataFrame, flows: pl.DataFrame, population: pl.DataFrame
) -> pl.DataFrame:
    """Tell the patients of every practice and municipality by sex and age: exact both ways."""
    groups = population.select("sex", "age_group").unique().sort("sex", "age_group")
    lean = _lean(rng, practices.height, groups)
    ids = practices["practice_id"]
    tables = []
    for (municipality,), local in flows.partition_by("municipality", as_dict=True).items():
        people = population.filter(pl.col("municipality") == municipality).sort("sex", "age_group")["people"].to_numpy()
        largest = local["expected"].max()
        kept = local.filter((pl.col("expected") >= FEWEST) | (pl.col("expected") == largest))
        rows = whole_shares(kept["expected"].to_numpy(), int(people.sum()))
        who = kept["practice"].to_numpy()
        expected = rows[:, None] * people[None, :] * lean[who]
        counts = whole_table(expected, rows, people)
        row, column = np.nonzero(counts)
        tables.append(
            groups[column].with_columns(
                practice_id=ids[who[row]], municipality=pl.lit(municipality), patients=pl.Series(counts[row, column])
            )
        )
    return pl.concat(tables)


def _lean(rng: np.random.Generator, practices: int, groups: pl.DataFrame) -> Floats:
    """How much more of each group a list has than its neighbours': some lists are older, some more female."""
    age = groups["age_group"].str.slice(0, 2).cast(pl.Float64).to_numpy() / 50.0 - 0.8
    sex = np.where(groups["sex"].to_numpy() == "female", 1.0, -1.0)
    older, female = (rng.random((2, practices, 3)).sum(axis=2) - 1.5)[:, :, None]
    return np.asarray(np.exp(2 * (AGE_SPREAD * older * age + SEX_SPREAD * female * sex)), dtype=np.float64)


def _open(rng: np.random.Generator, practices: pl.DataFrame) -> pl.DataFrame:
    """Open the practices with the shortest lists per doctor in each region, some chance mixed in."""
    chance = pl.Series("chance", 300 * rng.random(practices.height))
    staffed = pl.col("capacities_filled") > 0
    list_size = pl.col("patients") / pl.col("capacities_filled")
    busy = pl.when(staffed).then(list_size + pl.col("chance") - ROOMIER * pl.col("capacities_filled"))
    share = pl.col("region").replace_strict(OPEN_SHARE, default=OPEN_ELSEWHERE, return_dtype=pl.Float64)
    open_ones = (share * staffed.sum().over("region")).round()
    ranked = practices.with_columns(chance).with_columns(rank=busy.rank("ordinal").over("region"))
    return ranked.with_columns(open_to_new=(pl.col("rank") <= open_ones).fill_null(False)).drop("chance", "rank")
