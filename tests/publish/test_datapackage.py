"""The data package: a library that knows the standard finds nothing wrong, and everything that should be there is."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fordel.publish.datapackage import package
from fordel.publish.disclosure import shown_frames
from fordel.publish.export import export_run
from fordel.runs.record import Run, columns

TABLES = ["areas", "practices", "parameters", "assumptions", "rules", "sources"]


def unpacked(content: bytes, folder: Path) -> dict[str, Any]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        archive.extractall(folder)
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


def faults(folder: Path) -> list[str]:
    """What the library finds wrong: in the description, in types, keys and constraints of every row."""
    from frictionless import Package, system

    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    assert report.stats["tasks"] == len(TABLES)
    return [str(fault) for fault in report.flatten(["title", "note", "fieldName", "rowNumber"])]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_package_is_what_the_standard_asks(small_run: Run, tmp_path: Path, lang: Any) -> None:
    told = unpacked(package(small_run, shown_frames(small_run), lang), tmp_path)
    assert faults(tmp_path) == []
    assert [table["name"] for table in told["resources"]] == TABLES
    assert told["id"] == small_run.manifest.run_id
    assert {source["title"] for source in told["sources"]} == set(small_run.sources["title"])
    assert {licence["title"] for licence in told["licenses"]} == set(small_run.sources["licence"])
    assert ("opdigtede" if lang == "da" else "made up") in told["description"]
    areas, practices = (table["schema"] for table in told["resources"][:2])
    assert [field["name"] for field in areas["fields"]] == small_run.areas.columns
    for field in practices["fields"]:
        column = columns()["practices"][field["name"]]
        assert field["title"] == column.heading(lang)
        assert field["description"]
        assert field.get("unit", "") == ("" if field["type"] == "boolean" else column.unit_in(lang))
    assert practices["foreignKeys"][0]["reference"] == {"resource": "areas", "fields": ["area_id"]}
    assumed = pl.read_csv(tmp_path / "data" / "assumptions.csv")
    assert set(assumed["parameter"]) == {parameter.name for parameter in small_run.assumptions()}


@pytest.mark.filterwarnings("ignore")
def test_what_is_wrong_is_found(small_run: Run, tmp_path: Path) -> None:
    unpacked(package(small_run, shown_frames(small_run), "en"), tmp_path)
    file = tmp_path / "data" / "practices.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("\n010101,", "\n01010x,", 1), encoding="utf-8")
    found = " ".join(faults(tmp_path))
    assert "practice_id" in found
    assert "hash" in found.lower()


def test_the_same_run_gives_the_same_bytes_and_no_formula(small_run: Run, tmp_path: Path) -> None:
    frames = shown_frames(small_run)
    evil = {**frames, "practices": frames["practices"].with_columns(name=pl.lit("=cmd|' /C calc'!A0"))}
    assert package(small_run, frames, "da") == package(small_run, dict(reversed(frames.items())), "da")
    unpacked(package(small_run, evil, "en"), tmp_path / "evil")
    assert ",'=cmd|" in (tmp_path / "evil" / "data" / "practices.csv").read_text(encoding="utf-8")
    (path,) = export_run(small_run, tmp_path, ["datapackage"], lang="da")
    assert path.read_bytes() == package(small_run, frames, "da")
