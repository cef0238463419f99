"""Batches of citizens by DuckDB's SQL: for any table and any characteristics, with what the expressions say of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import ibis
import polars as pl

from fordel.engines._counting import Batch
from fordel.engines._expressions import exposure_of, flag, small, whole, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from fordel.engines._lookups import Ranges
    from fordel.need.design import Design

_BATCH = 1 << 17


class SqlBatches:
    """A citizen table in batches."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: Any, ranges: Ranges) -> None:
        """Take the table, and what its columns are known to hold."""
        self._connection, self._table = connection, table
        self._sound = {name: (held.low, held.high) for name, held in ranges.items() if held.full}
        self._names: dict[str, list[str]] = {}
        self._nothing = ""

    def number(self, by: Sequence[str], nothing: str) -> dict[str, list[str]]:
        """Make an enumeration of each column's values, so that each travels as its index; give the values in order."""
        self._nothing = nothing
        self._names = {name: self._enumerate(name, f"names_of_{at}") for at, name in enumerate(by)}
        return self._names

    def _enumerate(self, name: str, kind: str) -> list[str]:
        named = self._named(name).name("name").as_table().distinct().order_by("name")
        self._connection.execute(f"create or replace type {kind} as enum ({ibis.to_sql(named, dialect='duckdb')})")
        found = self._connection.execute(f"select unnest(enum_range(null::{kind}))").fetchall()
        return [value for (value,) in found]

    def _named(self, name: str) -> Any:
        return self._table[name].cast("string").fill_null(self._nothing)

    def batches(self, design: Design, by: Sequence[str], *, use: bool) -> Iterator[Batch]:
        """Bring citizens; ``number`` the columns first.

        Args:
            design: the model whose characteristics to pack.
            by: columns that together number a citizen's group.
            use: whether to bring use and exposure.
        """
        columns = {"word": words_of(self._table, design, self._sound)[0], "extra": whole(0), "used": small(0)}
        if use:
            columns |= self._use(design)
        group, stride = "0", 1
        for at, name in enumerate(by):
            columns[f"by_{at}"] = self._named(name)
            group += f" + enum_code(by_{at}::names_of_{at})::bigint * {stride}"
            stride *= len(self._names[name])
        rows = ibis.to_sql(self._table.select(**columns), dialect="duckdb")
        query = f"select word, extra, used, ({group})::uinteger from ({rows})"  # noqa: S608  names of ours, nothing of a user's
        reader = self._connection.sql(query).to_arrow_reader(_BATCH)
        with ThreadPoolExecutor(1, thread_name_prefix="batches") as ahead:
            # One batch is read while the one before is counted.
            coming = ahead.submit(_next_batch, reader)
            while (part := coming.result()) is not None:
                coming = ahead.submit(_next_batch, reader)
                yield part

    def _use(self, design: Design) -> dict[str, Any]:
        use = self._table[design.outcome]
        bad = flag(use.isnull() | (use < whole(0))).cast("int64")
        exposure = ibis.greatest(exposure_of(self._table, design).fill_null(whole(0)), whole(0))
        return {"extra": exposure * whole(2) + bad, "used": use.fill_null(0).cast("int32")}


def _next_batch(reader: Any) -> Batch | None:
    try:
        part = reader.read_next_batch()
    except StopIteration:
        return None
    # Through polars, since pyarrow's own way to numpy imports pandas: 50 MB for nothing.
    word, extra, used, group = pl.DataFrame(pl.from_arrow(part)).get_columns()
    return Batch(word.to_numpy(), extra.to_numpy(), used.to_numpy(writable=True), group.to_numpy(writable=True))
