"""What pages of areas show, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fordel.publish import formats
from fordel.web.texts import language, text

if TYPE_CHECKING:
    from fordel.web.runs.queries import Seen

Row = dict[str, Any]
NUMBERS = ("people", "need", "ceiling", "capacities_released", "headroom", "surplus")
SORTS = frozenset({"name", *NUMBERS})


def tree(seen: Seen) -> list[tuple[int, Row]]:
    """Give depth and row of each area a person sees: the nation, each region, its councils, their municipalities."""
    found: list[tuple[int, Row]] = [(0, row) for row in seen.at_level("nation")]
    for region in seen.at_level("region"):
        found.append((0, region))
        councils = seen.at_level("health_council", region["area_id"])
        for council in councils:
            found.append((1, council))
            found += [(2, row) for row in seen.at_level("municipality", council["area_id"])]
        loose = [r for r in seen.at_level("municipality", region["area_id"]) if not r["health_council"]]
        found += [(1, row) for row in loose]
    return found


def flat(seen: Seen, level: str, sort: str, *, falling: bool) -> list[tuple[int, Row]]:
    """Give the areas of a level by one of their numbers, those without it last."""
    rows = seen.at_level(level)
    if sort == "name":
        return [(0, row) for row in (reversed(rows) if falling else rows)]
    known = [row for row in rows if row[sort] is not None]
    known.sort(key=lambda row: row[sort], reverse=falling)
    return [(0, row) for row in [*known, *(row for row in rows if row[sort] is None)]]


def gap_in_words(row: Row) -> str:
    """Say how released capacities stand to the ceiling: room, surplus, or neither."""
    lang = language()
    if row["headroom"]:
        return text("areas.gap_room", n=formats.number(row["headroom"], _decimals(row["headroom"]), lang))
    if row["surplus"]:
        return text("areas.gap_surplus", n=formats.number(row["surplus"], _decimals(row["surplus"]), lang))
    return text("areas.gap_even")


def _decimals(value: float) -> int:
    return 0 if value == round(value) else 1
