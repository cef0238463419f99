"""Choice of practice (lægevalg): how many open ones each place reaches, how near they are, and how sure that is."""

from __future__ import annotations

import numpy as np
import polars as pl

from fordel.coverage.distance import Metres, metres_between
from fordel.coverage.matrix import Cover, Engine, Indices, Locations, locate
from fordel.coverage.tree import TreeEngine


def count_choices(places: pl.DataFrame, practices: pl.DataFrame, engine: Engine | None = None) -> pl.Series:
    """Count the open practices within each place's radius on the same land (frit lægevalg).

    Args:
        places: ``easting, northing`` (metres, EPSG:25832), ``radius`` (metres), ``land``.
        practices: the open ones only: ``easting, northing, land``.
        engine: what measures; the tree engine by default.

    Returns:
        ``open_choices``, one whole number per place, in the same order. A practice exactly at the radius counts.

    Raises:
        CoverageError: a location is missing, not a number or outside Denmark.
    """
    here, there = locate(places, practices)
    radius = places["radius"].cast(pl.Float64).to_numpy()
    counts, _ = (engine or TreeEngine()).count(here, there, radius, np.zeros(len(there), dtype=np.int64))
    return pl.Series("open_choices", counts)


STATUSES = ("none", "one", "two or more")


def choice_frame(
    places: pl.DataFrame, practices: pl.DataFrame, wide: Cover, reach: Metres, nearest: Metres | None = None
) -> pl.DataFrame:
    """Give each place its choices: how many, how much room, how near, and whether its people differ.

    Args:
        places: as ``count_choices``.
        practices: all of them: ``easting, northing, land, open`` and ``places_left``.
        wide: the cover matrix for each place's radius plus its reach.
        reach: ``(places,)`` how far from the point the people of the place may live, 0 for an address. Unit: metres.
        nearest: ``(places, 2)`` as ``nearest_two``; in a straight line when left out.

    Returns:
        ``open_choices, status, places_left, nearest_open, second_open`` (metres, empty when there is none on the same
        land) and ``mixed``: whether people in some corner of the cell may have another status than the point.
    """
    radius = places["radius"].cast(pl.Float64).to_numpy()
    is_open = practices["open"].to_numpy()
    spare = np.where(is_open, practices["places_left"].to_numpy(), 0).astype(np.float64)
    cover = wide.keep(wide.metres <= radius[wide.place])
    counts = cover.counts(is_open)
    surely = wide.keep(wide.metres <= (radius - reach)[wide.place]).counts(is_open)
    possibly = wide.counts(is_open)
    if nearest is None:
        nearest = nearest_two(*locate(places, practices), is_open)
    return pl.DataFrame(
        {
            "open_choices": counts,
            "status": pl.Series([STATUSES[n] for n in np.minimum(counts, 2)], dtype=pl.Enum(STATUSES)),
            "places_left": cover.sums(spare).astype(np.int64),
            "nearest_open": nearest[:, 0],
            "second_open": nearest[:, 1],
            "mixed": np.minimum(surely, 2) != np.minimum(possibly, 2),
        }
    ).with_columns(pl.col("nearest_open", "second_open").fill_nan(None))


def nearest_two(places: Locations, practices: Locations, is_open: Indices) -> Metres:
    """Measure to the nearest and second nearest open practice on the same land, at any distance.

    Returns:
        ``(places, 2)`` metres, NaN where the land has fewer open practices.
    """
    found = np.full((len(places), 2), np.nan)
    for land in np.unique(practices.land[is_open]):
        here, there = np.flatnonzero(places.land == land), np.flatnonzero(is_open & (practices.land == land))
        if len(here):
            found[here, : min(2, len(there))] = _nearest(places.xy[here], practices.xy[there])
    return found


def nearest_within(cover: Cover, is_open: Indices) -> Metres:
    """Take the two nearest open practices from the cover matrix: ``(places, 2)`` metres, NaN where it has fewer."""
    pairs = np.flatnonzero(is_open[cover.practice])
    pairs = pairs[np.lexsort((cover.metres[pairs], cover.place[pairs]))]
    sizes = np.bincount(cover.place[pairs], minlength=cover.places)
    first = np.cumsum(sizes) - sizes
    found = np.full((cover.places, 2), np.nan)
    for rank in (0, 1):
        has = sizes > rank
        found[has, rank] = cover.metres[pairs[first[has] + rank]]
    return found


def _nearest(here: Metres, there: Metres) -> Metres:
    """Take the four nearest on the grid, measure them on the ellipsoid, and keep the two nearest."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - loads slowly; most pages never measure

    _, near = cKDTree(there).query(here, k=min(4, len(there)))
    near = near.reshape(len(here), -1)
    metres = np.column_stack([metres_between(here, there[column]) for column in near.T])
    metres.sort(axis=1)
    return metres[:, :2]


def cell_reach(places: pl.DataFrame) -> Metres:
    """Measure from each place's point to the farthest corner of its 1-km cell. Unit: metres."""
    corner = places["cell_id"].str.extract_groups(r"^1km_(?<north>\d{4})_(?<east>\d{3})$").struct.unnest()
    low = corner.select(pl.col("east", "north").cast(pl.Int64) * 1000).to_numpy()
    inside = places.select("easting", "northing").to_numpy() - low
    reach: Metres = np.hypot(*np.maximum(np.abs(inside), np.abs(1000 - inside)).T)
    return reach


def choices_by(places: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Count people with no, one and two or more open choices, in mixed cells, and their shares, per area.

    Args:
        places: ``people``, ``status``, ``mixed``, perhaps ``over_water``, and the columns to group by.

    Returns:
        the grouping columns, ``people, people_no_choice, people_one_choice, people_two_choices, people_mixed``, where
        it is known ``people_over_water``, and ``share_*`` of the people for each.
    """
    people = pl.col("people")
    counted = {
        "no_choice": people.filter(pl.col("status") == "none").sum(),
        "one_choice": people.filter(pl.col("status") == "one").sum(),
        "two_choices": people.filter(pl.col("status") == "two or more").sum(),
        "mixed": people.filter(pl.col("mixed")).sum(),
    }
    if "over_water" in places.columns:
        counted["over_water"] = people.filter(pl.col("over_water")).sum()
    sums = places.group_by(by).agg(people.sum(), **{f"people_{name}": count for name, count in counted.items()})
    shares = {f"share_{name}": pl.col(f"people_{name}") / people for name in counted}
    return sums.with_columns(**shares).sort(by)


def islands(places: pl.DataFrame, practices: pl.DataFrame, fixed: str = "fixed") -> pl.DataFrame:
    """List every island without a fixed link (ikke-brofast ø): its people, its practices, and their choices."""
    apart = choices_by(places.filter(pl.col("landmass") != fixed), "landmass")
    on_it = practices.group_by("landmass").agg(practices=pl.len(), open_practices=pl.col("open").sum())
    listed = apart.join(on_it, on="landmass", how="left").with_columns(pl.col("^.*practices$").fill_null(0))
    return listed.sort("people", descending=True)
