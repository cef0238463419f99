"""Open a table of citizens where it lies: Parquet files, or a table in PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fordel.need import NeedError

if TYPE_CHECKING:
    from fordel.engines import IbisCitizens

POSTGRES = ("postgres://", "postgresql://")


def open_citizens(where: str, table: str | None = None) -> IbisCitizens:
    """Open a table of citizens.

    Args:
        where: a Parquet file, a pattern of them, or the address of a PostgreSQL database.
        table: in the database.

    Raises:
        NeedError: nothing there that can be read.
    """
    from fordel.engines import duckdb_citizens, postgres_citizens  # noqa: PLC0415  engines take a second to load

    if where.startswith(POSTGRES):
        if table is None:
            raise NeedError("Name the table of citizens in the database.\n  Try: --table citizens")
        return postgres_citizens(where, table)
    return duckdb_citizens(Path(where))
