"""Which sign a file writes decimals with, and numbers read by it. Nothing is guessed: 1.234 alone is refused.

The rule: one file has one decimal sign. It is what ``decimal_sign`` in snapshot.json says, else what the cells of the
file show: 2.5, 0.125 and 725000.0 can only have a decimal point, 2,5 and 1.234,5 only a decimal comma. The other sign
may then stand between thousands. Where no cell shows it, 1.234 and 1,234 may be one thousand or one and a bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

SIGNS = (".", ",")
UNCLEAR = r"^[-+]?[1-9]\d{0,2}[.,]\d{3}$"


def shows(cells: pl.Expr, sign: str) -> pl.Expr:
    """Tell which cells can only be written with that decimal sign."""
    dot, other = (r"\.", ",") if sign == "." else (",", r"\.")
    decimal = cells.str.contains(rf"^[-+]?\d*{dot}\d+([eE][-+]?\d+)?$") & ~cells.str.contains(UNCLEAR)
    both = cells.str.contains(rf"^[-+]?\d{{1,3}}({other}\d{{3}})+{dot}\d+$")
    many = cells.str.contains(rf"^[-+]?\d{{1,3}}({other}\d{{3}}){{2,}}$")
    return decimal | both | many


def unclear(cells: pl.Expr) -> pl.Expr:
    """Tell which cells may be thousands or a decimal number."""
    return cells.str.contains(UNCLEAR)


def as_written_plainly(cells: pl.Expr, sign: str) -> pl.Expr:
    """Write numbers with a decimal point and without thousand signs; null where a cell is no number."""
    dot, other = (r"\.", ",") if sign == "." else (",", r"\.")
    grouped = cells.str.contains(rf"^[-+]?\d{{1,3}}({other}\d{{3}})+({dot}\d+)?$")
    plain = cells.str.contains(rf"^[-+]?(\d+({dot}\d*)?|{dot}\d+)([eE][-+]?\d+)?$")
    swapped = cells.str.replace_all("," if sign == "." else ".", "", literal=True).str.replace(sign, ".", literal=True)
    return pl.when(grouped | plain).then(swapped)


def sign_shown(cells: pl.DataFrame, columns: Sequence[str]) -> str | None:
    """Find the decimal sign that the first cell to show one has.

    Args:
        cells: text.
        columns: which columns should hold numbers.

    Returns:
        The sign; None where no cell shows one.
    """
    if not columns:
        return None
    first = {sign: pl.any_horizontal(shows(pl.col(columns), sign)).arg_true().first() for sign in SIGNS}
    places = {sign: at for sign, at in cells.select(**first).row(0, named=True).items() if at is not None}
    return min(places, key=lambda sign: places[sign]) if places else None
