"""The recipe of the demo snapshot, step by step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fordel.demo import areas, land, lists, places, practices, settlements, sources, stated, weights
from fordel.demo import population as people
from fordel.tables import Practices, Tables

NAME = "Danmark, åbne data (syntetiske praksisser)"
SNAPSHOT_DATE = date(2020, 10, 1)


def make_snapshot(progress: Callable[[str], None] | None = None) -> Tables:
    """Make the demo snapshot: real people and areas, synthetic practices. The same bytes each time.

    Args:
        progress: told what is being done, one short English sentence a step.
    """
    tell = progress or _silence
    tell("Reading areas and people")
    population = people.population()
    parts = land.land_parts()
    tell("Laying a grid over the land")
    grid = land.fine_grid(parts)
    tell("Placing people by settlements")
    towns = settlements.settlements(parts)
    homes = places.place_people(grid, towns, population)
    tell("Setting up synthetic practices")
    bare = practices.make_practices(parts, homes.grid, towns, population)
    tell("Putting everyone on a list")
    listed, registrations = lists.make_lists(bare, homes.points, population)
    tell("Checking the tables")
    return Tables.of(
        NAME,
        SNAPSHOT_DATE,
        areas=areas.areas(),
        area_parts=areas.area_parts(),
        area_shapes=land.shapes(parts),
        population=population,
        demand_points=homes.points,
        practices=listed.select(Practices.column_names()),
        registrations=registrations,
        stated_maxima=stated.make_stated_maxima(listed),
        need_weights=weights.need_weights(),
        sources=sources.sources(),
    )


def _silence(_: str) -> None:
    """Say nothing."""
