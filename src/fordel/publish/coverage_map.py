"""A map of open choices on its own: an SVG to print or paste, and the grid as PNG with its place on the ground."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

import polars as pl

from fordel.publish import _words, formats
from fordel.publish._template import template
from fordel.publish.maps import CHOICE_COLOURS, Sheet, draw_choices
from fordel.publish.maps.sheet import UNIT
from fordel.publish.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fordel.publish._words import Lang
    from fordel.publish.maps import CellPicture
    from fordel.runs.record import Run


LINE = 230  # characters of the line below the map


@dataclass(frozen=True)
class Legend:
    """One class: its colour and words, and how many cells and people are in it."""

    colour: str
    label: str
    cells: str
    people: str


@dataclass(frozen=True)
class Dot:
    """A practice on the sheet."""

    x: int
    y: int
    is_open: bool
    name: str


def write_coverage_map(
    run: Run,
    places: pl.DataFrame,
    practices: pl.DataFrame,
    folder: Path,
    lang: Lang = "da",
    *,
    measure: str = "straight_line",
    factor: float = 1.0,
) -> list[Path]:
    """Write the map of open choices as SVG, and its grid as PNG of one pixel per cell with a world file (EPSG:25832).

    Args:
        run: whose municipalities, sources and law date the map names.
        places: ``cell_id, people, open_choices``.
        practices: ``name, easting, northing, open``.
        folder: where to; made when it is not there.
        lang: ``da`` or ``en``.
        measure: of distance: ``straight_line``, ``detour`` (times ``factor``), ``road`` or ``travel_table``.
        factor: of a detour.

    Returns:
        the files; none where the run has no shapes of municipalities.
    """
    sheet = Sheet.of(run.area_shapes)
    if sheet is None:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    pictures, texts = draw_choices(places, sheet), Texts(lang)
    by = texts(f"map_by_{measure}", **({"factor": formats.number(factor, 1, lang)} if measure == "detour" else {}))
    written = [folder / "choices.svg"]
    legend = legend_of(places, lang)
    written[0].write_text(_svg(run, legend, practices, sheet, pictures, texts, by), encoding="utf-8")
    for name, picture in zip(("choices", "choices-bornholm"), pictures, strict=False):
        written += _grid(folder, name, picture, sheet)
    return written


def coverage_svg(
    run: Run, places: pl.DataFrame, practices: pl.DataFrame, legend: list[Legend], lang: Lang = "da"
) -> str | None:
    """Draw the map of open choices, measured in a straight line; None where the run has no shapes of municipalities.

    Args:
        run: whose municipalities, sources and law date the map names.
        places: ``cell_id, open_choices``.
        practices: ``name, easting, northing, open``.
        legend: what ``legend_of`` gave.
        lang: ``da`` or ``en``.
    """
    sheet, texts = Sheet.of(run.area_shapes), Texts(lang)
    if sheet is None:
        return None
    return _svg(run, legend, practices, sheet, draw_choices(places, sheet), texts, texts("map_by_straight_line"))


def _svg(
    run: Run,
    legend: list[Legend],
    practices: pl.DataFrame,
    sheet: Sheet,
    pictures: list[CellPicture],
    texts: Texts,
    measure: str,
) -> str:
    told = "|".join(("area_shapes", "demand_points", "practices", "all"))
    used = run.sources.filter(pl.col("tables").str.contains(rf"(^|[ ,])({told})($|[ ,])"))
    return template("coverage_map.svg").render(
        t=texts,
        lang=texts.lang,
        sheet=sheet,
        pictures=pictures,
        legend=legend,
        dots=_dots(practices, sheet),
        law_date=_words.day_in_words(run.manifest.law_date, texts.lang),
        measure=measure,
        snapshot=run.manifest.snapshot_name,
        synthetic=run.manifest.synthetic,
        sources=wrap(texts("map_by", sources="; ".join(used["attribution"].unique(maintain_order=True))), LINE),
    )


def legend_of(places: pl.DataFrame, lang: Lang, shown: Sequence[int | None] | None = None) -> list[Legend]:
    """Count cells by the fewest choices anybody in them has, people by their own.

    Args:
        places: ``cell_id, people, open_choices``.
        lang: ``da`` or ``en``.
        shown: the people of each class as they are shown, None for what is held back; else they are counted.
    """
    texts = Texts(lang)
    fewest = pl.col("open_choices").clip(upper_bound=2)
    cells = places.group_by("cell_id").agg(fewest.min())["open_choices"].to_list()
    counted = dict(places.group_by(fewest).agg(pl.col("people").sum()).iter_rows())
    people = [counted.get(choices, 0) for choices in range(3)] if shown is None else shown
    written = [texts("held_back") if n is None else formats.number(n, 0, lang) for n in people]
    return [
        Legend(
            colour,
            texts(f"class_choices_{choices}"),
            formats.number(cells.count(choices), 0, texts.lang),
            written[choices],
        )
        for choices, colour in enumerate(CHOICE_COLOURS)
    ]


def _dots(practices: pl.DataFrame, sheet: Sheet) -> list[Dot]:
    found = []
    for name, easting, northing, is_open in practices.select("name", "easting", "northing", "open").iter_rows():
        part = sheet.part_of(easting)
        if part is not None:
            found.append(Dot(*part.place(easting, northing), bool(is_open), name))
    # Closed ones first, so that no open one is hidden.
    return sorted(found, key=lambda dot: dot.is_open)


def _grid(folder: Path, name: str, picture: CellPicture, sheet: Sheet) -> list[Path]:
    """Write one picture, and beside it where its first pixel lies: easting and northing of the middle, in metres."""
    part = sheet.island if name.endswith("bornholm") else sheet.mainland
    if part is None:
        part = sheet.island or sheet.mainland
    assert part is not None  # noqa: S101  a picture lies on some part
    image, world = folder / f"{name}.png", folder / f"{name}.pgw"
    image.write_bytes(base64.b64decode(picture.href.partition(",")[2]))
    west, north = part.west + (picture.x - part.x) * UNIT, part.north - (picture.y - part.y) * UNIT
    world.write_text(f"1000\n0\n0\n-1000\n{west + 500:.0f}\n{north - 500:.0f}\n", encoding="ascii")
    return [image, world]
