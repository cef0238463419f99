"""Citizens where they lie, through one set of expressions: Parquet by DuckDB, a table in PostgreSQL, or Spark."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, Self

import ibis
import numpy as np
import polars as pl

from fordel.engines._expressions import (
    by_slot,
    cell_table,
    codes_of_slots,
    codes_of_words,
    exposure_of,
    fitted_rows,
    flag,
    index_of,
    mean_of,
    predictor,
    real,
    score_of,
    slot_of,
    small,
    value_of,
    whole,
    words_of,
)
from fordel.engines._observed import SCALE, errors_of, use_by
from fordel.engines.cell_kernels import CompiledKernels
from fordel.need.cells import cells_of
from fordel.need.design import NeedError
from fordel.need.draws import Placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fordel.need.cells import Cells, Floats, Ints
    from fordel.need.design import Design
    from fordel.need.source import Predictor, Scoring

# Scores are summed in hundred-millionths and use in billionths: whole numbers, so that sums have no order.
_SCORE_SCALE = 1e8
USE_SCALE = 1e9
NO_PRACTICE = "none"


class IbisCitizens:
    """A citizen table behind an ibis expression. Implements ``need.source.CitizenSource``."""

    def __init__(self, table: Any, name: str, *, synthetic: bool) -> None:
        """Take an ibis table, what to call it, and whether its citizens are made up."""
        self.table, self.name, self.synthetic = table, name, synthetic

    def close(self) -> None:
        """Let go of the connection."""
        self.table._find_backend().disconnect()

    def fetch(self, expression: Any) -> pl.DataFrame:
        """Run an expression where the citizens lie, and bring its sums."""
        return pl.DataFrame(pl.from_arrow(expression.to_pyarrow()))

    def has(self, column: str) -> bool:
        """Whether the table has a column."""
        return column in self.table.columns

    def period(self) -> tuple[int, int] | None:
        """Give the first and last year, if the table has years."""
        if "year" not in self.table.columns:
            return None
        first, last = self.fetch(self.table.agg(first=self.table.year.min(), last=self.table.year.max())).row(0)
        return None if first is None else (int(first), int(last))

    def cells(self, design: Design) -> Cells:
        """Count citizens by characteristics.

        Raises:
            NeedError: columns are missing or of the wrong kind; every fault.
        """
        self.check(design)
        counted = self.fetch(cell_table(self.table, design))
        values = counted.select(f"value_{at}" for at in range(len(design.linear))).to_numpy()
        values = values.reshape(counted.height, len(design.linear))
        return cells_of(design, codes_of_words(design, counted), values, counted, CompiledKernels())

    def histogram(self, design: Design) -> tuple[Ints, Ints]:
        """Give amounts of use and how many citizens in the fit had each."""
        rows = fitted_rows(self.table, design)
        rows = rows.select(use=rows[design.outcome].cast("int64"))
        found = self.fetch(rows.group_by("use").agg(n=rows.count().cast("int64"))).sort("use")
        return found["use"].to_numpy(), found["n"].to_numpy()

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
        practice = rows[design.practice].cast("string").fill_null(NO_PRACTICE)
        rows = rows.select(practice=practice, score=score * real(_SCORE_SCALE), **blocks, **values)
        found = self.fetch(rows.group_by("practice").agg(**_sums_by_column(rows, tables))).sort("practice")
        columns = sorted(found.columns[1:], key=lambda name: int(name[1:]))
        return found.select(columns).to_numpy() / _SCORE_SCALE

    def expected_use(
        self, design: Design, parts: tuple[tuple[Predictor, Scoring], ...], by: Sequence[str]
    ) -> pl.DataFrame:
        """Sum expected use of a whole year: ``*by, people, expected``. Unit: that of the outcome.

        Raises:
            NeedError: columns are missing or of the wrong kind; every fault.
        """
        self.check(design, by, weighing=True)
        expected = real(USE_SCALE)
        for tables, scoring in parts:
            expected = expected * mean_of(predictor(self.table, tables), scoring)
        rows = self.table.select(*by, expected=expected.round().cast("int64"))
        sums = rows.group_by(list(by)).agg(
            people=rows.count().cast("int64"), expected=rows.expected.sum().cast("int64")
        )
        return self.fetch(sums).with_columns(pl.col("expected") / USE_SCALE).sort(by)

    def use_by(self, design: Design, parts: tuple[tuple[Predictor, Scoring], ...], by: Sequence[str]) -> pl.DataFrame:
        """Sum use and fitted use of the citizens a model can be fitted on: ``*by, citizens, observed, fitted``."""
        self.check(design, by)
        found = self.fetch(use_by(self.table, design, parts, by))
        found = found.with_columns(pl.col("fitted") / SCALE)
        return found.sort(by) if by else found

    def errors_of(self, design: Design, parts: tuple[tuple[Predictor, Scoring], ...], mean: float) -> dict[str, float]:
        """Sum errors of a model, and of the mean use a year, over the citizens it can be fitted on."""
        self.check(design)
        row = self.fetch(errors_of(self.table, design, parts, mean)).row(0, named=True)
        return {name: value if name == "citizens" else value / SCALE for name, value in row.items()}

    def placed(self, design: Design, by: Sequence[str]) -> Placed:
        """Count people by profile (characteristics of need, without supply) and by group.

        Raises:
            NeedError: columns are missing or of the wrong kind; every fault.
        """
        need = design.without_supply()
        self.check(need, by, weighing=True)
        words = {f"word_{at}": word for at, word in enumerate(words_of(self.table, need))}
        rows = self.table.select(*by, **words)
        counted = self.fetch(rows.group_by([*by, *words]).agg(people=rows.count().cast("int64")))
        counted = counted.sort(*by, *words, nulls_last=True)
        groups = counted.select(by).unique(maintain_order=True).with_row_index("group")
        profiles = counted.select(*words).unique(maintain_order=True).with_row_index("profile")
        pairs = counted.join(groups, on=list(by), nulls_equal=True, maintain_order="left")
        pairs = pairs.join(profiles, on=list(words), maintain_order="left")
        profile, group, people = (pairs[name].cast(pl.Int64).to_numpy() for name in ("profile", "group", "people"))
        return Placed(groups.drop("group"), codes_of_words(need, profiles), profile, group, people)

    def where(self, column: str, values: Sequence[str]) -> Self:
        """Give the same table, only the citizens with one of some values in a column."""
        part = copy(self)
        part.table = self.table.filter(self.table[column].isin(list(values)))
        return part

    def not_in_model(self, design: Design, ranges: dict[str, tuple[float, float, float]]) -> pl.DataFrame:
        """Count citizens the model does not know: ``covariate, reason, citizens``."""
        counts = {}
        for covariate in design.covariates:
            column, name = self.table[covariate.column], covariate.name
            slots = np.flatnonzero(codes_of_slots(covariate) == covariate.radix - 1)
            unknown = [small(int(slot)) for slot in slots]
            counts[f"{name}|missing"] = column.isnull()
            counts[f"{name}|not a level of the model"] = slot_of(self.table, covariate).isin(unknown)
            if covariate.linear:
                _, low, high = ranges[name]
                counts[f"{name}|beyond the values fitted"] = ~column.between(real(low), real(high))
        sums = {key: ibis.coalesce(flag(each).sum(), whole(0)).cast("int64") for key, each in counts.items()}
        found = self.fetch(self.table.agg(**sums)).row(0)
        rows = [(*key.split("|"), count) for key, count in zip(sums, found, strict=True) if count]
        schema = {"covariate": pl.String, "reason": pl.String, "citizens": pl.Int64}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def check(self, design: Design, also: Sequence[str] = (), *, weighing: bool = False) -> None:
        """Check that the table has the columns a model reads, of a kind it can read; weighing reads no use.

        Raises:
            NeedError: with every fault.
        """
        schema = self.table.schema()
        needed = [c.column for c in design.covariates] if weighing else design.columns
        faults = [f"there is no column {name!r}" for name in (*needed, *also) if name not in schema]
        counted = [] if weighing else [name for name in (design.outcome, design.exposure) if name]
        counted += [c.column for c in design.covariates if not c.linear]
        faults += [
            f"column {name!r} is {schema[name]}; whole numbers are needed"
            for name in counted
            if name in schema and not (schema[name].is_integer() or schema[name].is_boolean())
        ]
        faults += [
            f"column {c.column!r} is {schema[c.column]}; numbers are needed"
            for c in design.linear
            if c.column in schema and not schema[c.column].is_numeric()
        ]
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
        places = by_slot(contribution, contribution.block.places)
        for place in sorted(set(places) - {-1}):
            touches = rows[f"index_{at}"].isin([small(index) for index, there in enumerate(places) if there == place])
            sums[f"c{place}"] = ibis.coalesce(whole_score.sum(where=touches), whole(0)).cast("int64")
    return sums
