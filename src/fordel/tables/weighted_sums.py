"""Weighted citizens that a need model gave where citizens lie: sums per municipality and per practice, no persons."""

import dataframely as dy

SUM_LEVELS = ("municipality", "practice")


class WeightedSums(dy.Schema):
    """One row per municipality and per practice: weighted citizens (sygdomsvægtede borgere). May have no rows.

    Where a snapshot has them, they take the place of need weights by sex and age.
    """

    level = dy.Enum(SUM_LEVELS, primary_key=True, description="What the row sums over. Unit: none.")
    area_id = dy.String(primary_key=True, min_length=1, description="Kommunekode, or ydernummer. Unit: none.")
    people = dy.Int64(min_exclusive=0, description="Citizens weighed. Unit: people.")
    weighted_citizens = dy.Float64(
        min_exclusive=0, description="Sum of their need weights, national mean 1. Unit: disease-weighted citizens."
    )
