"""Areas on each administrative level, dated, and which area is part of which."""

import dataframely as dy
import polars as pl

LEVELS = ("nation", "region", "health_council", "municipality", "planning_area", "district")


class Areas(dy.Schema):
    """One row per area (område), level and period. Source: the official lists of codes; see `area_parts` for nesting.

    A municipality's id is its kommunekode; other ids are words, since the lists give them no code that lasts.
    """

    area_id = dy.String(primary_key=True, min_length=1, description="Kommunekode (`0101`) or a slug. Unit: none.")
    level = dy.Enum(LEVELS, primary_key=True, description="Administrative level. Unit: none.")
    valid_from = dy.Date(primary_key=True, description="First day the area exists. Unit: day.")
    valid_until = dy.Date(nullable=True, description="First day it no longer exists; empty while it lasts. Unit: day.")
    name = dy.String(min_length=1, description="Danish name. Unit: none.")

    @dy.rule()
    def municipality_code_has_four_digits(cls) -> pl.Expr:
        """A kommunekode is text of four digits: 0101, not 101."""
        return (pl.col("level").cast(pl.String) != "municipality") | pl.col("area_id").str.contains(r"^\d{4}$")

    @dy.rule()
    def period_is_forward(cls) -> pl.Expr:
        """An area ends after it begins."""
        return pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col("valid_from"))


class AreaParts(dy.Schema):
    """One row per part, whole (overordnet område) and period: a municipality in a health council, and so on."""

    part_id = dy.String(primary_key=True, description="Area id of the part. Unit: none.")
    part_level = dy.Enum(LEVELS, primary_key=True, description="Level of the part. Unit: none.")
    whole_id = dy.String(description="Area id of the whole. Unit: none.")
    whole_level = dy.Enum(LEVELS, primary_key=True, description="Level of the whole. Unit: none.")
    valid_from = dy.Date(primary_key=True, description="First day. Unit: day.")
    valid_until = dy.Date(nullable=True, description="First day it no longer holds. Unit: day.")


class AreaShapes(dy.Schema):
    """One row per municipality: its land, simplified, for maps. Source: DAGI."""

    municipality = dy.String(primary_key=True, regex=r"^\d{4}$", description="Kommunekode. Unit: none.")
    geometry = dy.Binary(description="Multipolygon as well-known binary. Unit: metres, EPSG:25832.")
