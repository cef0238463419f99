"""A survey of coverage (lægedækningsanalyse): everything that is asked of one set of places and practices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fordel.coverage.choices import STATUSES, cell_reach, choice_frame, nearest_within
from fordel.coverage.distance import CLOSE_CALL, Metres, geodesic
from fordel.coverage.errors import CoverageError
from fordel.coverage.homes import Homes, estimate_homes
from fordel.coverage.matrix import Cover, Engine, Locations, locate
from fordel.coverage.reassign import Situation
from fordel.coverage.rules import choice_radius, places_left, reachable
from fordel.coverage.water import Land, dry_choices

if TYPE_CHECKING:
    from fordel.law import Law

MEASURES = ("straight_line", "detour")
FROM_FILES = ("road", "travel_table")  # measures that need an engine of their own


@dataclass(frozen=True, eq=False)
class Survey:
    """Places and practices with the law applied, and the cover matrix between them.

    Attributes:
        places: as given, with ``land`` and ``radius`` (metres, as measured).
        practices: as given, with ``land``, ``open`` and ``places_left``.
        wide: who lies within the radius of the point or of the farthest corner of its cell.
        reach: metres from point to farthest corner; 0 for addresses.
        measure: ``straight_line``; ``detour``: the straight line times a stated factor; ``road`` or ``travel_table``.
        nearness: for ``homes``; metres.
        land: where straight lines cross water; None where that is not known, or not asked.
        water_stretch: water on end that a line may cross without a mark; metres.
    """

    places: pl.DataFrame
    practices: pl.DataFrame
    located: tuple[Locations, Locations]
    wide: Cover
    reach: Metres
    measure: str
    nearness: float
    land: Land | None = None
    water_stretch: float = 0.0

    @cached_property
    def cover(self) -> Cover:
        """Who lies within the radius of whom."""
        return self.wide.keep(self.wide.metres <= self.places["radius"].to_numpy()[self.wide.place])

    @cached_property
    def choices(self) -> pl.DataFrame:
        """The places with their choices; see ``choice_frame``.

        Where the land is known also ``over_water``: whether people would have a lower status without lines that cross
        water.
        """
        nearest = None
        if self.measure in FROM_FILES:
            nearest = nearest_within(self.cover, self.practices["open"].to_numpy())
        found = self.places.hstack(choice_frame(self.places, self.practices, self.wide, self.reach, nearest))
        if self.land is None:
            return found
        is_open, most = self.practices["open"].to_numpy(), len(STATUSES) - 1
        dry = dry_choices(self.cover, is_open, self.located, self.land, self.water_stretch, most)
        return found.with_columns(over_water=pl.col("open_choices").clip(upper_bound=most) > pl.Series(dry))

    def homes(self, registrations: pl.DataFrame | None = None) -> Homes:
        """Estimate where patients live: from registrations, or from list sizes alone."""
        places, lists = self.places, registrations
        if lists is None:
            places = places.with_columns(municipality=pl.lit("all"))
            lists = self.practices.filter(pl.col("patients") > 0)
            lists = lists.select("practice_id", "patients", municipality=pl.lit("all"))
        return estimate_homes(places, self.practices, lists, self.wide, self.nearness, self.located)

    def situation(self, registrations: pl.DataFrame | None = None) -> Situation:
        """Give what every what-if starts from."""
        return Situation(
            self.cover,
            self.practices["open"].to_numpy(),
            self.practices["places_left"].to_numpy(),
            self.places["people"].to_numpy(),
            self.homes(registrations),
        )

    def number(self, practice_id: str) -> int:
        """Find a practice by id.

        Raises:
            CoverageError: there is none.
        """
        found = np.flatnonzero((self.practices["practice_id"] == practice_id).to_numpy())
        if not len(found):
            some = ", ".join(self.practices["practice_id"].head(3))
            raise CoverageError(
                f"No practice has the id {practice_id!r}.\n  Expected: a ydernummer of the snapshot, such as {some}."
            )
        return int(found[0])


def survey(
    law: Law,
    places: pl.DataFrame,
    practices: pl.DataFrame,
    engine: Engine,
    *,
    measure: str = "straight_line",
    shapes: pl.DataFrame | None = None,
) -> Survey:
    """Apply the law to places and practices and measure between them.

    Args:
        law: the law on the day asked for.
        places: ``easting, northing, landmass, municipality, people`` and, for grid cells, ``cell_id``.
        practices: ``practice_id, easting, northing, landmass, open_to_new, capacities_filled, patients,
            closing_minimum`` and, where it is known, ``stated_maximum``.
        engine: what measures.
        measure: what the engine measures: ``straight_line``, ``road`` or ``travel_table``; or ``detour`` for the
            straight line times the stated factor. By road, the corners of a cell are taken to be on the way.
        shapes: of municipalities, ``geometry`` as well-known binary: where there are some, straight lines over water
            are marked.

    Raises:
        CoverageError: no such measure, or a location is missing, not a number or outside Denmark.
    """
    if measure not in MEASURES + FROM_FILES:
        raise CoverageError(f"No measure is called {measure!r}; use one of {', '.join(MEASURES + FROM_FILES)}.")
    land = law.apply(reachable, pl.col("landmass")).alias("land")
    radius = law.apply(choice_radius, pl.col("municipality"))
    factor = law.value("road_detour_factor") if measure == "detour" else 1.0
    places = places.with_columns(land, radius=radius / factor)
    practices = _with_room(law, practices.with_columns(land))
    located = locate(places, practices)
    reach = cell_reach(places) if "cell_id" in places.columns else np.zeros(places.height)
    wide = _wide(engine, located, places["radius"].to_numpy(), reach)
    if measure in MEASURES:
        wide = _settled(wide, located, places["radius"].to_numpy())
    dry = Land.of(shapes) if shapes is not None and measure in MEASURES else None
    nearness, stretch = (law.value(name) * 1000 for name in ("patient_nearness", "water_stretch"))
    return Survey(places, practices, located, wide, reach, measure, nearness, dry, stretch)


def _with_room(law: Law, practices: pl.DataFrame) -> pl.DataFrame:
    """Say which practices are open, and how many more each takes."""
    if "stated_maximum" not in practices.columns:
        practices = practices.with_columns(stated_maximum=pl.lit(None, pl.Int64))
    practices = practices.with_columns(open=pl.col("open_to_new") & (pl.col("capacities_filled") > 0))
    known = (pl.col(name) for name in ("open", "patients", "closing_minimum", "stated_maximum"))
    return practices.with_columns(places_left=law.apply(places_left, *known))


def _wide(engine: Engine, located: tuple[Locations, Locations], radius: Metres, reach: Metres) -> Cover:
    """Find who lies within radius and reach. Engines are quick where many places share a radius: ask with one reach."""
    wide = engine.cover(*located, radius + reach.max(initial=0.0))
    return wide.keep(wide.metres <= (radius + reach)[wide.place])


def _settled(wide: Cover, located: tuple[Locations, Locations], radius: Metres) -> Cover:
    """Measure pairs too close to the radius to call on the ellipsoid."""
    close = np.flatnonzero(np.abs(wide.metres - radius[wide.place]) < CLOSE_CALL)
    metres = wide.metres.copy()
    metres[close] = geodesic(located[0].xy[wide.place[close]], located[1].xy[wide.practice[close]])
    return replace(wide, metres=metres)
