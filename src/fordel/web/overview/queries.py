"""What the front page shows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.web.texts import language

if TYPE_CHECKING:
    from fordel.web.runs.queries import Seen

FIGURES = ("people", "need", "ceiling", "capacities_released", "headroom", "surplus", "people_no_choice")


@dataclass(frozen=True)
class DueStep:
    """One step of the year and the next day it is due."""

    due: date
    text: str
    source: str
    days_left: int


@cache
def _steps() -> list[dict[str, Any]]:
    text = (files("fordel.web.overview") / "calendar.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["step"])


def calendar(today: date) -> list[DueStep]:
    """Give the steps of the year that begins today, the next first."""
    found = []
    for step in _steps():
        this_year = date(today.year, step["month"], step["day"])
        due = this_year if this_year >= today else date(today.year + 1, step["month"], step["day"])
        found.append(DueStep(due, step[language()], step["source"], (due - today).days))
    return sorted(found, key=lambda step: step.due)


def attention(seen: Seen) -> dict[str, Any]:
    """Count what calls for attention among the practices and areas a person sees."""
    practices = seen.practices
    return {
        "missing": practices.filter(pl.col("patients_missing").fill_null(0) > 0).height,
        "open": practices.filter(pl.col("open_to_new")).height,
        "practices": practices.height,
    }
