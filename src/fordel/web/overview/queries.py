"""What the front page shows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from fordel.publish import law_words
from fordel.publish.formats import danish_order
from fordel.web.runs.models import FinishedRun
from fordel.web.runs.queries import Seen
from fordel.web.texts import language

STANDING_OUT, SHOWN = ("headroom", "surplus", "people_no_choice"), 5
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
        found.append(DueStep(due, step[language()], law_words.sentence(step["source"], language()), (due - today).days))
    return sorted(found, key=lambda step: step.due)


def run_before(seen: Seen) -> Seen | None:
    """Give the run that was made before this one, as the same person sees it; None where this is the first."""
    standing = FinishedRun.objects.select_related("snapshot").filter(snapshot__withdrawn_at=None)
    before = standing.filter(made_at__lt=seen.record.made_at).first()
    return None if before is None else Seen(before, seen.user)


def figures(seen: Seen, before: Seen | None) -> list[tuple[str, float | None]]:
    """Give the name of each key figure and how it has changed since the run before.

    None where there was none, the area was not in it, or one of the two is held back.
    """
    own = seen.own_area()
    known = [] if before is None else before.areas.filter(pl.col("area_id") == own["area_id"]).to_dicts()
    earlier = known[0] if known else {}
    values = ((name, own[name], earlier.get(name)) for name in FIGURES)
    return [(name, None if now is None or then is None else now - then) for name, now, then in values]


def attention(seen: Seen) -> dict[str, Any]:
    """Count what calls for attention among the practices and areas a person sees."""
    practices = seen.practices
    return {
        "missing": practices.filter(pl.col("patients_missing").fill_null(0) > 0).height,
        "open": practices.filter(pl.col("open_to_new")).height,
        "practices": practices.height,
    }


def standing_out(seen: Seen) -> list[tuple[str, list[dict[str, Any]]]]:
    """Give the municipalities a person sees with the most of each number, where there are several and any has some.

    A count that is held back is nobody's most.
    """
    rows = seen.at_level("municipality")
    found = []
    for name in STANDING_OUT if len(rows) > 1 else ():
        some = [row for row in rows if row[name]]
        some.sort(key=lambda row: (-row[name], danish_order(row["name"])))
        if some:
            found.append((name, some[:SHOWN]))
    return found
