"""No person leaves the need step: no pseudonym stands in any file it wrote or any line it printed."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from need_step.conftest import NeedStep

pytestmark = pytest.mark.slow


def persons_in(path: Path, persons: set[str]) -> set[str]:
    """Find pseudonyms in a file: in every cell of a Parquet table, in the text of everything else."""
    if path.suffix == ".parquet":
        frame = pl.read_parquet(path)
        plain = [
            frame[name]
            for name in frame.columns
            if not (frame[name].dtype.is_nested() or frame[name].dtype == pl.Binary)
        ]
        words = {str(int(v)) if isinstance(v, float) and math.isfinite(v) else str(v) for c in plain for v in c}
        return persons & words
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return set().union(*(within(archive.read(name), persons) for name in archive.namelist()))
    return within(path.read_bytes(), persons)


def within(content: bytes, persons: set[str]) -> set[str]:
    """Find pseudonyms among the numbers of a text."""
    text = content.decode("utf-8", errors="replace")
    digits = "".join(char if char.isdigit() else " " for char in text)
    return persons & set(digits.split())


@pytest.fixture(scope="module")
def persons(need_step: NeedStep) -> set[str]:
    found = pl.read_parquet(need_step.citizens, columns=["person_id"])["person_id"]
    return {str(person) for person in found if person > 10**9}  # short numbers may be counts


def test_no_file_holds_a_person(need_step: NeedStep, persons: set[str]) -> None:
    written = [path for path in need_step.folder.rglob("*") if path.is_file()]
    assert len(written) > 20
    assert len(persons) > 9_000
    assert {str(path): found for path in written if (found := persons_in(path, persons))} == {}


def test_no_line_names_a_person(need_step: NeedStep, persons: set[str]) -> None:
    assert "citizens weighed" in need_step.said
    assert within(need_step.said.encode(), persons) == set()


def test_no_table_is_as_long_as_the_citizens(need_step: NeedStep) -> None:
    citizens = pl.scan_parquet(need_step.citizens).select(pl.len()).collect().item()
    heights = {
        p.name: pl.scan_parquet(p).select(pl.len()).collect().item() for p in need_step.folder.rglob("*.parquet")
    }
    assert max(heights.values()) < citizens / 2


@pytest.mark.parametrize("form", ["parquet", "csv", "xlsx"])
def test_a_leak_would_be_found(need_step: NeedStep, persons: set[str], tmp_path: Path, form: str) -> None:
    path = tmp_path / f"leak.{form}"
    leak = pl.DataFrame({"place": [1, 2], "weight": [float(next(iter(persons))), 0.5]})
    writers: dict[str, Callable[[Path], object]]
    writers = {"parquet": leak.write_parquet, "csv": leak.write_csv, "xlsx": leak.write_excel}
    writers[form](path)
    assert len(persons_in(path, persons)) == 1


def test_sums_of_few_are_not_told(need_step: NeedStep) -> None:
    sums = pl.read_parquet(need_step.folder / "weights" / "weighted_sums.parquet")
    assert sums.filter(pl.col("level") == "practice")["people"].min() == 5
    assert sums.filter(pl.col("level") == "municipality")["people"].sum() == 10_000
