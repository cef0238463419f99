"""Tables of minimums that fit a terminal of 80 columns."""

from __future__ import annotations

import polars as pl
from rich import box
from rich.markup import escape
from rich.table import Table


def minimums_table(before: pl.DataFrame, after: pl.DataFrame) -> Table:
    """Lay out practices before a change, a line, and practices after it."""
    table = _table("Practice", "Capacities", "Patients", "Weight", "Min/cap", "Minimum")
    for frame, last in ((before, True), (after, False)):
        rows = frame.to_dicts()
        for place, row in enumerate(rows, start=1):
            weight = "–" if row["mean_weight"] is None else f"{row['mean_weight']:.4f}"
            numbers = [f"{row['capacities']:g}", f"{row['patients']:,}", weight]
            numbers += [_whole(row["minimum_per_capacity"]), _whole(row["practice_minimum"])]
            table.add_row(escape(row["practice_id"]), *numbers, end_section=last and place == len(rows))
    return table


def alternatives_table(frame: pl.DataFrame) -> Table:
    """Lay out practices with what they offer and what each way of sharing asks of them."""
    methods = [name for name in frame.columns if name not in ("practice_id", "name", "capacities", "offer")]
    table = _table("Practice", "Cap.", "Offer", *(method.replace("_", " ").capitalize() for method in methods))
    for row in frame.to_dicts():
        more = [_more(row[method], row["offer"]) for method in methods]
        table.add_row(row["practice_id"], f"{row['capacities']:g}", f"{row['offer']:,}", *more)
    totals = [f"{frame[name].sum():,}" for name in ("offer", *methods)]
    table.add_section()
    table.add_row("All", f"{frame['capacities'].sum():g}", *totals)
    return table


def _table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left", no_wrap=True)
    return table


def _whole(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _more(minimum: int, offer: int) -> str:
    """Write a minimum and how many more patients than offered it asks for."""
    return f"{minimum:,}" if minimum <= offer else f"{minimum:,} (+{minimum - offer:,})"
