"""General practice (almen praksis)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from fordel.need import weigh

if TYPE_CHECKING:
    from fordel.law import Law
    from fordel.tables import Tables


@dataclass(frozen=True)
class Profession:
    """What a plan must know of a profession.

    Attributes:
        name: short name, in run records.
        dansk: Danish name, in reports.
        weigh: gives weighted citizens per municipality and per practice.
    """

    name: str
    dansk: str
    weigh: Callable[[Law, Tables], tuple[pl.DataFrame, pl.DataFrame]]


GP = Profession("gp", "almen praksis", weigh)
