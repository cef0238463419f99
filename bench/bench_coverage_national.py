"""Coverage of the whole demo: the survey, one closure after the first, and every closure in turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl
from _case import Case

from fordel.coverage.choices import choices_by, islands
from fordel.coverage.closures import effect, rank_closures
from fordel.coverage.reassign import close
from fordel.coverage.survey import Survey, survey
from fordel.demo import make_snapshot
from fordel.engines.flow import NetworkSimplex
from fordel.engines.straight_line import StraightLine
from fordel.law import Lawbook
from fordel.runs.execute import execute
from fordel.runs.record import Run

TITLE = "Coverage: a planner's questions"
ABOUT = (
    "The demo snapshot: 5,837,213 people in 1-km cells, synthetic practices and lists. The analysis measures every "
    "place to every practice, counts choices and places left, marks mixed cells and lines over water, finds the two "
    "nearest, and sums by municipality, council and region. There is no peer to compare with. The aims are 0.3 s for "
    "the analysis, 20 ms for one closure after the first, and 5 s for all of them."
)
PACKAGES = ("numba", "numpy", "polars", "pylmcf", "scipy")
DAY = date(2026, 2, 1)
PLACE = ("cell_id", "municipality", "easting", "northing", "landmass", "people")


def analysis(run: Run) -> tuple[Survey, list[pl.DataFrame]]:
    """Survey the country and sum it up."""
    law = Lawbook.shipped().on(DAY)
    found = survey(law, run.places.select(PLACE), run.practices, StraightLine(), shapes=run.area_shapes)
    wholes = run.areas.filter(level="municipality").select("health_council", "region", municipality="area_id")
    places = found.choices.join(wholes, on="municipality", how="left", maintain_order="left")
    levels = ("municipality", "health_council", "region")
    return found, [*(choices_by(places, level) for level in levels), islands(found.choices, found.practices)]


def cases() -> Iterator[Case]:
    """The analysis, then closures on it."""
    tables = make_snapshot()
    run = execute(tables, day=DAY)
    found, _ = analysis(run)
    size = f"{run.places.height:,} places, {run.practices.height:,} practices"
    yield Case("the whole analysis", size, partial(analysis, run), repeat=7)
    now = found.situation(tables.registrations)
    largest = int(run.practices["patients"].arg_max() or 0)
    engine = NetworkSimplex()
    close(now, [largest], engine)
    yield Case("the largest practice closes", size, lambda: effect(now, close(now, [largest], engine)), repeat=15)
    ids = run.practices["practice_id"].to_list()
    yield Case("every practice closes in turn", size, partial(rank_closures, now, ids, engine), repeat=3)
