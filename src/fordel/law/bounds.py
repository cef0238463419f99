"""Bounds a value must keep for a rule to mean anything."""

from __future__ import annotations

from fordel.law.errors import LawError


def above_nought(name: str, value: float) -> float:
    """Give the value back.

    Raises:
        LawError: it is 0 or below.
    """
    if not value > 0:
        raise LawError(f"{name} is {value}; the rule needs a number above 0.")
    return value
