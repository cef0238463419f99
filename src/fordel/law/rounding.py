"""Rounding to whole numbers, by the name a dated parameter gives it."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from fordel.law.errors import LawError

MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_FLOOR, "up": ROUND_CEILING}


def whole(value: float, mode: str) -> int:
    """Round to a whole number: ``half_up``, ``half_even``, ``down`` or ``up``.

    Raises:
        LawError: the mode has another name.
    """
    if mode not in MODES:
        raise LawError(f"No rounding is called {mode!r}; use one of {', '.join(MODES)}.")
    return int(Decimal(value).quantize(Decimal(1), rounding=MODES[mode]))
