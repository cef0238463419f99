"""Who owns what on a day: owners of provider numbers, and how the numbers are spread over owners."""

from __future__ import annotations

from datetime import date

import polars as pl

from fordel.casework.capacity import holds_on
from fordel.casework.ownership import may_acquire
from fordel.law import Law


def owners_on(law: Law, ownerships: pl.DataFrame, day: date) -> pl.DataFrame:
    """Give what each owner owns on a day, and whether one more may be acquired (ejerskab af ydernumre).

    A practice that several doctors own counts for each of them.

    Args:
        law: the law of the day on which one more would be acquired.
        ownerships: rows of ``Ownerships``.
        day: the day asked for.

    Returns:
        ``doctor_id, owned, may_acquire``, by doctor. Unit of ``owned``: provider numbers.
    """
    owned = ownerships.filter(holds_on(day)).group_by("doctor_id").agg(owned=pl.col("practice_id").n_unique())
    return owned.with_columns(may_acquire=law.apply(may_acquire, pl.col("owned"))).sort("doctor_id")


def concentration(owners: pl.DataFrame) -> pl.DataFrame:
    """Count owners by how many provider numbers each owns.

    Args:
        owners: what ``owners_on`` gives.

    Returns:
        ``owned, owners, may_acquire``: the last tells whether these may acquire one more. Fewest first.
    """
    return (
        owners.group_by("owned")
        .agg(owners=pl.len().cast(pl.Int64), may_acquire=pl.col("may_acquire").all())
        .sort("owned")
    )
