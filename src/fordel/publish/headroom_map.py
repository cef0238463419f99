"""A map of headroom and surplus on its own: an SVG of some municipalities, those of one area standing out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish import _words, formats
from fordel.publish._template import template
from fordel.publish.maps import Sheet, diverging
from fordel.publish.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fordel.publish._words import Lang
    from fordel.runs.record import Run

WIDTH = 1000  # units of the drawing; the sheet is scaled to it, so that letters are as large on every map
HIGHEST = 1100
BETWEEN = 46  # units between lines


def headroom_svg(
    run: Run, rows: Sequence[Mapping[str, Any]], lang: Lang, standing_out: frozenset[str] = frozenset()
) -> str | None:
    """Draw municipalities by headroom or surplus.

    Args:
        run: whose municipalities, law date and snapshot the map names.
        rows: the municipalities to draw: ``area_id, name, headroom, surplus``. Unit: capacities.
        lang: ``da`` or ``en``.
        standing_out: of these, the ones with a thick border.

    Returns:
        The map with its legend below; None where the run has no shapes of them.
    """
    codes = [row["area_id"] for row in rows]
    sheet, texts = Sheet.of(run.area_shapes.filter(pl.col("municipality").is_in(codes))), Texts(lang)
    if sheet is None:
        return None
    headroom, surplus = ({row["area_id"]: row[side] for row in rows} for side in ("headroom", "surplus"))
    classes = diverging(headroom, surplus, texts)
    counts = [formats.number(len(classes.members(index)), 0, lang) for index in range(len(classes.shades))]
    outlines = [(row, classes.shades[classes.index[row["area_id"]]]) for row in rows if row["area_id"] in sheet.paths]
    scale = min(WIDTH / sheet.width, HIGHEST / sheet.height)
    return template("headroom_map.svg").render(
        t=texts,
        lang=lang,
        sheet=sheet,
        scale=scale,
        height=round(sheet.height * scale),
        width=WIDTH,
        between=BETWEEN,
        outlines=outlines,
        standing_out=standing_out,
        entries=list(zip(classes.shades, counts, strict=True)),
        words=lambda row: _said(row, texts),
        law_date=_words.day_in_words(run.manifest.law_date, lang),
        snapshot=run.manifest.snapshot_name,
        synthetic=run.manifest.synthetic,
        described=_described(rows, texts),
    )


def _said(row: Mapping[str, Any], texts: Texts) -> str:
    """Tell a municipality's number, with its sign: above 0 is headroom."""
    return f"{row['name']}: {formats.number(row['headroom'] - row['surplus'], 1, texts.lang)}"


def _described(rows: Sequence[Mapping[str, Any]], texts: Texts) -> str:
    """Say in words what the map shows."""
    ordered = sorted(rows, key=lambda row: row["headroom"] - row["surplus"])
    counts = {side: sum(row[side] > 0 for row in rows) for side in ("headroom", "surplus")}
    balance = len(rows) - sum(counts.values())
    numbers = {"count": len(rows), "balance": balance, **counts}
    ends = {"most": ordered[-1] if counts["headroom"] else None, "least": ordered[0] if counts["surplus"] else None}
    named = {end: _said(row, texts) if row else formats.NONE for end, row in ends.items()}
    return texts("map_headroom_desc", **named, **{k: formats.number(v, 0, texts.lang) for k, v in numbers.items()})
