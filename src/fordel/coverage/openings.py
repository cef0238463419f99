"""Openings (nye praksis): how choices and room change when a practice opens where none is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from fordel.coverage.distance import metres_between, settle
from fordel.coverage.errors import CoverageError
from fordel.coverage.matrix import Cover

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fordel.coverage.distance import Metres
    from fordel.coverage.matrix import Indices
    from fordel.coverage.reassign import Situation
    from fordel.coverage.survey import Survey


@dataclass(frozen=True)
class Opening:
    """A practice that opens, open for intake.

    Attributes:
        easting, northing: EPSG:25832. Unit: metres.
        place: number of a place on the same land, such as the nearest.
        room: patients it takes.
    """

    easting: float
    northing: float
    place: int
    room: int


def with_openings(found: Survey, now: Situation, openings: Sequence[Opening]) -> Situation:
    """Give the situation once practices have opened: nobody has moved to them yet.

    They are numbered after those that are there, in the order given.

    Raises:
        CoverageError: distances of the survey are not straight lines: what a new practice is away is not known.
    """
    if found.measure != "straight_line":
        raise CoverageError(
            f"Openings are measured in a straight line; this survey is by {found.measure}.\n"
            "  Try:      survey again with the measure straight_line"
        )
    cover, homes = now.cover, now.homes
    for opening in openings:
        cover = _with_column(cover, *_reached(found, opening))
    more = len(openings)
    start = np.concatenate([homes.start, np.repeat(homes.start[-1], more)])
    room = np.array([opening.room for opening in openings], dtype=np.int64)
    return replace(
        now,
        cover=cover,
        is_open=np.concatenate([now.is_open, np.ones(more, dtype=np.bool_)]),
        places_left=np.concatenate([now.places_left, room]),
        homes=replace(homes, start=start),
    )


def _reached(found: Survey, opening: Opening) -> tuple[Indices, Metres]:
    """Give the places within whose radius an opening lies, and the metres to each."""
    places = found.located[0]
    radius = found.places["radius"].to_numpy()
    near: Indices = np.flatnonzero(places.land == places.land[opening.place])
    here = places.xy[near]
    there = np.broadcast_to(np.array([opening.easting, opening.northing]), here.shape)
    metres = settle(metres_between(here, there), radius[near], here, there)
    within = metres <= radius[near]
    return near[within], metres[within]


def _with_column(cover: Cover, place: Indices, metres: Metres) -> Cover:
    """Add one practice to a cover matrix; its number is the highest, so it comes last in each row it is in."""
    at = cover.start[place + 1]
    more = np.zeros(cover.places + 1, dtype=np.int64)
    more[place + 1] = 1
    return Cover(
        cover.start + np.cumsum(more),
        np.insert(cover.practice, at, np.int32(cover.practices)),
        np.insert(cover.metres, at, metres),
        cover.practices + 1,
    )
