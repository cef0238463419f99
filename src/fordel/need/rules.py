"""Rules of treatment need."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fordel.law import rule
from fordel.law.bounds import above_nought


@dataclass(frozen=True)
class NeedParams:
    """Dated values of need.toml."""

    mean_weight_nation: float


@rule(
    source="BEK nr 975 af 30/06/2025 via Danske Regioners høringssvar; the scaling is inferred",
    unit="disease-weighted citizens / citizen",
    since="2025-07-01",
    implements=("R04", "R10"),
)
def need_weight(p: NeedParams, coefficient: pl.Expr, people: pl.Expr) -> pl.Expr:
    """Need weight of a citizen in a group (sygdomsvægtet borger).

    The group's expected use of general practice divided by the mean over all citizens of the nation, so that the
    national mean weight is 1.

    Shapes: one row per group of citizens; ``people`` counts the citizens of each group.
    """
    scale = above_nought("mean_weight_nation", p.mean_weight_nation)
    return coefficient / ((coefficient * people).sum() / people.sum()) * scale
