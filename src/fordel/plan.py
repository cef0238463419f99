"""The plan: a pure function of the law on a day and a snapshot of tables."""

from __future__ import annotations

from dataclasses import dataclass, fields

import polars as pl

from fordel import allocation, coverage, minimum
from fordel.law import Law, LawError, Trace
from fordel.professions import Profession
from fordel.tables import Tables

LEVELS = ("nation", "region", "health_council", "municipality")


@dataclass(frozen=True, eq=False)
class Plan:
    """What a plan computes.

    Attributes:
        areas: one row per area of every level: people, weighted citizens, need, ceiling, capacities, coverage.
        practices: one row per practice: mean weight, minimums, whether it may close.
        places: one row per demand point: people and open choices.
        trace: the rules and parameters that were applied.
    """

    areas: pl.DataFrame
    practices: pl.DataFrame
    places: pl.DataFrame
    trace: Trace

    def frames(self) -> dict[str, pl.DataFrame]:
        """Give the result tables by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "trace"}


def make_plan(law: Law, tables: Tables, profession: Profession, *, total: int | None = None) -> Plan:
    """Make a plan: need, ceilings, headroom, minimums and coverage, in the order of the executive order.

    Args:
        law: the law on the plan's day.
        tables: the snapshot.
        profession: whose capacities.
        total: capacities the nation may have; by default the nation's need, rounded.

    Raises:
        NotInForce: the model is not in force on the law date.
        LawError: the total is negative.
    """
    law = law.recording()
    weighted_citizens, weighted_patients = profession.weigh(law, tables)
    municipalities = _with_wholes(law, tables, weighted_citizens)
    ceilings = _ceilings(law, municipalities, total)
    practices = _minimums(law, tables, weighted_patients)
    places = _choices(law, tables)
    capacities = tables.practices.group_by("municipality").agg(pl.col("capacities_released", "capacities_filled").sum())
    parts = (
        ceilings.join(capacities, on="municipality", how="left")
        .join(_people_by_choice(places), on="municipality", how="left")
        .with_columns(pl.col("^(capacities|people)_.*$").fill_null(0))
        .sort("municipality")
    )
    return Plan(_areas(law, tables, parts), practices, places, law.trace)


def _with_wholes(law: Law, tables: Tables, municipalities: pl.DataFrame) -> pl.DataFrame:
    """Add which health council and region each municipality lies in, and whether its own ceiling binds."""
    frame = municipalities
    for level in ("health_council", "region"):
        wholes = tables.parts("municipality", level, law.day).rename({"part_id": "municipality", "whole_id": level})
        frame = frame.join(wholes, on="municipality", maintain_order="left")
    if frame.height != municipalities.height:
        raise LawError(f"Some municipalities lie in no single health council and region on {law.day}; see area_parts.")
    known = law.book.authorities
    level_of = {
        region: law.for_authority(region if region in known else "nation").value("binding_level")
        for region in frame["region"].unique().sort()
    }
    return frame.with_columns(
        pl.lit("dk").alias("nation"), binding_level=pl.col("region").replace_strict(level_of, return_dtype=pl.String)
    ).sort("municipality")


def _ceilings(law: Law, municipalities: pl.DataFrame, total: int | None) -> pl.DataFrame:
    """Apportion the total over the areas whose ceiling binds, then each council's share over its municipalities."""
    frame = municipalities.with_columns(need=law.apply(allocation.treatment_need, pl.col("weighted_citizens")))
    if total is None:
        total = law.apply(allocation.national_ceiling, frame["weighted_citizens"].sum())
    elif total < 0:
        raise LawError(f"The total is {total}; give the capacities the nation may have, 0 or more.")
    binding = pl.when(pl.col("binding_level") == "municipality").then(pl.col("municipality"))
    frame = frame.with_columns(binding_area=binding.otherwise(pl.col("health_council")))
    areas = frame.group_by("binding_area", "binding_level").agg(pl.col("need").sum()).sort("binding_area")
    shared_out = law.apply(allocation.ceilings, areas["need"].to_list(), total)
    parts = []
    for area, ceiling in zip(areas["binding_area"], shared_out, strict=True):
        within = frame.filter(pl.col("binding_area") == area)
        split = law.apply(allocation.ceilings, within["need"].to_list(), ceiling)
        parts.append(within.with_columns(pl.Series("ceiling", split, dtype=pl.Int64)))
    return pl.concat(parts).drop("binding_area")


def _minimums(law: Law, tables: Tables, weighted_patients: pl.DataFrame) -> pl.DataFrame:
    """Give every practice its indicative minimum and the closing limit in force."""
    frame = tables.practices.drop("patients").join(weighted_patients, on="practice_id", how="left")
    frame = frame.with_columns(pl.col("patients", "weighted_patients").fill_null(0)).with_columns(
        mean_weight=pl.when(pl.col("patients") > 0).then(pl.col("weighted_patients") / pl.col("patients"))
    )
    frame = frame.with_columns(indicative_minimum=law.apply(minimum.indicative_minimum, pl.col("mean_weight")))
    held = pl.col("capacities_released")
    frame = frame.with_columns(
        practice_minimum=law.apply(minimum.practice_minimum, pl.col("indicative_minimum"), held)
    ).with_columns(closing_minimum=law.apply(minimum.closing_minimum, pl.col("practice_minimum"), held))
    patients, limit = pl.col("patients"), pl.col("closing_minimum")
    return frame.with_columns(
        may_close=law.apply(minimum.may_close, patients, limit),
        patients_missing=law.apply(minimum.patients_missing, patients, limit),
    ).sort("practice_id")


def _choices(law: Law, tables: Tables) -> pl.DataFrame:
    """Count open practices within the legal radius of every place where people live."""
    land = law.apply(coverage.reachable, pl.col("landmass")).alias("land")
    radius = law.apply(coverage.choice_radius, pl.col("municipality")).alias("radius")
    places = tables.demand_points.with_columns(land, radius)
    open_ones = tables.practices.filter(pl.col("open_to_new") & (pl.col("capacities_filled") > 0)).with_columns(land)
    places = places.with_columns(coverage.count_choices(places, open_ones))
    met = law.apply(coverage.choice_met, pl.col("open_choices"))
    return places.drop("land").with_columns(choice_met=met)


def _people_by_choice(places: pl.DataFrame) -> pl.DataFrame:
    """Count people with no, one, and two or more open choices."""
    choices, people = pl.col("open_choices"), pl.col("people")
    return places.group_by("municipality").agg(
        people_no_choice=people.filter(choices == 0).sum(),
        people_one_choice=people.filter(choices == 1).sum(),
        people_two_choices=people.filter(choices >= 2).sum(),
        people_choice_met=people.filter(pl.col("choice_met")).sum(),
    )


def _areas(law: Law, tables: Tables, municipalities: pl.DataFrame) -> pl.DataFrame:
    """Sum municipalities to every level and compare ceilings with capacities."""
    sums = pl.col("people", "weighted_citizens", "need", "ceiling", "^capacities_.*$", "^people_.*$").sum()
    levels = []
    for level in LEVELS:
        of_level = municipalities.group_by(area_id=pl.col(level)).agg(
            sums, pl.col("binding_level", "health_council", "region").first()
        )
        above = [c for c in ("health_council", "region") if LEVELS.index(c) >= LEVELS.index(level)]
        of_level = of_level.with_columns(pl.lit(None, pl.String).alias(name) for name in above)
        levels.append(of_level.join(tables.areas_at(level, law.day), on="area_id").with_columns(level=pl.lit(level)))
    areas = pl.concat(levels, how="diagonal")
    released, filled = pl.col("capacities_released"), pl.col("capacities_filled")
    counted = law.apply(allocation.capacities_counted, released, filled)
    ceiling = pl.col("ceiling")
    areas = areas.with_columns(
        mean_weight=pl.col("weighted_citizens") / pl.col("people"),
        capacities_vacant=released - filled,
        headroom=law.apply(allocation.headroom, ceiling, counted),
        surplus=law.apply(allocation.surplus, ceiling, counted),
        binding=pl.col("level") == pl.col("binding_level"),
    )
    areas = areas.with_columns(releasable=law.apply(allocation.releasable, pl.col("headroom"), pl.col("binding")))
    return _roll_up_releasable(areas)


def _roll_up_releasable(areas: pl.DataFrame) -> pl.DataFrame:
    """Let wholes show the sum of what their binding areas may be given."""
    bound = areas.filter(pl.col("binding"))
    by_level = {"nation": bound.with_columns(whole=pl.lit("dk")), "region": bound.with_columns(whole=pl.col("region"))}
    council = pl.coalesce(pl.when(pl.col("level") == "health_council").then("area_id"), "health_council")
    by_level["health_council"] = bound.with_columns(whole=council)
    rolled = [
        frame.group_by(area_id="whole").agg(rolled=pl.col("releasable").sum()).with_columns(level=pl.lit(level))
        for level, frame in by_level.items()
    ]
    areas = areas.join(pl.concat(rolled), on=["level", "area_id"], how="left")
    areas = areas.with_columns(releasable=pl.coalesce("rolled", "releasable")).drop("rolled")
    first = ["level", "area_id", "name", "health_council", "region", "binding_level", "binding"]
    order = pl.col("level").cast(pl.Enum(LEVELS))
    return areas.select(*first, pl.exclude(first)).sort(order, "area_id")
