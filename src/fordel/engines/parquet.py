"""Citizens in Parquet files, by DuckDB: the same expressions, and practice scores by a compiled kernel."""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

import duckdb
import ibis
import numpy as np
import polars as pl

from fordel.engines._batches import SqlBatches
from fordel.engines._columns import footers_of, open_columns
from fordel.engines._counting import Counter, Weigher
from fordel.engines._expressions import codes_of_words, word_members
from fordel.engines._lookups import lookups_of, ranges_of
from fordel.engines.cell_kernels import CompiledKernels
from fordel.engines.citizens import NO_PRACTICE, USE_SCALE, IbisCitizens
from fordel.need.cells import cells_of
from fordel.need.design import NeedError
from fordel.need.draws import Placed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from fordel.engines._columns import Columns
    from fordel.engines._counting import Batch
    from fordel.need.cells import Cells, Floats
    from fordel.need.design import Design
    from fordel.need.source import Predictor, Scoring

    Parts = tuple[tuple[Predictor, Scoring], ...]

_BATCHES_AT_ONCE = 8
_MOST_GROUPS = 5_000_000  # beyond this many possible groups SQL sums, as on any engine


class ParquetCitizens(IbisCitizens):
    """A citizen table in Parquet files."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, *, synthetic: bool) -> None:
        """Take a connection that has a view ``citizens`` of the files."""
        described = connection.execute("select column_name, column_type from (describe citizens)").fetchall()
        schema = {
            name: ibis.dtype(ibis.backends.sql.datatypes.DuckDBType.from_string(kind)) for name, kind in described
        }
        super().__init__(ibis.table(schema, name="citizens"), path.name, synthetic=synthetic)
        self.connection, self.path = connection, path
        footers = footers_of([file for (file,) in connection.execute("from glob(?)", [str(path)]).fetchall()])
        whole_numbers = {name for name, kind in self.table.schema().items() if kind.is_integer()}
        self._ranges = {name: held for name, held in ranges_of(list(footers.values())).items() if name in whole_numbers}
        self._columns = open_columns(footers)
        self._counter: Counter | None = None
        self._weigher: Weigher | None = None

    def _source(self, design: Design, by: Sequence[str]) -> Columns | SqlBatches:
        """Give what brings the citizens in batches: the files' columns where they tell enough, or SQL."""
        columns = self._columns
        kinds = [self.table[name].type() for name in by]
        if columns and all(kind.is_string() or kind.is_integer() for kind in kinds):
            lookups = lookups_of(self.connection, design, self._ranges)
            if lookups is not None:
                return columns.packed(lookups)
        return SqlBatches(self.connection, self.table, self._ranges)

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()

    def fetch(self, expression: Any) -> pl.DataFrame:
        """Run an expression, and bring its sums."""
        found = self.connection.sql(ibis.to_sql(expression, dialect="duckdb")).pl()
        # DuckDB sums whole numbers in 128 bits, which travel as decimals.
        return pl.DataFrame(found).with_columns(pl.col(pl.Decimal, pl.Int128).cast(pl.Int64))

    def cells(self, design: Design) -> Cells:
        """Count citizens by characteristics, in one pass that also serves the scores to come.

        Raises:
            NeedError: columns are missing or of the wrong kind; every fault.
        """
        if design.linear or len(word_members(design)) > 1:
            return super().cells(design)
        self.check(design)
        parts, practices = self._by_practice(design)
        self._counter = counter = Counter(design, practices)
        for part in parts:
            counter.add(part)
        counted = counter.counted
        return cells_of(
            design, codes_of_words(design, counted), np.empty((counted.height, 0)), counted, CompiledKernels()
        )

    def where(self, column: str, values: Sequence[str]) -> Self:
        """Give the same table, only the citizens with one of some values in a column; not counted yet."""
        part = super().where(column, values)
        part._counter = part._weigher = part._columns = None
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
            return counter.scores(tables, scoring, [counter.kept])
        again = batched(self._by_practice(design)[0], _BATCHES_AT_ONCE)
        return counter.scores(tables, scoring, ([counter.find(part) for part in some] for some in again))

    def _by_practice(self, design: Design) -> tuple[Iterator[Batch], int]:
        """Give citizens with their use and practice in batches, and how many practices there are."""
        by = [] if design.practice is None else [design.practice]
        source = self._source(design, by)
        names = source.number(by, NO_PRACTICE)
        return source.batches(design, by, use=True), sum(len(found) for found in names.values())

    def expected_use(self, design: Design, parts: Parts, by: Sequence[str]) -> pl.DataFrame:
        """Sum expected use of a whole year: ``*by, people, expected``. Unit: that of the outcome.

        Raises:
            NeedError: columns are missing or of the wrong kind; every fault.
        """
        self.check(design, by, weighing=True)
        if design.linear or len(word_members(design)) > 1:
            return super().expected_use(design, parts, by)
        source = self._source(design, by)
        names = source.number(by, NO_PRACTICE)
        groups = math.prod(len(found) for found in names.values())
        if groups > _MOST_GROUPS:
            return super().expected_use(design, parts, by)
        self._weigher = weigher = Weigher(design, parts, groups, USE_SCALE)
        for part in source.batches(design, by, use=False):
            weigher.add(part)
        return _group_frame(weigher, names, self.table)

    def placed(self, design: Design, by: Sequence[str]) -> Placed:
        """Give each citizen's profile (characteristics of need, without supply) and group.

        Raises:
            NeedError: columns are missing or of the wrong kind; every fault.
        """
        need = design.without_supply()
        self.check(need, by, weighing=True)
        if need.linear or len(word_members(need)) > 1:
            return super().placed(design, by)
        source = self._source(need, by)
        names = source.number(by, NO_PRACTICE)
        from fordel.engines._moments import moments  # noqa: PLC0415  numba takes half a second to import

        counter = Counter(need, 0)
        parts = source.batches(need, by, use=False)
        found = [(counter.count(part), part.practice.astype(np.int32)) for part in parts]
        empty = np.zeros(0, np.int32)
        profile, at = (np.concatenate([empty, *(pair[which] for pair in found)]) for which in (0, 1))
        held = np.unique(at)
        keys = _keys(held, names, self.table).with_row_index("at").sort(by)
        place = np.empty(len(held), np.int32)  # of each group in the order of its keys
        place[keys["at"].to_numpy()] = np.arange(len(held), dtype=np.int32)
        groups, people = place[np.searchsorted(held, at)], np.ones(len(profile), np.int32)
        return Placed(keys.drop("at"), codes_of_words(need, counter.counted), profile, groups, people, moments)

    def not_in_model(self, design: Design, ranges: dict[str, tuple[float, float, float]]) -> pl.DataFrame:
        """Count citizens the model does not know: ``covariate, reason, citizens``."""
        if self._weigher is None or self._weigher.counter.design != design:
            return super().not_in_model(design, ranges)
        counted = self._weigher.counter.counted
        rows = []
        for name, codes in codes_of_words(design, counted).items():
            covariate = design.covariate(name)
            reasons = {"missing": covariate.missing_code, "not a level of the model": covariate.unknown_code}
            rows += [(name, reason, int(counted["n"].filter(codes == code).sum())) for reason, code in reasons.items()]
        frame = pl.DataFrame(
            rows, schema={"covariate": pl.String, "reason": pl.String, "citizens": pl.Int64}, orient="row"
        )
        return frame.filter(pl.col("citizens") > 0)


def _group_frame(weigher: Weigher, names: dict[str, list[str]], table: Any) -> pl.DataFrame:
    """Give the sums of groups that have citizens; keys are of the table's own type, and none where it had none."""
    held = np.flatnonzero(weigher.people)
    sums = {"people": weigher.people[held], "expected": weigher.expected[held] / USE_SCALE}
    return (
        _keys(held, names, table)
        .with_columns(**{name: pl.Series(each) for name, each in sums.items()})
        .sort(list(names))
    )


def _keys(held: Any, names: dict[str, list[str]], table: Any) -> pl.DataFrame:
    """Give the values that numbers of groups stand for."""
    columns, rest = {}, held
    for name, found in names.items():
        rest, at = np.divmod(rest, len(found))
        keys = pl.Series(found, dtype=pl.String).gather(at)
        columns[name] = keys.set(keys == NO_PRACTICE, None)
    whole_numbers = [name for name in names if table[name].type().is_integer()]
    return pl.DataFrame(columns).with_columns(pl.col(whole_numbers).cast(pl.Int64))


def batched(parts: Iterator[Batch], size: int) -> Iterator[list[Batch]]:
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
        connection.execute(f"create view citizens as select * from read_parquet('{quoted}')")  # noqa: S608  quoted, and views take no parameters
        marked = connection.execute(
            "select count(*) from parquet_kv_metadata(?) where key = 'synthetic'::blob", [str(path)]
        )
        synthetic = bool(marked.fetchall()[0][0])
    except duckdb.Error as fault:
        raise NeedError(f"{path} cannot be read as Parquet: {str(fault).splitlines()[0]}") from None
    return ParquetCitizens(connection, path, synthetic=synthetic)
