"""The tables of a snapshot as they were read, for checks between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from fordel.stores.faults import ROW
from fordel.stores.said import Part, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from fordel.stores.faults import Fault
    from fordel.stores.table import TableRead

LISTED = 10


@dataclass(frozen=True)
class Country:
    """The sound tables of a snapshot, as they were read, and its day."""

    reads: Mapping[str, TableRead]
    day: date

    def frame(self, table: str) -> pl.DataFrame:
        """Give the rows of a sound table."""
        frame = self.reads[table].frame
        assert frame is not None, table  # noqa: S101 - only tables that were read are sound
        return frame

    def holds(self) -> pl.Expr:
        """Tell which rows hold on the snapshot date."""
        ends = pl.col("valid_until")
        return (pl.col("valid_from") <= self.day) & (ends.is_null() | (ends > self.day))

    def ends_after(self) -> pl.Expr:
        """Tell which rows hold on the snapshot date or later."""
        return pl.col("valid_until").is_null() | (pl.col("valid_until") > self.day)

    def municipalities(self) -> pl.Series:
        """Give the codes of the municipalities that exist on the snapshot date."""
        return self.frame("areas").filter(self.holds() & (pl.col("level") == "municipality"))["area_id"]

    def astray(self, table: str, column: str, known: pl.Series, code: str, **parts: Part) -> list[Fault]:
        """Find values that another table does not know."""
        bad = self.frame(table).filter(~pl.col(column).is_in(known.implode()))
        return gathered(self.reads[table], bad, column, code, **parts)


Check = Callable[[Country], "list[Fault]"]


def gathered(read: TableRead, bad: pl.DataFrame, column: str, code: str, **parts: Part) -> list[Fault]:
    """Tell of rows with one fault in one column, together."""
    rows = bad.select(ROW, found=pl.col(column))
    return read.place.gathered(rows, read.heading(column), code, **parts)


def listed(values: pl.Series) -> Part:
    """List values, each once, the first ten by name."""
    names = values.unique().sort()
    named = ", ".join(map(str, names.head(LISTED)))
    return named if len(names) <= LISTED else phrase("and_more", names=named, more=str(len(names) - LISTED))
