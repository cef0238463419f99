from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import shapely

from fordel.publish import _export_excel
from fordel.publish._words import Lang, word
from fordel.publish.export import FORMATS, BadExport, export_run
from fordel.runs.execute import execute
from fordel.runs.record import Run, columns
from small_country import small_country_frames, small_country_tables

LANGUAGES: tuple[Lang, ...] = ("da", "en")
EVIL = "=cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def run() -> Run:
    """The small country with a practice whose name is a formula."""
    practices = small_country_frames()["practices"]
    named = pl.when(pl.col("practice_id") == "010101").then(pl.lit(EVIL)).otherwise("name")
    return execute(small_country_tables(practices=practices.with_columns(name=named)), day=date(2026, 2, 1))


def test_every_format_at_once_and_a_second_time(run: Run, tmp_path: Path) -> None:
    first = export_run(run, tmp_path / "out", list(FORMATS))
    before = {path.name: path.read_bytes() for path in first}
    again = export_run(run, tmp_path / "out", list(FORMATS))
    assert first == again
    assert {path.name: path.read_bytes() for path in again} == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(before)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_excel_holds_typed_numbers_and_no_formula(run: Run, tmp_path: Path, lang: Lang) -> None:
    (path,) = export_run(run, tmp_path, ["xlsx"], lang=lang)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:3] == [word(f"sheet_{name}", lang) for name in ("about", "areas", "practices")]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    practices = book[word("sheet_practices", lang)]
    assert (practices["B2"].value, practices["B2"].data_type) == (EVIL, "s")
    assert (practices["A2"].value, practices["A2"].data_type) == ("010101", "s")
    documented = [columns()["practices"][name] for name in run.practices.columns]
    assert [str(cell.value).split("\n")[0] for cell in practices[1]] == [column.heading(lang) for column in documented]
    assert all(sheet.freeze_panes == "A2" for sheet in book)


def test_excel_holds_every_number_to_the_last_digit_excel_has(run: Run, tmp_path: Path) -> None:
    (path,) = export_run(run, tmp_path, ["xlsx"])
    practices = openpyxl.load_workbook(path)["Practices"]
    documented = [columns()["practices"][name] for name in run.practices.columns]
    for place, (column, values) in enumerate(zip(documented, run.practices, strict=True), start=1):
        held = [practices.cell(row, place).value for row in range(2, run.practices.height + 2)]
        for value, cell in zip(values, held, strict=True):
            if column.decimals is not None and value is not None:
                assert cell == pytest.approx(value, rel=1e-14)
            elif value is None:
                assert cell is None


def test_excel_tells_assumptions_units_sources_and_that_it_is_synthetic(run: Run, tmp_path: Path) -> None:
    (path,) = export_run(run, tmp_path, ["xlsx"])
    book = openpyxl.load_workbook(path)
    said = {sheet.title: " ".join(str(c.value) for row in sheet.iter_rows() for c in row) for sheet in book}
    assert "SYNTHETIC" in said["About"]
    assert run.manifest.run_id in said["About"]
    assert run.manifest.snapshot_fingerprint in said["About"]
    assert "Lilleland, made up" in said["Sources"]
    assert all(p.name in said["Assumptions and parameters"] for p in run.assumptions())
    first = [cell.value for cell in book["Assumptions and parameters"]["A"]][1]
    assert first == "assumption"
    assert all(column.description in said["Columns"] for column in columns()["areas"].values())


def test_excel_refuses_what_a_sheet_cannot_hold(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_export_excel, "MOST_ROWS", 10)
    with pytest.raises(BadExport, match=r"areas has 15 rows; an Excel sheet holds 9. Try: csv or parquet"):
        export_run(run, tmp_path / "out", ["csv", "xlsx"])
    assert list((tmp_path / "out").iterdir()) == []


def test_plain_csv_comes_back_as_it_went(run: Run, tmp_path: Path) -> None:
    export_run(run, tmp_path, ["csv"])
    for table in ("areas", "practices", "places"):
        frame = run.frames()[table]
        back = pl.read_csv(tmp_path / f"{table}.csv", schema=frame.schema)
        guarded = frame if table != "practices" else frame.with_columns(pl.col("name").replace({EVIL: "'" + EVIL}))
        assert back.equals(guarded)


def test_danish_csv_is_read_by_a_danish_spreadsheet(run: Run, tmp_path: Path) -> None:
    export_run(run, tmp_path, ["csv"], lang="da")
    raw = (tmp_path / "practices.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0]["Ydernummer"] == "010101"
    assert rows[0]["Navn"] == "'" + EVIL
    assert rows[0]["Gennemsnitlig vægt"].startswith("0,92059")
    assert rows[0]["Åben for tilgang"] == "ja"
    assert rows[7]["Må lukke"] == ""  # an empty list: not known
    assert len(rows) == 11


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_in_csv_begins_as_a_formula(tmp_path: Path, lead: str) -> None:
    practices = small_country_frames()["practices"].with_columns(name=pl.lit(f"{lead}1+1"))
    export_run(execute(small_country_tables(practices=practices), day=date(2026, 2, 1)), tmp_path, ["csv"])
    names = pl.read_csv(tmp_path / "practices.csv")["name"]
    assert names.str.starts_with("'").all()


def test_parquet_holds_everything_and_its_units(run: Run, tmp_path: Path) -> None:
    export_run(run, tmp_path, ["parquet"])
    assert pl.read_parquet(tmp_path / "areas.parquet").equals(run.areas)
    about = pl.read_parquet_metadata(tmp_path / "areas.parquet")
    assert about["unit.need"] == "capacities"
    assert about["synthetic"] == "true"
    assert about["run_id"] == run.manifest.run_id


def test_geojson_is_valid_and_lies_in_denmark(run: Run, tmp_path: Path) -> None:
    paths = export_run(run, tmp_path, ["geojson"])
    counts = {path.stem: len(json.loads(path.read_text(encoding="utf-8"))["features"]) for path in paths}
    assert counts == {
        "areas-region": 3, "areas-health_council": 4, "areas-municipality": 7, "places": 21, "practices": 11,
    }  # fmt: skip
    for path in paths:
        content = json.loads(path.read_text(encoding="utf-8"))
        assert content["synthetic"] is True
        assert content["attribution"] == ["Lilleland, made up"]
        for feature in content["features"]:
            shape = shapely.from_geojson(json.dumps(feature["geometry"]))
            assert shapely.is_valid(shape)
            west, south, east, north = shape.bounds
            assert 8 < west <= east < 15.3
            assert 54.5 < south <= north < 57.8
            parts = shapely.get_parts(shape)
            assert all(p.exterior.is_ccw for p in parts if p.geom_type == "Polygon")


def test_geojson_cells_stand_where_their_people_do(run: Run, tmp_path: Path) -> None:
    export_run(run, tmp_path, ["geojson"])
    cell = json.loads((tmp_path / "places.geojson").read_text(encoding="utf-8"))["features"][0]
    practice = json.loads((tmp_path / "practices.geojson").read_text(encoding="utf-8"))["features"]
    assert cell["properties"]["municipality"] == "0360"
    roedby = next(f for f in practice if f["id"] == "036001")
    square = shapely.from_geojson(json.dumps(cell["geometry"])).buffer(1e-5)
    assert square.contains(shapely.Point(roedby["geometry"]["coordinates"]))
    assert roedby["properties"]["name"] == "Rødby Lægehus"


def test_an_area_whose_land_is_unknown_has_no_geometry(tmp_path: Path) -> None:
    shapes = small_country_frames()["area_shapes"].filter(pl.col("municipality") != "0741")
    export_run(execute(small_country_tables(area_shapes=shapes), day=date(2026, 2, 1)), tmp_path, ["geojson"])
    features = json.loads((tmp_path / "areas-municipality.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["id"] for f in features if f["geometry"] is None] == ["0741"]


def test_a_format_nobody_knows_and_a_folder_that_is_a_file(run: Run, tmp_path: Path) -> None:
    with pytest.raises(BadExport, match="No format is called 'pdf'; use some of xlsx, csv, parquet, geojson"):
        export_run(run, tmp_path, ["csv", "pdf"])
    (tmp_path / "file").write_text("")
    with pytest.raises(BadExport, match="is a file; give a folder"):
        export_run(run, tmp_path / "file", ["csv"])
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
