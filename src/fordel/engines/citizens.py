"""Citizens where they lie, through one set of expressions: Parquet by DuckDB, a table in PostgreSQL, or Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import polars as pl

from fordel.engines._expressions import (
    cell_table,
    exposure_of,
    fitted_rows,
    index_of,
    mean_of,
    predictor,
    real,
    score_of,
    state_of,
    value_of,
    whole,
)
from fordel.need.cells import STATISTICS, Cells, merged
from fordel.need.design import NeedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fordel.need.cells import Floats, Ints
    from fordel.need.design import Design
    from fordel.need.source import Predictor, Scoring

# Scores are summed in hundred-millionths and use in billionths: whole numbers, so that sums have no order.
_SCORE_SCALE = 1e8
_USE_SCALE = 1e9
_NO_PRACTICE = "none"


class IbisCitizens:
    """A citizen table behind an ibis expression. Implements ``need.source.CitizenSource``."""

    def __init__(self, table: Any, name: str, *, synthetic: bool) -> None:
        """Take an ibis table, what to call it, and whether its citizens are made up."""
        self.table, self.name, self.synthetic = table, name, synthetic

    def period(self) -> tuple[int, int] | None:
        """Give the first and last year, if the table has years."""
        if "year" not in self.table.columns:
            return None
        first, last = _row(self.table.agg(first=self.table.year.min(), last=self.table.year.max()))
        return None if first is None else (int(first), int(last))

    def cells(self, design: Design) -> Cells:
        """Count citizens by characteristics.

        Raises:
            NeedError: columns are missing or of the wrong kind; every fault.
        """
        self.check(design)
        found = cell_table(self.table, design).to_pyarrow()
        statistics = {name: _whole(found, name) for name in STATISTICS}
        values = np.stack(
            [found.column(f"value_{at}").to_numpy() for at in range(len(design.linear))], axis=1
        ) if design.linear else np.empty((found.num_rows, 0))
        return merged(design, _whole(found, "key"), values, statistics)

    def histogram(self, design: Design) -> tuple[Ints, Ints]:
        """Give amounts of use and how many citizens in the fit had each."""
        rows = fitted_rows(self.table, design)
        rows = rows.select(use=rows[design.outcome].cast("int64"))
        found = rows.group_by("use").agg(n=rows.count().cast("int64")).order_by("use").to_pyarrow()
        return _whole(found, "use"), _whole(found, "n")

    def practice_scores(self, design: Design, tables: Predictor, scoring: Scoring) -> Floats:
        """Sum scores by practice; shape (practices, width). Citizens on no list are one group."""
        rows = fitted_rows(self.table, design)
        if scoring.users_only:
            rows = rows.filter(rows[design.outcome] > whole(0))
        eta = predictor(rows, tables)
        exposure = exposure_of(rows, design).cast("float64") / real(design.full_exposure)
        score = score_of(eta, rows[design.outcome], exposure, scoring)
        blocks = {f"index_{at}": index_of(rows, c) for at, c in enumerate(tables.contributions)}
        values = {f"value_{at}": value_of(rows, c) for at, c in enumerate(tables.contributions) if c.block.linear}
        practice = rows[design.practice].cast("string").fill_null(_NO_PRACTICE)
        rows = rows.select(practice=practice, score=score * real(_SCORE_SCALE), **blocks, **values)
        found = rows.group_by("practice").agg(**_sums_by_column(rows, tables)).order_by("practice").to_pyarrow()
        columns = sorted((name for name in found.column_names if name != "practice"), key=lambda name: int(name[1:]))
        return np.stack([_whole(found, name) for name in columns], axis=1) / _SCORE_SCALE

    def expected_use(
        self, design: Design, parts: tuple[tuple[Predictor, Scoring], ...], by: Sequence[str]
    ) -> pl.DataFrame:
        """Sum expected use of a whole year: ``*by, people, expected``. Unit: that of the outcome."""
        expected = real(_USE_SCALE)
        for tables, scoring in parts:
            expected = expected * mean_of(predictor(self.table, tables), scoring)
        rows = self.table.select(*by, expected=expected.round().cast("int64"))
        found = rows.group_by(list(by)).agg(people=rows.count().cast("int64"), expected=rows.expected.sum().cast("int64"))
        frame = pl.DataFrame(pl.from_arrow(found.to_pyarrow()))
        return frame.with_columns(pl.col("expected") / _USE_SCALE).sort(by)

    def check(self, design: Design) -> None:
        """Check that the table has the columns a model reads, of a kind it can read.

        Raises:
            NeedError: with every fault.
        """
        schema = self.table.schema()
        faults = [f"there is no column {name!r}" for name in design.columns if name not in schema]
        counted = [design.outcome, *([design.exposure] if design.exposure else [])]
        counted += [c.column for c in design.covariates if not c.linear]
        for name in counted:
            if name in schema and not (schema[name].is_integer() or schema[name].is_boolean()):
                faults.append(f"column {name!r} is {schema[name]}; whole numbers are needed")
        for covariate in design.linear:
            if covariate.column in schema and not schema[covariate.column].is_numeric():
                faults.append(f"column {covariate.column!r} is {schema[covariate.column]}; numbers are needed")
        if faults:
            raise NeedError(
                "\n".join(
                    [
                        f"{self.name} cannot be used with the model {design.name}:",
                        *(f"  {fault}." for fault in faults),
                        f"The table has {', '.join(schema)}.",
                    ]
                )
            )


def _sums_by_column(rows: Any, tables: Predictor) -> dict[str, Any]:
    """Sum the score over the citizens that touch each column of the design matrix."""
    sums = {"c0": rows.score.round().cast("int64").sum().cast("int64")}
    for at, contribution in enumerate(tables.contributions):
        score = rows.score * rows[f"value_{at}"] if contribution.block.linear else rows.score
        whole_score = score.round().cast("int64")
        for index, place in enumerate(contribution.block.places.ravel()):
            if place >= 0:
                touches = rows[f"index_{at}"] == whole(index)
                sums[f"c{place}"] = ibis.coalesce(whole_score.sum(where=touches), whole(0)).cast("int64")
    return sums


def _whole(found: Any, name: str) -> Ints:
    column: Ints = found.column(name).to_numpy().astype(np.int64, copy=False)
    return column


def _row(expression: Any) -> tuple[Any, ...]:
    return tuple(column[0].as_py() for column in expression.to_pyarrow().columns)


def duckdb_citizens(path: Path, *, memory_limit: str | None = None) -> IbisCitizens:
    """Read citizens from Parquet: a file, or a pattern such as ``citizens_*.parquet``.

    Raises:
        NeedError: no such file, or not Parquet.
    """
    settings = {"memory_limit": memory_limit} if memory_limit else {}
    try:
        connection = ibis.duckdb.connect(**settings)
        table = connection.read_parquet(str(path))
    except Exception as fault:
        first_line = str(fault).splitlines()[0]
        raise NeedError(f"{path} cannot be read as Parquet: {first_line}") from None
    return IbisCitizens(table, path.name, synthetic=_says_synthetic(connection, path))


def _says_synthetic(connection: Any, path: Path) -> bool:
    found = connection.raw_sql(
        "select count(*) from parquet_kv_metadata(?) where key = 'synthetic'::blob", parameters=[str(path)]
    )
    return bool(found.fetchall()[0][0])


def postgres_citizens(url: str, table: str, *, synthetic: bool = False) -> IbisCitizens:
    """Read citizens from a table in PostgreSQL, named ``table`` or ``schema.table``.

    Raises:
        NeedError: the database cannot be reached, or has no such table.
    """
    schema, _, name = table.rpartition(".")
    try:
        connection = ibis.connect(url)
        found = connection.table(name, database=schema or None)
    except Exception as fault:
        # The address may hold a password, so the fault is told without it.
        raise NeedError(f"The table {table} cannot be read from PostgreSQL: {type(fault).__name__}.") from None
    return IbisCitizens(found, table, synthetic=synthetic)


def spark_citizens(session: Any, table: str, *, synthetic: bool = False) -> IbisCitizens:
    """Read citizens from a table or view of a Spark session."""
    connection = ibis.pyspark.connect(session)
    return IbisCitizens(connection.table(table), table, synthetic=synthetic)
