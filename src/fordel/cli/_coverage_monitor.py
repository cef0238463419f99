"""`fordel coverage monitor`: choices before and after an event, and an alarm where too few are left."""

from __future__ import annotations

from typing import Annotated

import polars as pl
import typer

from fordel.cli._coverage_shown import Folder, Level, Measure, On, Stated, To, faults, say_what_it_is, write_tables
from fordel.cli._coverage_tables import before_after_table, with_wholes
from fordel.cli._shown import console, errors
from fordel.cli._surveyed import surveyed
from fordel.coverage.monitoring import Alarm, Event, Kind, before_and_after, watch
from fordel.coverage.survey import MEASURES
from fordel.engines.flow import NetworkSimplex

EVENTS = {kind.value.replace(" ", "-"): kind for kind in Kind}


def monitor(
    folder: Folder,
    practice_id: Annotated[str, typer.Argument(metavar="PRACTICE", help="The practice it happens to, by id.")],
    event: Annotated[str, typer.Option("--event", help=f"One of {', '.join(EVENTS)}.")] = "closure",
    places_lost: Annotated[
        int, typer.Option("--places-lost", min=0, help="Of a reduction: patients fewer it can take.")
    ] = 0,
    level: Level = "municipality",
    stated: Stated = None,
    measure: Measure = MEASURES[0],
    on: On = None,
    to: To = None,
) -> None:
    """Compare choices before and after an event, and raise the alarm where too few are left."""
    kind = _kind(event, places_lost)
    with faults(), errors.status("Surveying coverage"):
        found = surveyed(folder, on, measure, stated=stated)
        now = found.survey.situation(found.registrations)
        required = int(found.law.value("open_choices_required"))
        happened = Event(kind, found.survey.number(practice_id), places_lost)
        alarm = watch(now, happened, NetworkSimplex(), required=required)
        names = found.run.areas.filter(pl.col("level") == level).select("name", area_id="area_id")
        places = with_wholes(found.survey.places, found.run)
        areas = before_and_after(alarm, places, level).rename({level: "area_id"}).join(names, on="area_id", how="left")
    say_what_it_is(found)
    _say(alarm, places["people"], required)
    if areas.height:
        console.print(before_after_table(areas))
    if to is not None:
        with faults():
            write_tables(to, {"before_and_after": areas, "alarms": _alarms(alarm, places)})


def _kind(event: str, places_lost: int) -> Kind:
    if event not in EVENTS:
        raise typer.BadParameter(f"No event is called {event!r}; use one of {', '.join(EVENTS)}.")
    if (EVENTS[event] is Kind.REDUCTION) != (places_lost > 0):
        raise typer.BadParameter("--places-lost goes with --event reduction, and a reduction needs it.")
    return EVENTS[event]


def _say(alarm: Alarm, people: pl.Series, required: int) -> None:
    """Say whether the alarm is raised, and for how many."""
    if not alarm.raised:
        console.print("No alarm: nobody falls below what the law requires.", style="bold green")
        return
    fell, none = (int(people.gather(at.tolist()).sum()) for at in (alarm.below_required, alarm.to_none))
    stranded = alarm.reassignment.stranded if alarm.reassignment is not None else 0
    console.print(
        f"ALARM: {fell:,} people in {len(alarm.below_required):,} places fall below {required} open choices and "
        f"{none:,} people lose their last;  {stranded:,} patients find no room within the radius.",
        style="bold red",
        highlight=False,
    )


def _alarms(alarm: Alarm, places: pl.DataFrame) -> pl.DataFrame:
    """List the places that fell below what is required, or to none."""
    listed = places.select("cell_id", "municipality", "easting", "northing", "people").with_columns(
        choices_before=pl.Series(alarm.choices_before), choices_after=pl.Series(alarm.choices_after)
    )
    at = sorted({*alarm.below_required.tolist(), *alarm.to_none.tolist()})
    return listed[at]
