"""Record events of capacities: all of them or none, and never so that an area passes its ceiling."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from fordel.casework.capacity import timeline
from fordel.casework.errors import NotAllowed
from fordel.casework.moves import MOVES, State
from fordel.tables import CapacityEvents

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Ceiling:
    """How many capacities an area may have in a period (kapacitetsloft).

    Attributes:
        area_id: the area whose ceiling binds.
        municipalities: the municipalities it consists of.
        capacities: the ceiling, exceptions included. Unit: capacities.
        since, until: the first day, and the first day it no longer holds; None while it lasts.
    """

    area_id: str
    municipalities: frozenset[str]
    capacities: int
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether this is the ceiling on a day."""
        return self.since <= day and (self.until is None or day < self.until)


def binding_ceilings(areas: pl.DataFrame, since: date, until: date | None = None) -> list[Ceiling]:
    """Read the ceilings that bind from the areas of a plan.

    Args:
        areas: the plan's ``areas``: ``level, area_id, binding, ceiling, health_council``.
        since: first day they hold.
        until: first day they no longer hold.
    """
    municipalities = areas.filter(pl.col("level") == "municipality")
    found = []
    for level, area_id, ceiling in areas.filter("binding").select("level", "area_id", "ceiling").iter_rows():
        within = pl.col("area_id" if level == "municipality" else level) == area_id
        members = frozenset(municipalities.filter(within)["area_id"])
        found.append(Ceiling(area_id, members, ceiling, since, until))
    return found


def record(events: pl.DataFrame, new: pl.DataFrame, ceilings: Iterable[Ceiling]) -> pl.DataFrame:
    """Add events to the table (registrering af hændelser).

    Every capacity that is touched is followed anew from its release, so that an event with an earlier day, or one
    that annuls another, is judged by all it changes. Where the capacities of an area grow, its ceiling on that day
    must have room; nobody has to shrink because a ceiling falls.

    Args:
        events: rows of ``CapacityEvents`` recorded so far.
        new: the rows to add.
        ceilings: those that bind.

    Returns:
        The rows of both, in the order they were recorded.

    Raises:
        NotAllowed: naming every event that may not be recorded, and why.
    """
    faults = [*_faults_of_identity(events, new)]
    if not faults:
        both = pl.concat([events, new.select(events.columns).cast(dict(events.schema))])
        faults = [*_faults_of_moves(both, new), *_faults_of_ceilings(events, both, list(ceilings))]
    if faults:
        raise NotAllowed(faults)
    return pl.DataFrame(CapacityEvents.validate(both)).sort("recorded_at", "event_id")


def _faults_of_identity(events: pl.DataFrame, new: pl.DataFrame) -> Iterator[str]:
    """Find events recorded twice, before earlier ones, or annulling what is not there."""
    known = set(events["event_id"])
    newest = events["recorded_at"].max()
    fresh: set[str] = set()
    for row in new.sort("recorded_at", "event_id").iter_rows(named=True):
        event_id = row["event_id"]
        if event_id in known or event_id in fresh:
            yield f"Event {event_id} is recorded already; give the new one another event_id."
        if newest is not None and row["recorded_at"] < newest:
            yield f"Event {event_id} is recorded at {row['recorded_at']}, before the newest one ({newest})."
        annuls = row["annuls"]
        if annuls is not None and annuls not in known | fresh:
            near = difflib.get_close_matches(annuls, sorted(known), n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            yield f"Event {event_id} annuls {annuls}, which is not recorded.{hint}"
        fresh.add(event_id)


def _faults_of_moves(both: pl.DataFrame, new: pl.DataFrame) -> Iterator[str]:
    """Find moves that start from a state they may not start from."""
    touched = both.filter(pl.col("capacity_id").is_in(new["capacity_id"].unique().implode()))
    for _, life in timeline(touched).group_by("capacity_id", maintain_order=True):
        before = State.ALLOWED
        for capacity, day, verb, after in life.select("capacity_id", "valid_on", "move", "state").iter_rows():
            origins = MOVES[verb].origins
            if before not in origins:
                needed = " or ".join(origins)
                yield f"Capacity {capacity} is {before} on {day}, so it can't {verb}: it must be {needed}."
            before = State(after) if after is not None else before


def _faults_of_ceilings(events: pl.DataFrame, both: pl.DataFrame, ceilings: list[Ceiling]) -> Iterator[str]:
    """Find days on which an area grows, by what is new, to more capacities than its ceiling."""
    changes_before, changes_after = _changes(events), _changes(both)
    for ceiling in ceilings:
        before = _counts_by_day(changes_before, ceiling.municipalities)
        after = _counts_by_day(changes_after, ceiling.municipalities)
        grows = after.with_columns(pl.col("count").diff().fill_null(pl.col("count")).alias("growth"))
        grows = grows.join_asof(before.rename({"count": "had"}), on="valid_on").with_columns(pl.col("had").fill_null(0))
        above = (pl.col("growth") > 0) & (pl.col("count") > pl.col("had")) & (pl.col("count") > ceiling.capacities)
        for day, count in grows.filter(above).select("valid_on", "count").iter_rows():
            if ceiling.holds_on(day):
                yield (
                    f"{ceiling.area_id} would have {count} capacities on {day}, but its ceiling is "
                    f"{ceiling.capacities}: take one back first, or wait for headroom."
                )


def _changes(events: pl.DataFrame) -> pl.DataFrame:
    """Give what each event adds to and takes from municipalities: ``valid_on, municipality, change``."""
    counted = [str(state) for state in State if state.counts]
    lives = timeline(events).with_columns(counts=pl.col("state").cast(pl.String).is_in(counted).cast(pl.Int64))
    before = pl.col("municipality", "counts").shift(1).over("capacity_id").name.suffix("_before")
    lives = lives.with_columns(before)
    gone = lives.select("valid_on", municipality="municipality_before", change=-pl.col("counts_before").fill_null(0))
    come = lives.select("valid_on", "municipality", change=pl.col("counts"))
    return pl.concat([gone.drop_nulls("municipality"), come])


def _counts_by_day(changes: pl.DataFrame, municipalities: frozenset[str]) -> pl.DataFrame:
    """Give the capacities of an area after each day on which something happened: ``valid_on, count``."""
    within = changes.filter(pl.col("municipality").is_in(list(municipalities)))
    by_day = within.group_by("valid_on").agg(pl.col("change").sum()).sort("valid_on")
    return by_day.select("valid_on", count=pl.col("change").cum_sum())
