"""Write a run as an Excel workbook: typed numbers, text that can never be a formula, and sheets that say what it is."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

import xlsxwriter

from fordel.publish._export_tables import companion_tables
from fordel.publish._words import word
from fordel.runs.record import columns

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import BytesIO
    from pathlib import Path

    import polars as pl

    from fordel.publish._words import Lang
    from fordel.runs.record import Run

MOST_ROWS = 1_048_576
WIDEST = 60


class TooLong(Exception):
    """A table has more rows than an Excel sheet holds."""


def write_excel(run: Run, file: Path | BytesIO, lang: Lang, frames: Mapping[str, pl.DataFrame]) -> None:
    """Write the workbook. The same run gives the same bytes.

    Args:
        run: a finished run.
        file: where to.
        lang: of headings, words and notes.
        frames: the tables to write, as they may be shown to who gets the file.

    Raises:
        TooLong: a table has more rows than a sheet holds.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        law_date = datetime.combine(run.manifest.law_date, time())
        book.set_properties({"title": word("about_title", lang), "created": law_date})
        heads = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8EEF2"}
        head, wrapped = book.add_format(heads), book.add_format({"text_wrap": True, "valign": "top"})
        companions = companion_tables(run, lang)
        _write_text(book, "about", companions.pop("about"), head, wrapped, lang)
        for table, frame in frames.items():
            _write_numbers(book, table, frame, head, lang)
        for name, frame in companions.items():
            _write_text(book, name, frame, head, wrapped, lang)


def _sheet(book: Any, name: str, frame: pl.DataFrame, headings: list[str], head: Any, lang: Lang) -> Any:
    if frame.height >= MOST_ROWS:
        raise TooLong(f"{name} has {frame.height:,} rows; an Excel sheet holds {MOST_ROWS - 1:,}. Try: csv or parquet")
    sheet = book.add_worksheet(word(f"sheet_{name}", lang))
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, head)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, frame.height), max(0, frame.width - 1))
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    return sheet


def _write_text(book: Any, name: str, frame: pl.DataFrame, head: Any, wrapped: Any, lang: Lang) -> None:
    sheet = _sheet(book, name, frame, frame.columns, head, lang)
    for place, column in enumerate(frame.columns):
        texts = frame[column].to_list()
        sheet.set_column(place, place, _width([column, *texts]), wrapped)
        for row, text in enumerate(texts, start=1):
            sheet.write_string(row, place, text or "", wrapped)


def _write_numbers(book: Any, table: str, frame: pl.DataFrame, head: Any, lang: Lang) -> None:
    """Write a result table: numbers as numbers with the decimals they are shown with, nothing as an empty cell."""
    documented = columns()[table]
    units = {name: documented[name].unit_in(lang) for name in frame.columns}
    headings = [documented[n].heading(lang) + (f"\n({units[n]})" if units[n] else "") for n in frame.columns]
    sheet = _sheet(book, table, frame, headings, head, lang)
    for place, name in enumerate(frame.columns):
        decimals = documented[name].decimals
        pattern = "@" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        shape, values = book.add_format({"num_format": pattern}), frame[name].to_list()
        shown = [f"{v:,.{decimals or 0}f}" if isinstance(v, int | float) else str(v or "") for v in values[:2000]]
        sheet.set_column(place, place, _width([*headings[place].split("\n"), *shown]), shape)
        for row, value in enumerate(values, start=1):
            _write_cell(sheet, row, place, value, shape, lang)


def _write_cell(sheet: Any, row: int, place: int, value: object, shape: Any, lang: Lang) -> None:
    if isinstance(value, bool):
        sheet.write_string(row, place, word("yes" if value else "no", lang), shape)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value, shape)
    elif value is not None:
        sheet.write_string(row, place, str(value), shape)


def _width(texts: list[str]) -> int:
    return min(WIDEST, 2 + max(len(text or "") for text in texts))
