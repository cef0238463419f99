"""How `fordel placement` shows plans: goals, places, months, closures; and what it writes of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from rich import box
from rich.markup import escape
from rich.table import Table

from fordel.cli._shown import console
from fordel.runs._placing_goals import UNITS

if TYPE_CHECKING:
    from fordel.engines.in_order import Answer

GOALS = {
    "two_choices": "newly two open choices",
    "one_choice": "newly one open choice",
    "unmet_need": "unmet need served",
    "farthest": "nearer, the tenth farthest off",
    "rural": "outside the larger towns",
    "robust": "two choices when some close",
    "weighed": "weighed sum",
}
DECIMALS = {"people": 0, "capacities": 1, "metres": 0, "": 1}
PRINCIPLES = {
    "need": "capacity follows need",
    "people": "practice where people live",
    "together": "several doctors together",
    "access": "easy to reach by bus and road",
    "forms": "open to other forms of clinic",
    "flexible": "room for change",
    "nation": "spread over the nation",
}


HELD_BACK = "held back"
NO_OUTCOMES = pl.DataFrame(
    schema={"goal": pl.String, "unit": pl.String, "value": pl.Float64, "bound": pl.Float64, "proven": pl.Boolean}
)


def people(count: float | None) -> str:
    """Write a count of people, or that it is held back."""
    return HELD_BACK if count is None else f"{count:,.0f}"


def amount(goal: str, value: float | None) -> str:
    """Write a value of a goal with its unit, or that it is held back."""
    if value is None:
        return HELD_BACK
    unit = UNITS.get(goal, "")
    return f"{value:,.{DECIMALS[unit]}f} {unit}".strip()


def goals_table(goals: pl.DataFrame, title: str) -> Table:
    """Lay out what a plan gives of each goal, and what any could that gives as much of those above it."""
    table = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Goal, in order")
    for name in ("Given", "At most", "Gap"):
        table.add_column(name, justify="right")
    for goal, value, bound, proven in goals.select("goal", "value", "bound", "proven").iter_rows():
        gap = "proven" if proven else f"{max(0.0, 1 - value / bound):.1%}" if bound else ""
        table.add_row(GOALS[goal], amount(goal, value), amount(goal, bound), gap)
    table.caption = "At most: any plan that gives as much of the goals above. Proven: no such plan gives more."
    return table


def places_table(proposed: pl.DataFrame) -> Table:
    """Lay out the places: one row each."""
    table = Table(title="Proposed places", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Municipality", "Place"):
        table.add_column(name)
    table.add_column("Site", no_wrap=True, min_width=12)
    for name in ("Cap.", "Second", "First", "Need", "Other"):
        table.add_column(name, justify="right")
    for row in proposed.iter_rows(named=True):
        less = "" if row["people_lost"] is None else f"{-row['people_lost']:+,}"
        counted = (people(row[name]) for name in ("capacities", "people_second", "people_first"))
        where = (escape(row[name] or "") for name in ("area", "name", "site"))
        table.add_row(*where, *counted, f"{row['need_served']:.1f}", less)
    table.caption = (
        "Second, first: people who would lack that choice without the place. Need: unmet need, in capacities, that "
        "only it serves. Other: people won or lost by the best other place."
    )
    return table


def plain_table(frame: pl.DataFrame, title: str, heads: dict[str, str], decimals: int = 0) -> Table:
    """Lay out some columns of a frame."""
    table = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False)
    for name, head in heads.items():
        table.add_column(head, justify="right" if frame.schema[name].is_numeric() else "left")
    for row in frame.select(*heads).iter_rows():
        table.add_row(*(f"{v:,.{decimals}f}" if isinstance(v, int | float) and not isinstance(v, bool)
                        else escape(HELD_BACK if v is None else str(v)) for v in row))  # fmt: skip
    return table


def outcomes_frame(answer: Answer, number: int) -> pl.DataFrame:
    """Give every outcome of a plan: ``plan, goal, unit, value, bound, proven, seconds``."""
    rows = [
        {"plan": number, "goal": o.goal, "unit": UNITS.get(o.goal, ""), "value": float(o.value),
         "bound": float(o.bound), "proven": o.proven, "seconds": round(o.seconds, 1)}
        for o in answer.outcomes
    ]  # fmt: skip
    return pl.DataFrame(rows)


def say_place(row: dict[str, object]) -> None:
    """Explain one place in sentences."""
    console.print(f"{row['name'] or row['site']}, {row['area']} ({row['site']})", style="bold", highlight=False)
    count = {
        name: "a few" if row[name] is None else f"{row[name]:,}"
        for name in ("people_in_reach", "people_second", "people_first")
    }
    lines = [
        f"{row['capacities']} capacities; the municipality has headroom for {row['headroom']:.0f}, and all places of "
        f"the proposal use {row['headroom_used']} of it.",
        f"{count['people_in_reach']} people are within reach. {count['people_second']} would lack their second open "
        f"choice without the place; for {count['people_first']} it is the only one.",
        f"{row['need_served']:.1f} capacities of unmet need are served only by it.",
    ]
    if (
        row["next_best"] and row["people_second"] and row["people_lost"] is not None
    ):  # where nobody's choice hangs on it, every place does as well
        lost = f"it would serve {row['people_lost']:,} people fewer" if row["people_lost"] else "it would serve as many"
        lines.append(f"The best other place for the choices of people is {row['next_best']}; {lost}.")
    by = {word: [PRINCIPLES[p] for p in PRINCIPLES if row[f"principle_{p}"] == word]
          for word in ("met", "conflict", "not judged")}  # fmt: skip
    heads = {"met": "Meets", "conflict": "Conflicts with", "not judged": "Cannot be judged from the tables"}
    lines += [f"{heads[word]}: {', '.join(names)}." for word, names in by.items() if names]
    for line in lines:
        console.print(f"  {line}", highlight=False)


def say_path(path: Path) -> None:
    """Name a file that was written."""
    console.print(str(path), soft_wrap=True, highlight=False, markup=False)
