"""List sizes (minimumspatienttal): how many patients a practice must at least have before it may close."""

from fordel.minimum.noise import kept_minimum, turnover_noise
from fordel.minimum.rules import (
    closing_minimum,
    indicative_minimum,
    may_close,
    patients_missing,
    practice_minimum,
    uniform_closing_minimum,
)

__all__ = [
    "closing_minimum",
    "indicative_minimum",
    "kept_minimum",
    "may_close",
    "patients_missing",
    "practice_minimum",
    "turnover_noise",
    "uniform_closing_minimum",
]
