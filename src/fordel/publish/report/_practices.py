"""Tables of practices: counts by region on the overview, and the page with every practice."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from fordel.publish import formats
from fordel.publish.disclosure import shown_practices
from fordel.publish.report._frame import Column, Group, Report, Row, Table, line

FILES = {"da": "praksis.html", "en": "practices.html"}
SHOWN = (
    *("practice_id", "name", "capacities_released", "capacities_filled", "patients", "mean_weight"),
    *("indicative_minimum", "practice_minimum", "closing_minimum", "patients_missing", "may_close", "open_to_new"),
)
COUNTS = ("count", "open", "may_close", "must_stay_open", "closed_below", "unknown")


def practices_link(report: Report, municipality: str) -> str:
    """Where the practices of a municipality stand; empty where it has none."""
    if municipality not in set(report.run.practices["municipality"]):
        return ""
    return f"{FILES[report.texts.lang]}#k{municipality}"


def practices_by_region(report: Report) -> Table:
    """Count practices by region: open, may close, must stay open, and closed though they must not be."""
    texts = report.texts
    region_of = {row["area_id"]: row["region"] for row in report.municipalities}
    placed = report.run.practices.with_columns(
        region=pl.col("municipality").replace_strict(region_of, return_dtype=pl.String)
    )
    table = [report.column("areas", "name"), *(_counter(report, key) for key in COUNTS)]
    lines = [
        line({"name": row["name"], **_counts(placed.filter(pl.col("region") == row["area_id"]))}, table)
        for row in report.at_level("region")
    ]
    total = line({"name": texts("nation_row"), **_counts(placed)}, table, total=True)
    return Table("practices-by-region", texts("practices_by_region"), table, [Group("", [*lines, total])])


def _counter(report: Report, key: str) -> Column:
    return Column(report.texts(f"practices_{key}"), "", lambda row: report.number(row[key]))


def _counts(practices: pl.DataFrame) -> Row:
    may_close, is_open = pl.col("may_close"), pl.col("open_to_new")
    return practices.select(
        count=pl.len(),
        open=is_open.sum(),
        may_close=may_close.sum(),
        must_stay_open=(~may_close).sum(),
        closed_below=(~may_close & ~is_open).sum(),
        unknown=may_close.is_null().sum(),
    ).row(0, named=True)


def practices_page(report: Report) -> dict[str, object]:
    """Give what fills the page of practices: one table per municipality, grouped by region."""
    table = [report.column("practices", name) for name in SHOWN]
    by_municipality = {
        str(code): rows
        for (code,), rows in shown_practices(report.run).partition_by("municipality", as_dict=True).items()
    }
    regions = []
    for region in report.at_level("region"):
        within = [
            m for m in report.municipalities if m["region"] == region["area_id"] and m["area_id"] in by_municipality
        ]
        tables = [_of_municipality(report, m, by_municipality[m["area_id"]].to_dicts(), table) for m in within]
        if tables:
            regions.append({"name": region["name"], "anchor": region["area_id"], "tables": tables})
    return {"columns": table, "regions": regions, "practice_count": report.run.practices.height}


def _of_municipality(report: Report, municipality: Row, practices: Iterable[Row], table: list[Column]) -> Table:
    lines = [
        line(row, table, anchor=f"y{row['practice_id']}")
        for row in sorted(practices, key=lambda row: (formats.danish_order(row["name"]), row["practice_id"]))
    ]
    caption = report.texts("practices_in", name=municipality["name"])
    return Table(f"k{municipality['area_id']}", caption, table, [Group("", lines)], short=municipality["name"])
