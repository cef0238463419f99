"""The proposal that a large disagreement goes to politicians: exact at its boundary, off unless switched on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from fordel.law import rule


@dataclass(frozen=True)
class EscalationParams:
    """Whether a region has adopted escalation, and how far apart is far."""

    escalation_adopted: bool
    escalation_share: float


@rule(
    source="Det Konservative Folkeparti, minority statement, Region Hovedstaden, NÆRSAM, 23 Sep 2025; not adopted",
    unit="yes or no",
    since="2025-09-23",
    implements=("V1",),
)
def escalates(p: EscalationParams, wish: pl.Expr, announced: pl.Expr, patients: pl.Expr) -> pl.Expr:
    """Whether a doctor may ask for a political decision on the minimum (forelæggelse til politisk afgørelse).

    Where it is adopted: wish and announced minimum differ by more than the share of the patients hitherto; exactly
    the share is not enough. Whole numbers alone are compared, so that the boundary is exact.
    """
    share = Fraction(str(p.escalation_share))
    further = (wish - announced).abs() * share.denominator > patients * share.numerator
    return further if p.escalation_adopted else further & pl.lit(False)
