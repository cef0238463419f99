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
        first_practice: index of its first practice; one more entry than municipalities.
        practices: ydernumre, by practice; invented.
    """

    codes: list[str]
    people: Floats
    reach: Floats
    rural: Floats
    first_practice: Ints
    practices: list[str]

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
    size = people.sum(axis=(1, 2))
    elderly = people[:, :, 13:].sum(axis=(1, 2)) / size
    aged = (elderly - elderly.mean()) / elderly.std()
    chance = np.random.default_rng(975)
    reach = 6.2 * np.exp(-0.05 * aged + 0.16 * chance.standard_normal(len(codes)))
    rural = np.clip(2.5 + 0.6 * aged + chance.standard_normal(len(codes)), 0.5, None)
    counts = np.maximum(2, np.round(size / assumptions()["chance"]["people_per_practice"])).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(counts)])
    return Country(codes, people, reach, rural, first, [f"8{number:05d}" for number in range(int(first[-1]))])


def _margins() -> tuple[list[str], Floats]:
    """Lay FOLK1B out as municipality x sex (male, female) x age group."""
    counts = population().sort("municipality", pl.col("sex") == "female", "age_group")
    codes = counts["municipality"].unique(maintain_order=True).to_list()
    return codes, counts["people"].to_numpy().astype(np.float64).reshape(len(codes), 2, len(AGE_GROUPS))
