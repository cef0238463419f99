"""Count citizens to cells batch by batch, and sum their scores by practice.

In memory, and no further than these objects: which cell, practice and use each citizen has, where that is little enough.
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
    from fordel.need.cells import Floats, Ints
    from fordel.need.design import Design
    from fordel.need.source import Predictor, Scoring

_FIRST_SIZE = 1 << 16
_KEPT_ROWS = 8_000_000  # beyond this many citizens the table is read a second time instead: 10 bytes for each are kept
_SHARDS = 4  # scores are summed in this many shares, added in order, so that threads never change a digit


@dataclass(frozen=True, eq=False)
class Kept:
    """Citizens of one batch: index of combination, practice and use."""

    cell: npt.NDArray[np.int32]
    practice: npt.NDArray[np.uint16]
    use: npt.NDArray[np.int32]


@dataclass(eq=False)
class Counter:
    """Combinations of packed word and exposure, found as batches come in.

    Attributes:
        design: the model.
        practices: names of practices, in the order of their index.
        kept: batches, while they are few enough.
    """

    design: Design
    practices: pl.Series
    kept: list[Kept] | None = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start with an empty table."""
        from fordel.engines import _compiled  # noqa: PLC0415  numba takes a third of a second to import

        self._compiled: Any = _compiled
        self._count, self._rows = 0, 0
        self._words, self._extras = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._sums = np.zeros((0, 4), np.int64)
        self._grow()

    def _grow(self) -> None:
        """Double the table; slots are half full at most."""
        size = max(_FIRST_SIZE, 4 * len(self._words))
        more = size // 2 - len(self._words)
        self._words = np.concatenate([self._words, np.zeros(more, np.int64)])
        self._extras = np.concatenate([self._extras, np.zeros(more, np.int64)])
        self._sums = np.concatenate([self._sums, np.zeros((more, 4), np.int64)])
        self._slots = np.full(size, -1, np.int32)
        self._compiled.place_all(self._slots, self._words, self._extras, self._count)

    def add(self, part: pl.DataFrame) -> None:
        """Count a batch: columns ``word, extra, use``, and ``practice`` (its index) where the model has practices."""
        word, extra, use = (part[name].to_numpy() for name in ("word", "extra", "use"))
        found = np.empty(len(word), np.int32)
        at = 0
        while at < len(word):
            table = (self._slots, self._words, self._extras, self._sums)
            at, self._count = self._compiled.count_rows(*table, self._count, word, extra, use, found, at)
            if at < len(word):
                self._grow()
        self._rows += len(word)
        if self._rows > _KEPT_ROWS or "practice" not in part.columns:
            self.kept = None
        if self.kept is not None:
            self.kept.append(Kept(found, part["practice"].to_numpy(), use))

    def find(self, part: pl.DataFrame) -> Kept:
        """Find the combinations of a batch that was counted before."""
        found = np.empty(part.height, np.int32)
        table = (self._slots, self._words, self._extras)
        self._compiled.find_rows(*table, part["word"].to_numpy(), part["extra"].to_numpy(), found)
        return Kept(found, part["practice"].to_numpy(), part["use"].to_numpy())

    @property
    def counted(self) -> pl.DataFrame:
        """Give the combinations as an SQL engine would: ``word_0, exposure, bad_use, n, y, y2, users``."""
        extras = self._extras[: self._count]
        sums = {name: self._sums[: self._count, at] for at, name in enumerate(("n", "y", "y2", "users"))}
        words = self._words[: self._count]
        return pl.DataFrame({"word_0": words, "exposure": extras // 2, "bad_use": extras % 2 == 1, **sums})

    def scores(self, tables: Predictor, scoring: Scoring, batches: list[Kept]) -> Floats:
        """Sum the scores of batches by practice; shape (practices, width)."""
        places, eta = self._touched(tables)
        factors, less = self._score_terms(eta, scoring)
        width = 1 + max((int(c.block.places.max()) for c in tables.contributions), default=0)

        def share(number: int) -> Floats:
            total = np.zeros((len(self.practices), width))
            for kept in batches[number::_SHARDS]:
                rows = (kept.cell, kept.practice, kept.use)
                any_use, least_use = scoring.kind == "logistic", int(scoring.users_only)
                self._compiled.add_scores(*rows, factors, less, places, any_use, least_use, total)
            return total

        with ThreadPoolExecutor() as pool:
            return np.sum(list(pool.map(share, range(_SHARDS))), axis=0)

    def _touched(self, tables: Predictor) -> tuple[npt.NDArray[np.int16], Floats]:
        """Give the columns each combination touches, and its predictor: NaN when it is not in the fit."""
        counted = self.counted
        codes = codes_of_words(self.design, counted)
        places = np.zeros((self._count, len(tables.contributions) + 1), np.int16)
        eta = np.full(self._count, tables.constant)
        for at, contribution in enumerate(tables.contributions, start=1):
            index: tuple[Ints, ...] = tuple(codes[c.name] for c in contribution.block.of)
            places[:, at] = contribution.block.places[index]
            eta += contribution.by_code[index]
        out = counted["bad_use"].to_numpy() | (counted["exposure"].to_numpy() <= 0)
        for covariate in self.design.categorical:
            out |= codes[covariate.name] >= len(covariate.fitted_levels)
        eta[out] = np.nan
        return places, eta

    def _score_terms(self, eta: Floats, scoring: Scoring) -> tuple[Floats, Floats]:
        """Every score is linear in use: give its factor and what is taken off; the formulas of ``score_of``."""
        exposure = np.maximum(self._extras[: self._count] // 2, 1) / self.design.full_exposure
        if scoring.kind == "logistic":
            return np.where(np.isnan(eta), np.nan, 1.0), 1 / (1 + np.exp(-eta) / exposure)
        mean = scoring.mean(eta)
        if scoring.kind == "nb2":
            factor = scoring.shape / (scoring.shape + exposure * mean)
        else:
            factor = mean ** (int(scoring.log) - scoring.power)
        return factor, factor * exposure * mean
