"""A file for every fault that an import can have, made of the hand-made country with everything."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import polars as pl

from rich_country import rich_country_tables

HEAD = "practice_id;capacities_released;capacities_filled;open_to_new\n"
Given = tuple[str, str, bytes]
RICH = rich_country_tables()


def csv_of(frame: pl.DataFrame) -> bytes:
    return frame.write_csv().encode()


def parquet_of(frame: pl.DataFrame) -> bytes:
    made = io.BytesIO()
    frame.write_parquet(made)
    return made.getvalue()


def book(rows: list[list[object]], *sheets: str) -> bytes:
    """A workbook whose first sheet has the rows."""
    made, held = io.BytesIO(), openpyxl.Workbook()
    for name in sheets[1:]:
        held.create_sheet(name)
    assert held.active is not None
    held.active.title = (*sheets, "x")[0]
    for row in rows:
        held.active.append(row)
    held.save(made)
    return made.getvalue()


def packed(**members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return made.getvalue()


def repeated(rows: int) -> bytes:
    """Pack an .ods in which one row stands for many."""
    text = '<table:table-cell office:value-type="string"><text:p>1</text:p></table:table-cell>' * 4
    row = f'<table:table-row table:number-rows-repeated="{rows}">{text}</table:table-row>'
    sheet = f'<office:spreadsheet><table:table table:name="k">{row}</table:table></office:spreadsheet>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<x/>")
        archive.writestr("content.xml", f"<office:document-content>{sheet}</office:document-content>")
    return made.getvalue()


def capacities(text: str | bytes, suffix: str = ".csv") -> Callable[[], Given]:
    content = text.encode() if isinstance(text, str) else text
    return lambda: ("capacities", f"k{suffix}", content)


def table(name: str, change: Callable[[pl.DataFrame], pl.DataFrame], form: str = "csv") -> Callable[[], Given]:
    def given() -> Given:
        frame = change(RICH.frames()[name])
        return (name, f"f.{form}", csv_of(frame) if form == "csv" else parquet_of(frame))

    return given


def more(**values: Any) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The first row again, with other values."""
    return lambda frame: pl.concat(
        [frame, frame.head(1).with_columns(pl.lit(v).cast(frame.schema[k]).alias(k) for k, v in values.items())]
    )


def without(column: str, value: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda frame: frame.filter(pl.col(column) != value)


def longer_list(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(patients=pl.col("patients") + 1)


def decided(**values: Any) -> Callable[[pl.DataFrame], pl.DataFrame]:
    first = {"decision_id": "x", "kind": "minimum_deviation", "area_id": None, "practice_id": "010101"}
    return more(**{**first, "valid_until": None, **values})


def two_minimums(frame: pl.DataFrame) -> pl.DataFrame:
    return decided(decision_id="y")(decided()(frame))


UPLOADED: dict[str, Callable[[], Given]] = {
    "not_a_table": capacities("x", ".docx"),
    "too_many_columns": capacities(",".join(f"c{n}" for n in range(300))),
    "empty_file": capacities("  \n"),
    "no_rows": capacities(HEAD),
    "strange_byte": capacities(HEAD.encode() + b"\x00"),
    "empty_header": capacities("\n" + HEAD),
    "ragged_rows": capacities(HEAD + "1;2\n"),
    "unpaired_quote": capacities(HEAD + '"010101;1;1;ja\n'),
    "far_cell": lambda: ("capacities", "k.xlsx", packed(xl__worksheets__sheet1_xml='<c r="ZZ1"/>')),
    "too_many_cells": lambda: ("capacities", "k.ods", repeated(1_000_000)),
    "damaged": capacities("no zip", ".xlsx"),
    "locked": capacities(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xlsx"),
    "other_sheets": lambda: ("capacities", "k.xlsx", book([["practice_id"]], "a", "b")),
    "empty_sheet": lambda: ("capacities", "k.xlsx", book([], "k")),
    "not_parquet": capacities("PAR1", ".parquet"),
    "wrong_type": table("stated_maxima", lambda f: f.with_columns(pl.col("practice_id").cast(pl.Int64)), "parquet"),
    "value_lost": table("practices", lambda f: f.with_columns(name=pl.lit(None, pl.String)), "parquet"),
    "no_header": capacities("a;b\n1;2\n"),
    "missing_column": capacities("practice_id;capacities_released;open_to_new\n010101;1;ja\n"),
    "misspelt_column": capacities(HEAD.replace("open_to_new", "opne_to_new") + "010101;1;1;ja\n"),
    "column_nearly_known": capacities(HEAD.replace("open_to_new", "opne_to_new") + "010101;1;1;ja\n"),
    "unknown_column": capacities(HEAD.replace("\n", ";zzz\n") + "010101;1;1;ja;1\n"),
    "column_without_heading": capacities(HEAD.replace("\n", ";\n") + "010101;1;1;ja;1\n"),
    "double_column": capacities(HEAD.replace("\n", ";Ydernummer\n") + "010101;1;1;ja;010101\n"),
    "stored_as_text": lambda: ("stated_maxima", "k.xlsx", book([["practice_id", "stated_maximum"], [10101, 1]], "k")),
    "stored_as_number": lambda: ("stated_maxima", "k.xlsx", book([["ydernr", "stated_maximum"], ["010101", "1"]], "k")),
    "unclear_number": capacities(HEAD + "010101;1.234;1.000;ja\n"),
    "unread": capacities(HEAD + "010101;1;1;måske\n"),
    "unread_decimal": capacities(HEAD + "010101;2,5;to;ja\n"),
    "empty_cell": capacities(HEAD + "010101;;1;ja\n"),
    "untidy_text": table("practices", lambda f: f.with_columns(name=pl.lit(" A")), "parquet"),
    "breaks_rule": capacities(HEAD + "010101;-1;1;ja\n"),
    "double_key": capacities(HEAD + "010101;1;1;ja\n010101;1;1;ja\n"),
    "unknown_municipality": table("practices", lambda f: f.with_columns(municipality=pl.lit("0999"))),
    "missing_municipality": table("areas", more(area_id="0999", level="municipality")),
    "no_nation": table("areas", without("area_id", "dk")),
    "other_nation": table("areas", more(area_id="se", level="nation")),
    "area_twice": table("areas", more(valid_from=date(1990, 1, 1))),
    "whole_twice": table("area_parts", more(valid_from=date(1990, 1, 1))),
    "unknown_part": table("area_parts", more(part_id="0999")),
    "no_whole": table("area_parts", without("part_id", "0751")),
    "list_of_unknown_practice": table("registrations", more(practice_id="999999")),
    "maximum_of_unknown_practice": table("practices", without("practice_id", "030602")),
    "minimum_twice": table("decisions", two_minimums),
    "decision_on_unknown_area": table("decisions", more(decision_id="x", area_id="0999")),
    "decision_on_unknown_practice": table("decisions", decided(practice_id="999999")),
    "lists_disagree": table("practices", longer_list),
    "ceiling_of_unknown_area": table("published_ceilings", more(area_id="0999")),
    "unknown_district": table("areas", without("area_id", "koebenhavn-noerrebro")),
    "practice_not_there": capacities(HEAD + "999999;1;1;ja\n"),
    "other_regions": capacities(HEAD + "075101;5;4;ja\n"),
}
