"""A folder or a file for every fault that no import can have."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from fordel.runs.imports import Capacities
from fordel.stores import BadInput, read_snapshot, read_table, write_snapshot
from fordel.stores._limits import MIB, MOST_ROWS
from fordel.stores._workbook import _no_sheet
from fordel.stores.register import write_new_folder
from fordel.stores.snapshot import table_faults
from fordel.stores.template import write_template
from rich_country import rich_country_tables
from small_country import small_country_tables

RICH = rich_country_tables()


def snapshot(folder: Path, **changed: object) -> Path:
    """A snapshot in CSV whose snapshot.json says something else; None takes an entry away."""
    write_snapshot(small_country_tables(), folder / "s", "csv")
    path = folder / "s" / "snapshot.json"
    content = json.loads(path.read_text("utf-8")) | changed
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}), "utf-8")
    return folder / "s"


def edited(folder: Path, file: str, change: Callable[[str], str] | None) -> Path:
    """A snapshot with one file changed, or gone."""
    made = snapshot(folder)
    if change is None:
        (made / file).unlink()
    else:
        (made / file).write_text(change((made / file).read_text("utf-8")), "utf-8")
    return made


def unsealed(folder: Path, **files: str | None) -> Path:
    made = snapshot(folder, fingerprint=None, tables=None)
    for name, called in files.items():
        path = made / f"{name}.csv"
        (made / (called or "gone")).write_bytes(path.read_bytes())
        if called is None or not called.startswith(name):
            path.unlink()
    return made


def file_at(path: Path) -> Path:
    path.write_bytes(b"x")
    return path


def sparse(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(300 * MIB)
    return path


def many_rows(path: Path) -> Path:
    pl.select(pl.repeat("010101", MOST_ROWS + 1).alias("practice_id")).write_parquet(path)
    return path


def bomb(path: Path) -> Path:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        for _ in range(150):
            sheet.write(bytes(4 * MIB))
    return path


def cut_short(folder: Path) -> Path:
    (folder / ".s.former").mkdir()
    return folder / "s"


def tables_with(**changed: pl.DataFrame) -> Callable[[Path], object]:
    def judge(_: Path) -> None:
        raise BadInput("x", table_faults(rich_country_tables(**changed)))

    return judge


def no_sheet(_: Path) -> None:
    raise BadInput("x", [_no_sheet("x", "areas", [])])


def closed(path: Path) -> object:
    """A file whose name no system takes: asking for it fails as one without the right to read it does."""
    return read_table(path / f"{'x' * 300}.csv", Capacities)


def with_table(folder: Path) -> Path:
    made = snapshot(folder)
    (made / "stated_maxima.csv").write_text("practice_id,stated_maximum\n010101,5000\n", "utf-8")
    return made


WEIGHTS, PEOPLE = RICH.need_weights, RICH.demand_points
READ: dict[str, Callable[[Path], object]] = {
    "no_such_file": lambda at: read_table(at / "x.csv", Capacities),
    "a_folder": lambda at: (at / "x.csv").mkdir() or read_table(at / "x.csv", Capacities),  # type: ignore[func-returns-value]
    "cannot_be_opened": closed,
    "too_large": lambda at: read_table(sparse(at / "x.csv"), Capacities),
    "too_many_rows": lambda at: read_table(many_rows(at / "x.parquet"), Capacities),
    "bomb": lambda at: read_table(bomb(at / "x.xlsx"), Capacities),
    "no_sheet": no_sheet,
    "table_without_rows": tables_with(practices=RICH.practices.clear()),
    "people_disagree": tables_with(demand_points=PEOPLE.with_columns(people=pl.col("people") + 1)),
    "weights_missing": tables_with(need_weights=WEIGHTS.head(3)),
    "not_a_polygon": tables_with(area_shapes=RICH.area_shapes.with_columns(geometry=pl.lit(b"x"))),
    "no_model_forecast": tables_with(forecasts=RICH.forecasts.filter(pl.col("forecast").cast(pl.String) == "newest")),
    "districts_missing": tables_with(districts=RICH.districts.head(1)),
    "occupied_by_folder": lambda at: write_template(file_at(at / "x").parent),
    "occupied_by_file": lambda at: write_template(file_at(at / "x")),
    "register_there": lambda at: write_new_folder(file_at(at / "x").parent, {}),
    "register_is_file": lambda at: write_new_folder(file_at(at / "x"), {}),
    "other_files_there": lambda at: write_snapshot(RICH, file_at(at / "x").parent),
    "file_in_the_way": lambda at: write_snapshot(RICH, file_at(at / "x")),
    "no_such_folder": lambda at: read_snapshot(at / "s"),
    "folder_is_file": lambda at: read_snapshot(file_at(at / "s")),
    "folder_cut_short": lambda at: read_snapshot(cut_short(at)),
    "table_file_gone": lambda at: read_snapshot(edited(at, "areas.csv", None)),
    "several_files": lambda at: read_snapshot(unsealed(at, areas="areas.tsv")),
    "no_table_file": lambda at: read_snapshot(unsealed(at, areas=None)),
    "misspelt_table_file": lambda at: read_snapshot(unsealed(at, areas="arreas.csv")),
    "no_manifest": lambda at: read_snapshot(edited(at, "snapshot.json", None)),
    "manifest_not_json": lambda at: read_snapshot(edited(at, "snapshot.json", lambda _: "{")),
    "manifest_no_object": lambda at: read_snapshot(edited(at, "snapshot.json", lambda _: "[]")),
    "manifest_format": lambda at: read_snapshot(snapshot(at, format=99)),
    "manifest_name": lambda at: read_snapshot(snapshot(at, name=None)),
    "manifest_day": lambda at: read_snapshot(snapshot(at, snapshot_date="i går")),
    "manifest_sign": lambda at: read_snapshot(snapshot(at, decimal_sign=":")),
    "manifest_seal": lambda at: read_snapshot(snapshot(at, tables=None)),
    "table_changed": lambda at: read_snapshot(edited(at, "practices.csv", lambda t: t.replace("Lægerne", "Lægen"))),
    "table_added": lambda at: read_snapshot(with_table(at)),
    "seal_broken": lambda at: read_snapshot(snapshot(at, name="Et andet navn")),
}
