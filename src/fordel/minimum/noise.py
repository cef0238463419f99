"""Rules of what chance does to a minimum: patients come and go, and the number moves though need does not."""

from __future__ import annotations

import polars as pl

from fordel.law import rule
from fordel.minimum.rules import DeadbandParams, TurnoverParams

_ASSUMED = "Assumption: the order says nothing of chance; binomial arithmetic on a list where some patients are replaced"


@rule(source=_ASSUMED, unit="patients / capacity", since="2025-07-01")
def turnover_noise(p: TurnoverParams, mean_weight: pl.Expr, weight_spread: pl.Expr, patients: pl.Expr) -> pl.Expr:
    """How far a minimum moves in a year by chance alone (tilfældig udsving), as one standard deviation.

    When a share of a list is replaced by people of the same kind, the mean weight moves by the square root of twice that
    share over the number of patients, times the spread of weights within the list; the minimum by the norm over the mean
    weight squared, times that.

    Empty where the practice has no patients.
    """
    moved = weight_spread * (2 * p.yearly_list_turnover / patients).sqrt()
    return p.weighted_citizens_per_capacity / mean_weight**2 * moved


@rule(source=_ASSUMED, unit="patients / capacity", since="2025-07-01")
def kept_minimum(p: DeadbandParams, former: pl.Expr, computed: pl.Expr, noise: pl.Expr) -> pl.Expr:
    """The minimum a practice is told this year (vejledende minimumspatienttal), where it had one before.

    The former one, unless the one computed now lies further from it than the deadband: so many standard deviations of
    chance.

    The one computed now where there was none before.
    """
    small = (computed - former).abs() <= p.minimum_deadband * noise
    return pl.when(small.fill_null(value=False)).then(former).otherwise(computed)
