"""Travel (rejseafstand): way and time between places and practices, made here from roads or brought from elsewhere."""

import dataframely as dy
import polars as pl


class Travel(dy.Schema):
    """One row per place and practice that is reached: the way by road and ferry. Source: a road graph, or a router.

    A pair that is not there is not reached within the limit the table was made with.
    """

    cell_id = dy.String(primary_key=True, description="Grid cell of the demand point. Unit: none.")
    municipality = dy.String(primary_key=True, regex=r"^\d{4}$", description="Kommunekode of the place. Unit: none.")
    practice_id = dy.String(primary_key=True, regex=r"^\d{6}$", description="Ydernummer. Unit: none.")
    metres = dy.Float64(min=0, nullable=True, description="The shortest way. Unit: metres.")
    minutes = dy.Float64(min=0, nullable=True, description="The fastest way, waiting included. Unit: minutes.")
    by_ferry = dy.Bool(description="Reached only with a ferry. Unit: none.")

    @dy.rule()
    def measured(cls) -> pl.Expr:
        """A pair has a way, a time, or both."""
        return pl.col("metres").is_not_null() | pl.col("minutes").is_not_null()
