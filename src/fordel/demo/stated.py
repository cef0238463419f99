"""Synthetic stated maxima: the most patients that practices have said they will have, in the yearly hearing."""

from __future__ import annotations

import numpy as np
import polars as pl

SEED = 20251015
STATING = 0.8  # share of staffed practices that answered (assumption)
CLOSED_ROOM = (0.95, 1.05)  # least and most stated, per patient of a practice that is closed to new ones (assumption)
OPEN_ROOM = (1.02, 1.25)  # likewise where it is open (assumption)
STEP = 50  # people think in such numbers (assumption)
MOST = 2700  # patients per capacity: the upper closing limit of the agreement


def make_stated_maxima(practices: pl.DataFrame) -> pl.DataFrame:
    """Let practices state their maxima. The same ones each time.

    Args:
        practices: ``practice_id, capacities_filled, patients, open_to_new``.

    Returns:
        the table ``StatedMaxima``; some have not answered, and those where nobody works cannot.
    """
    rng = np.random.default_rng(SEED)
    chance = pl.Series("chance", rng.random(practices.height))
    answered = pl.Series("answered", rng.random(practices.height) < STATING)
    per_patient = pl.when("open_to_new").then(_between(OPEN_ROOM)).otherwise(_between(CLOSED_ROOM))
    wanted = (pl.col("patients") * per_patient / STEP).round() * STEP
    most = pl.col("capacities_filled") * MOST
    return (
        practices.with_columns(chance)
        .filter(answered, pl.col("capacities_filled") > 0)
        .select("practice_id", stated_maximum=pl.min_horizontal(wanted, most).cast(pl.Int64))
    )


def _between(room: tuple[float, float]) -> pl.Expr:
    least, most = room
    return pl.lit(least) + (most - least) * pl.col("chance")
