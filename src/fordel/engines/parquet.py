"""Citizens in Parquet files, by DuckDB: the same expressions, and practice scores by a compiled kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import ibis
import polars as pl

from fordel.engines._expressions import exposure_of, small, word_members, words_of
from fordel.engines._scores import ScoreKernel
from fordel.engines.citizens import NO_PRACTICE, IbisCitizens
from fordel.need.design import NeedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fordel.need.cells import Cells, Floats, Ints
    from fordel.need.design import Design
    from fordel.need.source import Predictor, Scoring

_BATCH = 1 << 17


class ParquetCitizens(IbisCitizens):
    """A citizen table in Parquet files."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, *, synthetic: bool) -> None:
        """Take a connection that has a view ``citizens`` of the files."""
        described = connection.execute("select column_name, column_type from (describe citizens)").fetchall()
        schema = {
            name: ibis.dtype(ibis.backends.sql.datatypes.DuckDBType.from_string(kind)) for name, kind in described
        }
        super().__init__(ibis.table(schema, name="citizens"), path.name, synthetic=synthetic)
        self.connection = connection
        self._combinations: tuple[Design, Ints, dict[str, Ints]] | None = None

    def fetch(self, expression: Any) -> pl.DataFrame:
        """Run an expression, and bring its sums."""
        found = self.connection.sql(ibis.to_sql(expression, dialect="duckdb")).pl()
        # DuckDB sums whole numbers in 128 bits, which travel as decimals.
        return found.with_columns(pl.col(pl.Decimal, pl.Int128).cast(pl.Int64))

    def cells(self, design: Design) -> Cells:
        """Count citizens by characteristics, and remember which combinations there are for the scores to come.

        Raises:
            NeedError: columns are missing or of the wrong kind; every fault.
        """
        cells, self._combinations = self.count(design)
        return cells

    def practice_scores(self, design: Design, tables: Predictor, scoring: Scoring) -> Floats:
        """Sum scores by practice; shape (practices, width). Citizens on no list are one group."""
        if design.linear or len(word_members(design)) > 1:
            return super().practice_scores(design, tables, scoring)
        if self._combinations is None or self._combinations[0] != design:
            self.cells(design)
        _, keys, codes = self._combinations
        practice = self.table[design.practice].cast("string").fill_null(NO_PRACTICE)
        names = self.fetch(self.table.select(group=practice).distinct())["group"].sort()
        query = self.table.select(
            group=practice,
            key=words_of(self.table, design)[0],
            use=self.table[design.outcome].cast("int32").fill_null(small(-1)),
            exposure=exposure_of(self.table, design).cast("int32").fill_null(small(0)),
        )
        kernel = ScoreKernel(design, keys, codes, tables, scoring, len(names))
        for part in self._parts(query, pl.Enum(names)):
            kernel.add(part)
        return kernel.scores

    def _parts(self, query: Any, groups: pl.Enum) -> Iterator[pl.DataFrame]:
        """Bring rows in batches, their group as its index."""
        for part in self.connection.sql(ibis.to_sql(query, dialect="duckdb")).to_arrow_reader(_BATCH):
            frame = pl.DataFrame(pl.from_arrow(part))
            yield frame.with_columns(pl.col("group").cast(groups).to_physical().cast(pl.UInt32))


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
        marked = connection.execute(
            "select count(*) from parquet_kv_metadata(?) where key = 'synthetic'::blob", [str(path)]
        )
        synthetic = bool(marked.fetchall()[0][0])
    except duckdb.Error as fault:
        raise NeedError(f"{path} cannot be read as Parquet: {str(fault).splitlines()[0]}") from None
    return ParquetCitizens(connection, path, synthetic=synthetic)
