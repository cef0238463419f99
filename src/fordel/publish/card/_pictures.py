"""The pictures of the card, as points and bars that the page draws: each beside the table with the same content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from fordel.publish.maps import Shade, Sheet, sequential
from fordel.publish.report._maps import BLANK, LegendRow, Map, Outline

if TYPE_CHECKING:
    from fordel.publish.card._frame import Card
    from fordel.publish.report._frame import Table

SIDE = 400  # of a plot, in units of the picture
ROW = 20


@dataclass(frozen=True)
class Dot:
    """One point: where, which series, and what a reader sees on pointing at it."""

    x: float
    y: float
    series: str
    title: str


@dataclass(frozen=True)
class Tick:
    """One mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Plot:
    """A plot of points on two axes, or of rows of points beside their names."""

    anchor: str
    title: str
    description: str
    width: float
    height: float
    dots: list[Dot]
    ticks: list[Tick]
    rows: list[Tick]
    line: float | None = None


def calibration(card: Card, frame: pl.DataFrame) -> Plot:
    """Plot observed against fitted use by tenth of citizens; on the line they are equal."""
    top = max(float(frame["observed"].max()), float(frame["fitted"].max())) * 1.05  # type: ignore[arg-type]
    dots = [
        Dot(
            row["fitted"] / top * SIDE,
            SIDE - row["observed"] / top * SIDE,
            row["sample"],
            card.texts(
                "dot_calibration",
                n=row["decile"],
                fitted=card.number(row["fitted"], 2),
                observed=card.number(row["observed"], 2),
            ),
        )
        for row in frame.iter_rows(named=True)
    ]
    worst = max(abs(float(ratio) - 1) for ratio in frame["ratio"])
    described = card.texts("calibration_desc", worst=card.number(100 * worst, 1))
    return Plot("calibration", card.texts("calibration"), described, SIDE, SIDE, dots, _ticks(card, top), [])


def _ticks(card: Card, top: float) -> list[Tick]:
    step = next(size for size in (0.5, 1, 2, 5, 10, 20, 50, 100, 1e9) if top / size <= 8)
    marks = [at * step for at in range(int(top / step) + 1)]
    return [Tick(mark / top * SIDE, card.number(mark, 0 if step >= 1 else 1)) for mark in marks]


def ratios(card: Card, table: Table, frame: pl.DataFrame) -> Plot:
    """Plot the ratio of fitted to observed use by level; on the line they are equal."""
    values = [float(value) for value in frame["ratio"]]
    reach = max(0.05, *(abs(value - 1) for value in values)) * 1.05
    lines = table.groups[0].lines
    dots = [
        Dot((value - 1 + reach) / (2 * reach) * SIDE, at * ROW + ROW / 2, "fitted", f"{row.cells[0]}: {row.cells[-1]}")
        for at, (value, row) in enumerate(zip(values, lines, strict=True))
    ]
    rows = [Tick(at * ROW + ROW / 2, row.cells[0]) for at, row in enumerate(lines)]
    marks = [Tick((side + 1) / 2 * SIDE, card.number(1 + side * reach, 2)) for side in (-1, 0, 1)]
    far = sum(abs(value - 1) > 0.05 for value in values)
    described = card.texts("ratios_desc", count=len(values), far=far)
    return Plot("ratios", card.texts("ratios"), described, SIDE, len(values) * ROW, dots, marks, rows, SIDE / 2)


def moves(card: Card, table: Table) -> Plot:
    """Plot what each specification would move, as bars from nothing."""
    values = [_plain(row.cells[1], card) for row in table.groups[0].lines]
    top = max([*values, 0.1])
    dots = [
        Dot(value / top * SIDE, at * ROW + ROW / 2, "bar", f"{row.cells[0]}: {row.cells[1]}")
        for at, (value, row) in enumerate(zip(values, table.groups[0].lines, strict=True))
    ]
    rows = [Tick(at * ROW + ROW / 2, row.cells[0]) for at, row in enumerate(table.groups[0].lines)]
    marks = [Tick(share * SIDE, card.number(share * top, 1)) for share in (0, 0.5, 1)]
    described = card.texts("moves_desc", count=len(values), most=rows[0].label if rows else "")
    return Plot("moves", card.texts("moves"), described, SIDE, len(values) * ROW, dots, marks, rows, 0)


def _plain(text: str, card: Card) -> float:
    """Read back a number the table shows, so that bar and table never differ."""
    return float(text.replace(".", "").replace(",", ".") if card.texts.lang == "da" else text.replace(",", ""))


def residual_map(card: Card, sheet: Sheet, table: Table, frame: pl.DataFrame, names: dict[str, str]) -> Map:
    """Map the ratio of fitted to observed use by municipality."""
    values = {row["area_id"]: row["ratio"] for row in frame.iter_rows(named=True) if row["ratio"] is not None}
    people = dict(frame.select("area_id", "citizens").iter_rows())
    classes = sequential(values, card.texts, decimals=2)
    members = [classes.members(at) for at in range(len(classes.shades))]
    blank = Shade("", BLANK)
    outlines = [
        Outline(
            code,
            f"{names.get(code, code)}: {card.number(values.get(code), 3)}",
            classes.shades[classes.index[code]] if code in classes.index else blank,
        )
        for code in sheet.paths
    ]
    return Map(
        anchor="map-residual",
        title=card.texts("residual"),
        text=card.texts("residual_text"),
        description=card.texts("residual_desc", count=len(values)),
        unit=card.texts("residual_unit"),
        counted=card.texts("legend_municipalities"),
        legend=[
            LegendRow(shade, card.number(len(codes)), card.number(sum(people[code] for code in codes)))
            for shade, codes in zip(classes.shades, members, strict=True)
        ],
        table=table,
        sources=card.facts["source"],
        synthetic=card.model.synthetic,
        outlines=outlines,
    )
