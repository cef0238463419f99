"""The sheet a map is drawn on: metres in EPSG:25832 become units of 100 m, north up, Bornholm in a box."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import shapely

if TYPE_CHECKING:
    import polars as pl

UNIT = 100.0  # metres per unit of the sheet
TOLERANCE = 250.0  # metres a border may move; under one pixel at the size maps are shown
INSET_EAST_OF = 800_000.0  # metres; east of it lie Bornholm and Ertholmene only, 130 km of sea from the rest
MARGIN = 60  # units around the land
PADDING = 40  # units between the box and what it shows
LABEL = 90  # units for a line of text

# The capital's municipalities are too small to see on a map of the country: they are drawn again, larger, on the sea.
CAPITAL = (702_000.0, 6_160_000.0, 732_000.0, 6_197_000.0)  # west, south, east, north; metres
CLOSEUP_SCALE = 2.4
WORTH_A_CLOSEUP = 5  # municipalities

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Inset:
    """The box for what lies far to the east, in units of the sheet."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Closeup:
    """The box that shows the capital again, larger: where it stands, and which piece of the sheet it shows."""

    x: int
    y: int
    width: int
    height: int
    view: tuple[int, int, int, int]


@dataclass(frozen=True)
class Part:
    """One piece of the map and where on the sheet it lies: its north-western corner. Units: metres, sheet units."""

    west: float
    north: float
    x: float
    y: float

    def place(self, easting: float, northing: float) -> tuple[int, int]:
        """Give the point on the sheet of a point in EPSG:25832."""
        return round((easting - self.west) / UNIT + self.x), round((self.north - northing) / UNIT + self.y)


@dataclass(frozen=True)
class Sheet:
    """Municipalities laid out on a sheet.

    Attributes:
        width, height: size. Unit: 100 m.
        mainland, island: how to place a point west and east of ``INSET_EAST_OF``; None where there is nothing.
        inset: the box around the island; None where there is none, or nothing else to show.
        closeup: the capital drawn larger; None where there is no need or no sea to put it on.
        paths: outline of each municipality as an SVG path, by kommunekode.
    """

    width: int
    height: int
    mainland: Part | None
    island: Part | None
    inset: Inset | None
    closeup: Closeup | None = None
    paths: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, area_shapes: pl.DataFrame) -> Sheet | None:
        """Lay out ``municipality``, ``geometry`` (well-known binary, EPSG:25832); None where there are no shapes."""
        codes = area_shapes["municipality"].to_list()
        if not codes:
            return None
        shapes = _simplified(shapely.from_wkb(area_shapes["geometry"].to_list()))
        west = [shape for shape in shapes if not _far_east(shape)]
        east = [shape for shape in shapes if _far_east(shape)]
        sheet = _laid_out(_bounds(west), _bounds(east))
        paths = {code: _path(sheet, shape) for code, shape in zip(codes, shapes, strict=True)}
        return cls(**sheet, closeup=_closeup(sheet, west), paths=paths)

    def part_of(self, easting: float) -> Part | None:
        """Give which piece of the map a point lies on."""
        return self.island if easting > INSET_EAST_OF else self.mainland

    @cached_property
    def scale_bar(self) -> tuple[int, int]:
        """Length of the scale bar: kilometres, units. The longest round length within a quarter of the sheet."""
        fits = [km for km in (1, 2, 5, 10, 20, 50, 100) if km * 1000 / UNIT <= self.width / 4] or [1]
        return fits[-1], round(fits[-1] * 1000 / UNIT)


def outlines(area_shapes: pl.DataFrame) -> list[list[tuple[int, int]]]:
    """Give the simplified borders of ``municipality, geometry`` as rings of easting and northing, whole metres."""
    if not area_shapes.height:
        return []
    shapes = _simplified(shapely.from_wkb(area_shapes["geometry"].to_list()))
    polygons = (polygon for shape in shapes for polygon in (shape.geoms if hasattr(shape, "geoms") else [shape]))
    rings = (ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors))
    return [[(round(x), round(y)) for x, y, *_ in ring.coords] for ring in rings]


def _simplified(shapes: Any) -> list[Any]:
    """Simplify all borders together, so that neighbours still meet."""
    simple = shapely.coverage_simplify(list(shapes), TOLERANCE)
    return [shape if new.is_empty or not new.is_valid else new for shape, new in zip(shapes, simple, strict=True)]


def _far_east(shape: Any) -> bool:
    return bool(shape.bounds[0] > INSET_EAST_OF)


def _bounds(shapes: list[Any]) -> Bounds | None:
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    return float(west), float(south), float(east), float(north)


def _laid_out(mainland: Bounds | None, island: Bounds | None) -> dict[str, Any]:
    """Put the mainland on the sheet and the island in a box in the north-eastern corner, where there is sea."""
    if mainland is None or island is None:
        alone = mainland or island
        assert alone is not None  # noqa: S101 - a sheet has at least one shape
        part = Part(alone[0], alone[3], MARGIN, MARGIN)
        where = {"mainland": part if mainland else None, "island": part if island else None}
        return {"width": _size(alone)[0] + 2 * MARGIN, "height": _size(alone)[1] + 2 * MARGIN, **where, "inset": None}
    (width, height), (box_width, box_height) = _size(mainland), _size(island)
    sheet_width = max(width, box_width + 2 * PADDING) + 2 * MARGIN
    inset = Inset(
        sheet_width - MARGIN - box_width - 2 * PADDING, MARGIN, box_width + 2 * PADDING, box_height + 2 * PADDING
    )
    return {
        "width": sheet_width,
        "height": max(height, inset.height) + 2 * MARGIN,
        "mainland": Part(mainland[0], mainland[3], MARGIN, MARGIN),
        "island": Part(island[0], island[3], inset.x + PADDING, inset.y + PADDING),
        "inset": inset,
    }


def _closeup(sheet: dict[str, Any], shapes: list[Any]) -> Closeup | None:
    """Put the capital in a box below the island's, unless it would hide land."""
    inset, part = sheet["inset"], sheet["mainland"]
    capital = shapely.box(*CAPITAL)
    if inset is None or sum(capital.contains(shape.centroid) for shape in shapes) < WORTH_A_CLOSEUP:
        return None
    x, y = part.place(CAPITAL[0], CAPITAL[3])
    width, height = _size(CAPITAL)
    w, h = round(width * CLOSEUP_SCALE), round(height * CLOSEUP_SCALE)
    left, top = sheet["width"] - MARGIN - w, inset.y + inset.height + LABEL + PADDING
    west, north = part.west + (left - part.x) * UNIT, part.north - (top - part.y) * UNIT
    taken = shapely.box(west, north - (h + LABEL) * UNIT, west + w * UNIT, north)
    hidden = any(shape.intersects(taken) for shape in shapes)
    return None if hidden else Closeup(left, top, w, h, (x, y, width, height))


def _size(bounds: Bounds) -> tuple[int, int]:
    return round((bounds[2] - bounds[0]) / UNIT), round((bounds[3] - bounds[1]) / UNIT)


def _path(sheet: dict[str, Any], shape: Any) -> str:
    part: Part = sheet["island" if _far_east(shape) else "mainland"]
    polygons = shape.geoms if hasattr(shape, "geoms") else [shape]
    rings = (ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors))
    return "".join(_ring(part, ring.coords) for ring in rings)


def _ring(part: Part, coords: Any) -> str:
    """Write a ring with relative moves, which are short; points that fall on one another are left out."""
    points = list(dict.fromkeys(part.place(x, y) for x, y, *_ in coords))
    if len(points) < 3:
        return ""
    (x, y), *rest = points
    steps = []
    for ahead_x, ahead_y in rest:
        steps.append(f"{ahead_x - x} {ahead_y - y}")
        x, y = ahead_x, ahead_y
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z".replace(" -", "-")
