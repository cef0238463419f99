"""People of districts within a municipality, where planning goes below the municipality."""

import dataframely as dy


class Districts(dy.Schema):
    """One row per district (bydel): its people, and their weighted number where it is known.

    A municipality's ceiling is split over its districts by these; they need not add up to its people to the last one.
    """

    district = dy.String(primary_key=True, min_length=1, description="Area id of the district. Unit: none.")
    people = dy.Int64(min=0, description="Residents. Unit: people.")
    weighted_citizens = dy.Float64(
        nullable=True,
        min=0,
        description="Disease-weighted residents; empty where only people are counted. Unit: weighted citizens.",
    )
    capacities_released = dy.Float64(
        nullable=True, min=0, description="Capacities released in the district; empty if unknown. Unit: capacities."
    )
