"""Small files that show what each kind may look like, as CSV and as a workbook. Their rows are made up."""

from __future__ import annotations

import csv
import io
from importlib.resources import files

import xlsxwriter

from fordel.runs.record import columns

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def content(kind: str, form: str) -> bytes:
    """Give the file of a kind in one of ``FORMS``; in a workbook codes are text and numbers are numbers."""
    plain = (files("fordel.web.imports") / "example_files" / f"{kind}.csv").read_bytes()
    return plain if form == "csv" else _workbook(kind, list(csv.reader(io.StringIO(plain.decode()))))


def _workbook(kind: str, rows: list[list[str]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet(kind)
        sheet.freeze_panes(1, 0)
        for at, heading in enumerate(rows[0]):
            sheet.set_column(at, at, 22, book.add_format({"num_format": "General" if _is_number(heading) else "@"}))
        for row, cells in enumerate(rows):
            for at, cell in enumerate(cells):
                if row and cell and _is_number(rows[0][at]):
                    sheet.write_number(row, at, float(cell))
                else:
                    sheet.write_string(row, at, cell)
    return made.getvalue()


def _is_number(heading: str) -> bool:
    known = columns()["practices"].get(heading)
    return known is not None and known.decimals is not None
