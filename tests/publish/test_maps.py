"""Maps: where things lie on the sheet, classes without gaps, and a picture that shows each cell."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from itertools import pairwise

import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fordel.publish.maps import CHOICE_COLOURS, Sheet, diverging, draw_choices, sequential
from fordel.publish.maps.sheet import MARGIN
from fordel.publish.texts import Texts
from fordel.runs.record import Run

DA = Texts("da")
VALUES = st.dictionaries(st.integers(101, 860).map(str), st.floats(0.5, 2, allow_nan=False), max_size=40)
SIGNED = st.dictionaries(st.integers(101, 860).map(str), st.integers(-80, 80).map(lambda v: v / 2), max_size=40)


def shapes(*boxes: tuple[str, float, float, float, float]) -> pl.DataFrame:
    rows = [(code, shapely.MultiPolygon([shapely.box(w, s, e, n)]).wkb) for code, w, s, e, n in boxes]
    return pl.DataFrame(rows, ["municipality", "geometry"], orient="row")


def test_north_is_up_and_a_unit_is_100_metres() -> None:
    sheet = Sheet.of(shapes(("0101", 500_000, 6_100_000, 510_000, 6_120_000)))
    assert sheet is not None
    assert (sheet.width, sheet.height) == (100 + 2 * MARGIN, 200 + 2 * MARGIN)
    assert sheet.mainland is not None
    assert sheet.mainland.place(500_000, 6_120_000) == (MARGIN, MARGIN)
    assert sheet.mainland.place(510_000, 6_100_000) == (MARGIN + 100, MARGIN + 200)
    assert sheet.inset is None


def test_the_far_east_stands_in_a_box_within_the_sheet() -> None:
    sheet = Sheet.of(
        shapes(("0101", 450_000, 6_100_000, 730_000, 6_400_000), ("0400", 860_000, 6_100_000, 890_000, 6_130_000))
    )
    assert sheet is not None
    assert sheet.inset is not None
    assert sheet.island is not None
    assert sheet.width < 3200  # the 130 km of sea between the two are not drawn
    box, corner = sheet.inset, sheet.island.place(890_000, 6_100_000)
    assert box.x < corner[0] < box.x + box.width <= sheet.width - MARGIN
    assert box.y < corner[1] < box.y + box.height


def test_an_island_alone_fills_the_sheet() -> None:
    sheet = Sheet.of(shapes(("0400", 860_000, 6_100_000, 890_000, 6_130_000)))
    assert sheet is not None
    assert sheet.inset is None
    assert (sheet.width, sheet.height) == (300 + 2 * MARGIN, 300 + 2 * MARGIN)


def test_without_shapes_there_is_no_sheet() -> None:
    assert Sheet.of(shapes()) is None


def test_a_path_goes_round_the_square(small_run: Run) -> None:
    sheet = Sheet.of(small_run.area_shapes)
    assert sheet is not None
    assert set(sheet.paths) == set(small_run.area_shapes["municipality"])
    for path in sheet.paths.values():
        assert re.fullmatch(r"M\d+ \d+l(?:[- ]?\d+){6}z", path)


def test_neighbours_still_meet_after_simplification() -> None:
    wave = [(510_000 + (150 if i % 2 else -150), 6_100_000 + i * 500) for i in range(41)]
    west = shapely.Polygon([(500_000, 6_100_000), *wave, (500_000, 6_120_000)])
    east = shapely.Polygon([(520_000, 6_100_000), *wave, (520_000, 6_120_000)])
    frame = pl.DataFrame({"municipality": ["0101", "0147"], "geometry": [west.wkb, east.wkb]})
    sheet = Sheet.of(frame)
    assert sheet is not None
    areas = [_area(path) for path in sheet.paths.values()]
    assert sum(areas) == pytest.approx(200 * 200, rel=1e-9)
    assert all(len(path) < 300 for path in sheet.paths.values())


def _area(path: str) -> float:
    """Area of an SVG path of one ring, by the shoelace formula. Unit: square units of the sheet."""
    numbers = [int(n) for n in re.findall(r"-?\d+", path)]
    x, y = numbers[:2]
    points = [(x, y)]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return shapely.Polygon(points).area


@given(VALUES)
def test_sequential_classes_hold_every_municipality_in_order(values: dict[str, float]) -> None:
    classes = sequential(values, DA, decimals=2)
    assert set(classes.index) == set(values)
    assert len({shade.colour for shade in classes.shades}) == len(classes.shades)
    ranked = sorted(values, key=lambda code: values[code])
    indexes = [classes.index[code] for code in ranked]
    assert indexes == sorted(indexes, reverse=True)
    if values:
        assert classes.members(len(classes.shades) - 1), "the lowest class is empty"


@given(SIGNED)
def test_diverging_classes_keep_the_sides_apart(room: dict[str, float]) -> None:
    headroom = {code: max(v, 0.0) for code, v in room.items()}
    surplus = {code: max(-v, 0.0) for code, v in room.items()}
    classes = diverging(headroom, surplus, DA)
    for code, v in room.items():
        shade = classes.shades[classes.index[code]]
        assert shade.hatched == (v < 0)
        assert ("Råderum" in shade.label) == (v > 0)
    indexes = [classes.index[code] for code in sorted(room, key=lambda code: -room[code])]
    assert indexes == sorted(indexes)


@pytest.mark.parametrize(("rank", "label"), [(0, "5 og derover"), (1, "2 til under 5"), (2, "under 2")])
def test_bounds_are_round_numbers_in_words(rank: int, label: str) -> None:
    sizes = {"0101": 1.0, "0147": 1.0, "0151": 2.0, "0153": 2.5, "0155": 4.0, "0157": 6.0}
    classes = diverging(sizes, dict.fromkeys(sizes, 0.0), DA)
    assert classes.shades[rank].label == f"Råderum {label}"


def test_colours_of_one_side_grow_lighter_towards_balance() -> None:
    shades = diverging({}, {}, DA).shades
    light = [_lightness(shade.colour) for shade in shades]
    assert light[:4] == sorted(light[:4])
    assert light[3:] == sorted(light[3:], reverse=True)
    cells = [_lightness(colour) for colour in CHOICE_COLOURS]
    assert cells == sorted(cells)
    assert min(b - a for a, b in pairwise(cells)) > 0.1


def _lightness(colour: str) -> float:
    """Relative luminance as a grey printer sees it (WCAG 2.2)."""
    linear = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in linear]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_each_cell_has_the_colour_of_its_choices() -> None:
    sheet = Sheet.of(shapes(("0101", 500_000, 6_100_000, 510_000, 6_110_000)))
    assert sheet is not None
    cells = [("1km_6100_500", 0), ("1km_6100_501", 1), ("1km_6102_501", 2), ("1km_6102_501", 7), ("1km_6100_501", 9)]
    pictures = draw_choices(pl.DataFrame(cells, ["cell_id", "open_choices"], orient="row"), sheet)
    assert len(pictures) == 1
    picture = pictures[0]
    assert (picture.x, picture.y, picture.width, picture.height) == (MARGIN, MARGIN + 70, 20, 30)
    image = Image.open(BytesIO(base64.b64decode(picture.href.partition(",")[2]))).convert("RGBA")
    assert image.size == (2, 3)
    seen = {(x, y): image.getpixel((x, y)) for x in range(2) for y in range(3)}
    assert [_hex(seen[place]) for place in ((0, 2), (1, 2), (1, 0))] == list(CHOICE_COLOURS)
    assert [seen[place][3] for place in ((0, 0), (0, 1), (1, 1))] == [0, 0, 0]  # type: ignore[index]


def _hex(pixel: object) -> str:
    assert isinstance(pixel, tuple)
    return "#{:02x}{:02x}{:02x}".format(*pixel[:3])
