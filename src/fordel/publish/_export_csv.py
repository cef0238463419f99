"""Write tables as CSV: plain for programs, or as Danish spreadsheets read them; no text that runs as a formula."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from fordel.runs.record import columns

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fordel.publish._words import Lang

# A spreadsheet that opens a CSV runs a cell that begins with one of these.
FORMULA = r"^([=+\-@\t\r])"
File = TypeVar("File", "Path", BytesIO)


def csv_text(frame: pl.DataFrame, table: str, lang: Lang) -> bytes:
    """Write some columns of a table of a run as CSV, as ``export_run`` does."""
    return table_csv(frame, {name: columns()[table][name].dansk for name in frame.columns}, lang)


def table_csv(frame: pl.DataFrame, heads: Mapping[str, str], lang: Lang) -> bytes:
    """Write a table as CSV, as ``export_run`` does; ``heads`` stand over the columns in Danish."""
    file = BytesIO()
    write_csv(frame.rename(dict(heads)) if lang == "da" else frame, file, lang)
    return file.getvalue()


def plain_csv(frame: pl.DataFrame) -> bytes:
    """Write a table as CSV for programs, headed with the names of its columns."""
    return table_csv(frame, {}, "en")


def write_csv(frame: pl.DataFrame, path: File, lang: Lang) -> File:
    """Write one table; text that a spreadsheet would run as a formula gets an apostrophe in front."""
    plain = frame.with_columns(pl.col(pl.String).str.replace(FORMULA, "'$1"))
    if lang == "da":
        in_words = pl.col(pl.Boolean).replace_strict({True: "ja", False: "nej"}, return_dtype=pl.String)
        plain = plain.with_columns(in_words)
        plain.write_csv(path, separator=";", decimal_comma=True, include_bom=True, line_terminator="\r\n")
    else:
        plain.write_csv(path)
    return path
