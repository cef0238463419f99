"""Every kind of broken input gives one clear message with place and remedy, exit code 2 and no traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from fordel.cli import app
from fordel.stores import write_snapshot
from fordel.tables import Tables
from stores.broken import (
    Broken,
    as_sheet,
    both,
    cell,
    content,
    cut_short,
    encoded,
    far_cell,
    fewer_columns,
    gone,
    header,
    hundred_thousand_bad,
    line,
    locked_workbook,
    locked_zip,
    lying_zip,
    manifest,
    many_columns,
    more_columns,
    parquet,
    put,
    replaced,
    sheet_cell,
    sheet_of_another_table,
    sparse,
    twice,
    whole_column,
    without,
    zip_bomb,
)

P = "practices.csv"
KINDS = [
    Broken(
        "wrong column",
        header("practices", "open_to_new", "opentonew"),
        (f"{P}, row 1, column open_to_new", "no such column", 'call the column "opentonew" open_to_new'),
        2,
    ),
    Broken("missing column", fewer_columns("practices"), (f"{P}, row 1, column open_to_new", "add the column")),
    Broken(
        "extra column",
        more_columns("practices", "telefon", "1"),
        (f"{P}, row 1, column telefon", "does not have", "delete the column"),
    ),
    Broken(
        "the same column twice",
        more_columns("practices", "praksisnavn", "x"),
        (f"{P}, row 1, column praksisnavn", "2 columns for name (name, praksisnavn)", "delete all but one"),
    ),
    Broken(
        "no header",
        line("practices", 1, "a,b,c,d,e,f,g,h,i,j"),
        (f"{P}, row 1", "10 headings of which none is known", "put the header in the first row"),
    ),
    Broken(
        "missing municipality",
        without("population", "0741,"),
        ("population.csv", "no row for municipality 0741", "add the rows"),
        2,
    ),
    Broken(
        "unknown municipality",
        cell("practices", 3, "municipality", "0999"),
        (f"{P}, row 3, column municipality", '"0999"', "areas has on 2026-01-01", "correct the code"),
    ),
    Broken(
        "code 101 for 0101",
        whole_column("practices", "municipality", lambda code: code.lstrip("0")),
        (f"{P}, row 2, column municipality", '"101"', "four digits", "leading zero", "And 10 more"),
        11,
    ),
    Broken(
        "provider number without zeros",
        cell("practices", 2, "practice_id", "10101"),
        (f"{P}, row 2, column practice_id", '"10101"', "six digits", "leading zeros"),
    ),
    Broken(
        "decimals and thousands look alike",
        both(whole_column("need_weights", "coefficient", lambda _: "1.125"), manifest(decimal_sign=None)),
        ("need_weights.csv, row 2, column coefficient", '"1.125"', "may be thousands or decimals", "decimal_sign"),
        40,
    ),
    Broken(
        "two decimal signs in one file",
        line("practices", 3, '010102,Øst,0101,"725000,5",6175000.0,fixed,2,2,0,ja'),
        (f"{P}, row 3, column easting", '"725000,5"', "decimal point", "one decimal sign"),
        None,
    ),
    Broken(
        "decimal comma where a point was promised",
        both(cell("practices", 2, "capacities_released", '"2,5"'), manifest(decimal_sign=".")),
        (f"{P}, row 2", "a number with decimal point"),
        None,
    ),
    Broken(
        "duplicate practice",
        twice("practices", 2),
        (f"{P}, row 13, column practice_id", '"010101"', "one row only", "delete the row"),
    ),
    Broken(
        "negative list",
        cell("practices", 4, "patients", "-5"),
        (f"{P}, row 4, column patients", "found -5", "0 or more", "correct the value"),
    ),
    Broken(
        "unknown encoding",
        encoded("areas", "cp850"),
        ("areas.csv, row", "a byte (0x", "UTF-8", "save it anew as UTF-8"),
    ),
    Broken(
        "UTF-16 without a byte order mark", encoded("areas", "utf-16-le"), ("areas.csv", "a byte (0x00)", "save it")
    ),
    Broken("empty file", content(P, b""), (P, "an empty file", "a header and rows", "export the table again")),
    Broken("blank lines only", content(P, b"\r\n  \r\n"), (P, "an empty file")),
    Broken(
        "header only",
        content(
            P,
            b"practice_id,name,municipality,easting,northing,landmass,capacities_released,"
            b"capacities_filled,patients,open_to_new\n",
        ),
        (f"{P}, row 2", "a header and no rows", "at least one row", "fill in the table"),
    ),
    Broken("empty line above the header", line("practices", 1, "\n" + "practice_id"), (f"{P}, row 1", "an empty row")),
    Broken("one gigabyte", sparse, (P, "1,024 MiB", "at most 256 MiB", "right file")),
    Broken("a million columns", many_columns, (f"{P}, row 1", "1,000,000 columns", "at most 200", "not swapped")),
    Broken(
        "a hundred thousand bad rows",
        hundred_thousand_bad,
        ("registrations.csv, row 2, column municipality", '"101"', "And 99,999 more like it: rows 3, 4, 5, 6, ..."),
        100_000,
    ),
    Broken(
        "number with a unit",
        cell("practices", 2, "patients", "4800 patienter"),
        (f"{P}, row 2, column patients", '"4800 patienter"', "a whole number", "take away words"),
    ),
    Broken(
        "part of a patient",
        cell("practices", 2, "patients", "4800.5"),
        (f"{P}, row 2, column patients", '"4800.5"', "a whole number"),
    ),
    Broken(
        "more than a number can hold",
        cell("practices", 2, "patients", "9" * 30),
        (f"{P}, row 2, column patients", "a whole number"),
    ),
    Broken("NaN", cell("practices", 2, "easting", "NaN"), (f"{P}, row 2, column easting", '"NaN"', "a number")),
    Broken("infinity", cell("practices", 2, "easting", "inf"), (f"{P}, row 2, column easting", '"inf"', "a number")),
    Broken(
        "degrees for metres",
        cell("practices", 2, "easting", "12.55"),
        (f"{P}, row 2, column easting", "found 12.55", "400,000 or more"),
    ),
    Broken(
        "filled beyond released",
        cell("practices", 2, "capacities_filled", "9"),
        (f"{P}, row 2, column capacities_filled", "found 9", "no more than the capacities released", "correct"),
    ),
    Broken(
        "empty key",
        cell("practices", 2, "practice_id", ""),
        (f"{P}, row 2, column practice_id", "an empty cell", "six digits", "fill in the cell"),
        1,
    ),
    Broken(
        "empty number",
        cell("practices", 2, "patients", ""),
        (f"{P}, row 2, column patients", "an empty cell", "a whole number", "fill in the cell"),
    ),
    Broken(
        "a day that does not exist",
        cell("areas", 2, "valid_from", "2026-02-30"),
        ("areas.csv, row 2, column valid_from", '"2026-02-30"', "a day that exists", "year, month and day"),
    ),
    Broken(
        "an American day",
        cell("areas", 2, "valid_from", "12/31/2026"),
        ("areas.csv, row 2, column valid_from", "2026-12-31 or 31-12-2026"),
    ),
    Broken(
        "ends before it begins",
        cell("areas", 2, "valid_until", "1969-12-31"),
        ("areas.csv, row 2, column valid_until", "found 1969-12-31", "a day after valid_from"),
    ),
    Broken(
        "neither yes nor no",
        cell("practices", 2, "open_to_new", "måske"),
        (f"{P}, row 2, column open_to_new", '"måske"', "true or false (ja or nej)"),
    ),
    Broken(
        "a sex that is not registered",
        cell("need_weights", 2, "sex", "x"),
        ("need_weights.csv, row 2, column sex", '"x"', "one of female, male"),
    ),
    Broken(
        "an age group that Excel made a day",
        cell("need_weights", 3, "age_group", "05-sep"),
        ("need_weights.csv, row 3, column age_group", '"05-sep"', "one of 00-04, 05-09, ... 95+"),
    ),
    Broken(
        "an age group missing",
        without("need_weights", "male,95+"),
        ("need_weights.csv", "no row for female 95+, male 95+", "every sex and age group"),
    ),
    Broken(
        "blank inside a code",
        cell("practices", 2, "municipality", "01 01"),
        (f"{P}, row 2, column municipality", '"01 01"', "four digits"),
    ),
    Broken(
        "control character",
        cell("practices", 2, "name", "L\x1b[31mge"),
        (f"{P}, row 2, column name", "\\x1b[31m", "without control characters", "delete the blanks"),
    ),
    Broken(
        "unclosed quote",
        cell("practices", 5, "name", '"Lægehuset'),
        (f"{P}, row 5", "a quotation mark that does not pair", "mend the quotes"),
    ),
    Broken(
        "unclosed quote in the header",
        header("practices", "practice_id", '"practice_id'),
        (f"{P}, row 1", "a quotation mark that does not pair"),
    ),
    Broken(
        "ragged row",
        line("practices", 6, "030601,Vig,0306"),
        (f"{P}, row 6", "3 cells", "10 cells set apart by commas", "in quotes"),
    ),
    Broken(
        "two separators",
        line("practices", 6, "030601;Vig;0306;1;2;fixed;1;1;0;ja"),
        (f"{P}, row 6", "1 cell, which holds semicolons", "10 cells set apart by commas", "one separator"),
    ),
    Broken(
        "missing table",
        gone("registrations"),
        ("registrations: found no file", "registrations.csv, .parquet or .xlsx", "add the file"),
    ),
    Broken(
        "misspelt table",
        lambda folder: (folder / P).rename(folder / "pratices.csv"),
        ("practices: found no file", "call pratices practices"),
    ),
    Broken(
        "two files for one table",
        lambda folder: shutil.copy(folder / P, folder / "practices.tsv"),
        ("2 files for one table (practices.csv, practices.tsv)", "delete all but one"),
    ),
    Broken(
        "not Excel but renamed",
        lambda folder: (folder / P).rename(folder / "practices.xlsx"),
        ("practices.xlsx", "not a whole workbook", "if it is text, call it .csv"),
    ),
    Broken(
        "old Excel that is not",
        lambda folder: (folder / P).rename(folder / "practices.xls"),
        ("practices.xls", "not a whole workbook"),
    ),
    Broken(
        "locked workbook",
        content("practices.xlsx", locked_workbook()),
        ("practices.xlsx", "locked with a password", "remove the password"),
    ),
    Broken("locked archive", content("practices.xlsx", locked_zip()), ("practices.xlsx", "locked with a password")),
    Broken(
        "workbook cut short", cut_short("practices", "xlsx"), ("practices.xlsx", "not a whole workbook", "save it anew")
    ),
    Broken("zip bomb", zip_bomb, ("practices.xlsx", "MiB when unpacked", "at most 512 MiB")),
    Broken("archive that lies about its size", lying_zip, ("practices.xlsx", "not a whole workbook")),
    Broken(
        "stray cell in the far corner",
        far_cell,
        ("practices.xlsx", "1,048,576 rows down and 16,384 columns", "delete stray cells"),
    ),
    Broken(
        "several sheets, none with the name",
        as_sheet("practices", sheets=("Ark1", "Ark2")),
        ("practices.xlsx", "the sheets Ark1, Ark2", "call the sheet with the table practices"),
    ),
    Broken(
        "wrong sheet",
        sheet_of_another_table,
        ("practices.xlsx, sheet population, row 1", "a column name", "population: found no file"),
        None,
    ),
    Broken(
        "code stored as a number",
        as_sheet("practices", sheet_cell(2, 2, 101)),
        ("practices.xlsx, sheet practices, row 2, column municipality", '"101"', "stored as text", "leading zero"),
    ),
    Broken(
        "number stored as text",
        as_sheet("practices", sheet_cell(3, 8, "4800 ")),
        ("practices.xlsx, sheet practices, row 3, column patients", '"4800 "', "stored as a number and not as text"),
    ),
    Broken(
        "empty sheet",
        as_sheet("practices", lambda rows: rows.clear()),
        ("practices.xlsx, sheet practices", "an empty sheet", "fill it in"),
    ),
    Broken(
        "Parquet cut short",
        cut_short("practices", "parquet"),
        ("practices.parquet", "not a whole Parquet file", "copy or export the file again"),
    ),
    Broken(
        "Parquet with codes as numbers",
        parquet("population", municipality=pl.Int64()),
        (
            "population.parquet, column municipality",
            "the type Int64",
            "String: a municipality code",
            "when the file is made",
        ),
    ),
    Broken(
        "Parquet with counts as text",
        parquet("population", people=pl.String()),
        ("population.parquet, column people", "the type String", "Int64: a whole number"),
    ),
    Broken(
        "practice unknown",
        cell("registrations", 2, "practice_id", "999999"),
        ("registrations.csv, row 2, column practice_id", '"999999"', "a practice that practices has"),
        None,
    ),
    Broken(
        "lists that do not add up",
        cell("practices", 2, "patients", "4800"),
        (f"{P}, row 2, column patients", "found 4800", "the sum of its rows in registrations", "on the same day"),
    ),
    Broken(
        "people nowhere",
        cell("demand_points", 2, "people", "1"),
        ("demand_points.csv", "people in municipality", "where population has", "place everyone"),
    ),
    Broken(
        "whole that is no area",
        cell("area_parts", 2, "whole_id", "sundhedsraad-nowhere"),
        ("area_parts.csv, row 2, column whole_id", '"sundhedsraad-nowhere"', "at the level in whole_level"),
    ),
    Broken(
        "two regions at once",
        replaced(
            "area_parts",
            "0101,municipality,region-hovedstaden,region,1970-04-01,2027-01-01",
            "0101,municipality,region-hovedstaden,region,1970-04-01,",
        ),
        ("area_parts.csv, row", "column part_id", "one region for each day", "end the earlier row"),
    ),
    Broken(
        "no health council",
        without("area_parts", "0741,municipality,sundhedsraad"),
        ("area_parts.csv", "no health council on or after 2026-01-01 for municipality 0741", "add a row"),
    ),
    Broken(
        "no nation",
        replaced("areas", "dk,nation", "denmark,nation"),
        ("areas.csv", "the nation denmark", "one nation, dk"),
    ),
    Broken(
        "shape that is no polygon",
        cell("area_shapes", 2, "geometry", "0011"),
        ("area_shapes.csv, row 2, column geometry", "no polygon", "export the shape again"),
    ),
    Broken(
        "shape that is no bytes",
        cell("area_shapes", 2, "geometry", "POLYGON"),
        ("area_shapes.csv, row 2, column geometry", '"POLYGON"', "hexadecimal"),
    ),
    Broken(
        "manifest missing",
        lambda folder: (folder / "snapshot.json").unlink(),
        ("snapshot.json", "no such file", '"name" and "snapshot_date"', "add it"),
    ),
    Broken(
        "manifest broken",
        content("snapshot.json", b'{"name": "x",\n"snapshot_date" 2026}'),
        ("snapshot.json, row 2", "not JSON", "mend the text"),
    ),
    Broken(
        "manifest that is a list", content("snapshot.json", b"[]"), ("snapshot.json", "not an object", "put it in { }")
    ),
    Broken("manifest without a name", manifest(name=" "), ("snapshot.json", '"name": " "', "name it")),
    Broken(
        "manifest with a wrong day", manifest(snapshot_date="1/1-2026"), ("snapshot.json", '"1/1-2026"', "2026-01-01")
    ),
    Broken(
        "manifest with half a seal", manifest(fingerprint="abc"), ("snapshot.json", "per table its file and sha256")
    ),
    Broken("manifest from the future", manifest(format=99), ("snapshot.json", '"format": 99', "version of Fordel")),
]


@pytest.fixture(scope="session")
def sound_folder(small_country: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot in CSV without its seal, as one filled in by hand."""
    folder = tmp_path_factory.mktemp("sound") / "lilleland"
    write_snapshot(small_country, folder, "csv")
    said = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))
    kept = {key: said[key] for key in ("name", "snapshot_date")}
    (folder / "snapshot.json").write_text(json.dumps(kept), encoding="utf-8")
    return folder


def test_the_sound_folder_is_sound(sound_folder: Path) -> None:
    result = CliRunner().invoke(app, ["snapshot", "check", str(sound_folder)])
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_broken_input(kind: Broken, sound_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lilleland"
    shutil.copytree(sound_folder, folder)
    kind.make(folder)
    result = CliRunner().invoke(app, ["snapshot", "check", str(folder)])
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert result.stderr.count("  Try: ") >= 1
    for words in kind.says:
        assert words in result.stderr
    if kind.faults is not None:
        assert result.stderr.startswith(f"{kind.faults:,} fault{'s' if kind.faults > 1 else ''} in {folder}")


def test_there_are_more_than_thirty_kinds() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 30


def test_all_faults_of_all_files_come_at_once(sound_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lilleland"
    shutil.copytree(sound_folder, folder)
    both(
        cell("practices", 4, "patients", "-5"),
        cell("practices", 5, "open_to_new", "måske"),
        cell("areas", 2, "valid_from", "i går"),
        gone("sources"),
    )(folder)
    result = CliRunner().invoke(app, ["snapshot", "check", str(folder)])
    assert result.stderr.startswith("4 faults in ")
    for place in ("practices.csv, row 4", "practices.csv, row 5", "areas.csv, row 2", "sources: found no file"):
        assert place in result.stderr


def test_a_persons_number_is_never_shown(sound_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lilleland"
    shutil.copytree(sound_folder, folder)
    put(folder, "registrations", ["practice_id,municipality,sex,age_group,patients", "0101701234,0101,female,00-04,1"])
    result = CliRunner().invoke(app, ["snapshot", "check", str(folder)])
    assert result.exit_code == 2
    assert "0101701234" not in result.output
    assert "looks like a civil registration number" in result.stderr


@pytest.mark.parametrize(("name", "says"), [("nowhere", "no such folder"), ("file", "a file")])
def test_no_folder(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    result = CliRunner().invoke(app, ["snapshot", "check", str(tmp_path / name)])
    assert result.exit_code == 2
    assert f"found {says}" in result.stderr
    assert "fordel snapshot template" in result.stderr


@pytest.mark.parametrize("table", ["practices", "areas"])
def test_a_sealed_snapshot_that_was_edited_names_the_table(small_country: Tables, tmp_path: Path, table: str) -> None:
    write_snapshot(small_country, tmp_path / "sealed", "csv")
    path = tmp_path / "sealed" / f"{table}.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Rønne", "Rinne").replace("Bornholm", "B"), encoding="utf-8"
    )
    result = CliRunner().invoke(app, ["snapshot", "check", str(tmp_path / "sealed")])
    assert result.exit_code == 2
    assert result.stderr.startswith("1 fault ")
    assert f"{table}.csv: found content with checksum" in result.stderr
    assert "if the change is meant" in result.stderr


def test_a_sealed_snapshot_whose_name_was_edited(small_country: Tables, tmp_path: Path) -> None:
    write_snapshot(small_country, tmp_path / "sealed")
    manifest(name="Another")(tmp_path / "sealed")
    result = CliRunner().invoke(app, ["snapshot", "check", str(tmp_path / "sealed")])
    assert result.exit_code == 2
    assert "snapshot.json: found the fingerprint" in result.stderr
