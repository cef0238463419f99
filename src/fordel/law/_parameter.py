"""What the book is made of: authorities, and parameters with their dated, sourced values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from fordel.law.errors import NotInForce, NotYoursToSet, parameter_not_in_force

Value = bool | int | float | str | date | list[Any] | dict[str, Any]


class Evidence(StrEnum):
    """How sure a value is (evidence mark of the source it rests on)."""

    SEEN = "seen"  # read in the named source
    PART = "part"  # the source was seen only in part
    INFERRED = "inferred"  # follows from what was seen; not law
    ASSUMPTION = "assumption"  # nothing found: a stated, overridable default


class AuthorityLevel(StrEnum):
    """Who may set a parameter, from the state down; a higher level may set what a lower one may."""

    NATION = "nation"
    REGION = "region"
    HEALTH_COUNCIL = "health_council"

    @property
    def rank(self) -> int:
        """0 for the state, growing downwards."""
        return list(AuthorityLevel).index(self)


@dataclass(frozen=True)
class Authority:
    """One who decides: the state, a region or a health council, from ``since`` to the day before ``until``."""

    authority_id: str
    name: str
    level: AuthorityLevel
    file: str = ""
    since: date | None = None
    until: date | None = None

    def check_exists(self, day: date) -> None:
        """Check that the authority exists on ``day``.

        Raises:
            NotInForce: naming its first or last day.
        """
        if self.since is not None and day < self.since:
            raise NotInForce(
                f"{self.name} does not exist on {day}.\n  Starts: {self.since}.\n  Try:    --on {self.since}"
            )
        if self.until is not None and day >= self.until:
            raise NotInForce(f"{self.name} does not exist on {day}.\n  Ended:  {self.until}.\n  File:   {self.file}")


NATION = Authority("nation", "Staten", AuthorityLevel.NATION)


@dataclass(frozen=True)
class Variant:
    """A value another source gives; kept, not used."""

    value: Value
    source: str
    note: str = ""

    def text(self) -> str:
        """Show the value as it stands in the TOML."""
        return value_text(self.value)


@dataclass(frozen=True)
class DatedValue:
    """One wording of a parameter: its value from ``since`` on. No value ends the parameter."""

    since: date
    source: str
    value: Value | None = None
    evidence: Evidence = Evidence.SEEN
    note: str = ""
    variants: tuple[Variant, ...] = ()
    set_by: str = "nation"

    def text(self) -> str:
        """Show the value as it stands in the TOML: plain for numbers and words, JSON for lists and tables."""
        return value_text(self.value)


@dataclass(frozen=True)
class Parameter:
    """A dated number, date, word, list or table with unit, source and who may set it."""

    topic: str
    name: str
    title: str
    dansk: str
    unit: str
    may_be_set_by: AuthorityLevel
    values: tuple[DatedValue, ...]
    implements: tuple[str, ...] = ()
    file: str = ""

    @property
    def full_name(self) -> str:
        """``topic.name``; the bare name is unique in the book, too."""
        return f"{self.topic}.{self.name}"

    def latest(self, day: date) -> DatedValue | None:
        """Give the last dated block that has begun by ``day``: a value, or an end."""
        return next((v for v in reversed(self.values) if v.since <= day), None)

    def wording_on(self, day: date) -> DatedValue | None:
        """Give the wording in force on ``day``; None before the first and after the end."""
        current = self.latest(day)
        return None if current is None or current.value is None else current

    def next_after(self, day: date) -> DatedValue | None:
        """Give the first dated block that begins after ``day``: a value, or an end."""
        return next((v for v in self.values if v.since > day), None)

    def at(self, day: date) -> DatedValue:
        """Give the wording in force on ``day``.

        Raises:
            NotInForce: nothing holds on that day; the message says when it starts or ended.
        """
        found = self.wording_on(day)
        if found is None:
            raise parameter_not_in_force(self, day)
        return found


def value_text(value: Value | None) -> str:
    """Show a value as it stands in the TOML: plain for numbers and words, JSON for lists and tables."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value).lower() if isinstance(value, bool) else str(value)


def same_kind(known: Value | None, value: Value) -> bool:
    """Whether a value is of the kind a parameter has: all numbers are one kind, yes and no is not a number."""
    numbers = (int, float)
    if isinstance(known, bool) or isinstance(value, bool):
        return isinstance(known, bool) and isinstance(value, bool)
    if isinstance(known, numbers):
        return isinstance(value, numbers)
    return isinstance(value, type(known))


def may_set(parameter: Parameter, authority: Authority) -> None:
    """Check that an authority may set a parameter.

    Raises:
        NotYoursToSet: naming who may.
    """
    if authority.level.rank > parameter.may_be_set_by.rank:
        raise NotYoursToSet(
            f"{parameter.full_name} may not be set by {authority.name} ({authority.level}).\n"
            f"  May be set by: {parameter.may_be_set_by}\n"
            f"  File:          {parameter.file}\n"
            f"  Try:           leave it at the {parameter.may_be_set_by} level, or propose a change of the law file."
        )
