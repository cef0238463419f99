"""Cells as they stand in a file, before they are read as numbers, days and codes."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from fordel.stores.faults import ROW, Place


@dataclass(frozen=True)
class Raw:
    """A table as text.

    Attributes:
        place: where it was read.
        header: headings as written, one per column.
        cells: columns named by their position ("0", "1", ...) as text without blanks at the ends, and
            ``row_in_file``. Rows with nothing in them are left out.
        decimal_sign: set where the file format knows numbers; None where cells must tell.
        wrong: per column position, cells whose kind is wrong for the column: ``row_in_file``, ``found``.
    """

    place: Place
    header: tuple[str, ...]
    cells: pl.DataFrame
    decimal_sign: str | None = None
    wrong: dict[int, pl.DataFrame] = field(default_factory=dict)


def numbered(columns: list[list[str]], rows: list[int]) -> pl.DataFrame:
    """Frame columns of text with the row numbers of the file, without blanks at the ends and without empty rows."""
    frame = pl.DataFrame({str(i): pl.Series(column, dtype=pl.String) for i, column in enumerate(columns)})
    frame = frame.with_columns(pl.all().str.strip_chars(), pl.Series(ROW, rows, dtype=pl.Int64))
    return frame.filter(pl.any_horizontal(pl.exclude(ROW) != ""))
