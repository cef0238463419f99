"""What is too large to be an input, found out before it is read in: memory stays bounded whatever the file says."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from fordel.stores.faults import Fault

if TYPE_CHECKING:
    from pathlib import Path

MIB = 2**20
MOST_BYTES = 256 * MIB  # a nation's registrations are 15 MB as CSV
MOST_BYTES_UNPACKED = 512 * MIB
MOST_ROWS = 5_000_000
MOST_COLUMNS = 200
MOST_CELLS_OF_SHEET = 20_000_000
WIDEST_SHEET = 30
CHUNK = 4 * MIB
REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
REPEATED = re.compile(
    rb'<table:table-cell\b[^>]*number-columns-repeated="([0-9]+)"[^>]*value-type=|'
    rb'<table:table-cell\b[^>]*value-type=[^>]*number-columns-repeated="([0-9]+)"'
)


def too_large(path: Path) -> Fault | None:
    """Find a file larger than any table of a country."""
    size = path.stat().st_size
    if size <= MOST_BYTES:
        return None
    return Fault(
        file=path.name,
        found=f"{size / MIB:,.0f} MiB",
        expected=f"at most {MOST_BYTES // MIB} MiB",
        remedy="check that it is the right file; a table of the whole country takes a tenth of that",
    )


def too_many_columns(file: str, columns: int, sheet: str | None = None) -> Fault | None:
    """Find a header that no table has."""
    if columns <= MOST_COLUMNS:
        return None
    return Fault(
        file=file,
        sheet=sheet,
        row=1,
        found=f"{columns:,} columns",
        expected=f"at most {MOST_COLUMNS}",
        remedy="check that it is the right file and that rows and columns are not swapped",
    )


def too_many_rows(file: str, rows: int) -> Fault | None:
    """Find more rows than any table of groups has."""
    if rows <= MOST_ROWS:
        return None
    return Fault(
        file=file,
        found=f"more than {MOST_ROWS:,} rows",
        expected=f"at most {MOST_ROWS:,}",
        remedy="check that the rows are counts of groups and not one row per person",
    )


def bad_archive(path: Path) -> Fault | None:
    """Find what is wrong with a workbook's zip archive before it is unpacked: bombs, damage, passwords, huge sheets."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked > MOST_BYTES_UNPACKED:
                return _bomb(path, f"{unpacked / MIB:,.0f} MiB when unpacked")
            if any(member.flag_bits & 1 for member in archive.infolist()):
                return locked(path.name)
            if archive.testzip() is not None:
                return damaged(path.name)
            return _huge_sheet(path, archive)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
        return damaged(path.name)


def damaged(file: str) -> Fault:
    """Say that a workbook cannot be opened."""
    return Fault(
        file=file,
        found="content that is not a whole workbook",
        expected="a workbook that opens in a spreadsheet",
        remedy="open it in Excel or LibreOffice and save it anew as .xlsx; if it is text, call it .csv",
    )


def locked(file: str) -> Fault:
    """Say that a workbook asks for a password."""
    return Fault(
        file=file,
        found="a workbook locked with a password",
        expected="one that opens without",
        remedy="remove the password in Excel (File, Info, Protect Workbook) and save it",
    )


def _bomb(path: Path, found: str) -> Fault:
    return Fault(
        file=path.name,
        found=found,
        expected=f"at most {MOST_BYTES_UNPACKED // MIB} MiB",
        remedy="check that it is the right file; save the table as CSV if it really is that large",
    )


def _huge_sheet(path: Path, archive: zipfile.ZipFile) -> Fault | None:
    for member in archive.namelist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml|content\.xml", member):
            rows, columns = _extent(archive, member)
            if columns > WIDEST_SHEET or rows * columns > MOST_CELLS_OF_SHEET:
                return Fault(
                    file=path.name,
                    found=f"a sheet that reaches {rows:,} rows down and {columns:,} columns to the right",
                    expected=f"at most {WIDEST_SHEET} columns and {MOST_CELLS_OF_SHEET:,} cells",
                    remedy="delete stray cells far from the table (Ctrl+End shows the last one) and save",
                )
    return None


def _extent(archive: zipfile.ZipFile, member: str) -> tuple[int, int]:
    """Find how far down and to the right the cells of a sheet say they lie. Not yet opened, so read as plain bytes."""
    rows, columns, tail = 0, 0, b""
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            text = tail + chunk
            for letters, number in set(REFERENCE.findall(text)):
                rows, columns = max(rows, int(number)), max(columns, _column_number(letters))
            columns = max([columns, *(int(a or b) for a, b in REPEATED.findall(text))])
            tail = text[-400:]
    return rows, columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
