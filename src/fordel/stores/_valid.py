"""Check a typed table against the rules of its schema and say in words which rows break which."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import dataframely as dy
import polars as pl

from fordel.stores._words import expected_of, remedy_of, words
from fordel.stores.faults import ROW
from fordel.stores.said import Part, Phrase

if TYPE_CHECKING:
    from fordel.stores.faults import Fault, Place

CONTROLS = r"[\x00-\x09\x0b-\x1f\x7f]"
EMPTY_CELL = "nullability"  # told of when cells are read
Heading = Callable[[str], str]


def rule_faults(frame: pl.DataFrame, schema: type[dy.Schema], place: Place, heading: Heading = str) -> list[Fault]:
    """List what breaks the rules of a schema.

    Args:
        frame: the schema's columns in their types, and ``row_in_file``. Null means a cell that has its fault already.
        schema: the rules.
        place: where the table was read.
        heading: gives what the file calls a column.
    """
    faults: list[Fault] = []
    for name, column in schema.columns().items():
        if isinstance(column, dy.String):
            bad = frame.filter(_untidy(pl.col(name))).select(ROW, found=name)
            faults += place.gathered(bad, heading(name), "untidy_text")
    if schema.is_valid(frame.drop(ROW)):
        return faults
    with_rows: Any = type(f"{schema.__name__}InFile", (schema,), {ROW: dy.Int64()})
    details = with_rows.filter(frame)[1].details()
    for rule in details.columns[len(frame.columns) :]:
        bad = details.filter(pl.col(rule) == "invalid")
        if bad.height:
            faults += _in_words(rule, bad, schema, place, heading)
    return faults


def _untidy(text: pl.Expr) -> pl.Expr:
    return (text.str.strip_chars() != text) | text.str.contains(CONTROLS)


def _in_words(rule: str, bad: pl.DataFrame, schema: type[dy.Schema], place: Place, heading: Heading) -> list[Fault]:
    if rule == "primary_key":
        return _duplicates(bad, schema, place, heading)
    name, _, kind = rule.rpartition("|")
    if kind == EMPTY_CELL:
        return []
    said = words()["rules"].get(kind, {})
    name = name or said.get("column", "")
    column = schema.columns().get(name)
    if column is None:  # a rule over several columns that the word list does not know yet
        return place.gathered(
            bad.select(ROW, found=pl.lit("")), None, "breaks_unnamed_rule", rule=kind.replace("_", " ")
        )
    wanted, how = expected_of(column), remedy_of(column)
    if "expected" in said:
        wanted = Phrase(("rules", kind, "expected"), {"bound": _bound(column, kind)})
    if "remedy" in said:
        how = Phrase(("rules", kind, "remedy"))
    return place.gathered(bad.select(ROW, found=name), heading(name), "breaks_rule", wanted=wanted, how=how)


def _bound(column: dy.Column, kind: str) -> Part:
    bound = getattr(column, kind, None)
    return bound if isinstance(bound, (int, float)) else str(bound)


def _duplicates(bad: pl.DataFrame, schema: type[dy.Schema], place: Place, heading: Heading) -> list[Fault]:
    """Name the second and later rows of each key; a key with an empty cell has its own fault."""
    key = schema.primary_key()
    again = bad.drop_nulls(key).sort(ROW).filter(pl.struct(key).is_first_distinct().not_())
    found = pl.concat_str([pl.col(name).cast(pl.String) for name in key], separator=", ")
    return place.gathered(
        again.select(ROW, found=found),
        " + ".join(heading(name) for name in key),
        "double_key",
    )
