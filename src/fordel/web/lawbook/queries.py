"""The parameters on a day."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from fordel.law import Lawbook

if TYPE_CHECKING:
    from datetime import date

    from fordel.law import DatedValue, Parameter


@dataclass(frozen=True)
class Standing:
    """A parameter as it stands on a day: its value, None where it is not in force, and the one that follows."""

    parameter: Parameter
    value: DatedValue | None
    following: DatedValue | None


def on(day: date) -> list[tuple[str, list[Standing]]]:
    """Give topic and parameters, as they stand on a day."""
    known = sorted(Lawbook.shipped().parameters.values(), key=lambda p: p.topic)
    standing = [Standing(p, p.wording_on(day), p.next_after(day)) for p in known]
    return [(topic, list(group)) for topic, group in groupby(standing, key=lambda s: s.parameter.topic)]
