"""Decisions: what an authority decided for one area or one practice, with its grounds. Never an edited number."""

import dataframely as dy
import polars as pl

DECISION_KINDS = (
    "minimum_deviation",
    "closing_dispensation",
    "practice_share",
    "exception_growth",
    "exception_island",
    "exception_extraordinary",
)


class Decisions(dy.Schema):
    """One row per decision (beslutning). Source: the authority's minutes.

    A decision stands beside the computed number, which never changes because of it.
    """

    decision_id = dy.String(primary_key=True, min_length=1, description="Identity of the decision. Unit: none.")
    kind = dy.Enum(DECISION_KINDS, description="What is decided. Unit: none.")
    area_id = dy.String(nullable=True, description="Area it concerns; exceptions have one. Unit: none.")
    practice_id = dy.String(nullable=True, regex=r"^\d{6}$", description="Practice it concerns. Unit: none.")
    value = dy.Float64(
        min=0, description="Patients per capacity; capacities for an exception or a practice share. Unit: see kind."
    )
    ground = dy.String(min_length=1, description="Reason code of the decision. Unit: none.")
    evidence = dy.String(min_length=1, description="The reasons in words, and what they rest on. Unit: none.")
    decided_on = dy.Date(description="Day of the decision. Unit: day.")
    valid_from = dy.Date(description="First day it holds. Unit: day.")
    valid_until = dy.Date(nullable=True, description="First day it no longer holds. Unit: day.")
    decided_by = dy.String(min_length=1, description="Authority that decided. Unit: none.")

    @dy.rule()
    def concerns_an_area_or_a_practice(cls) -> pl.Expr:
        """A decision concerns an area or a practice, not both."""
        return pl.col("area_id").is_null() != pl.col("practice_id").is_null()

    @dy.rule()
    def exception_is_for_an_area(cls) -> pl.Expr:
        """An exception from a ceiling concerns an area; a minimum concerns a practice."""
        of_area = pl.col("kind").cast(pl.String).str.starts_with("exception_")
        return of_area == pl.col("area_id").is_not_null()

    @dy.rule()
    def period_is_forward(cls) -> pl.Expr:
        """A decision ends after it begins."""
        return pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col("valid_from"))

    @dy.rule()
    def decided_before_it_holds(cls) -> pl.Expr:
        """A decision holds from the day it is taken, at the earliest."""
        return pl.col("decided_on") <= pl.col("valid_from")
