"""What each value of a column adds to a citizen's packed word, by the same expressions as SQL packs it with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import ibis
import numpy as np
import polars as pl

from fordel.engines._expressions import codes_of_slots, slot_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    import pyarrow.parquet as pq

    from fordel.need.cells import Ints
    from fordel.need.design import Covariate, Design

_WIDEST = 1 << 16  # values in a look-up


class Range(NamedTuple):
    """Lowest and highest value of a column of whole numbers, and whether none is missing."""

    low: int
    high: int
    full: bool


Ranges = dict[str, Range]


@dataclass(frozen=True, eq=False)
class Lookup:
    """What a value of a column adds to a citizen's packed word: ``adds[value - low]``, its last where none is held."""

    column: str
    low: int
    adds: Ints


def ranges_of(footers: Sequence[pq.FileMetaData]) -> Ranges:
    """Read what the statistics of Parquet files of the same columns tell: those that every row group tells of."""
    parts = [footer.row_group(number) for footer in footers for number in range(footer.num_row_groups)]
    parts = [part for part in parts if part.num_rows]
    found = {}
    for at, column in enumerate(footers[0].schema if parts else ()):
        told = [part.column(at).statistics for part in parts]
        if all(each is not None and each.has_min_max and isinstance(each.min, int) for each in told):
            full = all(each.has_null_count and each.null_count == 0 for each in told)
            found[column.name] = Range(min(each.min for each in told), max(each.max for each in told), full)
    return found


def lookups_of(connection: duckdb.DuckDBPyConnection, design: Design, ranges: Ranges) -> list[Lookup] | None:
    """Give a look-up for each characteristic of a model whose slots fit one word; none when a column is not known.

    The slots come from the expression that packs rows, run on every value that the columns may hold.
    """
    held = [ranges.get(covariate.column) for covariate in design.covariates]
    known = [each for each in held if each is not None]
    if not known or len(known) < len(held):
        return None
    low, high = min(each.low for each in known), max(each.high for each in known)
    if high - low >= _WIDEST:
        return None
    connection.execute(
        f"create or replace temp view held as select unnest(range({low}, {high + 1})) as v union all select null"
    )
    # Characteristics of the same codes, such as all flags, share an expression: each costs two milliseconds to state.
    coded = {_coded(covariate): covariate for covariate in design.covariates}
    place = {code: at for at, code in enumerate(coded)}
    found = pl.DataFrame(connection.sql(_query(tuple(coded.values()))).pl())
    lookups, stride = [], 1
    for covariate, (lowest, highest, _) in zip(design.covariates, known, strict=True):
        slot = found[f"slot_{place[_coded(covariate)]}"].to_numpy().astype(np.int64)
        adds = np.append(slot[lowest - low : highest - low + 1], slot[-1]) * stride
        lookups.append(Lookup(covariate.column, lowest, adds))
        stride *= len(codes_of_slots(covariate))
    return lookups


@cache
def _query(covariates: tuple[Covariate, ...]) -> str:
    """State the slots of every value held, those of nothing last; the same model is fitted many times over."""
    table = ibis.table({"v": "int64"}, name="held")
    slots = {f"slot_{at}": slot_of(table, replace(each, column="v")) for at, each in enumerate(covariates)}
    return str(ibis.to_sql(table.select("v", **slots).order_by(ibis.asc("v", nulls_first=False)), dialect="duckdb"))


def _coded(covariate: Covariate) -> tuple[object, ...]:
    """Give what a covariate's slots depend on."""
    codes = tuple(level.code for level in covariate.levels)
    return codes, covariate.breaks, covariate.least, covariate.most
