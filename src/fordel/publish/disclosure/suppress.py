"""Hide small counts in a set of tables that share totals, so that nothing which is shown gives them away.

A count below the least that is shown is hidden. Whoever knows the rest and how it adds up could then subtract, so other
counts are hidden as well (secondary suppression). Which ones is asked of one small linear program per small count: find
the cheapest change of the counts that keeps every sum, lets none fall below 0, and makes the small count ``least``
people larger. What changes is hidden; then the published tables fit both the true count and one that is ``least``
larger, and nobody can tell which is true. Fischetti and Salazar (2001), with the attacker's program as the guard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Cell = tuple[str, str]  # of a table: its row and its column by name
Sum = tuple[str, tuple[str, ...]]

WORTH = 1e5  # of one person of protection: more than any change costs
FOR_A_ZERO = 30.0  # what hiding a count of nobody costs more: others may know that it is 0
NOTHING = 1e-6  # people; the solver's own accuracy


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts of people, and how they add up.

    Attributes:
        value: ``(cells,)`` the counts. Unit: people.
        sums: ``(sums, cells)``: 1 for each part and -1 for the total; times ``value`` it gives 0.
        known: ``(cells,)`` counts everybody knows from elsewhere: never hidden, and no protection to others.
        unpublished: ``(cells,)`` counts that nobody publishes; small ones must not follow from what is. None: all are.
        sensitive: ``(cells,)`` counts to be hidden and protected whatever their size. None: none.
        floor: ``(cells,)`` everybody knows that so many are counted at least. None: 0.
    """

    value: Floats
    sums: csr_array
    known: Flags
    unpublished: Flags | None = None
    sensitive: Flags | None = None
    floor: Floats | None = None


def crossed(rows: Sequence[Sum], columns: Sequence[Sum], known: Sequence[str], value: Mapping[Cell, int]) -> Counts:
    """Cross rows and columns that each add up; both may have totals of totals.

    Args:
        rows: each total with its parts.
        columns: likewise.
        known: rows and columns everybody knows from elsewhere.
        value: the count of each row and column. Unit: people.

    Returns:
        the counts in the order of ``value``. Sums that do not hold are left out: they tell nobody anything.
    """
    number = {cell: i for i, cell in enumerate(value)}
    row_names, column_names = ({name: None for cell in value for name in (cell[axis],)} for axis in (0, 1))
    lines = [((total, c), [(part, c) for part in parts]) for (total, parts), c in product(rows, column_names)]
    lines += [((r, total), [(r, part) for part in parts]) for (total, parts), r in product(columns, row_names)]
    found: list[dict[int, float]] = []
    for total, parts in lines:
        if {total, *parts} <= number.keys() and value[total] == sum(value[part] for part in parts):
            found.append({number[total]: -1.0} | {number[part]: 1.0 for part in parts})
    at = [(line, cell, sign) for line, terms in enumerate(found) for cell, sign in terms.items()]
    line, cell, sign = (np.array(part) for part in zip(*at, strict=True)) if at else (np.zeros(0),) * 3
    sums = csr_array((sign, (line.astype(int), cell.astype(int))), shape=(len(found), len(value)))
    flags = np.array([r in known or c in known for r, c in value], dtype=bool)
    return Counts(np.array(list(value.values()), dtype=np.float64), sums, flags)


def suppress(counts: Counts, least: int) -> tuple[Flags, Flags]:
    """Choose which counts to hide.

    Args:
        counts: of all tables that are published together.
        least: the least count above 0 that is shown. 0 is shown. Unit: people.

    Returns:
        hidden: ``(cells,)`` whether a count is hidden.
        exposed: ``(cells,)`` small counts that cannot be protected this well, since what is known from elsewhere says
            too much already: the ``least`` larger count does not fit it.
    """
    none = np.zeros(len(counts.value), dtype=bool)
    small = ((counts.value > 0) & (counts.value < least)) | (none if counts.sensitive is None else counts.sensitive)
    small &= ~counts.known
    hidden = small | (none if counts.unpublished is None else counts.unpublished)
    exposed = none.copy()
    for cell in np.flatnonzero(small):
        change = _cheapest(counts, hidden, int(cell), least)
        hidden = hidden | (np.abs(change) > NOTHING)
        exposed[cell] = change[cell] < least - NOTHING
    return hidden, exposed


def _cheapest(counts: Counts, hidden: Flags, cell: int, least: int) -> Floats:
    """Find the cheapest change that keeps every sum and makes one count up to ``least`` larger.

    In whole people: who knows that nobody is counted by half could otherwise tell more than the sums say.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - loads slowly; most tables hold no small count

    price = np.where(hidden, 0.0, 1.0 + np.log1p(counts.value) + np.where(counts.value == 0, FOR_A_ZERO, 0.0))
    up = np.where(counts.known, 0.0, np.inf)
    floor = 0.0 if counts.floor is None else np.minimum(counts.floor, counts.value)
    down = np.where(counts.known, 0.0, counts.value - floor)
    gain = np.zeros(len(price))
    gain[cell], up[cell], down[cell] = WORTH, least, 0.0
    bounds = np.column_stack([np.zeros(2 * len(price)), np.concatenate([up, down])])
    sums = hstack([counts.sums, -counts.sums], format="csr")
    prices, nothing = np.concatenate([price - gain, price]), np.zeros(sums.shape[0])
    found = linprog(prices, A_eq=sums, b_eq=nothing, bounds=bounds, method="highs")  # type: ignore[call-overload]
    if found.success and np.abs(found.x - np.round(found.x)).max(initial=0.0) > NOTHING:
        found = linprog(prices, A_eq=sums, b_eq=nothing, bounds=bounds, method="highs", integrality=1)  # type: ignore[call-overload]
    if not found.success:  # changing nothing always fits: only the solver itself can have failed
        raise RuntimeError(f"The solver could not protect a count: {found.message}")
    change: Floats = found.x[: len(price)] - found.x[len(price) :]
    return change
