"""One page for a proposal of where new capacities should lie: map, goals, places, and why each; and the map alone."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
import polars as pl

from fordel.publish import _words, formats
from fordel.publish.maps import Sheet

if TYPE_CHECKING:
    from pathlib import Path

    from fordel.publish._words import Lang
    from fordel.runs.record import Run

GOAL_DECIMALS = {"people": 0, "capacities": 1, "metres": 0, "": 1}
PRINCIPLES = ("need", "people", "together", "access", "forms", "flexible", "nation")


@dataclass(frozen=True)
class Mark:
    """A point on the map: a practice, or a proposed place with its number."""

    x: int
    y: int
    label: str
    is_open: bool = True


def write_placement_page(
    run: Run, places: pl.DataFrame, goals: pl.DataFrame, practices: pl.DataFrame, folder: Path, lang: Lang = "da"
) -> list[Path]:
    """Write the page, and its map by itself.

    Args:
        run: whose municipalities, sources and law date the page names.
        places: one row per proposed place, as `fordel placement propose` writes them.
        goals: of the plan: ``goal, unit, value, bound, proven``.
        practices: ``name, municipality, easting, northing, open``.
        folder: where to; made when it is not there.
        lang: ``da`` or ``en``.

    Returns:
        the files; no map where the run has no shapes of municipalities.
    """
    folder.mkdir(parents=True, exist_ok=True)
    own = _region(run.areas, places["municipality"].unique().to_list())
    sheet = Sheet.of(run.area_shapes.filter(pl.col("municipality").is_in(own)))
    practices = practices.filter(pl.col("municipality").is_in(own))
    told = {**_told(lang), **_map(places, practices, sheet), "lang": lang, "sheet": sheet, "synthetic": _synthetic(run)}
    told |= {"law_date": _words.day_in_words(run.manifest.law_date, lang), "snapshot": run.manifest.snapshot_name}
    told |= {"goals": _goals(goals, lang), "places": _places(places), "sources": _sources(run)}
    written = [folder / "proposal.html"]
    written[0].write_text(_template("placement.html").render(**told, picture=_picture(told)), encoding="utf-8")
    if sheet is not None:
        written.append(folder / "placement.svg")
        written[1].write_text(_picture(told), encoding="utf-8")
    return written


def _synthetic(run: Run) -> bool:
    return bool(run.manifest.synthetic)


def _told(lang: Lang) -> dict[str, Any]:
    texts = tomllib.loads((files("fordel.publish") / "placement.toml").read_text(encoding="utf-8"))

    def say(key: str, **values: object) -> str:
        return str(texts[key][lang]).format(**values)

    def number(value: float | None, decimals: int = 0) -> str:
        return formats.number(value, decimals, lang)

    return {"t": say, "n": number}


def _region(areas: pl.DataFrame, municipalities: list[str]) -> list[str]:
    """Give all municipalities of the region that some lie in."""
    own = areas.filter(pl.col("level") == "municipality")
    regions = own.filter(pl.col("area_id").is_in(municipalities))["region"].unique().to_list()
    return own.filter(pl.col("region").is_in(regions))["area_id"].to_list()


def _map(places: pl.DataFrame, practices: pl.DataFrame, sheet: Sheet | None) -> dict[str, Any]:
    if sheet is None:
        return {"marks": [], "dots": []}
    marks = [
        Mark(*part.place(row["easting"], row["northing"]), str(at))
        for at, row in enumerate(places.iter_rows(named=True), start=1)
        if (part := sheet.part_of(row["easting"])) is not None
    ]
    dots = [
        Mark(*part.place(east, north), name, bool(is_open))
        for name, east, north, is_open in practices.select("name", "easting", "northing", "open").iter_rows()
        if (part := sheet.part_of(east)) is not None
    ]
    return {"marks": marks, "dots": sorted(dots, key=lambda dot: dot.is_open)}


def _goals(goals: pl.DataFrame, lang: Lang) -> list[dict[str, str | bool]]:
    """Write goals as rows of a table."""
    rows = []
    for row in goals.iter_rows(named=True):
        decimals = GOAL_DECIMALS[row["unit"]]
        value, bound = (formats.number(row[name], decimals, lang) for name in ("value", "bound"))
        gap = formats.share(max(0.0, row["bound"] - row["value"]), row["bound"], lang)
        rows.append({"goal": row["goal"], "unit": row["unit"], "value": value, "bound": bound, "gap": gap}
                    | {"proven": row["proven"]})  # fmt: skip
    return rows


def _places(places: pl.DataFrame) -> list[dict[str, Any]]:
    """Add to each place its number and its principles by how they are judged."""
    rows = []
    for number, row in enumerate(places.iter_rows(named=True), start=1):
        judged = {word: [p for p in PRINCIPLES if row[f"principle_{p}"] == word] for word in ("met", "conflict")}
        rows.append({**row, "number": number, "called": row["name"] or row["site"], **judged})
    return rows


def _sources(run: Run) -> str:
    used = run.sources.filter(pl.col("tables").str.contains(r"(^|[ ,])(area_shapes|demand_points|practices|all)"))
    return "; ".join(used["attribution"].unique(maintain_order=True))


def _picture(told: dict[str, Any]) -> str:
    return _template("placement_map.svg").render(**told) if told["sheet"] is not None else ""


def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string((files("fordel.publish") / "templates" / name).read_text(encoding="utf-8"))
