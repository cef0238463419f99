"""What `fordel placement propose` writes: a folder with all of a proposal, or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from fordel.cli._placement_shown import say_path
from fordel.placement.errors import PlacementError
from fordel.publish.placement_files import placement_geojson
from fordel.publish.placement_page import write_placement_page
from fordel.stores import whole_folder

if TYPE_CHECKING:
    from pathlib import Path

    from fordel.cli._surveyed import Surveyed
    from fordel.publish._words import Lang
    from fordel.publish.proposal import ShownProposal

OURS = re.compile(r"(placement(_\d+)?|goals|sequence)\.csv|placement\.(geojson|svg)|proposal\.html")


def refuse_occupied(folder: Path | None) -> None:
    """Refuse a place where something else than an earlier proposal stands.

    Raises:
        PlacementError: there is a file, or a folder that holds something else.
    """
    if folder is None or not folder.exists():
        return
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else [folder.name]
    if folder.is_dir() and (not names or ("placement.csv" in names and all(map(OURS.fullmatch, names)))):
        return
    strange = next((name for name in names if not OURS.fullmatch(name)), names[0])
    raise PlacementError(
        f"{folder} holds something else than a proposal ({strange}), so nothing was written there.\n"
        "  Expected: no folder, an empty one, or one with an earlier proposal, which is replaced\n"
        "  Try:      another folder"
    )


def write_proposal(found: Surveyed, proposals: list[ShownProposal], to: Path, lang: Lang, least: int) -> None:
    """Write tables, map, page and GeoJSON beside the folder, then give them its name; an earlier proposal is replaced.

    Raises:
        PlacementError: something else stands there.
    """
    refuse_occupied(to)
    first = proposals[0]
    tables = {"placement": first.places, "goals": pl.concat([shown.goals for shown in proposals])}
    tables |= {f"placement_{number}": shown.places for number, shown in enumerate(proposals[1:], start=2)}
    if first.sequence.height:
        tables["sequence"] = first.sequence
    practices = found.survey.practices.select("name", "municipality", "easting", "northing", "open")
    with whole_folder(to) as draft:
        for name, frame in tables.items():
            frame.write_csv(draft / f"{name}.csv")
        (draft / "placement.geojson").write_text(placement_geojson(found.run, first.places), encoding="utf-8")
        write_placement_page(found.run, first.places, first.goals, practices, draft, lang, least or None)
        names = sorted(path.name for path in draft.iterdir())
    for name in names:
        say_path(to / name)
