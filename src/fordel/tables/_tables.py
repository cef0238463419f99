"""The snapshot: every table a plan reads, validated, with a fingerprint of its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import dataframely as dy
import polars as pl

from fordel.tables.areas import AreaParts, Areas, AreaShapes
from fordel.tables.ceilings import PublishedCeilings
from fordel.tables.decisions import Decisions
from fordel.tables.districts import Districts
from fordel.tables.forecasts import Forecasts
from fordel.tables.minimums import Minimums
from fordel.tables.people import DemandPoints, NeedWeights, Population, Registrations
from fordel.tables.practices import Practices
from fordel.tables.sources import Sources
from fordel.tables.stated_maxima import StatedMaxima
from fordel.tables.weighted_sums import WeightedSums

if TYPE_CHECKING:
    from datetime import date

SCHEMAS: dict[str, type[dy.Schema]] = {
    "areas": Areas,
    "area_parts": AreaParts,
    "area_shapes": AreaShapes,
    "population": Population,
    "demand_points": DemandPoints,
    "practices": Practices,
    "registrations": Registrations,
    "need_weights": NeedWeights,
    "sources": Sources,
    "decisions": Decisions,
    "districts": Districts,
    "forecasts": Forecasts,
    "minimums": Minimums,
    "published_ceilings": PublishedCeilings,
    "stated_maxima": StatedMaxima,
    "weighted_sums": WeightedSums,
}

# A table is optional where having no rows says something true of the country: nothing was decided,
# nothing announced before. A table that describes what is there, such as who lives where, is never optional: without
# rows it is not finished.
# A snapshot without an optional table is the same snapshot as one in which it is empty, fingerprint and all.
OPTIONAL = frozenset(
    {"decisions", "districts", "forecasts", "minimums", "published_ceilings", "stated_maxima", "weighted_sums"}
)


@dataclass(frozen=True, eq=False)
class Tables:
    """A snapshot (øjebliksbillede): every table a plan reads, valid by its schema.

    Attributes:
        name: what the snapshot is called in reports.
        snapshot_date: the day the tables describe.
        areas, area_parts, area_shapes, population, demand_points, practices, registrations, need_weights, sources,
            decisions, districts, forecasts, minimums, published_ceilings, stated_maxima, weighted_sums: frames valid by
            the schema of the same name in ``SCHEMAS``; those in ``OPTIONAL`` may be empty.
    """

    name: str
    snapshot_date: date
    areas: pl.DataFrame
    area_parts: pl.DataFrame
    area_shapes: pl.DataFrame
    population: pl.DataFrame
    demand_points: pl.DataFrame
    practices: pl.DataFrame
    registrations: pl.DataFrame
    need_weights: pl.DataFrame
    sources: pl.DataFrame
    decisions: pl.DataFrame
    districts: pl.DataFrame
    forecasts: pl.DataFrame
    minimums: pl.DataFrame
    published_ceilings: pl.DataFrame
    stated_maxima: pl.DataFrame
    weighted_sums: pl.DataFrame

    @classmethod
    def of(cls, name: str, snapshot_date: date, **frames: pl.DataFrame) -> Tables:
        """Validate frames and put rows in the order of their keys, so that the order they came in never matters.

        Tables in ``OPTIONAL`` may be left out: they are empty then.

        Raises:
            dataframely.exc.ValidationError: a frame breaks its schema.
        """
        given = {**{table: pl.DataFrame(SCHEMAS[table].create_empty()) for table in OPTIONAL}, **frames}
        valid = {table: _in_order(schema, given[table]) for table, schema in SCHEMAS.items()}
        return cls(name, snapshot_date, **valid)

    def weighted_by(self, sums: pl.DataFrame, source: pl.DataFrame) -> Tables:
        """Give the same snapshot weighed by a need model.

        Args:
            sums: valid by ``WeightedSums``.
            source: one row of ``Sources`` that tells of the model.

        Raises:
            dataframely.exc.ValidationError: a frame breaks its schema.
        """
        sources = pl.concat([self.sources, source.select(self.sources.columns)])
        return replace(self, weighted_sums=_in_order(WeightedSums, sums), sources=_in_order(Sources, sources))

    def frames(self) -> dict[str, pl.DataFrame]:
        """Give the tables by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name in SCHEMAS}

    def frames_with_rows(self) -> dict[str, pl.DataFrame]:
        """Give the tables by name, without the optional ones that are empty: what is written and sealed."""
        return {name: frame for name, frame in self.frames().items() if frame.height or name not in OPTIONAL}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over name, day and the content of every table; the order of rows does not matter."""
        digest = hashlib.sha256(f"{self.name}|{self.snapshot_date}".encode())
        for table, frame in self.frames_with_rows().items():
            digest.update(f"|{table}|{fingerprint_of(frame)}".encode())
        return digest.hexdigest()

    @property
    def synthetic(self) -> bool:
        """Whether any source is made up."""
        return bool(self.sources["synthetic"].any())

    @cached_property
    def patients_by_group(self) -> pl.DataFrame:
        """Patients of each list by sex and age, wherever they live: ``practice_id, sex, age_group, patients``."""
        return self.registrations.group_by("practice_id", "sex", "age_group").agg(pl.col("patients").sum())

    def parts(self, part_level: str, whole_level: str, day: date) -> pl.DataFrame:
        """Give which part lies in which whole on a day: columns ``part_id``, ``whole_id``."""
        holds = (pl.col("valid_from") <= day) & (pl.col("valid_until").is_null() | (pl.col("valid_until") > day))
        at_levels = (pl.col("part_level") == part_level) & (pl.col("whole_level") == whole_level)
        return self.area_parts.filter(holds & at_levels).select("part_id", "whole_id")

    def areas_at(self, level: str, day: date) -> pl.DataFrame:
        """Give the areas of a level that exist on a day: columns ``area_id``, ``name``."""
        holds = (pl.col("valid_from") <= day) & (pl.col("valid_until").is_null() | (pl.col("valid_until") > day))
        return self.areas.filter(holds & (pl.col("level") == level)).select("area_id", "name")


def fingerprint_of(frame: pl.DataFrame) -> str:
    """SHA-256 of a frame's content in CSV: stable across machines and file formats."""
    plain = frame.with_columns(pl.col(pl.Binary).bin.encode("hex"))
    return hashlib.sha256(plain.write_csv().encode()).hexdigest()


def _in_order(schema: type[dy.Schema], frame: pl.DataFrame) -> pl.DataFrame:
    valid: Any = schema.validate(frame, cast=True)
    return pl.DataFrame(valid).sort(schema.primary_key())
