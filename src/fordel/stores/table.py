"""Read one table from one file."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import polars as pl

from fordel.stores._cells import read_cells
from fordel.stores._csv import read_csv
from fordel.stores._limits import too_large
from fordel.stores._parquet import open_parquet, typed
from fordel.stores._valid import rule_faults
from fordel.stores._words import column_called
from fordel.stores._workbook import read_workbook
from fordel.stores.faults import ROW, BadInput, Place
from fordel.stores.said import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import dataframely as dy

    from fordel.stores._raw import Raw
    from fordel.stores.faults import Fault

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
WORKBOOK_SUFFIXES = (".xlsx", ".xls", ".ods")
SUFFIXES = (".parquet", *TEXT_SUFFIXES, *WORKBOOK_SUFFIXES)


@dataclass(frozen=True)
class TableRead:
    """What came out of a file.

    Attributes:
        place: where it was read.
        frame: the schema's columns and ``row_in_file``, in the order of the file; None where nothing could be read.
        faults: all that is wrong; the frame is valid by the schema only where there is none.
        headings: what the file calls each column of the schema.
    """

    place: Place
    frame: pl.DataFrame | None
    faults: tuple[Fault, ...]
    headings: dict[str, str]

    def heading(self, column: str) -> str:
        """Give what the file calls a column."""
        return self.headings.get(column, column)


def read_table(
    path: Path,
    schema: type[dy.Schema],
    sheet: str | None = None,
    *,
    decimal_sign: str | None = None,
    may_be_empty: bool = False,
) -> pl.DataFrame:
    """Read a table from CSV, Parquet or a workbook (.xlsx, .xls, .ods).

    Args:
        path: the file; its suffix tells the format.
        schema: what the table should be, one of ``fordel.tables.SCHEMAS``.
        sheet: name of the sheet, by default the file's own name; a workbook's only sheet may have any name.
        decimal_sign: "." or "," where the cells do not show it.
        may_be_empty: whether a header without rows will do.

    Returns:
        The table, valid by the schema, in the order of the file.

    Raises:
        BadInput: with every fault of the file.
    """
    read = table_read(path, schema, sheet or path.stem, decimal_sign, may_be_empty=may_be_empty)
    if read.faults or read.frame is None:
        raise BadInput(str(path), read.faults)
    return read.frame.drop(ROW)


def table_read(
    path: Path, schema: type[dy.Schema], sheet: str, decimal_sign: str | None, *, may_be_empty: bool = False
) -> TableRead:
    """Read a table and collect its faults without raising them."""
    read = _as_it_stands(path, schema, sheet, decimal_sign)
    if read.frame is None or read.frame.height or read.faults or may_be_empty:
        return read
    fault = read.place.fault("no_rows", row=2)
    return TableRead(read.place, read.frame, (fault,), read.headings)


def _as_it_stands(path: Path, schema: type[dy.Schema], sheet: str, decimal_sign: str | None) -> TableRead:
    fault = _not_a_file(path) or too_large(path)
    if fault:
        return TableRead(Place(path.name), None, (fault,), {})
    if path.suffix.lower() == ".parquet":
        return _from_parquet(path, schema)
    columns = schema.columns()
    if path.suffix.lower() in WORKBOOK_SUFFIXES:
        raw, faults = read_workbook(path, columns, sheet)
    else:
        raw, faults = read_csv(path, set(columns))
    if raw is None:
        return TableRead(Place(path.name), None, tuple(faults), {})
    return _from_text(raw, schema, faults, decimal_sign)


def _not_a_file(path: Path) -> Fault | None:
    place = Place(path.name)
    if path.suffix.lower() not in SUFFIXES:
        return place.fault("not_a_table", suffix=path.suffix or phrase("none"), known=", ".join(SUFFIXES))
    try:
        if not path.is_file():
            return place.fault("a_folder" if path.is_dir() else "no_such_file")
        with path.open("rb"):
            return None
    except OSError as error:
        return place.fault("cannot_be_opened", why=error.strerror or "")


def _from_text(raw: Raw, schema: type[dy.Schema], faults: list[Fault], decimal_sign: str | None) -> TableRead:
    places, wrong = match_header(raw.header, schema, raw.place)
    headings = {name: raw.header[at].strip() for name, at in places.items()}
    faults = [*faults, *wrong]
    frame = None
    if places:
        frame, bad = read_cells(raw, places, schema.columns(), decimal_sign)
        faults += bad
    return _checked(TableRead(raw.place, frame, tuple(faults), headings), schema)


def _from_parquet(path: Path, schema: type[dy.Schema]) -> TableRead:
    found, faults = open_parquet(path)
    if found is None:
        return TableRead(Place(path.name), None, tuple(faults), {})
    header = [name for name in found.columns if name != ROW]
    places, wrong = match_header(header, schema, Place(path.name))
    headings = {name: header[at] for name, at in places.items()}
    frame, bad = typed(found, headings, schema.columns(), path.name)
    return _checked(TableRead(Place(path.name), frame, (*wrong, *bad), headings), schema)


def _checked(read: TableRead, schema: type[dy.Schema]) -> TableRead:
    """Add the faults that a whole typed table can have; a table that lacks columns is not judged by its rows."""
    frame = read.frame
    if frame is None or set(schema.columns()) - set(frame.columns):
        return TableRead(read.place, None, read.faults, read.headings)
    frame = frame.select(*schema.columns(), ROW)
    faults = (*read.faults, *rule_faults(frame, schema, read.place, read.heading))
    return TableRead(read.place, frame, faults, read.headings)


def match_header(header: Sequence[str], schema: type[dy.Schema], place: Place) -> tuple[dict[str, int], list[Fault]]:
    """Find where each column of a schema stands, by Fordel's name or a Danish one.

    Returns:
        Position by column name; and a fault for each column that is missing, unknown or there twice.
    """
    wanted = list(schema.columns())
    at: dict[str, list[int]] = {}
    for position, heading in enumerate(header):
        at.setdefault(column_called(heading), []).append(position)
    known = {name: at[name][0] for name in wanted if name in at}
    if not known:
        return {}, [_no_header(header, wanted, place)]
    unknown = {name: header[places[0]].strip() for name, places in at.items() if name not in wanted}
    faults = [_missing(name, list(unknown.values()), place) for name in wanted if name not in at]
    faults += [_unknown(heading, at[name][0], wanted, place) for name, heading in unknown.items()]
    twice = {name: places for name, places in at.items() if len(places) > 1 and name in wanted}
    faults += [_twice(name, [header[p].strip() for p in places], place) for name, places in twice.items()]
    return known, faults


def _no_header(header: Sequence[str], wanted: list[str], place: Place) -> Fault:
    return place.fault("no_header", row=1, headings=len(header), wanted=", ".join(wanted))


def _missing(name: str, unknown: list[str], place: Place) -> Fault:
    near = get_close_matches(name, unknown, 1, 0.7)
    if near:
        return place.fault("misspelt_column", row=1, column=name, name=name, near=near[0])
    return place.fault("missing_column", row=1, column=name, name=name)


def _unknown(heading: str, position: int, wanted: list[str], place: Place) -> Fault:
    listed = ", ".join(wanted)
    if not heading:
        column = phrase("column_number", n=str(position + 1))
        return place.fault("column_without_heading", row=1, column=column, wanted=listed)
    near = get_close_matches(column_called(heading), wanted, 1, 0.7)
    if near:
        return place.fault("column_nearly_known", row=1, column=heading[:40], wanted=listed, near=near[0])
    return place.fault("unknown_column", row=1, column=heading[:40], wanted=listed)


def _twice(name: str, headings: list[str], place: Place) -> Fault:
    listed = ", ".join(headings)
    return place.fault("double_column", row=1, column=headings[1], columns=len(headings), name=name, headings=listed)
