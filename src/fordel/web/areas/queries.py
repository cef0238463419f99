"""What pages of areas show, in their order."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish import formats
from fordel.publish.disclosure import shown_areas
from fordel.publish.headroom_map import headroom_svg
from fordel.web.runs.queries import tables_of
from fordel.web.texts import language, text

if TYPE_CHECKING:
    from fordel.publish._words import Lang
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


@lru_cache(maxsize=512)
def _drawn(folder: str, codes: tuple[str, ...], own: frozenset[str], lang: Lang) -> str | None:
    """Draw municipalities; a run never changes, and all who see an area see the same of it."""
    run = tables_of(folder)
    shown = shown_areas(run).areas.filter(pl.col("level") == "municipality")
    rows = shown.filter(pl.col("area_id").is_in(codes)).to_dicts()
    return headroom_svg(run, rows, lang, own)


def map_of(seen: Seen, area_id: str = "") -> str | None:
    """Draw headroom in the municipalities a person sees; around one area, with it standing out.

    None where the run has no shapes of municipalities.

    Raises:
        Http404: there is no such area, or it is not for this person.
    """
    rows = seen.at_level("municipality")
    own = frozenset(row["area_id"] for row in rows if area_id in (row["area_id"], row["health_council"], row["region"]))
    if area_id:
        region = seen.area(area_id)["region"] or area_id
        rows = [row for row in rows if row["region"] == region] or rows
    if len(own) == len(rows):
        own = frozenset()  # all stand out, so none needs to
    return _drawn(seen.record.folder, tuple(row["area_id"] for row in rows), own, language())


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
