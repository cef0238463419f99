"""Some hundred of the files that `make fuzz` makes up by the hundred thousand, and those that once did harm."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from fordel.runs.imports import Capacities
from fordel.stores import BadInput, read_table
from fordel.stores._workbook import read_workbook
from fordel.worker.told import fault_told
from made_up_files import made_up
from made_up_judged import judged

FILES = 240


def test_files_made_up_are_taken_in_or_refused_in_sentences(tmp_path: Path) -> None:
    ended: Counter[str] = Counter()
    for number in range(FILES):
        (tmp_path / str(number)).mkdir()
        ended[judged(made_up(number), tmp_path / str(number))] += 1
    assert ended["read"] + ended["taken in"] >= 10
    assert len(ended) >= 15


def test_the_same_number_gives_the_same_file() -> None:
    assert [made_up(number) for number in range(20)] == [made_up(number) for number in range(20)]


@pytest.mark.parametrize("number", [8676, 13108])
def test_a_table_with_nothing_in_it_and_half_a_character_can_be_made_up(number: int) -> None:
    assert made_up(number).content


def test_a_cell_farther_than_any_sheet_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """The reader made room for column ZZZZ, and was at it for minutes."""
    for cell in ("ZZZZ9", "zzzz9", "AAA1", "A12345678"):
        sheet = f'<worksheet><sheetData><row r="1"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'
        with pytest.raises(BadInput, match="far from any table"):
            read_table(packed(tmp_path / "x.xlsx", zipfile.ZIP_DEFLATED, **{"worksheets/sheet1": sheet}), Capacities)


def test_a_heading_that_no_database_keeps_is_told_with_escapes(tmp_path: Path) -> None:
    """PostgreSQL refused the faults of an import with it, and the import stayed as if it were being read."""
    path = tmp_path / "x.parquet"
    pl.DataFrame({"practice_id": ["010101"], "a\x00b\x1b": [1]}).write_parquet(path)
    with pytest.raises(BadInput) as raised:
        read_table(path, Capacities)
    told = json.dumps([fault_told(fault) for fault in raised.value.faults])
    assert "\\u0000" not in told
    assert "\\u001b" not in told
    assert "a\\x00b\\x1b" in str(raised.value)


def packed(path: Path, how: int = zipfile.ZIP_DEFLATED, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(f"xl/{name}.xml", content)
    return path


def test_a_workbook_that_says_it_shares_billions_of_texts_is_damaged(tmp_path: Path) -> None:
    """The reader asked for 96 GiB and was ended for it, and the worker with it, again and again."""
    for said in ('uniqueCount="4294967295"', "count = '+04294967295'"):
        path = packed(tmp_path / "x.xlsx", sharedStrings=f"<sst {said}/>")
        with pytest.raises(BadInput, match="not a whole workbook"):
            read_table(path, Capacities)


def test_a_workbook_packed_as_none_is_is_damaged(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.xlsx", zipfile.ZIP_LZMA, workbook="<x/>" * 999)
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(bytes(content))
    with pytest.raises(BadInput, match="not a whole workbook"):
        read_table(path, Capacities)


@pytest.mark.parametrize("number", [65, 142, 147, 220])
def test_an_old_workbook_at_which_the_reader_gives_up_is_damaged(number: int, tmp_path: Path) -> None:
    from random import Random

    from made_up_workbooks import ole

    path = tmp_path / "x.xls"
    path.write_bytes(ole([["x"]] * 12, Random(number)))
    raw, faults = read_workbook(path, {}, "x")
    assert raw is None
    assert [fault.code for fault in faults] in (["damaged"], ["empty_sheet"], ["no_sheet"])


def test_a_span_of_time_longer_than_any_is_damage(tmp_path: Path) -> None:
    """The reader of .xlsx ended with an OverflowError."""
    assert judged(made_up(25201), tmp_path) == "damaged"
