"""What is wrong with an input: place, what was found, what was expected, what to do. All faults at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fordel.stores.said import Lang, Part, Phrase, phrase, words, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

ROW = "row_in_file"  # the column that carries the number a user sees beside the row
ROWS_NAMED = 5
FAULTS_SHOWN = 40
LONGEST_VALUE = 40
THE_IMPORT = phrase("the_import")  # in place of a file
CPR = re.compile(r"(?<!\d)[0-3]\d[01]\d{3}[ -]?\d{4}(?!\d)")


@dataclass(frozen=True)
class Fault:
    """One fault of an input, or many alike in one column.

    Attributes:
        code: which fault it is, in ``faults.toml``; that has its words in both languages.
        file: name of the file or folder.
        parts: what stands in its words; of a table never more than one cell.
        sheet: sheet of a workbook.
        row: the first row with it, as a spreadsheet numbers rows: the header is row 1.
        column: the column, as the file names it.
        also: the next rows with the same fault.
        more: how many rows have it besides the first.
    """

    code: str
    file: str | Phrase
    parts: Mapping[str, Part] = field(default_factory=dict)
    sheet: str | None = None
    row: int | None = None
    column: str | Phrase | None = None
    also: tuple[int, ...] = ()
    more: int = 0

    def told(self, what: str, lang: Lang = "en") -> str:
        """Tell what was ``found``, what was ``expected``, or the ``remedy``."""
        if what == "found" and what not in words()["faults"][self.code]:
            return escaped(written(self.parts["cell"], lang))
        return escaped(Phrase(("faults", self.code, what), self.parts).told(lang))

    @property
    def found(self) -> str:
        """What stands there, in English."""
        return self.told("found")

    @property
    def expected(self) -> str:
        """What should stand there, in English."""
        return self.told("expected")

    @property
    def remedy(self) -> str:
        """What to do about it, in English."""
        return self.told("remedy")

    def place(self) -> str:
        """Name the place inside the file; empty when the whole file is meant."""
        parts = (("sheet", self.sheet), ("row", self.row), ("column", self.column))
        return escaped(", ".join(f"{word} {value}" for word, value in parts if value is not None))

    def __str__(self) -> str:
        place = self.place()
        lines = [f"{self.file}{', ' if place else ''}{place}: found {self.found}; expected {self.expected}."]
        if self.more:
            listed = ", ".join(map(str, self.also)) + (", ..." if self.more > len(self.also) else "")
            lines.append(f"  And {self.more:,} more like it: row{'s' if self.more > 1 else ''} {listed}.")
        lines.append(f"  Try: {self.remedy}.")
        return "\n".join(lines)


class BadInput(Exception):
    """Tables are not what they should be, so nothing was read or written; the message lists every fault."""

    def __init__(self, where: str, faults: Iterable[Fault]) -> None:
        self.where = where
        self.faults = tuple(faults)
        super().__init__(where, self.faults)

    def __str__(self) -> str:
        total = sum(1 + fault.more for fault in self.faults)
        head = f"{total:,} fault{'s' if total != 1 else ''} in {self.where}."
        shown = [str(fault) for fault in self.faults[:FAULTS_SHOWN]]
        if len(self.faults) > FAULTS_SHOWN:
            shown.append(f"And {len(self.faults) - FAULTS_SHOWN:,} more kinds of fault, not shown: mend these first.")
        return "\n\n".join([head, *shown])


def shown(value: Any) -> str | Phrase:
    """Show one cell: text in quotes, cut when long, and never a civil registration number (CPR-nummer)."""
    if value is None or value == "":
        return phrase("nothing")
    if not isinstance(value, str):
        return str(value)
    if CPR.search(value):
        return phrase("cpr")
    cut = value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "..."
    return f'"{cut}"'


def escaped(text: str) -> str:
    """Write control characters as escapes, so that nothing of a file steers a terminal or breaks where it is kept."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


@dataclass(frozen=True)
class Place:
    """A table in a file: the file's name, and the sheet of a workbook."""

    file: str
    sheet: str | None = None

    def fault(self, code: str, *, row: int | None = None, column: str | Phrase | None = None, **parts: Part) -> Fault:
        """Make a fault of the table, or of one row or column of it."""
        return Fault(code, self.file, parts, sheet=self.sheet, row=row, column=column)

    def gathered(self, bad: pl.DataFrame, column: str | None, code: str, **parts: Part) -> list[Fault]:
        """Make one fault of all rows that have it.

        Args:
            bad: columns ``row_in_file`` and ``found``; may be empty.
            column: what the file calls the column.
            code, parts: which fault, and its words; the first cell is one of them.

        Returns:
            No fault or one.
        """
        if bad.is_empty():
            return []
        ordered = bad.sort(ROW)
        rows, cell = ordered[ROW].to_list(), ordered["found"][0]
        fault = self.fault(code, row=rows[0], column=column, cell=shown(cell), **parts)
        return [replace(fault, also=tuple(rows[1:ROWS_NAMED]), more=len(rows) - 1)]
