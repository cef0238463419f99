"""Read a CSV file as text: encoding, separator and quotes found out, every row as wide as the header."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Self

import polars as pl

from fordel.stores._limits import MOST_BYTES, too_many_columns, too_many_rows
from fordel.stores._raw import Raw, numbered
from fordel.stores._words import column_called
from fordel.stores.faults import ROW, Place
from fordel.stores.said import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fordel.stores.faults import Fault
    from fordel.stores.said import Phrase

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
BATCH = 50_000
HEADER_BYTES = 65_536
# Letters a Danish file has beyond ASCII. Other bytes mean another encoding, which must not be guessed.
LETTERS_1252 = set("æøåÆØÅéÉèÈäÄöÖüÜëËáÁíÍóÓúÚýÝðÐþÞçÇñÑß§°·×½²³–—‘’“”…€\u00a0\u00ad«»´")
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def read_csv(path: Path, known: set[str]) -> tuple[Raw | None, list[Fault]]:
    """Read a CSV file.

    Args:
        path: the file.
        known: names of the columns that are looked for; they tell which separator the header uses.

    Returns:
        The cells as text, None where there is no header to go by; and the faults.
    """
    content = path.read_bytes()
    if not content.strip():
        return None, [Place(path.name).fault("empty_file")]
    encoding = _encoding_of(content)
    if isinstance(encoding, int):
        return None, [_strange(path.name, content, encoding)]
    separator = _separator(content[:HEADER_BYTES].decode(encoding, errors="ignore"), known)
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    former_limit = csv.field_size_limit(MOST_BYTES)  # the shape of a municipality is one long cell
    try:
        return _rows(path.name, csv.reader(stream, delimiter=separator, strict=True), separator)
    finally:
        csv.field_size_limit(former_limit)


def _encoding_of(content: bytes) -> str | int:
    """Name the encoding: by the byte order mark, else UTF-8, else Windows-1252 where only letters of ours come out.

    Returns:
        The encoding, or the position of the first byte that fits none.
    """
    marked = next((name for bom, name in BOMS.items() if content.startswith(bom)), None)
    if marked != "utf-16" and b"\0" in content:
        return content.find(b"\0")
    try:
        content.decode(marked or "utf-8")
    except UnicodeDecodeError as error:
        if marked:
            return error.start
        text = content.decode("cp1252", errors="replace")
        strange = next((at for at, sign in enumerate(text) if ord(sign) > 127 and sign not in LETTERS_1252), None)
        return "cp1252" if strange is None else strange
    return marked or "utf-8"


def _strange(file: str, content: bytes, at: int) -> Fault:
    row = content.count(b"\n", 0, at) + 1
    return Place(file).fault("strange_byte", row=row, byte=f"0x{content[at]:02x}")


def _separator(header: str, known: set[str]) -> str:
    """Choose the separator that splits the header into most known names, then into most parts."""
    first = header.splitlines()[0] if header.strip() else ""

    def fit(separator: str) -> tuple[int, int]:
        parts = first.replace('"', "").split(separator)
        return sum(column_called(part) in known for part in parts), len(parts)

    return max(SEPARATORS, key=fit)


def _rows(file: str, reader: Iterator[list[str]], separator: str) -> tuple[Raw | None, list[Fault]]:
    """Read the rows in batches; a row of another width than the header is a fault and is left out."""
    rows = Rows(reader)
    header = next(rows, [])
    if not header:
        return None, [_quotes(file, 1, rows.error) if rows.error else Place(file).fault("empty_header", row=1)]
    if fault := too_many_columns(file, len(header)):
        return None, [fault]
    ragged: list[tuple[int, list[str]]] = []
    batches = [_framed([], 2, len(header), ragged)]
    while batch := list(islice(rows, BATCH)):
        batches.append(_framed(batch, rows.row - len(batch) + 1, len(header), ragged))
        if fault := too_many_rows(file, rows.row):
            return None, [fault]
    bad = pl.DataFrame({ROW: [row for row, _ in ragged]}, {ROW: pl.Int64}).with_columns(found=pl.lit(""))
    width, signs = str(len(header)), phrase(SEPARATORS[separator])
    faults = [
        replace(fault, parts={**fault.parts, "cell": _width(ragged[0][1], separator)})
        for fault in Place(file).gathered(bad, None, "ragged_rows", columns=width, signs=signs)
    ]
    faults += [_quotes(file, rows.row + 1, rows.error)] if rows.error else []
    return Raw(Place(file), tuple(header), pl.concat(batches)), faults


class Rows:
    """The rows of a file, counted as a spreadsheet counts them, up to the end or to one that cannot be read."""

    def __init__(self, reader: Iterator[list[str]]) -> None:
        self.reader = reader
        self.row = 0  # the last one read; the header is row 1
        self.error: csv.Error | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> list[str]:
        try:
            cells = next(self.reader)
        except csv.Error as error:
            self.error = error
            raise StopIteration from error
        self.row += 1
        return cells


def _framed(batch: list[list[str]], first: int, width: int, ragged: list[tuple[int, list[str]]]) -> pl.DataFrame:
    good, rows = [], []
    for row, cells in enumerate(batch, first):
        if len(cells) == width:
            good.append(cells)
            rows.append(row)
        elif any(cell.strip() for cell in cells):
            ragged.append((row, [] if ragged else cells))  # only the first is shown
    columns = zip(*good, strict=True) if good else [()] * width
    return numbered([list(column) for column in columns], rows)


def _width(cells: list[str], separator: str) -> Phrase:
    """Say how many cells a row has, and whether another separator would have split it."""
    if len(cells) > 1:
        return phrase("some_cells", cells=str(len(cells)))
    other = next((word for sign, word in SEPARATORS.items() if sign != separator and cells[0].count(sign) > 1), None)
    return phrase("cell_with", cells="1", signs=phrase(other)) if other else phrase("one_cell", cells="1")


def _quotes(file: str, row: int, error: csv.Error) -> Fault:
    return Place(file).fault("unpaired_quote", row=row, why=str(error))
