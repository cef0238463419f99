"""Empty files for a snapshot, for those who fill them in: headers, what each column holds, and snapshot.json."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import dataframely as dy
import xlsxwriter

from fordel.stores._folder import whole_folder
from fordel.stores._words import expected_of
from fordel.stores.faults import BadInput, Place
from fordel.tables import OPTIONAL, SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FORMATS = ("xlsx", "csv")
ROWS_CHECKED = 100_000  # rows in which Excel offers the values of a column
HEADINGS = ("Column", "What it holds", "Written as", "May be empty", "Part of the key")


def write_template(folder: Path, form: str = "xlsx") -> None:
    """Write an empty snapshot to fill in: one file per table, README.md and snapshot.json.

    Args:
        folder: where to; new or empty.
        form: "xlsx" (codes stay text, a sheet tells what columns hold) or "csv" (UTF-8 with semicolons and a byte
            order mark, as Danish Excel opens it).

    Raises:
        BadInput: the folder holds something.
        ValueError: no such format.
    """
    if form not in FORMATS:
        raise ValueError(f"No format {form!r}; use one of {', '.join(FORMATS)}.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        code = "occupied_by_folder" if folder.is_dir() else "occupied_by_file"
        raise BadInput(str(folder), [Place(str(folder)).fault(code)])
    with whole_folder(folder) as draft:
        for table, schema in SCHEMAS.items():
            if form == "xlsx":
                _workbook(draft / f"{table}.xlsx", table, schema)
            else:
                _csv(draft / f"{table}.csv", schema)
        (draft / "README.md").write_text(_readme(form), encoding="utf-8", newline="\n")
        (draft / "snapshot.json").write_text(_manifest(), encoding="utf-8", newline="\n")


def described(schema: type[dy.Schema]) -> list[tuple[str, str, str, str, str]]:
    """Describe each column of a schema: name, what it holds with its unit, how it is written, may be empty, key."""
    return [
        (
            name,
            column.description or "",
            str(expected_of(column)),
            "yes" if column.nullable else "no",
            "yes" if column.primary_key else "no",
        )
        for name, column in schema.columns().items()
    ]


def summary_of(schema: type[dy.Schema]) -> str:
    """Give the first sentence of a schema's docstring: what a row is."""
    return " ".join((schema.__doc__ or "").strip().split("\n\n")[0].split())


def _csv(path: Path, schema: type[dy.Schema]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerow(schema.columns())


def _workbook(path: Path, table: str, schema: type[dy.Schema]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(table)
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for at, (name, column) in enumerate(schema.columns().items()):
            _prepare(book, sheet, at, column)
            sheet.write_string(0, at, name, bold)
        _descriptions(book, schema)


def _prepare(book: Workbook, sheet: Worksheet, at: int, column: dy.Column) -> None:
    """Format a column so that codes keep their zeros and days stay days, and let Excel offer its values."""
    forms = {dy.Date: "yyyy-mm-dd", dy.Int64: "0", dy.Float64: "General", dy.Bool: "General"}
    sheet.set_column(at, at, 22, book.add_format({"num_format": forms.get(type(column), "@")}))
    if isinstance(column, dy.Enum):
        sheet.data_validation(1, at, ROWS_CHECKED, at, {"validate": "list", "source": list(column.categories)})
    elif isinstance(column, dy.Bool):
        sheet.data_validation(1, at, ROWS_CHECKED, at, {"validate": "list", "source": ["ja", "nej"]})


def _descriptions(book: Workbook, schema: type[dy.Schema]) -> None:
    sheet, bold = book.add_worksheet("columns"), book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 2, 60)
    sheet.set_column(3, 4, 14)
    sheet.write_string(0, 0, summary_of(schema), bold)
    for row, cells in enumerate((HEADINGS, *described(schema)), 2):
        for at, cell in enumerate(cells):
            sheet.write_string(row, at, cell, bold if row == 2 else wrapped)


def _readme(form: str) -> str:
    lines = [
        "# A snapshot to fill in",
        "",
        "One file per table. Fill in every file, then the name and the day in `snapshot.json`, and run",
        "",
        "    fordel snapshot check FOLDER",
        "",
        "which lists all that is wrong at once, with file, row and column. Rows count groups, never one person.",
        "",
        f"Files may be .{form} as here, or .csv, .parquet, .xlsx, .xls or .ods under the same names. Numbers in text",
        'files have one decimal sign per file; `"decimal_sign": ","` in `snapshot.json` settles it where cells do not.',
    ]
    for table, schema in SCHEMAS.items():
        lines += ["", f"## {table}", "", summary_of(schema)]
        if table in OPTIONAL:
            lines += ["", "May stay without rows, or be left out."]
        lines += ["", _row(HEADINGS), _row(["---"] * len(HEADINGS))]
        lines += [_row(cells) for cells in described(schema)]
    return "\n".join(lines) + "\n"


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _manifest() -> str:
    return json.dumps({"name": "", "snapshot_date": "", "decimal_sign": None}, indent=2) + "\n"
