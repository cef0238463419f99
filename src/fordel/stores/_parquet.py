"""Read a Parquet file whose columns already have types; a type that would lose something is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dataframely as dy
import polars as pl

from fordel.stores._limits import too_many_columns, too_many_rows
from fordel.stores._words import expected_of
from fordel.stores.faults import ROW, Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fordel.stores.faults import Fault

WHOLE = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64)
# What a column's type may be in the file besides its own.
ALLOWED: dict[type[dy.Column], tuple[type[pl.DataType], ...]] = {
    dy.Int64: WHOLE,
    dy.Float64: (*WHOLE, pl.Float32, pl.Float64),
    dy.Enum: (pl.String, pl.Categorical, pl.Enum),
    dy.String: (pl.String, pl.Categorical, pl.Enum),
    dy.Date: (pl.Date,),
    dy.Datetime: (pl.Datetime,),
    dy.Bool: (pl.Boolean,),
    dy.Binary: (pl.Binary,),
}


def open_parquet(path: Path) -> tuple[pl.DataFrame | None, list[Fault]]:
    """Read a Parquet file after a look at how large it says it is."""
    try:
        columns = len(pl.read_parquet_schema(path))
        if fault := too_many_columns(path.name, columns):
            return None, [fault]
        rows = pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()
        if fault := too_many_rows(path.name, rows):
            return None, [fault]
        frame = pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):  # damage inside a page panics
        return None, [Place(path.name).fault("not_parquet")]
    return frame.with_row_index(ROW, 1).with_columns(pl.col(ROW).cast(pl.Int64)), []


def typed(
    frame: pl.DataFrame, places: Mapping[str, str], columns: Mapping[str, dy.Column], file: str
) -> tuple[pl.DataFrame, list[Fault]]:
    """Give the columns their schema's types.

    Args:
        frame: as read, with ``row_in_file``.
        places: which column of the file is which column of the schema.
        columns: the schema's columns.
        file: name of the file.

    Returns:
        The columns whose type would do, and ``row_in_file``; null where a cell is bad; and the faults.
    """
    read: dict[str, pl.Series] = {}
    faults: list[Fault] = []
    for name, heading in places.items():
        column, cells = columns[name], frame[heading]
        if not _may_be(cells.dtype, column):
            faults.append(_wrong_type(file, heading, cells.dtype, column))
            continue
        read[name] = cells.cast(column.dtype, strict=False).alias(name)
        lost = read[name].is_null() & (cells.is_not_null() | pl.Series([not column.nullable]))
        bad = pl.DataFrame([frame[ROW], cells.alias("found")]).filter(lost)
        faults += Place(file).gathered(bad, heading, "value_lost", kind=expected_of(column))
    return pl.DataFrame({**read, ROW: frame[ROW]}), faults


def _may_be(dtype: pl.DataType, column: dy.Column) -> bool:
    """Tell whether a type of the file will do; a moment without its zone could be any of several."""
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        return False
    return isinstance(dtype, ALLOWED[type(column)]) or (dtype == pl.Null and column.nullable)


def _wrong_type(file: str, heading: str, dtype: pl.DataType, column: dy.Column) -> Fault:
    wanted = str(column.dtype)
    kind = expected_of(column)
    return Place(file).fault("wrong_type", column=heading, type=str(dtype), wanted=wanted, kind=kind)
