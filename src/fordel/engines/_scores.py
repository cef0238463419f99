"""Scores of citizens by practice, in batches: nothing of a citizen outlives its batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import polars as pl

    from fordel.need.cells import Floats, Ints
    from fordel.need.design import Design
    from fordel.need.source import Predictor, Scoring

_KINDS = {"quasi": 0, "nb2": 1, "logistic": 2}


class ScoreKernel:
    """Adds batches of citizens to sums of scores by practice; what a cell's citizens share is computed once, per cell."""

    def __init__(
        self, design: Design, keys: Ints, codes: dict[str, Ints], tables: Predictor, scoring: Scoring, practices: int
    ) -> None:
        """Take the combinations there are (packed keys, ascending, and their cell codes), and how many practices."""
        from fordel.engines import _compiled  # noqa: PLC0415  numba takes a third of a second to import

        self._compiled: Any = _compiled
        blocks = tables.contributions
        self._places = np.zeros((len(keys), len(blocks) + 1), dtype=np.int16)
        eta = np.full(len(keys), tables.constant)
        for covariate in design.categorical:
            eta[codes[covariate.name] >= len(covariate.fitted_levels)] = np.nan
        for at, contribution in enumerate(blocks, start=1):
            index = tuple(codes[c.name] for c in contribution.block.of)
            self._places[:, at] = contribution.block.places[index]
            eta += contribution.by_code[index]
        self._etas, self._means = eta, scoring.mean(eta)
        self._table = self._compiled.hash_table(keys)
        self._year, least_use = float(design.full_exposure), int(scoring.users_only)
        self._how = (_KINDS[scoring.kind], scoring.power, scoring.log, scoring.shape, least_use)
        width = 1 + max((int(c.block.places.max()) for c in blocks), default=0)
        self.scores: Floats = np.zeros((practices, width))

    def add(self, part: pl.DataFrame) -> None:
        """Add some citizens: columns ``key, group, use, exposure``; use -1 and exposure 0 where there is none."""
        rows = (part[name].to_numpy() for name in ("key", "group", "use", "exposure"))
        cells = (*self._table, self._etas, self._means, self._places)
        self._compiled.add_scores(*rows, self._year, *cells, *self._how, self.scores)
