"""Count citizens to cells batch by batch, and sum their scores by practice.

In memory, and no further than these objects: which cell, practice and use each citizen has, where citizens are few
enough.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from fordel.engines._expressions import codes_of_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fordel.need.cells import Floats, Ints
    from fordel.need.design import Design
    from fordel.need.source import Predictor, Scoring

    Parts = tuple[tuple[Predictor, Scoring], ...]

_FIRST_SIZE = 1 << 20  # a nation's cells as they mostly are; memory is not taken before it is written
_WIDTH = 6  # word, extra, n, Σ use, Σ use², users
_KEPT_ROWS = 32_000_000  # beyond this many citizens the table is read a second time instead: 10 bytes for each are kept
_SHARDS = 4  # scores are summed in this many shares, added in order, so that threads never change a digit


def narrowest(count: int) -> type[np.unsignedinteger[Any]]:
    """Give the narrowest kind that numbers so many groups; two kinds, so that little is compiled."""
    return np.uint16 if count <= 1 << 16 else np.uint32


@dataclass(frozen=True, eq=False)
class Batch:
    """Some citizens: packed word, twice the exposure plus 1 where use is bad, use, and index of practice or group.

    Use and index may be kept: they hold no other memory.
    """

    word: Ints
    extra: Ints
    use: npt.NDArray[np.int32]
    practice: npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Kept:
    """Citizens of one batch: index of combination, practice and use."""

    cell: npt.NDArray[np.int32]
    practice: npt.NDArray[Any]
    use: npt.NDArray[np.int32]


@dataclass(eq=False)
class Counter:
    """Combinations of packed word and exposure, found as batches come in.

    Attributes:
        design: the model.
        practices: how many practices there are.
        kept: batches, while they are few enough.
    """

    design: Design
    practices: int
    kept: list[Kept] | None = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start with an empty table."""
        from fordel.engines import _compiled  # noqa: PLC0415  numba takes a third of a second to import

        self._compiled: Any = _compiled
        self._count, self._rows = 0, 0
        self._table = np.zeros((0, _WIDTH), np.int64)
        self._grow()

    def _grow(self) -> None:
        """Double the table; slots are half full at most."""
        size = max(_FIRST_SIZE, 4 * len(self._table))
        table = np.zeros((size // 2, _WIDTH), np.int64)
        table[: self._count] = self._table[: self._count]
        self._table = table
        self._slots = np.full(size, -1, np.int32)
        self._compiled.place_all(self._slots, self._table, self._count)

    def count(self, part: Batch) -> npt.NDArray[np.int32]:
        """Count a batch; give the index of each citizen's combination."""
        found = np.empty(len(part.word), np.int32)
        at = 0
        while at < len(found):
            rows = (part.word, part.extra, part.use, found, at)
            at, self._count = self._compiled.count_rows(self._slots, self._table, self._count, *rows)
            if at < len(found):
                self._grow()
        return found

    def add(self, part: Batch) -> None:
        """Count a batch, and keep what scores need of it."""
        found = self.count(part)
        self._rows += len(found)
        if self._rows > _KEPT_ROWS or not self.practices:
            self.kept = None
        elif self.kept is not None:
            self.kept.append(Kept(found, self._narrow(part), part.use))

    def find(self, part: Batch) -> Kept:
        """Find the combinations of a batch that was counted before."""
        found = np.empty(len(part.word), np.int32)
        self._compiled.find_rows(self._slots, self._table, part.word, part.extra, found)
        return Kept(found, self._narrow(part), part.use)

    def _narrow(self, part: Batch) -> npt.NDArray[Any]:
        return part.practice.astype(narrowest(self.practices), copy=False)

    @property
    def counted(self) -> pl.DataFrame:
        """Give the combinations as an SQL engine would: ``word_0, exposure, bad_use, n, y, y2, users``."""
        return self.counted_from(0)

    def counted_from(self, first: int) -> pl.DataFrame:
        """Give the combinations from an index on."""
        word, extra, n, y, y2, users = self._table[first : self._count].T
        return pl.DataFrame(
            {
                "word_0": word,
                "exposure": extra // 2,
                "bad_use": extra % 2 == 1,
                "n": n,
                "y": y,
                "y2": y2,
                "users": users,
            }
        )

    def add_expected(self, cells: Any, groups: Any, expected: Ints, people: Ints, total: Ints) -> None:
        """Add expected use, whole numbers by combination, to each citizen's group, and count citizens."""
        self._compiled.add_expected(cells, groups, expected, people, total)

    def scores(self, tables: Predictor, scoring: Scoring, chunks: Iterable[list[Kept]]) -> Floats:
        """Sum the scores of batches by practice, some batches at a time; shape (practices, width)."""
        places, eta = self._touched(tables)
        factors, less = self._score_terms(eta, scoring)
        width = 1 + max((int(c.block.places.max()) for c in tables.contributions), default=0)
        how = scoring.kind == "logistic", int(scoring.users_only)

        def share(batches: list[Kept]) -> Floats:
            total = np.zeros((self.practices, width))
            for kept in batches:
                self._compiled.add_scores(kept.cell, kept.practice, kept.use, factors, less, places, *how, total)
            return total

        total = np.zeros((self.practices, width))
        with ThreadPoolExecutor() as pool:
            for batches in chunks:
                shares = [batches[number::_SHARDS] for number in range(_SHARDS)]
                total += np.sum(list(pool.map(share, shares)), axis=0)
        return total

    def _touched(self, tables: Predictor) -> tuple[npt.NDArray[np.int16], Floats]:
        """Give the columns each combination touches, and its predictor: NaN when it is not in the fit."""
        counted = self.counted
        codes = codes_of_words(self.design, counted)
        places = np.zeros((self._count, len(tables.contributions) + 1), np.int16)
        eta = np.full(self._count, tables.constant)
        for at, contribution in enumerate(tables.contributions, start=1):
            index = tuple(codes[c.name] for c in contribution.block.of)
            places[:, at] = contribution.block.places[index]
            eta += contribution.by_code[index]
        out = counted["bad_use"].to_numpy() | (counted["exposure"].to_numpy() <= 0)
        for covariate in self.design.categorical:
            out |= codes[covariate.name] >= len(covariate.fitted_levels)
        eta[out] = np.nan
        return places, eta

    def _score_terms(self, eta: Floats, scoring: Scoring) -> tuple[Floats, Floats]:
        """Every score is linear in use: give its factor and what is taken off; the formulas of ``score_of``."""
        exposure = np.maximum(self._table[: self._count, 1] // 2, 1) / self.design.full_exposure
        if scoring.kind == "logistic":
            return np.where(np.isnan(eta), np.nan, 1.0), 1 / (1 + np.exp(-eta) / exposure)
        mean = scoring.mean(eta)
        if scoring.kind == "nb2":
            factor = scoring.shape / (scoring.shape + exposure * mean)
        else:
            # NaN to the power 0 is 1, but who is not in the fit has no score.
            factor = np.where(np.isnan(mean), np.nan, mean ** (int(scoring.log) - scoring.power))
        return factor, factor * exposure * mean


class Weigher:
    """Sums expected use of batches by group, in whole billionths so that sums have no order, and counts citizens."""

    def __init__(self, design: Design, parts: Parts, groups: int, scale: float) -> None:
        """Take the model's predictors, how many groups there are, and what part of a unit use is summed in."""
        self.counter, self._parts, self._scale = Counter(design, 0), parts, scale
        self._expected = np.zeros(0, np.int64)
        self.people, self.expected = np.zeros(groups, np.int64), np.zeros(groups, np.int64)

    def add(self, part: Batch) -> None:
        """Weigh a batch."""
        found = self.counter.count(part)
        new = self.counter.counted_from(len(self._expected))
        if new.height:
            self._expected = np.concatenate([self._expected, self._expected_use(new)])
        self.counter.add_expected(found, part.practice, self._expected, self.people, self.expected)

    def _expected_use(self, counted: pl.DataFrame) -> Ints:
        codes = codes_of_words(self.counter.design, counted)
        expected = np.full(counted.height, self._scale)
        for tables, scoring in self._parts:
            eta = np.full(counted.height, tables.constant)
            for contribution in tables.contributions:
                eta += contribution.by_code[tuple(codes[c.name] for c in contribution.block.of)]
            expected *= scoring.mean(eta)
        return np.round(expected).astype(np.int64)
