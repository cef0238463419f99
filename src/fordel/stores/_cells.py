"""Read text as the numbers, days, codes and answers that a schema's columns hold; list every cell that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dataframely as dy
import polars as pl

from fordel.stores._numbers import as_written_plainly, sign_shown, unclear
from fordel.stores._words import expected_of, remedy_of, words
from fordel.stores.faults import ROW
from fordel.stores.said import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fordel.stores._raw import Raw
    from fordel.stores.faults import Fault

TEXT, EMPTY = pl.col("text"), pl.col("text") == ""
SIGN_NAMES = {".": "decimal_point", ",": "decimal_comma"}


def read_cells(
    raw: Raw, places: Mapping[str, int], columns: Mapping[str, dy.Column], decimal_sign: str | None = None
) -> tuple[pl.DataFrame, list[Fault]]:
    """Read the columns of a table.

    Args:
        raw: the cells.
        places: at which position of the file each column of the schema stands.
        columns: the schema's columns.
        decimal_sign: what snapshot.json says; None where cells must show it.

    Returns:
        The columns that are in the file and ``row_in_file``, null where a cell is bad; and the faults.
    """
    numbers = [str(at) for name, at in places.items() if _is_number(columns[name])]
    sign = raw.decimal_sign or decimal_sign or sign_shown(raw.cells, numbers)
    read: dict[str, pl.Series] = {}
    faults: list[Fault] = []
    for name, at in places.items():
        values, found = _read_column(raw, at, columns[name], sign)
        read[name] = values
        faults += found
    return pl.DataFrame({**read, ROW: raw.cells[ROW]}), faults


def _read_column(raw: Raw, at: int, column: dy.Column, sign: str | None) -> tuple[pl.Series, list[Fault]]:
    """Read one column; each bad cell has one fault, the first of these that holds."""
    frame = raw.cells.select(ROW, text=str(at), found=str(at)).with_columns(value=_parsed(column, sign or "."))
    is_wrong = pl.lit(False)
    if (wrong := raw.wrong.get(at)) is not None and wrong.height:
        frame = frame.with_columns(found=pl.coalesce(_found_in(wrong), "found"))
        is_wrong = pl.col(ROW).is_in(wrong[ROW].implode())
    is_unclear = unclear(TEXT) if sign is None and _is_number(column) else pl.lit(False)
    nothing = pl.col("value").is_null()
    with_sign = {"sign": phrase(SIGN_NAMES[sign])} if sign and isinstance(column, dy.Float64) else {}
    checks = {
        "stored_as_number" if _is_number(column) else "stored_as_text": is_wrong,
        "unclear_number": is_unclear,
        "unread_decimal" if with_sign else "unread": nothing & ~EMPTY,
        "empty_cell": nothing & EMPTY & pl.lit(not column.nullable),
    }
    problem = pl.coalesce([pl.when(holds).then(pl.lit(code)) for code, holds in checks.items()])
    frame = frame.with_columns(problem=problem)
    values = frame.select(pl.when(pl.col("problem").is_null()).then("value")).to_series()
    faults: list[Fault] = []
    said = {"kind": expected_of(column), "how": remedy_of(column), **with_sign}
    for code in checks:
        faults += raw.place.gathered(frame.filter(pl.col("problem") == code), raw.header[at].strip(), code, **said)
    return values, faults


def _found_in(wrong: pl.DataFrame) -> pl.Expr:
    return pl.col(ROW).replace_strict(wrong[ROW], wrong["found"], default=None, return_dtype=pl.String)


def _is_number(column: dy.Column) -> bool:
    return isinstance(column, (dy.Int64, dy.Float64))


def _parsed(column: dy.Column, sign: str) -> pl.Expr:
    """Read text as the column's type; null where that cannot be done, and where a cell that must be filled is empty."""
    if isinstance(column, dy.Int64):
        whole = as_written_plainly(TEXT, sign).str.extract(r"^([-+]?\d+)(\.0*)?$").str.strip_prefix("+")
        return whole.cast(pl.Int64, strict=False)
    if isinstance(column, dy.Float64):
        return as_written_plainly(TEXT, sign).str.strip_prefix("+").cast(pl.Float64, strict=False)
    if isinstance(column, dy.Date):
        return _day()
    if isinstance(column, dy.Datetime):
        return _moment()
    if isinstance(column, dy.Bool):
        return TEXT.str.to_lowercase().replace_strict(words()["booleans"], default=None, return_dtype=pl.Boolean)
    if isinstance(column, dy.Enum):
        return _one_of(column)
    if isinstance(column, dy.Binary):
        return pl.when(~EMPTY).then(TEXT).str.decode("hex", strict=False)
    may_be_empty = not (column.nullable or column.primary_key or _wants_text(column))
    return TEXT if may_be_empty else pl.when(~EMPTY).then(TEXT)


def _wants_text(column: dy.Column) -> bool:
    return isinstance(column, dy.String) and bool(column.min_length or column.regex)


def _day() -> pl.Expr:
    """A day is written as ISO 8601 says or as Danes do: 2026-12-31, 31-12-2026, 31.12.2026."""
    iso = pl.when(TEXT.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(TEXT)
    danish = pl.when(TEXT.str.contains(r"^\d{1,2}([-.])\d{1,2}[-.]\d{4}$")).then(
        TEXT.str.replace_all(".", "-", literal=True)
    )
    return pl.coalesce(
        iso.str.to_date("%Y-%m-%d", strict=False),
        danish.str.to_date("%d-%m-%Y", strict=False),
    )


def _moment() -> pl.Expr:
    """A moment is written as ISO 8601 says, with its zone: 2026-12-31T09:30:00Z, 2026-12-31T10:30:00.5+01:00."""
    whole = TEXT.str.contains(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[-+]\d{2}:\d{2})$")
    zoned = pl.when(whole).then(TEXT.str.replace(r"Z$", "+00:00"))
    return zoned.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", time_zone="UTC", strict=False)


def _one_of(column: dy.Enum) -> pl.Expr:
    categories = list(column.categories)
    called = words()["values"].get(column.name, {})
    known = {**{word: value for word, value in called.items() if value in categories}, **{c: c for c in categories}}
    return TEXT.str.to_lowercase().replace_strict(known, default=None, return_dtype=pl.Enum(categories))
