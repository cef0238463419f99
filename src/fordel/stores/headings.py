"""What the columns of a file are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.stores._csv import read_csv
from fordel.stores._limits import too_large
from fordel.stores._words import column_called
from fordel.stores._workbook import read_workbook
from fordel.stores.faults import BadInput
from fordel.stores.table import WORKBOOK_SUFFIXES, _not_a_file

if TYPE_CHECKING:
    from pathlib import Path


def headings_of(path: Path) -> list[str]:
    """Give the headings of a table, by Fordel's names where it knows them.

    Raises:
        BadInput: the file cannot be read.
    """
    if fault := _not_a_file(path) or too_large(path):
        raise BadInput(str(path), [fault])
    if path.suffix.lower() == ".parquet":
        return list(pl.read_parquet_schema(path))
    workbook = path.suffix.lower() in WORKBOOK_SUFFIXES
    raw, faults = read_workbook(path, {}, path.stem) if workbook else read_csv(path, {"people", "patients"})
    if raw is None:
        raise BadInput(str(path), faults)
    return [column_called(heading) for heading in raw.header]
