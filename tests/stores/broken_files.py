"""Kinds of broken input that lie in files, workbooks, sums between tables and snapshot.json."""

from __future__ import annotations

import shutil

import polars as pl

from stores.broken import (
    Broken,
    as_sheet,
    cell,
    content,
    cut_short,
    far_cell,
    gone,
    locked_workbook,
    locked_zip,
    lying_zip,
    manifest,
    parquet,
    replaced,
    sheet_cell,
    sheet_of_another_table,
    without,
    zip_bomb,
)

P = "practices.csv"
KINDS_OF_FILES = [
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
        ("practices.xlsx", "something in XFD1048576", "delete stray cells"),
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
