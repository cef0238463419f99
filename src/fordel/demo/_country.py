"""The made-up country that synthetic citizens live in: published margins, invented hardship, supply and practices."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from fordel.demo.population import population
from fordel.demo.recipe import make_snapshot
from fordel.tables import AGE_GROUPS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Country:
    """Municipalities and practices of the made-up country. Arrays are indexed by municipality unless said otherwise.

    Attributes:
        codes: kommunekoder.
        people: residents by municipality, sex (male, female) and five-year age group; shape (98, 2, 20). FOLK1B.
        reach: capacities in reach per 10,000 citizens; invented, lower where people are older.
        rural: mean kilometres to a practice; invented.
        practices: ydernumre of the demo snapshot, whose practices are synthetic.
        listed: practice index of each pair of a municipality and a practice that its residents are listed with; shape
            (pairs,), by municipality.
        listed_until: municipality index plus the share of its residents up to and with each pair; shape (pairs,).
    """

    codes: list[str]
    people: Floats
    reach: Floats
    rural: Floats
    practices: list[str]
    listed: Ints
    listed_until: Floats

    @property
    def size(self) -> Floats:
        """Residents of each municipality."""
        return cast("Floats", self.people.sum(axis=(1, 2)))

    @property
    def elderly(self) -> Floats:
        """Share of each municipality that is 65 or older."""
        return cast("Floats", self.people[:, :, 13:].sum(axis=(1, 2)) / self.size)


@cache
def assumptions() -> dict[str, Any]:
    """Read citizens.toml: what the made-up country assumes."""
    return tomllib.loads(files("fordel.demo").joinpath("citizens.toml").read_text(encoding="utf-8"))


@cache
def country() -> Country:
    """Lay out the country: the same every time."""
    codes, people = _margins()
    elderly = people[:, :, 13:].sum(axis=(1, 2)) / people.sum(axis=(1, 2))
    aged = (elderly - elderly.mean()) / elderly.std()
    chance = np.random.default_rng(975)
    reach = 6.2 * np.exp(-0.05 * aged + 0.16 * chance.standard_normal(len(codes)))
    rural = np.clip(2.5 + 0.6 * aged + chance.standard_normal(len(codes)), 0.5, None)
    return Country(codes, people, reach, rural, *_lists())


def _lists() -> tuple[list[str], Ints, Floats]:
    """Lay out on whose lists the demo snapshot has the residents of each municipality."""
    pairs = (
        make_snapshot()
        .registrations.group_by("municipality", "practice_id")
        .agg(pl.col("patients").sum())
        .sort("municipality", "practice_id")
        .select(
            "practice_id",
            home=pl.col("municipality").rank("dense").cast(pl.Int64) - 1,
            share=pl.col("patients").cum_sum().over("municipality") / pl.col("patients").sum().over("municipality"),
        )
    )
    practices = pairs["practice_id"].unique().sort()
    listed = practices.search_sorted(pairs["practice_id"]).cast(pl.Int64).to_numpy()
    return practices.to_list(), listed, (pairs["home"] + pairs["share"]).to_numpy()


def _margins() -> tuple[list[str], Floats]:
    """Lay FOLK1B out as municipality x sex (male, female) x age group."""
    counts = population().sort("municipality", pl.col("sex") == "female", "age_group")
    codes = counts["municipality"].unique(maintain_order=True).to_list()
    return codes, counts["people"].to_numpy().astype(np.float64).reshape(len(codes), 2, len(AGE_GROUPS))
