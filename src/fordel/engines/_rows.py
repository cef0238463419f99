"""Scores of citizens by practice, citizen by citizen in batches: nothing of a citizen outlives its batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from fordel.need.cells import coded

if TYPE_CHECKING:
    from fordel.need.cells import Floats, Ints
    from fordel.need.design import Covariate, Design
    from fordel.need.source import Predictor, Scoring

_MISSING = -32_768  # a 16-bit code that no register uses
_KINDS = {"quasi": 0, "nb2": 1, "logistic": 2}


@dataclass(frozen=True, eq=False)
class Batch:
    """Some citizens: practice index, use, exposure (unit of its column), codes and linear values by covariate."""

    practice: npt.NDArray[np.uint32]
    use: npt.NDArray[np.int32]
    exposure: npt.NDArray[np.int32]
    raw: npt.NDArray[np.int16]
    values: Floats

    @classmethod
    def of(cls, frame: pl.DataFrame, practices: pl.Enum, covariates: int, linear: int) -> Batch:
        """Take a frame with ``practice``, ``use``, ``exposure``, ``raw_<n>``, ``value_<n>``; a missing use or exposure is -1."""
        raw = np.empty((covariates, frame.height), dtype=np.int16)
        for at in range(covariates):
            raw[at] = frame[f"raw_{at}"].fill_null(_MISSING).to_numpy()
        values = np.empty((linear, frame.height))
        for at in range(linear):
            values[at] = frame[f"value_{at}"].fill_null(np.nan).to_numpy()
        return cls(
            frame["practice"].cast(practices).to_physical().cast(pl.UInt32).to_numpy(),
            frame["use"].fill_null(-1).to_numpy(),
            frame["exposure"].fill_null(-1).to_numpy(),
            raw,
            values,
        )


class RowKernel:
    """Adds batches of citizens to the sums of scores by practice."""

    def __init__(self, design: Design, tables: Predictor, scoring: Scoring, practices: int) -> None:
        """Lay the predictor out as flat tables."""
        from fordel.engines import _compiled_rows  # noqa: PLC0415  numba takes a third of a second to import

        self._add: Any = _compiled_rows.add_scores
        self._tables, self._scoring, self._year = tables, scoring, design.full_exposure
        blocks = [c.block for c in tables.contributions]
        width = 1 + max((int(block.places.max()) for block in blocks), default=0)
        self.scores: Floats = np.zeros((practices, width))
        self._codes = np.stack([_codes_of_raw(c) for c in design.categorical]) if design.categorical else np.zeros((0, 65_536), np.int16)
        self._limits = np.array([len(c.fitted_levels) for c in design.categorical], dtype=np.int16)
        self._bounds = np.array([_bounds(c) for c in design.linear]).reshape(-1, 2)
        self._of, self._radix = _members(design, blocks)
        sizes = [block.places.size for block in blocks]
        self._offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self._places = np.concatenate([block.places.ravel() for block in blocks]).astype(np.int16)
        self._adds = np.concatenate([c.by_code.ravel() for c in tables.contributions])

    def add(self, batch: Batch) -> None:
        """Add some citizens."""
        scoring = self._scoring
        how = (_KINDS[scoring.kind], scoring.power, int(scoring.log), scoring.shape, int(scoring.users_only))
        layout = (self._of, self._radix, self._offsets, self._places, self._adds, self._tables.constant)
        rows = (batch.raw, batch.values, batch.practice, batch.use, batch.exposure, float(self._year))
        self._add(*rows, self._codes, self._limits, self._bounds, *layout, *how, self.scores)


def _codes_of_raw(covariate: Covariate) -> npt.NDArray[np.int16]:
    """Give the cell code of every 16-bit value of a column; missing first."""
    raw = np.arange(-32_768, 32_768)
    if covariate.breaks:
        codes = np.searchsorted(covariate.breaks, raw, side="right")
        least = covariate.least if covariate.least is not None else raw[0]
        most = covariate.most if covariate.most is not None else raw[-1]
        codes = np.where((raw < least) | (raw > most), covariate.unknown_code, codes)
    else:
        codes = coded(pl.Series(raw), covariate)
    codes[0] = covariate.missing_code
    return codes.astype(np.int16)


def _bounds(covariate: Covariate) -> tuple[float, float]:
    least = -np.inf if covariate.least is None else float(covariate.least)
    return least, np.inf if covariate.most is None else float(covariate.most)


def _members(design: Design, blocks: list[Any]) -> tuple[Ints, Ints]:
    """Give for each block its covariates (categorical by index, linear as -1 - index, none as 9999) and their radix."""
    of = np.full((len(blocks), 2), 9999, dtype=np.int64)
    radix = np.ones((len(blocks), 2), dtype=np.int64)
    for at, block in enumerate(blocks):
        for slot, covariate in enumerate(block.of):
            if covariate.linear:
                of[at, slot] = -1 - design.linear.index(covariate)
            else:
                of[at, slot] = design.categorical.index(covariate)
                radix[at, slot] = covariate.radix
    return of, radix
