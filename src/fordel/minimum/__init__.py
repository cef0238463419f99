"""List sizes (minimumspatienttal): how many patients a practice must at least have before it may close."""

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
    "may_close",
    "patients_missing",
    "practice_minimum",
    "uniform_closing_minimum",
]
