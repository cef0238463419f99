"""Practices: who holds capacities, where, and how many patients they have."""

import dataframely as dy
import polars as pl


class Practices(dy.Schema):
    """One row per practice (praksis) on the snapshot date. Source: the regions' provider register.

    Released, filled and attached are kept apart: a vacant capacity counts against the ceiling but sees no patients.
    """

    practice_id = dy.String(primary_key=True, regex=r"^\d{6}$", description="Ydernummer. Unit: none.")
    name = dy.String(min_length=1, description="Name of the practice. Unit: none.")
    municipality = dy.String(regex=r"^\d{4}$", description="Kommunekode of the address. Unit: none.")
    easting = dy.Float64(min=400_000, max=950_000, description="Easting, EPSG:25832. Unit: metres.")
    northing = dy.Float64(min=6_000_000, max=6_450_000, description="Northing, EPSG:25832. Unit: metres.")
    landmass = dy.String(min_length=1, description="Land reached without a ferry, as in demand points. Unit: none.")
    capacities_released = dy.Float64(min=0, description="Capacities released to it (udmøntede). Unit: capacities.")
    capacities_filled = dy.Float64(min=0, description="Of these filled by a doctor (besatte). Unit: capacities.")
    patients = dy.Int64(min=0, description="Group-1 citizens on the list. Unit: people.")
    open_to_new = dy.Bool(description="Open for intake (åben for tilgang). Unit: none.")

    @dy.rule()
    def filled_within_released(cls) -> pl.Expr:
        """A practice cannot fill more capacities than it was released."""
        return pl.col("capacities_filled") <= pl.col("capacities_released")
