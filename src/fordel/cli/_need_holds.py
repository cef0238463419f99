"""Kinds of published tables; apart, so that `--help` loads no model."""

from enum import StrEnum


class Holds(StrEnum):
    """What a published table has one row for."""

    WEIGHTS = "weights"
    COEFFICIENTS = "coefficients"
    LISTS = "lists"
