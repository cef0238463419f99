"""GP coverage (lægedækning): how many open practices people can choose between within the legal radius."""

from fordel.coverage.choices import count_choices
from fordel.coverage.rules import choice_met, choice_radius, reachable

__all__ = ["choice_met", "choice_radius", "count_choices", "reachable"]
