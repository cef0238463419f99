"""Read a workbook in a process of its own: a file that ends its reader, or never lets it end, ends nothing else.

The reader of .xls trusts sizes that stand in the file; in an .ods a row may say that it stands for a million.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from fordel.stores._limits import MOST_CELLS

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 60.0
MOST_BYTES = 4 * 2**30  # of memory that the process may ask for
# How the process ends where the workbook is locked, and where its sheet has more cells than are read.
PASSWORD, TOO_LARGE = 3, 4
# Gives the names of the sheets, and the rows of the one that is wanted, or of the only one.
READER = """
import json, sys
from datetime import date, datetime
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]),) * 2)
except ImportError:
    pass
from python_calamine import CalamineWorkbook, PasswordError
def plain(cell):
    kind = "moment" if isinstance(cell, datetime) else "day" if isinstance(cell, date) else "other"
    return {kind: str(cell) if kind == "other" else cell.isoformat()}
try:
    with CalamineWorkbook.from_path(sys.argv[1]) as book:
        names = book.sheet_names
        wanted = names if len(names) == 1 else [n for n in names if n.strip().casefold() == sys.argv[2].casefold()]
        sheet = book.get_sheet_by_name(wanted[0]) if wanted else None
        # The number of the last row and column, which the reader counts from 0.
        size = [sheet.total_height + 1, sheet.total_width + 1] if sheet else [0, 0]
        if size[0] * size[1] > int(sys.argv[4]):
            json.dump(size, sys.stdout)
            sys.exit(4)
        rows = sheet.to_python(skip_empty_area=False) if sheet else []
    json.dump([names, rows], sys.stdout, default=plain)
except PasswordError:
    sys.exit(3)
"""


class Unreadable(Exception):
    """The process could not read the workbook."""


class Locked(Exception):
    """The workbook asks for a password."""


class TooLarge(Exception):
    """The sheet has more cells than are read.

    Attributes:
        rows: as many as it has.
        columns: likewise.
    """

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        super().__init__(rows, columns)


class Other:
    """A cell that is neither text, number, answer nor day, such as a span of time."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


def read_apart(path: Path, sheet: str) -> tuple[list[str], list[list[Any]]]:
    """Give the names of the sheets, and the rows of the wanted one, or of the only one; none where there is no such.

    Raises:
        Unreadable: it cannot be read, or not with the time and memory there are.
        Locked: it asks for a password.
        TooLarge: the sheet has more than ``MOST_CELLS`` cells.
    """
    command = [sys.executable, "-I", "-c", READER, str(path.absolute()), sheet, str(MOST_BYTES), str(MOST_CELLS)]
    try:
        ended = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unreadable from error
    if ended.returncode == PASSWORD:
        raise Locked
    if ended.returncode == TOO_LARGE:
        raise TooLarge(*json.loads(ended.stdout))
    if ended.returncode:
        raise Unreadable
    names, rows = json.loads(ended.stdout, object_hook=_cell)
    return names, rows


def _cell(kept: dict[str, str]) -> Any:
    kind, text = next(iter(kept.items()))
    read = {"day": date.fromisoformat, "moment": datetime.fromisoformat}.get(kind, Other)
    return read(text)
