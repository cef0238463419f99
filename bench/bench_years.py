"""The rule part of a plan, every year from 2025 to 2035: need, ceilings on every level, minimums."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from _case import Case

from fordel.demo import make_snapshot
from fordel.law import Lawbook
from fordel.plan import make_without_places
from fordel.professions import GP
from fordel.tables import Tables

TITLE = "Eleven years of rules"
ABOUT = (
    "Need, ceilings and headroom on every level, exceptions, and the minimum of every practice, by the law of each "
    "year from 2025 to 2035; without coverage, which is measured by itself. There is no peer to compare with. The aim "
    "is one second on two cores."
)
PACKAGES = ("polars",)
DAYS = [date(2025, 7, 1), *(date(year, 2, 1) for year in range(2026, 2036))]


def years(tables: Tables) -> int:
    """Compute every year; give how many areas and practices came out."""
    book = Lawbook.shipped()
    made = [make_without_places(book.on(day), tables, GP) for day in DAYS]
    return sum(areas.height + practices.height for areas, practices in made)


def cases() -> Iterator[Case]:
    """All of Denmark."""
    tables = make_snapshot()
    size = f"{tables.practices.height:,} practices, 98 municipalities, {len(DAYS)} years"
    yield Case("need, ceilings, minimums", size, lambda: years(tables), repeat=5)
