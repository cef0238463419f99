"""The plan: a pure function of the law on a day and a snapshot of tables."""

from __future__ import annotations

from dataclasses import dataclass, fields

import polars as pl

from fordel import allocation, coverage, minimum
from fordel.law import Law, LawError, Trace
from fordel.professions import Profession
from fordel.tables import Tables
from fordel.tables.sums import sum_exactly

LEVELS = ("nation", "region", "health_council", "municipality")
RANK = {level: rank for rank, level in enumerate(LEVELS)}
BINDING_LEVELS = allocation.BINDING_LEVELS
CHOICE_COLUMNS = ("people_no_choice", "people_one_choice", "people_two_choices", "people_choice_met")
AREA_COLUMNS = (
    *("level", "area_id", "name", "health_council", "region", "binding_level", "binding"),
    *("people", "weighted_citizens", "mean_weight", "need"),
    *("ceiling", "computed_ceiling", "published_ceiling", "shared_from"),
    *("capacities_released", "capacities_filled", "capacities_vacant", "headroom", "surplus", "releasable"),
    *("exception_capacities", "growth_capacities"),
    *CHOICE_COLUMNS,
)
PRACTICE_COLUMNS = (
    *("practice_id", "name", "municipality", "easting", "northing", "landmass"),
    *("capacities_released", "capacities_filled", "open_to_new", "patients", "weighted_patients", "mean_weight"),
    *("indicative_minimum", "earlier_minimum", "settled_minimum", "decided_minimum", "dispensed_minimum"),
    *("decision_id", "decision_ground", "minimum_per_capacity", "minimum_sway", "practice_minimum"),
    *("closing_minimum", "may_close", "patients_missing", "years_to_minimum"),
)
STATED_COLUMNS = ("stated_maximum", "list_utilisation")  # only where some practice has stated a maximum


@dataclass(frozen=True, eq=False)
class Plan:
    """What a plan computes.

    Attributes:
        areas: one row per area of every level: people, weighted citizens, need, ceiling, capacities, coverage.
        practices: one row per practice: mean weight, minimums, whether it may close; where some have stated the most
            patients they will have, that too.
        places: one row per demand point: people and open choices.
        planning: one row per planning area and district: a guiding ceiling below or beside the national ones.
        exceptions: one row per exception decided: capacities beyond a ceiling, and whether they count on the day.
        alerts: one row per area that is short while the ceiling above it leaves no room, or not enough.
        trace: the rules and parameters that were applied.
    """

    areas: pl.DataFrame
    practices: pl.DataFrame
    places: pl.DataFrame
    planning: pl.DataFrame
    exceptions: pl.DataFrame
    alerts: pl.DataFrame
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
        LawError: the total is negative, or the tables lack an area they refer to.
    """
    law = law.recording()
    weighted_citizens, weighted_patients = profession.weigh(law, tables)
    municipalities = _with_wholes(law, tables, weighted_citizens)
    _refuse_unknown_places(tables, municipalities["municipality"])
    practices = _practices(law, tables, weighted_patients)
    places = _choices(law, tables)
    choices = _people_by_choice(places)
    areas, exceptions = _areas(law, tables, _ceilings(law, tables, municipalities, total), choices)
    planning = allocation.planning_areas(law, tables, areas)
    return Plan(areas, practices, places, planning, exceptions, allocation.alerts(law, tables, areas), law.trace)


def make_without_places(
    law: Law, tables: Tables, profession: Profession, *, total: int | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make the areas and practices of a plan without open choices, which take most of the time: for many years at once.

    Args and errors are those of ``make_plan``.
    """
    weighted_citizens, weighted_patients = profession.weigh(law, tables)
    municipalities = _with_wholes(law, tables, weighted_citizens)
    areas = _areas(law, tables, _ceilings(law, tables, municipalities, total), None)[0]
    return areas, _practices(law, tables, weighted_patients)


def make_areas(law: Law, tables: Tables, profession: Profession, *, total: int | None = None) -> pl.DataFrame:
    """Make the part of a plan that concerns areas, without practices and open choices (those columns are left out).

    Args and errors are those of ``make_plan``; it is some ten times as fast.
    """
    return make_without_places(law, tables, profession, total=total)[0]


def _practices(law: Law, tables: Tables, weighted_patients: pl.DataFrame) -> pl.DataFrame:
    """Give practices their minimums, and the maxima they have stated where the snapshot holds some."""
    practices = minimum.minimums_of(law, tables, weighted_patients).select(PRACTICE_COLUMNS)
    if tables.stated_maxima.is_empty():
        return practices
    stated = practices.join(tables.stated_maxima, on="practice_id", how="left", maintain_order="left")
    used = law.apply(coverage.list_utilisation, pl.col("patients"), pl.col("stated_maximum"))
    return stated.with_columns(list_utilisation=used)


def _with_wholes(law: Law, tables: Tables, municipalities: pl.DataFrame) -> pl.DataFrame:
    """Add which health council and region each municipality lies in, and which level's ceiling binds there."""
    frame = municipalities.with_columns(nation=pl.lit("dk"))
    for level in ("health_council", "region"):
        wholes = tables.parts("municipality", level, law.day).rename({"part_id": "municipality", "whole_id": level})
        frame = frame.join(wholes, on="municipality", how="left")
    astray = frame.filter(
        pl.any_horizontal(pl.col("health_council", "region").is_null()) | ~pl.col("municipality").is_unique()
    )
    if astray.height:
        raise LawError(
            f"On {law.day} these municipalities do not lie in exactly one health council and one region: "
            f"{_listed(astray['municipality'])}.\n  Look in: area_parts, valid_from and valid_until",
            code="several_wholes",
            day=law.day,
            listed=_listed(astray["municipality"]),
        )
    level_of = {region: _binding_level(law, region) for region in frame["region"].unique().sort()}
    return frame.with_columns(binding_level=pl.col("region").replace_strict(level_of, return_dtype=pl.String))


def _binding_level(law: Law, region: str) -> str:
    """Ask the region's own law where it has set some, else the state's."""
    of_region = law.for_authority(region) if region in law.book.authorities else law
    level = of_region.apply(allocation.binding_level)
    if level not in BINDING_LEVELS:
        raise LawError(f"allocation.binding_level is {level!r}; use one of {', '.join(BINDING_LEVELS)}.")
    return level


def _refuse_unknown_places(tables: Tables, municipalities: pl.Series) -> None:
    """Refuse practices and people in a municipality that has no population: sums would not be kept."""
    for table, frame in (("practices", tables.practices), ("demand_points", tables.demand_points)):
        unknown = frame.filter(~pl.col("municipality").is_in(municipalities.implode()))["municipality"]
        if len(unknown):
            listed = _listed(unknown)
            raise LawError(
                f"{table} names municipalities that population lacks: {listed}.",
                code="no_population",
                table=table,
                listed=listed,
            )


def _listed(codes: pl.Series) -> str:
    return ", ".join(codes.unique().sort().head(10))


def _ceilings(law: Law, tables: Tables, municipalities: pl.DataFrame, total: int | None) -> pl.DataFrame:
    """Share the total out over the municipalities and add the capacities they have."""
    capacities = tables.practices.group_by("municipality").agg(pl.col("capacities_released", "capacities_filled").sum())
    shared = allocation.share_out(law, municipalities, _published(law, tables), total)
    return shared.join(capacities, on="municipality", how="left").with_columns(pl.col("^capacities_.*$").fill_null(0))


def _published(law: Law, tables: Tables) -> pl.DataFrame:
    """Give the ceilings published for the year of the plan: columns ``level``, ``area_id``, ``ceiling``."""
    of_year = tables.published_ceilings.filter(pl.col("year") == law.day.year)
    return of_year.select(pl.col("level").cast(pl.String), "area_id", "ceiling")


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


def _areas(
    law: Law, tables: Tables, municipalities: pl.DataFrame, choices: pl.DataFrame | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sum municipalities to every level, compare ceilings with capacities, and set exceptions beside them."""
    if choices is not None:
        municipalities = municipalities.join(choices, on="municipality", how="left")
        municipalities = municipalities.with_columns(pl.col("^people_.*$").fill_null(0))
    areas = pl.concat([_at_level(tables, municipalities, level, law) for level in LEVELS])
    released, filled = pl.col("capacities_released"), pl.col("capacities_filled")
    counted = law.apply(allocation.capacities_counted, released, filled)
    areas = areas.with_columns(
        need=law.apply(allocation.treatment_need, pl.col("weighted_citizens")),
        mean_weight=pl.when(pl.col("people") > 0).then(pl.col("weighted_citizens") / pl.col("people")),
        capacities_vacant=released - filled,
        headroom=law.apply(allocation.headroom, pl.col("ceiling"), counted),
        surplus=law.apply(allocation.surplus, pl.col("ceiling"), counted),
        binding=(pl.col("level") == pl.col("binding_level")).fill_null(False),
    )
    areas = areas.with_columns(releasable=law.apply(allocation.releasable, pl.col("headroom"), pl.col("binding")))
    areas = allocation.growth(law, tables, _roll_up_releasable(_with_origins(law, tables, areas)), municipalities)
    exceptions = allocation.exceptions_on(law, tables, areas)
    areas = allocation.allowed_by_exception(exceptions, areas).sort(
        pl.col("level").replace_strict(RANK, return_dtype=pl.Int64), "area_id"
    )
    return areas.select(AREA_COLUMNS if choices is not None else AREA_COLUMNS[: -len(CHOICE_COLUMNS)]), exceptions


def _with_origins(law: Law, tables: Tables, areas: pl.DataFrame) -> pl.DataFrame:
    """Add each area's published ceiling, and the area whose ceiling its own is a share of; sums have none."""
    published = _published(law, tables).rename({"ceiling": "published_ceiling"})
    rank = pl.col("level").replace_strict(RANK, return_dtype=pl.Int64)
    below = rank > pl.col("binding_level").replace_strict(RANK, return_dtype=pl.Int64)
    origin = pl.when("binding").then("binding_shared_from").when(below & (rank == len(LEVELS) - 1)).then("shared_from")
    return areas.join(published, on=["level", "area_id"], how="left").with_columns(shared_from=origin)


def _at_level(tables: Tables, municipalities: pl.DataFrame, level: str, law: Law) -> pl.DataFrame:
    """Sum municipalities to one level. A whole has a binding level only where all its parts have the same."""
    one_level = pl.col("binding_level").n_unique() == 1
    summed = municipalities.group_by(area_id=pl.col(level)).agg(
        pl.col("^(people|ceiling|computed_ceiling|capacities_.*|people_.*)$").sum(),
        pl.col("shared_from", "binding_shared_from").first(),
        pl.when(one_level).then(pl.col("binding_level").first()).alias("binding_level"),
        *(pl.col(whole).first() for whole in ("health_council", "region")),
    )
    hidden = [
        pl.lit(None, pl.String).alias(w) for w in ("health_council", "region") if LEVELS.index(w) >= LEVELS.index(level)
    ]
    weighted = sum_exactly(municipalities, level, {"weighted_citizens": pl.col("weighted_citizens")})
    named = summed.with_columns(*hidden, level=pl.lit(level)).join(weighted, left_on="area_id", right_on=level)
    named = named.join(tables.areas_at(level, law.day), on="area_id", how="left").sort("area_id")
    if named["name"].null_count():
        nameless = _listed(named.filter(pl.col("name").is_null())["area_id"])
        raise LawError(
            f"areas has no {level} valid on {law.day} for {nameless}, which area_parts names.",
            code="area_missing",
            level=level,
            day=law.day,
            listed=nameless,
        )
    return named.select(sorted(named.columns))


def _roll_up_releasable(areas: pl.DataFrame) -> pl.DataFrame:
    """Let wholes show the sum of what their binding areas may be given; inside a binding area it is not decided."""
    bound = areas.filter("binding")
    own = {"nation": pl.lit("dk"), "region": pl.col("region"), "health_council": pl.col("health_council")}
    rolled = [
        bound.filter(pl.lit(LEVELS.index(level)) <= pl.col("level").replace_strict(RANK, return_dtype=pl.Int64))
        .group_by(area_id=pl.when(pl.col("level") == level).then("area_id").otherwise(whole))
        .agg(rolled=pl.col("releasable").sum())
        .with_columns(level=pl.lit(level))
        for level, whole in own.items()
    ]
    areas = areas.join(pl.concat(rolled), on=["level", "area_id"], how="left")
    return areas.with_columns(releasable=pl.coalesce("rolled", pl.when("binding").then("releasable")))
