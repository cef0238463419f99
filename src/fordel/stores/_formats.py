"""Write a table as Parquet, CSV or a workbook, so that reading it gives the same content to the last digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter

from fordel.stores._limits import MOST_ROWS_OF_SHEET

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FORMATS = ("parquet", "csv", "xlsx")
MOMENT = "%Y-%m-%dT%H:%M:%S%.fZ"  # of a moment in UTC
LONGEST_CELL = 32_767  # Excel's own limit


class SeventeenDigits(float):
    """A number that XlsxWriter writes with all its digits: its own 16 do not tell every float from its neighbour."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


def write_table(frame: pl.DataFrame, folder: Path, table: str, form: str) -> Path:
    """Write a table; one that no sheet can hold becomes CSV beside the workbooks.

    Returns:
        The file.
    """
    plain = as_text(frame)
    if form == "xlsx" and not _fits_sheet(plain):
        form = "csv"
    path = folder / f"{table}.{form}"
    if form == "parquet":
        frame.write_parquet(path, compression="zstd", statistics=False)
    elif form == "csv":
        plain.write_csv(path)
    else:
        _write_workbook(plain, path, table)
    return path


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Write bytes in hexadecimal and moments as ISO 8601 says, as they are read."""
    return frame.with_columns(
        pl.col(pl.Binary).bin.encode("hex"), pl.col(pl.Datetime(time_zone="UTC")).dt.strftime(MOMENT)
    )


def _fits_sheet(frame: pl.DataFrame) -> bool:
    texts = frame.select(pl.col(pl.String).str.len_chars().max())
    longest = max((length for length in texts.row(0) if length is not None), default=0) if texts.width else 0
    return frame.height < MOST_ROWS_OF_SHEET and longest <= LONGEST_CELL


def _write_workbook(frame: pl.DataFrame, path: Path, table: str) -> None:
    """Write one sheet: text as text (a name that begins with = is no formula), a frozen header, wide columns."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet(table)
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(frame.width - 1, 0), 18)
        for at, name in enumerate(frame.columns):
            sheet.write_string(0, at, name, bold)
        writers = [_writer(book, sheet, dtype) for dtype in frame.dtypes]
        for row, cells in enumerate(frame.iter_rows(), 1):
            for at, cell in enumerate(cells):
                if cell is not None:
                    writers[at](row, at, cell)


def _writer(book: Workbook, sheet: Worksheet, dtype: pl.DataType) -> Callable[[int, int, Any], object]:
    """Choose how the cells of a column are written."""
    write: Callable[[int, int, Any], object] = sheet.write_string
    if dtype == pl.Boolean:
        write = sheet.write_boolean
    if dtype == pl.Date:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        return lambda row, at, cell: sheet.write_datetime(row, at, cell, day)
    if dtype.is_numeric():
        return lambda row, at, cell: sheet.write_number(row, at, SeventeenDigits(cell))
    return write
