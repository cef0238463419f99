"""When the law changes, and what it lacks on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fordel.law._parameter import NATION, DatedValue, Evidence, Parameter
from fordel.law._rule import Wording, newest_wordings, registered_rules
from fordel.law.errors import NotInForce

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fordel.law._book import Lawbook

UNSURE = (Evidence.ASSUMPTION, Evidence.INFERRED)


@dataclass(frozen=True)
class Change:
    """One thing that starts, changes or ends on a day.

    Attributes:
        day: the first day on which it holds.
        name: full name of a parameter or rule, or id of an authority.
        authority: whose law changes.
        before: what held until then; empty where nothing did.
        after: what holds from then on; empty where nothing does.
        source: why.
    """

    day: date
    name: str
    authority: str
    before: str
    after: str
    source: str


@dataclass(frozen=True)
class Check:
    """What the law of a day lacks and rests on.

    Attributes:
        missing: rules that cannot be applied that day, each with the reason.
        not_in_force: parameters without a value that day.
        unsure: parameters whose value that day is an assumption or inferred, with that value.
        coming: what changes within the year that follows.
    """

    missing: tuple[tuple[str, str], ...]
    not_in_force: tuple[Parameter, ...]
    unsure: tuple[tuple[Parameter, DatedValue], ...]
    coming: tuple[Change, ...]


def changes(book: Lawbook) -> list[Change]:
    """List every change of parameters, rules and authorities, oldest first; another source for the same is none."""
    found = [*_of_parameters(book), *_of_rules(), *_of_authorities(book)]
    return sorted(found, key=lambda c: (c.day, c.name, c.authority))


def check(book: Lawbook, day: date, authority: str = NATION.authority_id) -> Check:
    """Say what the law of a day lacks, what it rests on, and what changes within a year, for one authority."""
    law = book.on(day, authority)
    parameters = sorted((book.as_set_by(name, authority) for name in book.parameters), key=lambda p: p.full_name)
    held = [(p, value) for p in parameters if (value := p.wording_on(day)) is not None]
    missing = []
    for wording in newest_wordings():
        try:
            law.load(wording.on(day).params)
        except NotInForce as reason:
            missing.append((wording.name, str(reason)))
    return Check(
        missing=tuple(missing),
        not_in_force=tuple(p for p in parameters if p.wording_on(day) is None),
        unsure=tuple((p, value) for p, value in held if value.evidence in UNSURE),
        coming=tuple(
            c
            for c in changes(book)
            if day < c.day <= _a_year_after(day) and c.authority in (NATION.authority_id, authority)
        ),
    )


def _a_year_after(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap_day else day.day)


def _of_parameters(book: Lawbook) -> Iterator[Change]:
    for parameter in book.parameters.values():
        yield from _steps(parameter, NATION.authority_id)
    for authority, own in book.overrides.items():
        for name in own:
            set_there = book.as_set_by(name, authority)
            shared = set(_steps(book.parameter(name), NATION.authority_id))
            known = {(c.day, c.before, c.after) for c in shared}
            yield from (c for c in _steps(set_there, authority) if (c.day, c.before, c.after) not in known)


def _steps(parameter: Parameter, authority: str) -> Iterator[Change]:
    before = ""
    for value in parameter.values:
        after = "" if value.value is None else value.text()
        if after != before:
            yield Change(value.since, parameter.full_name, authority, before, after, value.source)
        before = after


def _of_rules() -> Iterator[Change]:
    names = {w.function: w.name for w in registered_rules()}
    replaced = {w.replaces for w in registered_rules()}
    for wording in registered_rules():
        before = names[wording.replaces] if wording.replaces else ""
        yield _rule_change(wording, wording.since, before, wording.name)
        if wording.until is not None and wording.function not in replaced:
            yield _rule_change(wording, wording.until, wording.name, "")


def _rule_change(wording: Wording, day: date, before: str, after: str) -> Change:
    return Change(day, wording.name, NATION.authority_id, before, after, wording.source)


def _of_authorities(book: Lawbook) -> Iterator[Change]:
    for one in book.authorities.values():
        if one.since is not None:
            yield Change(one.since, one.authority_id, one.authority_id, "", one.name, one.file)
        if one.until is not None:
            yield Change(one.until, one.authority_id, one.authority_id, one.name, "", one.file)
