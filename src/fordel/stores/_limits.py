"""What is too large to be an input, found out before it is read in: memory stays bounded whatever the file says."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from fordel.stores.faults import Place

if TYPE_CHECKING:
    from pathlib import Path

    from fordel.stores.faults import Fault

MIB = 2**20
MOST_BYTES = 256 * MIB  # a nation's registrations are 15 MB as CSV
MOST_BYTES_UNPACKED = 512 * MIB
MOST_ROWS = 5_000_000
MOST_COLUMNS = 200
MOST_ROWS_OF_SHEET = 599_999
WIDEST_SHEET = 30
MOST_CELLS = 2_000_000  # of a sheet in .xls or .ods: 65,536 rows, the most in .xls, of the widest
CHUNK = 4 * MIB
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # those that workbooks have
# How many texts a workbook says it shares: the reader makes room for them before it reads any.
SHARED = "xl/sharedStrings.xml"
COUNTED = re.compile(rb"""\b(?:uniqueCount|count)\s*=\s*["']\s*\+?0*([0-9]+)""")
LEAST_SHARED = 5  # bytes of a text: <si/>
# A cell right of column AD or below row 599,999; an .ods cell that stands for more than 30. A reader makes room for
# every cell up to the farthest one, so these are looked for in the bytes of the sheet before a reader sees them.
# However many letters a column has: a reader makes room for ZZZZ9 as for any other.
FAR_CELL = re.compile(
    rb"""\sr=["']((?:[A-Z]{3,}|[B-Z][A-Z]|A[E-Z])[0-9]+|[A-Z]{1,2}(?:[6-9][0-9]{5}|[0-9]{7,}))["']""", re.IGNORECASE
)
REPEATED = re.compile(
    rb"""<table:table-cell\b(?=[^>]*value-type=)[^>]*(columns-repeated=["'](?:3[1-9]|[4-9][0-9]|[0-9]{3,})["'])"""
)


def too_large(path: Path) -> Fault | None:
    """Find a file larger than any table of a country."""
    size = path.stat().st_size
    if size <= MOST_BYTES:
        return None
    return Place(path.name).fault("too_large", size=f"{size / MIB:,.0f}", most=MOST_BYTES // MIB)


def too_many_columns(file: str, columns: int, sheet: str | None = None) -> Fault | None:
    """Find a header that no table has."""
    if columns <= MOST_COLUMNS:
        return None
    return Place(file, sheet).fault("too_many_columns", row=1, columns=columns, most=MOST_COLUMNS)


def too_many_cells(file: str, rows: int, columns: int) -> Fault:
    """Say that a sheet has more cells than are read of its format: in an .ods one row may stand for a million."""
    return Place(file).fault("too_many_cells", rows=rows, columns=columns, most=MOST_CELLS)


def too_many_rows(file: str, rows: int) -> Fault | None:
    """Find more rows than any table of groups has."""
    if rows <= MOST_ROWS:
        return None
    return Place(file).fault("too_many_rows", most=MOST_ROWS)


def bad_archive(path: Path) -> Fault | None:
    """Find what is wrong with a workbook's zip archive before it is unpacked: bombs, damage, passwords, huge sheets."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked > MOST_BYTES_UNPACKED:
                size, most = f"{unpacked / MIB:,.0f}", MOST_BYTES_UNPACKED // MIB
                return Place(path.name).fault("bomb", size=size, most=most)
            if any(member.flag_bits & 1 for member in archive.infolist()):
                return locked(path.name)
            if any(member.compress_type not in PACKINGS for member in archive.infolist()):
                return damaged(path.name)
            if archive.testzip() is not None or _shares_too_many(archive):
                return damaged(path.name)
            return _huge_sheet(path, archive)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        return damaged(path.name)


def damaged(file: str) -> Fault:
    """Say that a workbook cannot be opened."""
    return Place(file).fault("damaged")


def locked(file: str) -> Fault:
    """Say that a workbook asks for a password."""
    return Place(file).fault("locked")


def _huge_sheet(path: Path, archive: zipfile.ZipFile) -> Fault | None:
    for member in archive.namelist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml|content\.xml", member) and (cell := _far_cell(archive, member)):
            return Place(path.name).fault("far_cell", cell=cell, columns=WIDEST_SHEET, rows=MOST_ROWS_OF_SHEET)
    return None


def _shares_too_many(archive: zipfile.ZipFile) -> bool:
    """Tell whether a workbook says that it shares more texts than its part for them has room for."""
    for member in archive.infolist():
        if member.filename.casefold() == SHARED.casefold():
            with archive.open(member) as stream:
                said = [int(found) for found in COUNTED.findall(stream.read(CHUNK))]
            if max(said, default=0) > 2 * member.file_size // LEAST_SHARED + 1000:
                return True
    return False


def _far_cell(archive: zipfile.ZipFile, member: str) -> str | None:
    tail = b""
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            text = tail + chunk
            if found := FAR_CELL.search(text) or REPEATED.search(text):
                return found[1].decode()
            tail = text[-400:]
    return None
