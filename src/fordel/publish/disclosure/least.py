"""The least count of people that is shown: dated law."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fordel.law import Lawbook

if TYPE_CHECKING:
    from datetime import date


def least_shown(day: date) -> int:
    """Give the least count of people above 0 that is shown on a day (mindste viste antal). Unit: people."""
    return int(Lawbook.shipped().on(day).value("publish.least_people_shown"))
