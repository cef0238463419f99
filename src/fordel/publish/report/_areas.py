"""Tables of areas: regions, health councils and municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fordel.publish import formats
from fordel.publish.report._frame import Column, Group, Line, Report, Row, Table, line
from fordel.publish.report._practices import practices_link

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN = (
    *("people", "mean_weight", "need", "ceiling", "capacities_released", "capacities_filled", "capacities_vacant"),
    *("headroom", "surplus", "releasable"),
)
LEVELS = {"region": "regions", "health_council": "councils", "municipality": "municipalities"}


def area_columns(report: Report) -> list[Column]:
    """Columns of a table of areas, the name first."""
    return [
        report.column("areas", "name"),
        *(report.column("areas", name) for name in SHOWN),
        report.share_column("share_no_choice", "people_no_choice"),
        report.share_column("share_one_choice", "people_one_choice"),
        report.share_column("share_two_choices", "people_two_choices"),
    ]


def area_tables(report: Report) -> list[Table]:
    """One table per level; municipalities and health councils grouped by region."""
    table = area_columns(report)
    total = line({**report.nation, "name": report.texts("nation_row")}, table, total=True)
    regions = [line(row, table, anchor=row["area_id"]) for row in report.at_level("region")]
    return [
        Table("regions", report.texts("regions"), table, [Group("", [*regions, total])]),
        Table("councils", report.texts("councils"), table, _by_region(report, "health_council", table, _plain)),
        Table("municipalities", report.texts("municipalities"), table, _by_region(report, "municipality", table, _led)),
    ]


def _plain(_: Report, row: Row, table: list[Column]) -> Line:
    return line(row, table, anchor=row["area_id"])


def _led(report: Report, row: Row, table: list[Column]) -> Line:
    """Let a municipality with practices lead to them."""
    return line(row, table, anchor=f"k{row['area_id']}", href=practices_link(report, row["area_id"]))


def _by_region(
    report: Report, level: str, table: list[Column], write: Callable[[Report, Row, list[Column]], Line]
) -> list[Group]:
    """Group areas by region in Danish order; a council that no single region holds comes last, without heading."""
    groups: dict[str, list[Line]] = {}
    for row in report.at_level(level):
        groups.setdefault(row["region"] or "", []).append(write(report, row, table))
    named = {region: report.names.get(region, "") for region in groups}
    order = sorted(groups, key=lambda region: (not named[region], formats.danish_order(named[region])))
    return [Group(named[region], groups[region]) for region in order]


def binding_sentence(report: Report) -> str:
    """Say on which level the ceiling binds, and where if it is not the same everywhere."""
    regions: dict[str, list[str]] = {}
    for row in report.at_level("region"):
        regions.setdefault(row["binding_level"], []).append(row["name"])
    if len(regions) == 1:
        return report.texts("binds", levels=report.texts(f"level_{next(iter(regions))}"))
    parts = [
        report.texts("binds_in", level=report.texts(f"level_{level}"), regions=", ".join(names))
        for level, names in regions.items()
    ]
    return report.texts("binds", levels="; ".join(parts))
