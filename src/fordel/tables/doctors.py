"""Doctors: which part of which capacity each fills, and who owns which practice."""

import dataframely as dy
import polars as pl

ROLES = ("owner", "employed")


class DoctorShares(dy.Schema):
    """One row per doctor, capacity, period and moment of recording: how much of it the doctor fills (besættelse).

    One doctor may fill a part of a capacity, and several doctors one between them. Rows are only ever added: a later
    one with the same doctor, capacity and first day takes the place of the earlier, with a share of 0 where it was
    wrong that the doctor filled any of it.
    """

    doctor_id = dy.String(primary_key=True, min_length=1, description="Identity of the doctor. Unit: none.")
    capacity_id = dy.String(primary_key=True, min_length=1, description="Identity of the capacity. Unit: none.")
    valid_from = dy.Date(primary_key=True, description="First day. Unit: day.")
    recorded_at = dy.Datetime(
        primary_key=True, time_zone="UTC", description="When it was recorded, in UTC. Unit: moment."
    )
    valid_until = dy.Date(nullable=True, description="First day it no longer holds. Unit: day.")
    share = dy.Float64(min=0, max=1, description="Part of the capacity; 0 takes it back. Unit: capacities.")
    role = dy.Enum(ROLES, description="Owner of the practice, or employed in it. Unit: none.")

    @dy.rule()
    def period_is_forward(cls) -> pl.Expr:
        """A share ends after it begins."""
        return pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col("valid_from"))


class Ownerships(dy.Schema):
    """One row per doctor, practice and period: who owns which provider number (ydernummer)."""

    doctor_id = dy.String(primary_key=True, min_length=1, description="Identity of the doctor. Unit: none.")
    practice_id = dy.String(primary_key=True, regex=r"^\d{6}$", description="Ydernummer. Unit: none.")
    valid_from = dy.Date(primary_key=True, description="First day. Unit: day.")
    valid_until = dy.Date(nullable=True, description="First day it no longer holds. Unit: day.")

    @dy.rule()
    def period_is_forward(cls) -> pl.Expr:
        """An ownership ends after it begins."""
        return pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col("valid_from"))
