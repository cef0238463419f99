"""One page for a proposal of where new capacities should lie: map, goals, places, and why each; and the map alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from fordel.publish import _words, formats
from fordel.publish._template import template
from fordel.publish.placement_map import placement_svg, sources_of
from fordel.publish.placement_words import goal_amount, people, principles, say, why_here

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from fordel.publish._words import Lang
    from fordel.runs.record import Run


def write_placement_page(
    run: Run, places: pl.DataFrame, goals: pl.DataFrame, practices: pl.DataFrame, folder: Path, lang: Lang = "da",
    least: int | None = None,
) -> list[Path]:  # fmt: skip
    """Write the page, and its map by itself.

    Args:
        run: whose municipalities, sources and law date the page names.
        places: one row per proposed place, as `fordel placement propose` writes them; a count held back is nothing.
        goals: of the plan: ``goal, unit, value, bound, proven``; likewise.
        practices: ``name, municipality, easting, northing, open``.
        folder: where to; made when it is not there.
        lang: ``da`` or ``en``.
        least: the least count of people that is shown, where some are held back.

    Returns:
        the files; no map where the run has no shapes of municipalities.
    """
    folder.mkdir(parents=True, exist_ok=True)
    picture = placement_svg(run, {"A": places}, practices, lang) if places.height else None
    told = {**_told(lang), "lang": lang, "synthetic": _synthetic(run), "least": least, "picture": picture or ""}
    told |= {"law_date": _words.day_in_words(run.manifest.law_date, lang), "snapshot": run.manifest.snapshot_name}
    told |= {"goals": _goals(goals, lang), "places": _places(places, lang), "sources": sources_of(run)}
    written = [folder / "proposal.html"]
    written[0].write_text(template("placement.html").render(**told), encoding="utf-8")
    if picture is not None:
        written.append(folder / "placement.svg")
        written[1].write_text(picture, encoding="utf-8")
    return written


def _synthetic(run: Run) -> bool:
    return bool(run.manifest.synthetic)


def _told(lang: Lang) -> dict[str, Any]:
    def number(value: float | None, decimals: int = 0) -> str:
        return formats.number(value, decimals, lang)

    return {"t": partial(say, lang=lang), "n": number, "p": partial(people, lang=lang)}


def _goals(goals: pl.DataFrame, lang: Lang) -> list[dict[str, str | bool]]:
    """Write goals as rows of a table."""
    rows = []
    for row in goals.iter_rows(named=True):
        value, bound = (goal_amount(row[name], row["unit"], lang) for name in ("value", "bound"))
        hidden = row["value"] is None
        gap = formats.NONE if hidden else formats.share(max(0.0, row["bound"] - row["value"]), row["bound"], lang)
        rows.append({"goal": row["goal"], "unit": row["unit"], "value": value, "bound": bound, "gap": gap}
                    | {"proven": row["proven"]})  # fmt: skip
    return rows


def _places(places: pl.DataFrame, lang: Lang) -> list[dict[str, Any]]:
    """Add to each place its number, why it is there, and its principles by how they are judged."""
    rows = []
    for number, row in enumerate(places.iter_rows(named=True), start=1):
        rows.append({**row, "number": number, "called": row["name"] or row["site"], **principles(row)}
                    | {"why": why_here(row, lang)})  # fmt: skip
    return rows
