"""Citizens in Parquet files, by DuckDB: the same expressions, and practice scores by a compiled kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import ibis
import numpy as np
import polars as pl

from fordel.engines._expressions import exposure_of
from fordel.engines._rows import Batch, RowKernel
from fordel.engines.citizens import NO_PRACTICE, IbisCitizens
from fordel.need.design import NeedError

if TYPE_CHECKING:
    from pathlib import Path

    from fordel.need.cells import Floats
    from fordel.need.design import Design
    from fordel.need.source import Predictor, Scoring

_BATCH = 1 << 17


class ParquetCitizens(IbisCitizens):
    """A citizen table in Parquet files."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, *, synthetic: bool) -> None:
        """Take a connection that has a view ``citizens`` of the files."""
        described = connection.execute("select column_name, column_type from (describe citizens)").fetchall()
        schema = {name: ibis.dtype(ibis.backends.sql.datatypes.DuckDBType.from_string(kind)) for name, kind in described}
        super().__init__(ibis.table(schema, name="citizens"), path.name, synthetic=synthetic)
        self.connection = connection

    def fetch(self, expression: Any) -> pl.DataFrame:
        """Run an expression, and bring its sums."""
        return self.connection.sql(ibis.to_sql(expression, dialect="duckdb")).pl()

    def practice_scores(self, design: Design, tables: Predictor, scoring: Scoring) -> Floats:
        """Sum scores by practice; shape (practices, width). Citizens on no list are one group."""
        table = self.table
        raw = {f"raw_{at}": _small(table[c.column]) for at, c in enumerate(design.categorical)}
        linear = {f"value_{at}": table[c.column].cast("float64") for at, c in enumerate(design.linear)}
        practice = table[design.practice].cast("string").fill_null(NO_PRACTICE)
        names = self.fetch(table.select(practice=practice).distinct()).sort("practice")["practice"]
        query = table.select(
            practice=practice, use=table[design.outcome].cast("int32"), exposure=exposure_of(table, design).cast("int32"), **raw, **linear
        )
        kernel = RowKernel(design, tables, scoring, len(names))
        order = pl.Enum(names)
        reader = self.connection.sql(ibis.to_sql(query, dialect="duckdb")).to_arrow_reader(_BATCH)
        for part in reader:
            kernel.add(Batch.of(pl.DataFrame(pl.from_arrow(part)), order, len(raw), len(linear)))
        return kernel.scores


def _small(column: Any) -> Any:
    """Give codes as 16-bit whole numbers; what does not fit is no code of any model."""
    kind = column.type()
    if kind.is_boolean() or kind in (ibis.dtype("int8"), ibis.dtype("uint8"), ibis.dtype("int16")):
        return column.cast("int16")
    return column.clip(ibis.literal(-32_767, kind), ibis.literal(32_767, kind)).cast("int16")


def duckdb_citizens(path: Path, *, memory_limit: str | None = None, threads: int | None = None) -> ParquetCitizens:
    """Read citizens from Parquet: a file, or a pattern such as ``citizens_*.parquet``.

    Args:
        path: file or pattern.
        memory_limit: most that DuckDB may hold, such as ``2GB``; it spills to disk beyond.
        threads: most threads; by default all cores.

    Raises:
        NeedError: no such file, or not Parquet.
    """
    settings: dict[str, Any] = {"memory_limit": memory_limit, "threads": threads}
    connection = duckdb.connect(config={name: value for name, value in settings.items() if value is not None})
    quoted = str(path).replace("'", "''")
    try:
        connection.execute(f"create view citizens as select * from read_parquet('{quoted}')")
        marked = connection.execute("select count(*) from parquet_kv_metadata(?) where key = 'synthetic'::blob", [str(path)])
        synthetic = bool(marked.fetchall()[0][0])
    except duckdb.Error as fault:
        raise NeedError(f"{path} cannot be read as Parquet: {str(fault).splitlines()[0]}") from None
    return ParquetCitizens(connection, path, synthetic=synthetic)
