"""GP coverage (lægedækning): how many open practices people can choose between within the legal radius."""

from fordel.coverage.choices import count_choices
from fordel.coverage.errors import CoverageError
from fordel.coverage.matrix import Cover, Engine, Locations, locate
from fordel.coverage.rules import choice_met, choice_radius, list_utilisation, reachable
from fordel.coverage.tree import TreeEngine

__all__ = [
    "Cover",
    "CoverageError",
    "Engine",
    "Locations",
    "TreeEngine",
    "choice_met",
    "choice_radius",
    "count_choices",
    "list_utilisation",
    "locate",
    "reachable",
]
