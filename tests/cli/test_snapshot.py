"""`fordel snapshot`: check, show, convert, template."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from fordel.cli import app
from fordel.stores import read_snapshot, write_snapshot
from fordel.tables import SCHEMAS, Tables


@pytest.fixture
def folder(small_country: Tables, tmp_path: Path) -> Path:
    write_snapshot(small_country, tmp_path / "lilleland")
    return tmp_path / "lilleland"


def said(*words: str | Path) -> str:
    result = CliRunner().invoke(app, ["snapshot", *map(str, words)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_check_says_what_it_is(folder: Path, small_country: Tables) -> None:
    text = said("check", folder)
    assert "is a whole snapshot" in text
    assert "Name:        Lilleland" in text
    assert "People:      35,000 in 7 municipalities" in text
    assert "Synthetic:   yes" in text
    assert small_country.fingerprint in text


def test_show_lists_tables_and_sources(folder: Path, small_country: Tables) -> None:
    text = said("show", folder)
    for table, frame in small_country.frames().items():
        assert table in text
        assert f"{frame.height:,}" in text
    assert "CC0-1.0" in text


@pytest.mark.parametrize("table", SCHEMAS)
def test_show_a_table_names_every_column(folder: Path, table: str) -> None:
    text = said("show", folder, table)
    for column in SCHEMAS[table].column_names():
        assert column in text


def test_show_refuses_an_unknown_table(folder: Path) -> None:
    result = CliRunner().invoke(app, ["snapshot", "show", str(folder), "citizens"])
    assert result.exit_code == 2
    assert "There is no table 'citizens'" in result.output


@pytest.mark.parametrize("form", ["parquet", "csv", "xlsx"])
def test_convert_keeps_the_content(folder: Path, small_country: Tables, tmp_path: Path, form: str) -> None:
    text = said("convert", folder, tmp_path / "to", "--format", form)
    assert small_country.fingerprint in text
    assert {p.suffix for p in (tmp_path / "to").iterdir()} == {".json", f".{form}"}
    assert read_snapshot(tmp_path / "to").fingerprint == small_country.fingerprint


def test_convert_leaves_other_folders_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.txt").write_text("x", encoding="utf-8")
    result = CliRunner().invoke(app, ["snapshot", "convert", str(folder), str(tmp_path / "other")])
    assert result.exit_code == 2
    assert "name another folder" in result.stderr
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["x.txt"]


def test_template_says_what_to_do_next(tmp_path: Path) -> None:
    text = said("template", tmp_path / "empty")
    assert f"fordel snapshot check {tmp_path / 'empty'}" in text
    readme = (tmp_path / "empty" / "README.md").read_text(encoding="utf-8")
    for table, schema in SCHEMAS.items():
        assert f"## {table}" in readme
        for column in schema.column_names():
            assert f"| {column} |" in readme
