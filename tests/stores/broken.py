"""Ways to break a snapshot, each as a function on its folder; the folder holds a sound snapshot in CSV, unsealed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import polars as pl
import xlsxwriter

Break = Callable[[Path], object]


@dataclass(frozen=True)
class Broken:
    """A kind of fault: how to make it, and what the message must say: place, found, remedy."""

    name: str
    make: Break
    says: tuple[str, ...]
    faults: int | None = 1


def lines_of(folder: Path, table: str) -> list[str]:
    return (folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()


def put(folder: Path, table: str, lines: list[str]) -> None:
    (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


def column_at(folder: Path, table: str, column: str) -> int:
    return lines_of(folder, table)[0].split(",").index(column)


def cell(table: str, row: int, column: str, value: str) -> Break:
    """Write one cell anew; rows as a spreadsheet counts them."""

    def change(folder: Path) -> None:
        lines = lines_of(folder, table)
        cells = lines[row - 1].split(",")
        cells[column_at(folder, table, column)] = value
        lines[row - 1] = ",".join(cells)
        put(folder, table, lines)

    return change


def whole_column(table: str, column: str, new: Callable[[str], str]) -> Break:
    def change(folder: Path) -> None:
        at = column_at(folder, table, column)
        rows = [line.split(",") for line in lines_of(folder, table)]
        put(
            folder,
            table,
            [",".join(rows[0]), *(",".join(new(c) if i == at else c for i, c in enumerate(r)) for r in rows[1:])],
        )

    return change


def header(table: str, old: str, new: str) -> Break:
    def change(folder: Path) -> None:
        first, *rest = lines_of(folder, table)
        put(folder, table, [first.replace(old, new), *rest])

    return change


def more_columns(table: str, heading: str, value: str) -> Break:
    def change(folder: Path) -> None:
        first, *rest = lines_of(folder, table)
        put(folder, table, [f"{first},{heading}", *(f"{line},{value}" for line in rest)])

    return change


def fewer_columns(table: str) -> Break:
    """Take the last column away."""

    def change(folder: Path) -> None:
        put(folder, table, [line.rsplit(",", 1)[0] for line in lines_of(folder, table)])

    return change


def without(table: str, word: str) -> Break:
    def change(folder: Path) -> None:
        put(folder, table, [line for line in lines_of(folder, table) if word not in line])

    return change


def replaced(table: str, old: str, new: str) -> Break:
    """Write one piece of text anew, which must be there."""

    def change(folder: Path) -> None:
        text = "\n".join(lines_of(folder, table))
        assert text.count(old) == 1, text.count(old)
        put(folder, table, text.replace(old, new).split("\n"))

    return change


def twice(table: str, row: int) -> Break:
    def change(folder: Path) -> None:
        lines = lines_of(folder, table)
        put(folder, table, [*lines, lines[row - 1]])

    return change


def line(table: str, row: int, text: str) -> Break:
    def change(folder: Path) -> None:
        lines = lines_of(folder, table)
        lines[row - 1] = text
        put(folder, table, lines)

    return change


def content(file: str, raw: bytes) -> Break:
    def change(folder: Path) -> None:
        for old in folder.glob(f"{Path(file).stem}.*"):
            old.unlink()
        (folder / file).write_bytes(raw)

    return change


def encoded(table: str, encoding: str) -> Break:
    def change(folder: Path) -> None:
        path = folder / f"{table}.csv"
        path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))

    return change


def gone(table: str) -> Break:
    return lambda folder: (folder / f"{table}.csv").unlink()


def sparse(folder: Path) -> None:
    """A file of one gigabyte that takes no room on the disk."""
    with (folder / "practices.csv").open("wb") as stream:
        stream.truncate(2**30)


def many_columns(folder: Path) -> None:
    put(folder, "practices", [",".join(f"c{i}" for i in range(1_000_000))])


def as_sheet(
    table: str, change: Callable[[list[list[object]]], None] | None = None, sheets: tuple[str, ...] = ()
) -> Break:
    """Make a table a workbook, codes as text and the rest typed, after a change to its rows."""

    def make(folder: Path) -> None:
        frame = pl.read_csv(folder / f"{table}.csv", infer_schema=False)
        numbers = {"easting", "northing", "capacities_released", "capacities_filled", "patients", "people"}
        rows: list[list[object]] = [list(frame.columns)]
        rows += [
            [float(c) if n in numbers else c for n, c in zip(frame.columns, row, strict=True)]
            for row in frame.iter_rows()
        ]
        if change:
            change(rows)
        (folder / f"{table}.csv").unlink()
        with xlsxwriter.Workbook(str(folder / f"{table}.xlsx")) as book:
            for name in sheets or (table,):
                sheet = book.add_worksheet(name)
                for at, cells in enumerate(rows):
                    sheet.write_row(at, 0, cells)

    return make


def sheet_cell(row: int, at: int, value: object) -> Callable[[list[list[object]]], None]:
    def change(rows: list[list[object]]) -> None:
        rows[row - 1][at] = value

    return change


def far_cell(folder: Path) -> None:
    """A stray cell at the far corner, which a careless reader would make room for."""
    as_sheet("practices")(folder)
    book = openpyxl.load_workbook(folder / "practices.xlsx")
    book.active.cell(row=1_048_576, column=16_384, value="x")
    book.save(folder / "practices.xlsx")


def zip_bomb(folder: Path) -> None:
    as_sheet("practices")(folder)
    path = folder / "practices.xlsx"
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/media/x.bin", "w") as member,
    ):
        for _ in range(520):
            member.write(bytes(2**20))


def lying_zip(folder: Path) -> None:
    """An archive whose directory names less than a member unpacks to."""
    as_sheet("practices")(folder)
    path = folder / "practices.xlsx"
    raw = bytearray(path.read_bytes())
    directory = raw.rfind(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = (5).to_bytes(4, "little")
    path.write_bytes(bytes(raw))


def cut_short(table: str, form: str) -> Break:
    def change(folder: Path) -> None:
        if form == "xlsx":
            as_sheet(table)(folder)
        else:
            frame = pl.read_csv(folder / f"{table}.csv", schema_overrides={"practice_id": pl.String})
            frame.write_parquet(folder / f"{table}.parquet")
            (folder / f"{table}.csv").unlink()
        path = folder / f"{table}.{form}"
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return change


def parquet(table: str, **dtypes: pl.DataType) -> Break:
    """Make a table Parquet with the types a careless export gives it."""

    def change(folder: Path) -> None:
        frame = pl.read_csv(folder / f"{table}.csv", infer_schema=False)
        sound = {"people": pl.Int64(), "patients": pl.Int64()}
        types = {name: dtypes.get(name, sound.get(name, pl.String())) for name in frame.columns}
        frame.select(pl.col(name).cast(dtype) for name, dtype in types.items()).write_parquet(
            folder / f"{table}.parquet"
        )
        (folder / f"{table}.csv").unlink()

    return change


def manifest(**entries: object) -> Break:
    def change(folder: Path) -> None:
        path = folder / "snapshot.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | entries), encoding="utf-8")

    return change


def both(*breaks: Break) -> Break:
    def change(folder: Path) -> None:
        for one in breaks:
            one(folder)

    return change


def locked_workbook() -> bytes:
    """The container that Excel puts a workbook with a password in begins so; what follows is enciphered."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)


def locked_zip() -> bytes:
    """An archive whose member is marked as enciphered."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
    raw = bytearray(stream.getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(mark) + offset] |= 1
    return bytes(raw)


def hundred_thousand_bad(folder: Path) -> None:
    first, *_ = lines_of(folder, "registrations")
    put(folder, "registrations", [first, *(f"{n:06d},101,female,00-04,1" for n in range(100_000))])


def sheet_of_another_table(folder: Path) -> None:
    as_sheet("population")(folder)
    (folder / "practices.csv").unlink()
    (folder / "population.xlsx").rename(folder / "practices.xlsx")
