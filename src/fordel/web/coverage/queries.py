"""What pages of coverage show of a run: the choices of people per municipality, and the map."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

import polars as pl
from django.db import DatabaseError, connection

from fordel.coverage.survey import survey
from fordel.engines.straight_line import fastest
from fordel.publish.coverage_map import Legend, coverage_svg, legend_of
from fordel.publish.disclosure import COUNTED
from fordel.runs.laws import law_of
from fordel.runs.record import BadRun
from fordel.web.runs.models import FinishedRun
from fordel.web.runs.queries import tables_of
from fordel.web.texts import language

if TYPE_CHECKING:
    from fordel.coverage.reassign import Situation
    from fordel.coverage.survey import Survey
    from fordel.publish._words import Lang
    from fordel.web.runs.queries import Seen

log = logging.getLogger(__name__)
CLASSES = COUNTED[:3]
NUMBERS = ("people", *CLASSES)
SORTS = frozenset({"name", *NUMBERS})
BETWEEN = 30.0  # seconds from one look for a newer run to the next


@dataclass(frozen=True, eq=False)
class Standing:
    """How coverage stands in a run: what every what-if starts from.

    Attributes:
        assumed_room: share of its closing minimum by which an open practice is taken to have room above it.
        room_per_capacity: patients a practice that opens takes for each of its capacities: people of mean need.
        stated, assumed: open practices that have stated their maximum, and those for which it is assumed.
    """

    survey: Survey
    now: Situation
    assumed_room: float
    room_per_capacity: int
    stated: int
    assumed: int


@lru_cache(maxsize=2)
def standing_of(folder: str) -> Standing:
    """Measure a run's coverage in a straight line, by the law it was made by; kept, since a run never changes."""
    run = tables_of(folder)
    law = law_of(run)
    places = run.places.select("cell_id", "municipality", "easting", "northing", "landmass", "people")
    found = survey(law, places, run.practices, fastest(places.height))
    reserve, per_capacity = (law.value(name) for name in ("open_list_reserve", "weighted_citizens_per_capacity"))
    maxima = found.practices.filter("open")["stated_maximum"]
    counted = {"stated": maxima.count(), "assumed": maxima.null_count()}
    return Standing(found, found.situation(), reserve, per_capacity, **counted)


def keep_warm() -> NoReturn:
    """Measure the newest run before somebody asks, and again when there is a newer one."""
    while True:
        warm()
        time.sleep(BETWEEN)


def warm() -> None:
    """Measure the newest run before somebody asks. Where that cannot be done, whoever asks is told why."""
    try:
        newest = FinishedRun.objects.first()
        if newest is not None:
            standing_of(newest.folder)
    except (DatabaseError, BadRun, OSError):
        log.warning("Coverage of the newest run could not be measured ahead.", exc_info=True)
    finally:
        connection.close()


def municipalities(seen: Seen, sort: str, *, falling: bool) -> list[dict[str, Any]]:
    """Give the municipalities a person sees, by name or by a number; what is held back comes last."""
    rows = seen.at_level("municipality")
    if sort == "name":
        return rows[::-1] if falling else rows
    known = [row for row in rows if row[sort] is not None]
    return [*sorted(known, key=lambda row: row[sort], reverse=falling), *(r for r in rows if r[sort] is None)]


def own_places(seen: Seen) -> pl.DataFrame:
    """Give the places that lie in the person's own area."""
    codes = [row["area_id"] for row in seen.at_level("municipality")]
    return seen.run.places.filter(pl.col("municipality").is_in(codes))


def legend(seen: Seen) -> list[Legend]:
    """Count cells and people by their choices, in the person's own area."""
    row = seen.own_area()
    return legend_of(own_places(seen), language(), [row[name] for name in CLASSES])


_MAPS: dict[tuple[str, str, Lang], str | None] = {}
KEPT = 64  # maps


def map_of(seen: Seen) -> str | None:
    """Draw the map of the person's own area, once; None where the snapshot had no shapes of municipalities.

    A run never changes, and all who belong to an area see the same.
    """
    key = (seen.record.folder, seen.own_area()["area_id"], language())
    if key not in _MAPS:
        if len(_MAPS) >= KEPT:
            _MAPS.clear()
        _MAPS[key] = _drawn(seen, language())
    return _MAPS[key]


def _drawn(seen: Seen, lang: Lang) -> str | None:
    codes = [row["area_id"] for row in seen.at_level("municipality")]
    shapes = seen.run.area_shapes.filter(pl.col("municipality").is_in(codes))
    practices = seen.practices.with_columns(open=pl.col("open_to_new") & (pl.col("capacities_filled") > 0))
    here = replace(seen.run, area_shapes=shapes)
    return coverage_svg(here, own_places(seen), practices, legend(seen), lang)
