"""Read one sheet of a workbook (.xlsx, .xls, .ods) as text, keeping apart cells whose kind is wrong."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import dataframely as dy
import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from fordel.stores._apart import Locked, TooLarge, Unreadable, read_apart
from fordel.stores._limits import bad_archive, damaged, locked, too_many_cells, too_many_columns
from fordel.stores._raw import Raw, numbered
from fordel.stores._words import column_called
from fordel.stores.faults import ROW, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fordel.stores.faults import Fault

APART = (".xls", ".ods")  # formats in which a small file may ask for more memory or time than there is
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of .xlsx locked with a password


def read_workbook(path: Path, columns: Mapping[str, dy.Column], sheet: str) -> tuple[Raw | None, list[Fault]]:
    """Read a sheet.

    Args:
        path: the workbook.
        columns: the columns looked for; they tell which cells should be numbers.
        sheet: name of the sheet; a workbook's only sheet may have any name.

    Returns:
        The cells as text, None where the sheet cannot be read; and the faults.
    """
    if fault := _unopenable(path):
        return None, [fault]
    try:
        names, rows = (read_apart if path.suffix.lower() in APART else _read)(path, sheet)
    except (PasswordError, Locked):
        return None, [locked(path.name)]
    except TooLarge as error:
        return None, [too_many_cells(path.name, error.rows, error.columns)]
    except (CalamineError, Unreadable, OSError, OverflowError):  # a span of time may be longer than any
        return None, [damaged(path.name)]
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the reader's own faults are called; it has no base but that
            raise
        return None, [damaged(path.name)]
    name = _sheet_of(names, sheet)
    if name is None:
        return None, [_no_sheet(path.name, sheet, names)]
    return _as_text(path.name, name, rows, columns)


def _read(path: Path, sheet: str) -> tuple[list[str], list[list[Any]]]:
    """Give the names of the sheets, and the rows of the wanted one; none where there is no such."""
    with CalamineWorkbook.from_path(path) as book:
        name = _sheet_of(book.sheet_names, sheet)
        rows = [] if name is None else book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        return book.sheet_names, rows


def _unopenable(path: Path) -> Fault | None:
    with path.open("rb") as stream:
        start = stream.read(len(OLE))
    if path.suffix.lower() == ".xls":
        return None if start == OLE else damaged(path.name)
    if start == OLE:
        return locked(path.name)
    return bad_archive(path)


def _sheet_of(names: Sequence[str], wanted: str) -> str | None:
    if len(names) == 1:
        return names[0]
    return next((name for name in names if name.strip().casefold() == wanted.casefold()), None)


def _no_sheet(file: str, wanted: str, names: Sequence[str]) -> Fault:
    if not names:
        return Place(file).fault("no_sheet", wanted=wanted)
    return Place(file).fault("other_sheets", wanted=wanted, sheets=", ".join(names))


def _as_text(
    file: str, sheet: str, rows: list[list[Any]], columns: Mapping[str, dy.Column]
) -> tuple[Raw | None, list[Fault]]:
    if not any(cell != "" for row in rows for cell in row):
        return None, [Place(file, sheet).fault("empty_sheet")]
    header = tuple(str(cell) for cell in rows[0])
    while header and not header[-1].strip() and not any(row[len(header) - 1] != "" for row in rows):
        header = header[:-1]  # formatted but empty cells to the right
    if fault := too_many_columns(file, len(header), sheet):
        return None, [fault]
    texts: list[list[str]] = []
    wrong: dict[int, pl.DataFrame] = {}
    for position, heading in enumerate(header):
        cells = [row[position] for row in rows[1:]]
        column = columns.get(column_called(heading))
        texts.append([cell if type(cell) is str else _text(cell) for cell in cells])
        if column is not None:
            wrong[position] = _wrong(cells, column)
    return Raw(Place(file, sheet), header, numbered(texts, list(range(2, len(rows) + 1))), ".", wrong), []


def _text(cell: Any) -> str:
    """Write a cell as the CSV reader would meet it: numbers with a point, days as 2026-02-01."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time() else str(cell)
    return str(cell)


def _wrong(cells: list[Any], column: dy.Column) -> pl.DataFrame:
    """Find cells whose kind cannot be the column's: a code stored as a number has lost its zeros for good."""
    if isinstance(column, (dy.Int64, dy.Float64)):
        bad = [(row, cell) for row, cell in enumerate(cells, 2) if not _is_number(cell)]
    elif isinstance(column, (dy.String, dy.Enum, dy.Binary)):
        bad = [(row, cell) for row, cell in enumerate(cells, 2) if not isinstance(cell, str)]
    elif isinstance(column, dy.Date):
        bad = [(row, cell) for row, cell in enumerate(cells, 2) if not isinstance(cell, (str, date))]
    else:
        bad = [(row, cell) for row, cell in enumerate(cells, 2) if not isinstance(cell, (str, bool))]
    return pl.DataFrame([(row, _text(cell)) for row, cell in bad], {ROW: pl.Int64, "found": pl.String}, orient="row")


def _is_number(cell: Any) -> bool:
    return (isinstance(cell, (int, float)) and not isinstance(cell, bool)) or (
        isinstance(cell, str) and not cell.strip()
    )
