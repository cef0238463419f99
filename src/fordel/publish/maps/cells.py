"""The grid of 1-km cells as a picture of one pixel per cell: small, and sharp when scaled up."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl
from PIL import Image

from fordel.publish.maps.sheet import INSET_EAST_OF, UNIT

if TYPE_CHECKING:
    from fordel.publish.maps.sheet import Sheet

# Dark for none, light for two or more: the order also holds in grey print. No choice, one choice, two or more.
CHOICE_COLOURS = ("#5b0f2e", "#e08a1e", "#9cc7de")
CELL = 1000.0  # metres


@dataclass(frozen=True)
class CellPicture:
    """A picture of cells and where on the sheet it lies. Unit: 100 m. ``href`` is a data address of a PNG."""

    x: float
    y: float
    width: float
    height: float
    href: str


def draw_choices(places: pl.DataFrame, sheet: Sheet) -> list[CellPicture]:
    """Draw open choices per cell: one picture of the mainland, one of the island in the box.

    A cell that two municipalities share shows the fewest choices anyone in it has.

    Args:
        places: ``cell_id, open_choices``.
        sheet: where to put them.
    """
    cells = _cells(places)
    far_east = pl.col("east") * CELL > INSET_EAST_OF
    parts = (cells.filter(~far_east), cells.filter(far_east))
    return [picture for part in parts if (picture := _picture(part, sheet)) is not None]


@dataclass(frozen=True)
class Grid:
    """A picture of cells on the ground, one pixel per cell. Edges in EPSG:25832, metres; ``href`` as above."""

    west: float
    south: float
    east: float
    north: float
    href: str


def grid_of(places: pl.DataFrame) -> Grid | None:
    """Draw open choices per cell in one piece, where they lie; None without cells. Takes what ``draw_choices`` does."""
    cells = _cells(places)
    if not cells.height:
        return None
    (west, south, east, north), href = _pixels(cells)
    return Grid(west * CELL, south * CELL, east * CELL, north * CELL, href)


def _cells(places: pl.DataFrame) -> pl.DataFrame:
    """Give each cell once, with the fewest choices anyone in it has."""
    corner = pl.col("cell_id").str.extract_groups(r"^1km_(?<north>\d+)_(?<east>\d+)$").struct.unnest()
    cells = places.group_by("cell_id").agg(pl.col("open_choices").min().clip(upper_bound=2)).sort("cell_id")
    return cells.with_columns(corner.cast(pl.Int64))


def _picture(cells: pl.DataFrame, sheet: Sheet) -> CellPicture | None:
    if not cells.height:
        return None
    (left, bottom, right, top), href = _pixels(cells)
    part = sheet.part_of(left * CELL)
    if part is None:
        return None
    x, y = (left * CELL - part.west) / UNIT + part.x, (part.north - top * CELL) / UNIT + part.y
    return CellPicture(x, y, (right - left) * CELL / UNIT, (top - bottom) * CELL / UNIT, href)


def _pixels(cells: pl.DataFrame) -> tuple[tuple[int, int, int, int], str]:
    """Draw cells; give the edges of the picture in cells: left, bottom, right, top."""
    east, north = (cells[c].to_list() for c in ("east", "north"))
    left, bottom, right, top = min(east), min(north), max(east) + 1, max(north) + 1
    pixels = bytearray(len(CHOICE_COLOURS).to_bytes() * ((right - left) * (top - bottom)))
    for e, n, choices in cells.select("east", "north", "open_choices").iter_rows():
        pixels[(top - 1 - n) * (right - left) + e - left] = choices
    return (left, bottom, right, top), _png(right - left, top - bottom, bytes(pixels))


def _png(width: int, height: int, pixels: bytes) -> str:
    """Encode with a palette of the three colours and one that is see-through."""
    image = Image.frombytes("P", (width, height), pixels)
    image.putpalette([int(c[i : i + 2], 16) for c in (*CHOICE_COLOURS, "#ffffff") for i in (1, 3, 5)])
    packed = BytesIO()
    image.save(packed, "PNG", transparency=len(CHOICE_COLOURS), optimize=True)
    return "data:image/png;base64," + base64.b64encode(packed.getvalue()).decode("ascii")
