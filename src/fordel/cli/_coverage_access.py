"""`fordel coverage access`: how much capacity each place reaches, and whether it lies where need is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fordel.cli._coverage_shown import Folder, Level, Measure, On, To, faults, say_what_it_is, write_tables
from fordel.cli._coverage_tables import access_table, fifths_table, with_wholes
from fordel.cli._shown import console, errors
from fordel.cli._surveyed import surveyed
from fordel.coverage.access import people_per_capacity, rational_agents, step_weights, three_step, two_step
from fordel.coverage.equity import by_need, concentration, gini
from fordel.coverage.survey import MEASURES

if TYPE_CHECKING:
    from fordel.cli._surveyed import Surveyed

PER = 10_000  # weighted citizens that the catchment indices are told per
INDICES = ("2sfca", "e2sfca", "3sfca", "raam", "people_per_capacity")


def access(
    folder: Folder,
    level: Level = "region",
    measure: Measure = MEASURES[0],
    on: On = None,
    to: To = None,
) -> None:
    """Show how much capacity people reach when others reach for it too, and whether need decides."""
    with faults(), errors.status("Surveying coverage") as status:
        found = surveyed(folder, on, measure)
        status.update("Letting everyone choose the best they can")
        places = _indices(found)
        by_area = _by_area(places, found, level)
        index, weight, people = (places[name].to_numpy() for name in ("e2sfca", "mean_weight", "people"))
        fifths = by_need(index, weight, people)
        spread = concentration(index, weight, people), gini(index, people)
    say_what_it_is(found)
    console.print(access_table(by_area))
    console.print(fifths_table(fifths))
    console.print(
        f"Concentration index by need {spread[0]:+.3f} (above 0: those with more need reach more); "
        f"Gini {spread[1]:.3f}. Both of E2SFCA over people.",
        highlight=False,
    )
    if to is not None:
        with faults():
            write_tables(to, {f"access_by_{level}": by_area, "access_by_need": fifths, "access_by_place": places})


def _indices(found: Surveyed) -> pl.DataFrame:
    """Give every populated place its indices; demand is weighted by need, supply is filled capacities."""
    weights = found.run.areas.filter(pl.col("level") == "municipality").select("mean_weight", municipality="area_id")
    places = found.survey.places.join(weights, on="municipality", how="left", maintain_order="left")
    places = places.with_columns(pl.col("mean_weight").fill_null(1.0))  # the nation's mean, where nobody is weighed
    demand = (places["people"] * places["mean_weight"]).to_numpy().astype(np.float64)
    supply = found.survey.practices["capacities_filled"].to_numpy().astype(np.float64)
    cover, law = found.survey.cover, found.law
    bands = {float(km) * 1000: share for km, share in law.value("access_distance_decay").items()}
    decay = step_weights(cover.metres, bands)
    return places.select("cell_id", "municipality", "easting", "northing", "people", "mean_weight").with_columns(
        pl.Series("2sfca", two_step(cover, demand, supply) * PER),
        pl.Series("e2sfca", two_step(cover, demand, supply, decay) * PER),
        pl.Series("3sfca", three_step(cover, demand, supply, decay) * PER),
        pl.Series(
            "raam",
            rational_agents(cover, np.round(demand).astype(np.int64), supply, tau=law.value("raam_travel") * 1000),
        ),
        pl.Series("people_per_capacity", people_per_capacity(cover, demand, supply)),
    )


def _by_area(places: pl.DataFrame, found: Surveyed, level: str) -> pl.DataFrame:
    """Give the mean of each index over the people of an area who have one."""
    known = [pl.col(name).fill_nan(None) for name in INDICES]
    means = [
        ((each * pl.col("people")).sum() / pl.col("people").filter(each.is_not_null()).sum()).alias(name)
        for name, each in zip(INDICES, known, strict=True)
    ]
    grouped = with_wholes(places, found.run).group_by(level).agg(pl.col("people").sum(), *means).sort(level)
    names = found.run.areas.filter(pl.col("level") == level).select("name", area_id="area_id")
    return grouped.rename({level: "area_id"}).join(names, on="area_id", how="left", maintain_order="left")
