"""Write the comparison of two runs to a file others can open."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter

from fordel.publish.export import FORMULA, BadExport

if TYPE_CHECKING:
    from collections.abc import Callable


def write_changes(changes: pl.DataFrame, path: Path) -> Path:
    """Write a comparison as CSV, Excel, JSON lines or Parquet, by the ending of the file's name; whole or not at all.

    CSV and JSON keep every decimal; Excel holds numbers as it always does, with fifteen digits.

    Raises:
        BadExport: another ending, or a folder that is not there.
    """
    write = FORMS.get(path.suffix.lower())
    if write is None:
        raise BadExport(f"{path.name} ends in {path.suffix or 'nothing'}; use one of {', '.join(FORMS)}.")
    if not path.parent.is_dir():
        raise BadExport(f"There is no folder {path.parent}; make it, or write elsewhere.")
    handle, draft = tempfile.mkstemp(prefix=".changes.", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    try:
        write(changes, Path(draft))
        Path(draft).chmod(0o644)
        return Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)


def _csv(changes: pl.DataFrame, path: Path) -> None:
    changes.with_columns(pl.col(pl.String).str.replace(FORMULA, "'$1")).write_csv(path)


def _json(changes: pl.DataFrame, path: Path) -> None:
    changes.with_columns(pl.col(pl.Decimal).cast(pl.String)).write_ndjson(path)


def _excel(changes: pl.DataFrame, path: Path) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet, head = book.add_worksheet("changes"), book.add_format({"bold": True, "bottom": 1})
        for place, (name, dtype) in enumerate(changes.schema.items()):
            sheet.write_string(0, place, name, head)
            sheet.set_column(place, place, 14 if dtype.is_numeric() else 24)
            cell = sheet.write_number if dtype.is_numeric() else sheet.write_string
            for row, value in enumerate(changes[name].to_list(), start=1):
                cell(row, place, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, changes.height), changes.width - 1)


def _parquet(changes: pl.DataFrame, path: Path) -> None:
    changes.write_parquet(path)


FORMS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    ".csv": _csv,
    ".xlsx": _excel,
    ".jsonl": _json,
    ".parquet": _parquet,
}
