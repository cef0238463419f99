"""Citizens in a database or a cluster."""

from __future__ import annotations

from typing import Any

import ibis

from fordel.engines.citizens import IbisCitizens
from fordel.need.design import NeedError


def postgres_citizens(url: str, table: str, *, synthetic: bool = False) -> IbisCitizens:
    """Read citizens from a table in PostgreSQL, named ``table`` or ``schema.table``.

    Raises:
        NeedError: the database cannot be reached, or has no such table.
    """
    schema, _, name = table.rpartition(".")
    try:
        found = ibis.connect(url).table(name, database=schema or None)
    except Exception as fault:
        # The address may hold a password, so the fault is told without it.
        raise NeedError(f"The table {table} cannot be read from PostgreSQL: {type(fault).__name__}.") from None
    return IbisCitizens(found, table, synthetic=synthetic)


def spark_citizens(session: Any, table: str, *, synthetic: bool = False) -> IbisCitizens:
    """Read citizens from a table or view of a Spark session."""
    return IbisCitizens(ibis.pyspark.connect(session).table(table), table, synthetic=synthetic)
