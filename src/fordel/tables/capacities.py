"""Capacities through their lives: every event that happened to one, kept for ever, never changed."""

import dataframely as dy
import polars as pl

CAPACITY_MOVES = (
    "release",
    "advertise",
    "award",
    "lapse",
    "fill",
    "vacate",
    "return",
    "relocate",
    "take_back",
    "annul",
)


class CapacityEvents(dy.Schema):
    """One row per event (hændelse) in the life of a capacity. Rows are only ever added.

    Two clocks: ``valid_on`` is the day from which the event holds in the world, ``recorded_at`` the moment it was
    written down. A mistake is put right by a later row that annuls it, so what was known on any day can be read back.
    """

    event_id = dy.String(primary_key=True, min_length=1, description="Identity of the event. Unit: none.")
    capacity_id = dy.String(min_length=1, description="Identity of the capacity. Unit: none.")
    move = dy.Enum(CAPACITY_MOVES, description="What happened. Unit: none.")
    valid_on = dy.Date(description="Day from which it holds. Unit: day.")
    recorded_at = dy.Datetime(time_zone="UTC", description="When it was recorded, in UTC. Unit: moment.")
    municipality = dy.String(
        nullable=True, regex=r"^\d{4}$", description="Kommunekode the capacity is placed in from now on. Unit: none."
    )
    practice_id = dy.String(
        nullable=True, regex=r"^\d{6}$", description="Ydernummer that holds it from now on. Unit: none."
    )
    annuls = dy.String(nullable=True, description="The event that this one annuls. Unit: none.")
    recorded_by = dy.String(min_length=1, description="Who recorded it. Unit: none.")
    ground = dy.String(description="Why, with the decision it rests on. Unit: none.")

    @dy.rule()
    def placed_when_released_or_moved(cls) -> pl.Expr:
        """A release and a relocation say which municipality the capacity is placed in."""
        places = pl.col("move").cast(pl.String).is_in(["release", "relocate"])
        return ~places | pl.col("municipality").is_not_null()

    @dy.rule()
    def held_when_awarded(cls) -> pl.Expr:
        """An award says which practice gets the capacity."""
        return (pl.col("move").cast(pl.String) != "award") | pl.col("practice_id").is_not_null()

    @dy.rule()
    def annulment_names_an_event(cls) -> pl.Expr:
        """An annulment, and nothing else, names the event it annuls."""
        return (pl.col("move").cast(pl.String) == "annul") == pl.col("annuls").is_not_null()
