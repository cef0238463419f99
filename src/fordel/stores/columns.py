"""Read some columns of a table under the headings its publisher gave them; what else it holds is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.stores._csv import read_csv
from fordel.stores._limits import too_large
from fordel.stores._parquet import open_parquet, typed
from fordel.stores._raw import Raw
from fordel.stores._words import column_called, plain
from fordel.stores._workbook import read_workbook
from fordel.stores.faults import ROW, BadInput, Place
from fordel.stores.table import WORKBOOK_SUFFIXES, TableRead, _checked, _from_text, _not_a_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import dataframely as dy


def read_columns(
    path: Path, schema: type[dy.Schema], headings: Mapping[str, str] | None = None, *, sheet: str | None = None
) -> pl.DataFrame:
    """Read the columns of a schema from a table that may hold others too.

    Args:
        path: CSV, Parquet or a workbook.
        schema: what is wanted of it.
        headings: what the file calls a column, by its name in the schema; by default that name, or its Danish one.
        sheet: of a workbook; by default the file's own name, or its only sheet.

    Raises:
        BadInput: with every fault of the file.
    """
    headings = headings or {}
    if fault := _not_a_file(path) or too_large(path):
        raise BadInput(str(path), [fault])
    if path.suffix.lower() == ".parquet":
        read = _from_parquet(path, schema, headings)
    else:
        wanted = {plain(headings.get(name, name)): column for name, column in schema.columns().items()}
        if path.suffix.lower() in WORKBOOK_SUFFIXES:
            raw, faults = read_workbook(path, wanted, sheet or path.stem)
        else:
            raw, faults = read_csv(path, set(wanted))
        if raw is None:
            raise BadInput(str(path), faults)
        read = _from_text(_picked(raw, schema, headings), schema, faults, None)
    if read.faults or read.frame is None:
        raise BadInput(str(path), read.faults)
    return read.frame.drop(ROW)


def _positions(header: Sequence[str], schema: type[dy.Schema], headings: Mapping[str, str]) -> dict[str, int]:
    """Find the first column with each heading."""
    own, called = [plain(heading) for heading in header], [column_called(heading) for heading in header]
    at = {}
    for name in schema.columns():
        among, sought = (own, plain(headings[name])) if name in headings else (called, name)
        if sought in among:
            at[name] = among.index(sought)
    return at


def _picked(raw: Raw, schema: type[dy.Schema], headings: Mapping[str, str]) -> Raw:
    """Keep the columns that are wanted, under the names of the schema; all of them where none was found."""
    at = _positions(raw.header, schema, headings)
    if not at:
        return raw
    cells = raw.cells.select(ROW, *(pl.col(str(place)).alias(str(new)) for new, place in enumerate(at.values())))
    wrong = {new: raw.wrong[place] for new, place in enumerate(at.values()) if place in raw.wrong}
    return Raw(raw.place, tuple(at), cells, raw.decimal_sign, wrong)


def _from_parquet(path: Path, schema: type[dy.Schema], headings: Mapping[str, str]) -> TableRead:
    found, faults = open_parquet(path)
    if found is None:
        raise BadInput(str(path), faults)
    header = [name for name in found.columns if name != ROW]
    at = {name: header[place] for name, place in _positions(header, schema, headings).items()}
    place = Place(path.name)
    missing = [
        place.fault("missing_column", row=1, column=name, name=headings.get(name, name))
        for name in schema.columns()
        if name not in at
    ]
    frame, bad = typed(found, at, schema.columns(), path.name)
    return _checked(TableRead(place, frame, (*missing, *bad), at), schema)
