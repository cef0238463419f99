"""List sizes (minimumspatienttal): how many patients a practice must at least have before it may close."""

from fordel.minimum.decided import decisions_in_force
from fordel.minimum.distribution import RAISES, higher_minimums
from fordel.minimum.escalation import escalates
from fordel.minimum.leaving import minimum_sway, years_to_minimum
from fordel.minimum.lists import Part, PatientList, change_capacities, merge, move, new_minimums, part_minimum, split
from fordel.minimum.of_practices import minimums_of
from fordel.minimum.rules import (
    closing_minimum,
    indicative_minimum,
    may_close,
    patients_missing,
    practice_minimum,
    uniform_closing_minimum,
)
from fordel.minimum.settling import decided_minimum, dispensed_closing_minimum, settled_minimum

__all__ = [
    "RAISES",
    "Part",
    "PatientList",
    "change_capacities",
    "closing_minimum",
    "decided_minimum",
    "decisions_in_force",
    "dispensed_closing_minimum",
    "escalates",
    "higher_minimums",
    "indicative_minimum",
    "may_close",
    "merge",
    "minimum_sway",
    "minimums_of",
    "move",
    "new_minimums",
    "part_minimum",
    "patients_missing",
    "practice_minimum",
    "settled_minimum",
    "split",
    "uniform_closing_minimum",
    "years_to_minimum",
]
