"""`fordel coverage`: who can choose between two open practices, and what happens when one closes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import polars as pl
import typer
from rich.progress import Progress

from fordel.cli._coverage_access import access
from fordel.cli._coverage_monitor import monitor
from fordel.cli._coverage_shown import Folder, Level, Measure, On, Stated, To, faults, say_what_it_is, write_tables
from fordel.cli._coverage_tables import (
    choices_table,
    moves_table,
    options_table,
    people_by_area,
    ranking_table,
)
from fordel.cli._shown import console, errors
from fordel.cli._surveyed import Surveyed, surveyed
from fordel.coverage.choices import islands
from fordel.coverage.closures import effect, rank_closures, reoptimised
from fordel.coverage.errors import CoverageError
from fordel.coverage.options import Citizen, options_for, summary
from fordel.coverage.reassign import Reassignment, Situation, close
from fordel.coverage.survey import FROM_FILES, MEASURES
from fordel.engines.flow import NetworkSimplex

if TYPE_CHECKING:
    from fordel.coverage.survey import Survey
    from fordel.publish._words import Lang

app = typer.Typer(no_args_is_help=True)
app.command()(access)
app.command()(monitor)

NEAR_ENOUGH = 5_000.0  # metres from an address to a place where people live


@app.command()
def analyse(
    folder: Folder,
    level: Level = "region",
    measure: Measure = MEASURES[0],
    on: On = None,
    to: To = None,
    chart: Annotated[
        Path | None, typer.Option("--map", metavar="FOLDER", help="Draw the map as SVG and PNG.", show_default=False)
    ] = None,
    danish: Annotated[bool, typer.Option("--danish", help="Write the map in Danish.")] = False,  # noqa: FBT002
) -> None:
    """Show how many people have no, one, and two or more open choices."""
    with faults(), errors.status("Surveying coverage"):
        found = surveyed(folder, on, measure, partial=True)
        by_area = people_by_area(found.survey, found.run, level)
        apart = islands(found.survey.choices, found.survey.practices)
    say_what_it_is(found)
    console.print(choices_table(by_area, "People by open choices within the radius"))
    _say_marks(found)
    if found.survey.measure in FROM_FILES:
        _say_line(found)
    if apart.height:
        console.print(choices_table(apart, "Islands without a fixed link"))
    if to is not None:
        with faults():
            write_tables(
                to, {f"choices_by_{level}": by_area, "islands": apart, "choices_by_place": found.survey.choices}
            )
    if chart is not None:
        with faults():
            _draw(found, chart, "da" if danish else "en")


def _say_marks(found: Surveyed) -> None:
    """Say what is marked in the table."""
    marks = "Mixed: people in 1-km cells that the radius cuts."
    if found.survey.land is not None:
        stretch = found.law.value("water_stretch")
        marks += f" Water: people with fewer choices without straight lines over more than {stretch:g} km of water."
    console.print(marks, highlight=False)


def _say_line(found: Surveyed) -> None:
    """Say what the other reading of the law's distance gives for the same people."""
    two = [
        int(frame.filter(pl.col("open_choices") >= 2)["people"].sum())
        for frame in (found.survey.choices, found.in_a_line().choices)
    ]
    of = found.survey.places["people"].sum()
    console.print(
        f"Of these {of:,} people, {two[0]:,} have two or more open choices so measured, {two[1]:,} in a straight line. "
        "Which of the two the law means is not known.",
        highlight=False,
    )


def _draw(found: Surveyed, folder: Path, lang: Lang) -> None:
    """Draw the map, and name its files."""
    from fordel.publish.coverage_map import write_coverage_map  # noqa: PLC0415 - only a map needs templates

    survey = found.survey
    practices = survey.practices.select("name", "easting", "northing", "open")
    places = survey.choices.select("cell_id", "people", "open_choices")
    how = {"measure": survey.measure, "factor": found.law.value("road_detour_factor")}
    written = write_coverage_map(found.run, places, practices, folder, lang, **how)
    if not written:
        console.print("No map: the shapes of municipalities are not there.", style="bold yellow")
    for path in written:
        console.print(str(path), soft_wrap=True, highlight=False, markup=False)


@app.command()
def whatif(
    folder: Folder,
    practice_ids: Annotated[list[str], typer.Argument(metavar="PRACTICE...", help="Practices that close, by id.")],
    compare: Annotated[bool, typer.Option("--compare", help="Compare with moving anybody in the nation.")] = False,  # noqa: FBT002
    in_turn: Annotated[bool, typer.Option("--in-turn", help="Close one after the other, in the order given.")] = False,  # noqa: FBT002
    stated: Stated = None,
    measure: Measure = MEASURES[0],
    on: On = None,
) -> None:
    """Show where the patients find room when practices close, moving nobody else."""
    if compare and in_turn:
        raise typer.BadParameter("--compare is of closing them together; leave out --in-turn.")
    with faults(), errors.status("Surveying coverage") as status:
        found = surveyed(folder, on, measure, stated=stated)
        numbers = [found.survey.number(practice_id) for practice_id in practice_ids]
        status.update("Estimating where patients live")
        now = found.survey.situation(found.registrations)
        status.update("Finding room for the patients")
        engine, steps = NetworkSimplex(), [[number] for number in numbers] if in_turn else [numbers]
        happened: list[tuple[Situation, Reassignment]] = []
        for closing in steps:
            happened.append((now, close(now, closing, engine)))
            now = now.without(happened[-1][1]) if in_turn else now
        best = reoptimised(now, numbers, engine) if compare else None
    say_what_it_is(found)
    for before, after in happened:
        if in_turn:
            console.print(f"{practice_ids[numbers.index(after.closed[0])]} closes:", style="bold")
        _say_effect(effect(before, after))
        console.print(moves_table(_moves(found.survey, before, after)))
    if best is not None:
        console.print(
            f"Could anybody be asked to move, {best['moved']:,} would; {best['unplaced']:,} would be without room.",
            highlight=False,
        )


@app.command()
def rank(
    folder: Folder,
    top: Annotated[int, typer.Option("--top", min=1, help="How many practices to show.")] = 20,
    region: Annotated[str | None, typer.Option("--region", metavar="ID", help="Only practices of one region.")] = None,
    stated: Stated = None,
    measure: Measure = MEASURES[0],
    on: On = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help="Write all of it as CSV.", show_default=False)
    ] = None,
) -> None:
    """Try every closure, one at a time, and show which would hurt most."""
    with faults(), errors.status("Surveying coverage") as status:
        found = surveyed(folder, on, measure, again=True, stated=stated)
        chosen = _of_region(found, region)
        status.update("Estimating where patients live")
        now = found.survey.situation(found.registrations)
    ids, names = found.survey.practices["practice_id"].to_list(), found.survey.practices["name"].to_list()
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("Closing each practice in turn", total=len(chosen))
        tell = lambda done: progress.update(task, completed=done)  # noqa: E731
        ranking = rank_closures(now, ids, NetworkSimplex(), chosen=chosen, progress=tell)
    say_what_it_is(found)
    console.print(ranking_table(ranking.head(top), dict(zip(ids, names, strict=True))))
    if to is not None:
        with faults():
            write_tables(to, {"closures": ranking})


@app.command()
def options(
    folder: Folder,
    at: Annotated[str, typer.Option("--at", metavar="EASTING,NORTHING", help="Home, in metres, EPSG:25832.")],
    ground: Annotated[
        str | None, typer.Option("--ground", metavar="NAME", help="A ground of the citizen's own for a closed list.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many practices to list.")] = 10,
    danish: Annotated[bool, typer.Option("--danish", help="Explain in Danish.")] = False,  # noqa: FBT002
    on: On = None,
) -> None:
    """Show which practices a citizen may choose, and why."""
    easting, northing = _point(at)
    lang = "da" if danish else "en"
    with faults():
        found = surveyed(folder, on, MEASURES[0])
        citizen = _citizen(found.survey, (easting, northing), ground)
        practices = found.survey.practices
        listed = options_for(citizen, practices, found.law, most=practices.height, land=found.survey.land)
    say_what_it_is(found)
    console.print(summary(listed, found.law, lang), highlight=False)
    console.print(options_table(listed[:most], lang))


def _of_region(found: Surveyed, region: str | None) -> list[int]:
    if region is None:
        return list(range(found.survey.practices.height))
    municipalities = found.run.areas.filter(pl.col("level") == "municipality", pl.col("region") == region)["area_id"]
    chosen = np.flatnonzero(found.survey.practices["municipality"].is_in(municipalities.to_list()).to_numpy())
    if not len(chosen):
        known = found.run.areas.filter(pl.col("level") == "region")["area_id"].to_list()
        raise CoverageError(f"No practice lies in a region {region!r}.\n  Try: one of {', '.join(known)}")
    return [int(number) for number in chosen]


def _moves(survey: Survey, before: Situation, after: Reassignment) -> pl.DataFrame:
    taken = pl.DataFrame({"number": after.to, "taken": after.patients, "metres": after.metres})
    mean = (pl.col("metres") * pl.col("taken")).sum() / pl.col("taken").sum() / 1000
    summed = taken.group_by("number").agg(pl.col("taken").sum(), mean_km=mean)
    named = survey.practices.with_row_index("number").with_columns(
        pl.col("number").cast(pl.Int64), places_left=pl.Series(before.places_left)
    )
    moves = summed.join(named.select("number", "practice_id", "name", "places_left"), on="number")
    return moves.with_columns(left=pl.col("places_left") - pl.col("taken")).sort(
        "taken", "practice_id", descending=[True, False]
    )


def _citizen(survey: Survey, home: tuple[float, float], own_ground: str | None) -> Citizen:
    """Place a citizen in the municipality and on the land of the nearest place where people live."""
    away = np.hypot(*(survey.located[0].xy - home).T)
    if not len(away) or away.min() > NEAR_ENOUGH:
        raise CoverageError(
            f"Nobody lives within {NEAR_ENOUGH / 1000:.0f} km of {home[0]:.0f},{home[1]:.0f}.\n"
            f"  Expected: a home as easting,northing in metres, EPSG:25832, such as 725000,6175000."
        )
    near = survey.places.row(int(away.argmin()), named=True)
    return Citizen(*home, near["municipality"], near["landmass"], own_ground)


def _point(text: str) -> tuple[float, float]:
    try:
        easting, northing = (float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no point; write easting,northing in metres: 725000,6175000.") from None
    return easting, northing


def _say_effect(sums: dict[str, int | float]) -> None:
    """Say in sentences what the closing does."""
    console.print(
        f"{sums['displaced']:,} patients lose their practice; {sums['stranded']:,} of them find no open practice with "
        f"room within the radius. {sums['people_losing_two']:,} people fall below two open choices, "
        f"{sums['people_losing_all']:,} are left with none. Those who find room went {sums['kilometres_before']:,} km "
        f"to their practice, all of them together and one way, and will go {sums['kilometres_after']:,} km.",
        highlight=False,
    )
