"""The words files may use are documented, and mean something that exists."""

from __future__ import annotations

from pathlib import Path

import dataframely as dy
import pytest

from fordel.stores import _limits
from fordel.stores._words import column_called, expected_of, words
from fordel.tables import LEVELS, SCHEMAS, SEXES

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "input-files.md").read_text(encoding="utf-8")
COLUMNS = {name: column for schema in SCHEMAS.values() for name, column in schema.columns().items()}


def test_every_danish_heading_means_a_column_and_is_documented() -> None:
    for heading, column in words()["columns"].items():
        assert column in COLUMNS
        rows = [line for line in PAGE.splitlines() if line.startswith(f"| `{column}` |")]
        assert any(heading.replace("_", " ") in row for row in rows), heading


def test_every_danish_value_means_a_value_and_is_documented() -> None:
    assert set(words()["values"]["sex"].values()) == set(SEXES)
    assert set(words()["values"]["level"].values()) == set(LEVELS)
    for called in (*words()["values"].values(), words()["booleans"]):
        assert [word for word, value in called.items() if word != value and word not in PAGE] == []


@pytest.mark.parametrize("heading", ["Ydernummer", " YDERNUMMER ", "practice-id", "Practice ID", "practice_id"])
def test_headings_are_compared_without_case_and_blanks(heading: str) -> None:
    assert column_called(heading) == "practice_id"


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_rule_of_every_table_has_words(table: str) -> None:
    """A rule that is new in a schema needs its sentence in words.toml."""
    schema = SCHEMAS[table]
    said = words()["rules"]
    for rule in schema.create_empty().pipe(schema.filter)[1].details().columns[len(schema.columns()) :]:
        name, _, kind = rule.rpartition("|")
        assert kind in said or kind in {"nullability", "primary_key", "regex"}, rule
        if not name and kind != "primary_key":
            assert said[kind]["column"] in schema.columns()
        if kind == "regex":
            column = schema.columns()[name]
            assert isinstance(column, dy.String)
            assert str(expected_of(column)) == words()["patterns"][column.regex]["expected"]


def test_the_limits_are_as_documented() -> None:
    assert f"| A file | {_limits.MOST_BYTES // _limits.MIB} MiB |" in PAGE
    assert f"| A workbook when unpacked | {_limits.MOST_BYTES_UNPACKED // _limits.MIB} MiB |" in PAGE
    assert f"| Rows of a table | {_limits.MOST_ROWS:,}; of a sheet {_limits.MOST_ROWS_OF_SHEET:,} |" in PAGE
    assert f"| Columns of a file | {_limits.MOST_COLUMNS}; of a sheet {_limits.WIDEST_SHEET} |" in PAGE
