"""The map of proposals: their places among the practices of a region, over the choices people have today."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from textwrap import wrap
from typing import TYPE_CHECKING

import polars as pl

from fordel.publish import _words
from fordel.publish._template import template
from fordel.publish.maps import CHOICE_COLOURS, Sheet, draw_choices
from fordel.publish.placement_words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fordel.publish._words import Lang
    from fordel.runs.record import Run

NARROWEST = 1500  # units of the sheet that the legend takes
LETTER = 13  # units of the sheet of a letter of the sources
APART = 50  # units between two marks, so that both can be read


@dataclass(frozen=True)
class Mark:
    """A proposed place: its number, or the letters of the proposals that have it; dark where it is in all of them."""

    x: int
    y: int
    label: str
    title: str
    in_all: bool = True


@dataclass(frozen=True)
class Dot:
    """A practice."""

    x: int
    y: int
    label: str
    is_open: bool


def municipalities_around(run: Run, municipalities: Sequence[str]) -> list[str]:
    """Give all municipalities of the regions that some lie in."""
    own = run.areas.filter(pl.col("level") == "municipality")
    regions = own.filter(pl.col("area_id").is_in(municipalities))["region"].unique().to_list()
    return own.filter(pl.col("region").is_in(regions))["area_id"].to_list()


def placement_svg(run: Run, proposals: Mapping[str, pl.DataFrame], practices: pl.DataFrame, lang: Lang) -> str | None:
    """Draw the places of one proposal, or of a few together; None where the run has no shapes of municipalities.

    Args:
        run: whose municipalities, choices, sources and law date the map shows.
        proposals: by the letter they go by: ``site, name, area, municipality, easting, northing, capacities``. Of one
            alone each place bears its number in the table, of several the letters of those that have it.
        practices: ``name, municipality, easting, northing, open``.
        lang: ``da`` or ``en``.
    """
    every = pl.concat(
        [plan.select("site", "name", "area", "municipality", "easting", "northing") for plan in proposals.values()]
    )
    own = municipalities_around(run, every["municipality"].unique().to_list()) or run.areas["area_id"].to_list()
    sheet = Sheet.of(run.area_shapes.filter(pl.col("municipality").is_in(own)))
    if sheet is None:
        return None
    wide = max(sheet.width, NARROWEST)
    return template("placement_map.svg").render(
        t=partial(say, lang=lang),
        lang=lang,
        sheet=sheet,
        wide=wide,
        pictures=draw_choices(run.places.filter(pl.col("municipality").is_in(own)), sheet),
        colours=CHOICE_COLOURS,
        marks=_marks(proposals, sheet),
        letters=list(proposals) if len(proposals) > 1 else [],
        dots=_dots(practices.filter(pl.col("municipality").is_in(own)), sheet),
        law_date=_words.day_in_words(run.manifest.law_date, lang),
        snapshot=run.manifest.snapshot_name,
        synthetic=bool(run.manifest.synthetic),
        sources=wrap(say("sources", lang, sources=sources_of(run)), (wide - 80) // LETTER),
    )


def sources_of(run: Run) -> str:
    """Name the sources of what the map and the table show."""
    used = run.sources.filter(pl.col("tables").str.contains(r"(^|[ ,])(area_shapes|demand_points|practices|all)"))
    return "; ".join(used["attribution"].unique(maintain_order=True))


def _marks(proposals: Mapping[str, pl.DataFrame], sheet: Sheet) -> list[Mark]:
    places: dict[str, dict[str, object]] = {}
    labels: dict[str, list[str]] = {}
    for letter, plan in proposals.items():
        for number, row in enumerate(plan.to_dicts(), start=1):
            places[row["site"]] = row
            labels.setdefault(row["site"], []).append(letter if len(proposals) > 1 else str(number))
    marks: list[Mark] = []
    for site, row in places.items():
        part = sheet.part_of(float(str(row["easting"])))
        if part is not None:
            x, y = part.place(float(str(row["easting"])), float(str(row["northing"])))
            x = _beside(x, y, marks)
            title, have = f"{row['name'] or site}, {row['area']}", labels[site]
            marks.append(Mark(x, y, "".join(have), title, in_all=len(have) == len(proposals)))
    return marks


def _beside(x: int, y: int, marks: Sequence[Mark]) -> int:
    """Move a mark to the right of those it would hide."""
    for other in sorted(marks, key=lambda mark: mark.x):
        if abs(other.x - x) < APART and abs(other.y - y) < APART:
            x = other.x + APART
    return x


def _dots(practices: pl.DataFrame, sheet: Sheet) -> list[Dot]:
    dots = [
        Dot(*part.place(east, north), name, bool(is_open))
        for name, east, north, is_open in practices.select("name", "easting", "northing", "open").iter_rows()
        if (part := sheet.part_of(east)) is not None
    ]
    return sorted(dots, key=lambda dot: dot.is_open)
