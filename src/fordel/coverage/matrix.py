"""The cover matrix: which practices lie within the radius of which places, and how far away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from fordel.coverage.distance import Metres
from fordel.coverage.errors import CoverageError

Indices = NDArray[np.int64]

EASTINGS, NORTHINGS = (400_000.0, 950_000.0), (6_000_000.0, 6_450_000.0)


@dataclass(frozen=True, eq=False)
class Locations:
    """Where places or practices stand.

    Attributes:
        xy: ``(n, 2)`` easting and northing, EPSG:25832. Unit: metres.
        land: ``(n,)`` number of the land each stands on; only those on the same land see each other.
    """

    xy: Metres
    land: Indices

    def __len__(self) -> int:
        return len(self.land)

    def take(self, chosen: Indices) -> Locations:
        """Give some of them, in the order asked for."""
        return Locations(self.xy[chosen], self.land[chosen])


def locate(places: pl.DataFrame, practices: pl.DataFrame) -> tuple[Locations, Locations]:
    """Read where places and practices stand; both have ``easting, northing`` (EPSG:25832) and ``land``.

    Raises:
        CoverageError: a coordinate is missing, not a number or outside Denmark, or a land is missing.
    """
    _refuse_bad(places, "place")
    _refuse_bad(practices, "practice")
    lands = pl.concat([places["land"].cast(pl.String), practices["land"].cast(pl.String)]).unique().sort()
    number = {land: position for position, land in enumerate(lands)}
    both = (_located(frame, number) for frame in (places, practices))
    return next(both), next(both)


def _located(frame: pl.DataFrame, number: dict[str, int]) -> Locations:
    xy = frame.select(pl.col("easting", "northing").cast(pl.Float64)).to_numpy()
    land = frame["land"].cast(pl.String).replace_strict(number, return_dtype=pl.Int64)
    return Locations(np.ascontiguousarray(xy, dtype=np.float64).reshape(-1, 2), land.to_numpy())


def _refuse_bad(frame: pl.DataFrame, what: str) -> None:
    easting, northing = pl.col("easting").cast(pl.Float64), pl.col("northing").cast(pl.Float64)
    good = easting.is_between(*EASTINGS) & northing.is_between(*NORTHINGS) & pl.col("land").is_not_null()
    numbers = frame.with_row_index("row").filter(~good.fill_null(False) | easting.is_nan() | northing.is_nan())
    if numbers.height:
        first = numbers.row(0, named=True)
        raise CoverageError(
            f"{numbers.height} {what}(s) have no usable location; the first is row {first['row'] + 1}: easting "
            f"{first['easting']}, northing {first['northing']}, land {first['land']}.\n"
            f"  Expected: metres in EPSG:25832, easting {EASTINGS[0]:.0f} to {EASTINGS[1]:.0f}, northing "
            f"{NORTHINGS[0]:.0f} to {NORTHINGS[1]:.0f}.\n"
            f"  Try:      correct or leave out these rows; degrees must be projected first."
        )


@dataclass(frozen=True, eq=False)
class Cover:
    """Which practices lie within the radius of which places: a sparse matrix, one row per place.

    Attributes:
        start: ``(places + 1,)`` where each place's row begins.
        practice: ``(pairs,)`` practice numbers, ascending within a row.
        metres: ``(pairs,)`` distance of each pair. Unit: metres.
        practices: number of columns.
    """

    start: Indices
    practice: NDArray[np.int32]
    metres: Metres
    practices: int

    @property
    def places(self) -> int:
        """Number of rows."""
        return len(self.start) - 1

    @property
    def pairs(self) -> int:
        """Number of place-practice pairs within the radius."""
        return len(self.practice)

    @cached_property
    def place(self) -> NDArray[np.int32]:
        """Place number of each pair."""
        return np.repeat(np.arange(self.places, dtype=np.int32), np.diff(self.start))

    @cached_property
    def _ones(self) -> csr_array:
        return self.weighted(np.ones(self.pairs))

    def weighted(self, weights: Metres) -> csr_array:
        """Give the matrix with a weight per pair in place of metres."""
        return csr_array((weights, self.practice, self.start), shape=(self.places, self.practices))

    def sums(self, amounts: Metres) -> Metres:
        """Sum an amount per practice over the practices each place reaches; ``(practices,)`` gives ``(places,)``."""
        total: Metres = self._ones @ np.asarray(amounts, dtype=np.float64)
        return total

    def counts(self, chosen: NDArray[np.bool_]) -> Indices:
        """Count the chosen practices each place reaches; ``(practices,)`` gives ``(places,)``."""
        return self.sums(chosen.astype(np.float64)).astype(np.int64)

    @cached_property
    def turned(self) -> Cover:
        """The same pairs with practices as rows: whom each practice reaches."""
        by_practice = csr_array(self.weighted(self.metres).tocsc().T)
        start = by_practice.indptr.astype(np.int64)
        return Cover(start, by_practice.indices.astype(np.int32), by_practice.data, self.places)

    def row(self, number: int) -> slice:
        """Where the pairs of one place lie."""
        return slice(int(self.start[number]), int(self.start[number + 1]))

    def keep(self, pairs: NDArray[np.bool_]) -> Cover:
        """Give the matrix with only some of its pairs."""
        kept = np.concatenate([[0], np.cumsum(pairs)])[self.start]
        return Cover(kept, self.practice[pairs], self.metres[pairs], self.practices)


def cover_of(place: Indices, practice: Indices, metres: Metres, shape: tuple[int, int]) -> Cover:
    """Make the cover matrix from pairs in any order; ``shape`` is places, practices."""
    order = np.lexsort((practice, place))
    start = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=shape[0]))]).astype(np.int64)
    return Cover(start, practice[order].astype(np.int32), metres[order], shape[1])


class Engine(Protocol):
    """What measures: the compiled engine, the tree engine and the brute-force reference all give the same pairs."""

    def cover(self, places: Locations, practices: Locations, radius: Metres) -> Cover:
        """Find all pairs on the same land within each place's radius, the radius itself included."""

    def count(
        self, places: Locations, practices: Locations, radius: Metres, places_left: Indices
    ) -> tuple[Indices, Indices]:
        """Count practices within each place's radius and sum their places left, without keeping the pairs."""
