"""Citizens in Parquet files, by DuckDB: the same expressions, and practice scores by a compiled kernel."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Self

import duckdb
import ibis
import numpy as np
import polars as pl

from fordel.engines._counting import Counter
from fordel.engines._expressions import codes_of_words, exposure_of, whole, word_members, words_of
from fordel.engines.citizens import NO_PRACTICE, IbisCitizens
from fordel.need.cells import cells_of
from fordel.need.design import NeedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from fordel.need.cells import Cells, Floats
    from fordel.need.design import Design
    from fordel.need.source import Predictor, Scoring

_BATCH = 1 << 17
_BATCHES_AT_ONCE = 8


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
        self._counter: Counter | None = None

    def fetch(self, expression: Any) -> pl.DataFrame:
        """Run an expression, and bring its sums."""
        found = self.connection.sql(ibis.to_sql(expression, dialect="duckdb")).pl()
        # DuckDB sums whole numbers in 128 bits, which travel as decimals.
        return found.with_columns(pl.col(pl.Decimal, pl.Int128).cast(pl.Int64))

    def cells(self, design: Design) -> Cells:
        """Count citizens by characteristics, in one pass that also serves the scores to come.

        Raises:
            NeedError: columns are missing or of the wrong kind; every fault.
        """
        if design.linear or len(word_members(design)) > 1:
            return super().cells(design)
        self.check(design)
        self._counter = counter = Counter(design, self._practices(design))
        for part in self._parts(counter):
            counter.add(part)
        counted = counter.counted
        return cells_of(design, codes_of_words(design, counted), np.empty((counted.height, 0)), counted)

    def where(self, column: str, values: Sequence[str]) -> Self:
        """Give the same table, only the citizens with one of some values in a column; not counted yet."""
        part = super().where(column, values)
        part._counter = None
        return part

    def practice_scores(self, design: Design, tables: Predictor, scoring: Scoring) -> Floats:
        """Sum scores by practice; shape (practices, width). Citizens on no list are one group."""
        if design.linear or len(word_members(design)) > 1:
            return super().practice_scores(design, tables, scoring)
        if self._counter is None or self._counter.design != design:
            self.cells(design)
        counter = self._counter
        assert counter is not None  # noqa: S101  cells() has just set it
        if counter.kept is not None:
            return counter.scores(tables, scoring, counter.kept)
        total = np.zeros(0)
        for some in batched(self._parts(counter), _BATCHES_AT_ONCE):
            total = total + counter.scores(tables, scoring, [counter.find(part) for part in some])
        return total

    def _practices(self, design: Design) -> pl.Series:
        if design.practice is None:
            return pl.Series(dtype=pl.String)
        practice = self.table[design.practice].cast("string").fill_null(NO_PRACTICE)
        return self.fetch(self.table.select(practice=practice).distinct())["practice"].sort()

    def _parts(self, counter: Counter) -> Iterator[pl.DataFrame]:
        """Bring batches of citizens: packed word, exposure and whether use is bad in ``extra``, use, practice as its index."""
        table, design = self.table, counter.design
        use = table[design.outcome]
        bad = ibis.coalesce((use < whole(0)).cast("int64"), whole(1))
        extra = ibis.greatest(exposure_of(table, design).fill_null(whole(0)), whole(0)) * whole(2) + bad
        columns = {"word": words_of(table, design)[0], "extra": extra, "use": use.fill_null(0).cast("int32")}
        if design.practice is not None:
            columns["practice"] = table[design.practice].cast("string").fill_null(NO_PRACTICE)
        query = ibis.to_sql(table.select(**columns), dialect="duckdb")
        for part in self.connection.sql(query).to_arrow_reader(_BATCH):
            frame = pl.DataFrame(pl.from_arrow(part))
            if design.practice is not None:
                index = pl.col("practice").cast(pl.Enum(counter.practices)).to_physical().cast(pl.UInt16)
                frame = frame.with_columns(practice=index)
            yield frame


def batched(parts: Iterator[pl.DataFrame], size: int) -> Iterator[list[pl.DataFrame]]:
    """Give some parts at a time."""
    while some := list(islice(parts, size)):
        yield some


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
