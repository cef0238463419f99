"""Ceilings that an order or a paper has published: they take the place of those a plan computes."""

import dataframely as dy

CEILING_LEVELS = ("nation", "region", "health_council", "municipality")


class PublishedCeilings(dy.Schema):
    """One row per area, level and year: a ceiling as published (kapacitetsloft). Source: the order's annex, by name."""

    area_id = dy.String(primary_key=True, min_length=1, description="Area it holds for. Unit: none.")
    level = dy.Enum(CEILING_LEVELS, primary_key=True, description="Level of the area. Unit: none.")
    year = dy.Int64(primary_key=True, min=2025, description="Calendar year it holds in. Unit: year.")
    ceiling = dy.Int64(min=0, description="Capacities the area may have. Unit: capacities.")
    source = dy.String(min_length=1, description="Where it stands: order, annex, page. Unit: none.")
