"""The three maps of the overview, each with its legend and a table with the same content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish.formats import NONE
from fordel.publish.maps import CHOICE_COLOURS, CellPicture, Classes, Shade, Sheet, diverging, draw_choices, sequential
from fordel.publish.report._areas import area_columns
from fordel.publish.report._frame import Group, Report, Table, line

if TYPE_CHECKING:
    from fordel.publish.report._frame import Column, Row

BLANK = "#e3e3e3"  # a municipality without a value: nobody lives there
# Which tables of the snapshot a map is made from, and so whose sources it names.
MADE_FROM = {
    "headroom": ("area_shapes", "population", "need_weights", "weighted_sums", "practices"),
    "weight": ("area_shapes", "population", "need_weights", "weighted_sums"),
    "choices": ("area_shapes", "demand_points", "practices"),
}
CHOICES = ("people_no_choice", "people_one_choice", "people_two_choices")


@dataclass(frozen=True)
class Outline:
    """One municipality on a map: its shade and what a reader sees on pointing at it."""

    code: str
    title: str
    shade: Shade


@dataclass(frozen=True)
class LegendRow:
    """One class of a map: its shade, how many areas or cells are in it, and how many people live there."""

    shade: Shade
    count: str
    people: str


@dataclass(frozen=True)
class Map:
    """A map on the page."""

    anchor: str
    title: str
    text: str
    description: str
    unit: str
    counted: str
    legend: list[LegendRow]
    table: Table
    sources: str
    synthetic: bool
    outlines: list[Outline] = field(default_factory=list)
    pictures: list[CellPicture] = field(default_factory=list)


def choropleths(report: Report) -> dict[str, object]:
    """Give the sheet, the maps, and what is missing on them."""
    sheet = Sheet.of(report.run.area_shapes)
    drawn = set(sheet.paths) if sheet else set()
    missing = [row["name"] for row in report.municipalities if row["area_id"] not in drawn]
    return {
        "sheet": sheet,
        "list": [_headroom(report), _weight(report), _choices(report, sheet)] if sheet else [],
        "missing": ", ".join(missing),
    }


def _headroom(report: Report) -> Map:
    rows, texts = report.municipalities, report.texts
    headroom, surplus = ({r["area_id"]: r[side] for r in rows} for side in ("headroom", "surplus"))
    classes = diverging(headroom, surplus, texts)
    ordered = sorted(rows, key=lambda row: row["headroom"] - row["surplus"])
    columns = [
        report.column("areas", name) for name in ("name", "ceiling", "capacities_released", "headroom", "surplus")
    ]
    most, least = _extreme(report, ordered, "headroom"), _extreme(report, ordered[::-1], "surplus")
    counts = {"headroom": sum(v > 0 for v in headroom.values()), "surplus": sum(v > 0 for v in surplus.values())}
    described = {"count": len(rows), "balance": len(rows) - sum(counts.values()), **counts}
    desc = texts("map_headroom_desc", most=most, least=least, **{k: report.number(v) for k, v in described.items()})
    return _choropleth(report, "headroom", classes, columns, desc, texts("map_headroom_text"))


def _weight(report: Report) -> Map:
    rows = [row for row in report.municipalities if row["mean_weight"] is not None]
    texts, mean = report.texts, report.number(report.nation["mean_weight"], 3)
    classes = sequential({row["area_id"]: row["mean_weight"] for row in rows}, texts, decimals=2)
    ordered = sorted(rows, key=lambda row: row["mean_weight"])
    most, least = _extreme(report, ordered, "mean_weight"), _extreme(report, ordered[::-1], "mean_weight")
    columns = [report.column("areas", name) for name in ("name", "people", "weighted_citizens", "mean_weight")]
    desc = texts("map_weight_desc", count=report.number(len(rows)), most=most, least=least)
    return _choropleth(report, "weight", classes, columns, desc, texts("map_weight_text", mean=mean))


def _extreme(report: Report, ordered: list[Row], column: str) -> str:
    """Name the last of an ordered list with its number; a dash where there is none."""
    if not ordered or not ordered[-1][column]:
        return NONE
    return f"{ordered[-1]['name']} ({report.column('areas', column).write(ordered[-1])})"


def _choropleth(
    report: Report, anchor: str, classes: Classes, columns: list[Column], description: str, text: str
) -> Map:
    """Make a map of municipalities by class. The last columns are what one reads on pointing at a municipality."""
    people = {row["area_id"]: row["people"] for row in report.municipalities}
    members = [classes.members(i) for i in range(len(classes.shades))]
    return Map(
        anchor=f"map-{anchor}",
        title=report.texts(f"map_{anchor}"),
        text=text,
        description=description,
        unit=report.texts(f"map_{anchor}_unit"),
        counted=report.texts("legend_municipalities"),
        legend=[
            LegendRow(shade, report.number(len(codes)), report.number(sum(people[code] for code in codes)))
            for shade, codes in zip(classes.shades, members, strict=True)
        ],
        table=_table(report, anchor, columns),
        **_sources(report, anchor),
        outlines=[_outline(row, classes, columns) for row in report.municipalities],
    )


def _sources(report: Report, anchor: str) -> dict[str, Any]:
    """Whom to name under a map, and whether any of it is made up."""
    tables = "|".join((*MADE_FROM[anchor], "all"))
    used = report.run.sources.filter(pl.col("tables").str.contains(rf"(^|[ ,])({tables})($|[ ,])"))
    return {"sources": "; ".join(used["attribution"].unique(maintain_order=True)), "synthetic": used["synthetic"].any()}


def _outline(row: Row, classes: Classes, columns: list[Column]) -> Outline:
    code = row["area_id"]
    words = "; ".join(f"{column.heading} {column.write(row)}" for column in columns[1:])
    shade = classes.shades[classes.index[code]] if code in classes.index else Shade("", BLANK)
    return Outline(code, f"{row['name']}: {words}", shade)


def _table(report: Report, anchor: str, columns: list[Column]) -> Table:
    caption = f"{report.texts(f'map_{anchor}')}. {report.texts('map_table')}"
    return Table(
        f"table-{anchor}", caption, columns, [Group("", [line(row, columns) for row in report.municipalities])]
    )


def _choices(report: Report, sheet: Sheet) -> Map:
    """Make the map of cells; borders lie over it without fill."""
    texts, row, places = report.texts, report.nation, report.run.places
    shares = {
        key: report.share(row[column], row["people"])
        for key, column in zip(("none", "one", "two"), CHOICES, strict=True)
    }
    cells = places.group_by("cell_id").agg(pl.col("open_choices").min().clip(upper_bound=2))["open_choices"].to_list()
    legend = [
        LegendRow(Shade(texts(f"class_choices_{i}"), colour), report.number(cells.count(i)), report.count(row[column]))
        for i, (colour, column) in enumerate(zip(CHOICE_COLOURS, CHOICES, strict=True))
    ]
    columns = [report.column("areas", name) for name in ("name", "people", *CHOICES)]
    columns += [column for column in area_columns(report) if column.unit == "%"]
    return Map(
        anchor="map-choices",
        title=texts("map_choices"),
        text=texts("map_choices_text"),
        description=texts("map_choices_desc", cells=report.number(len(cells)), **shares),
        unit=texts("map_choices_unit"),
        counted=texts("legend_cells"),
        legend=legend,
        table=_table(report, "choices", columns),
        **_sources(report, "choices"),
        pictures=draw_choices(places, sheet),
    )
