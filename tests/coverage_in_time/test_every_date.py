"""On every day on which the law changes, and the day before, every rule has one wording or is honestly not in force."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import fordel.casework
import fordel.plan  # noqa: F401 - these two register every rule
from fordel.law import (
    Authority,
    Law,
    Lawbook,
    NotInForce,
    ParameterUsed,
    Wording,
    changes,
    newest_wordings,
    registered_rules,
)

BOOK = Lawbook.shipped()
CHANGES = sorted({change.day for change in changes(BOOK)})
DAYS = sorted(
    {day - timedelta(days=before) for day in CHANGES for before in (0, 1)} | {date(1999, 1, 1), date(2100, 1, 1)}
)


def laws_of(day: date) -> list[Law]:
    return [BOOK.on(day, authority) for authority in BOOK.authorities if exists(BOOK.authority(authority), day)]


def exists(authority: Authority, day: date) -> bool:
    return (authority.since is None or authority.since <= day) and (authority.until is None or day < authority.until)


def chain(newest: Wording) -> list[Wording]:
    by_function = {wording.function: wording for wording in registered_rules()}
    found = [newest]
    while found[-1].replaces is not None:
        found.append(by_function[found[-1].replaces])
    return found


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_rule_has_exactly_one_wording_or_has_not_begun(day: date) -> None:
    for newest in newest_wordings():
        holding = [w for w in chain(newest) if w.since <= day and (w.until is None or day < w.until)]
        begun, ended = chain(newest)[-1].since <= day, newest.until is not None and newest.until <= day
        assert len(holding) == (1 if begun and not ended else 0), newest.name


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_rule_in_force_finds_its_parameters_for_every_authority(day: date) -> None:
    for law in laws_of(day):
        for newest in newest_wordings():
            try:
                wording = newest.on(day)
            except NotInForce:
                continue
            loaded: tuple[object, tuple[ParameterUsed, ...]] = law.load(wording.params)
            values, used = loaded
            assert set(vars(values)) == {p.name.rpartition(".")[2] for p in used}
            assert all(p.source and p.since <= day for p in used), wording.name


def test_the_days_of_parameters_and_of_rules_are_all_covered() -> None:
    rules = {day for w in registered_rules() for day in (w.since, w.until) if day is not None}
    assert rules <= set(CHANGES)
    unchanged = {v.since for own in BOOK.overrides.values() for values in own.values() for v in values}
    assert set(BOOK.dates_of_change()) - set(CHANGES) <= unchanged


CLOSING = {
    "2025-06-30": ("minimum.uniform_closing_minimum", None, 6),
    "2025-07-01": ("minimum.uniform_closing_minimum", "municipality", 3),
    "2026-02-01": ("minimum.closing_minimum", "municipality", 3),
    "2027-01-01": ("minimum.closing_minimum", "health_council", 3),
}


@pytest.mark.parametrize(
    ("day", "closing", "level", "owned"), [(date.fromisoformat(d), *w) for d, w in CLOSING.items()]
)
def test_the_four_days_of_the_reform_give_the_wording_in_force(
    day: date, closing: str, level: str | None, owned: int
) -> None:
    law = BOOK.on(day)
    by_name = {newest.name: newest for newest in newest_wordings()}
    assert by_name["minimum.closing_minimum"].on(day).name == closing
    assert law.value("provider_numbers_max") == owned
    assert law.value("list_maximum") == 2700
    if level is None:
        for name in ("binding_level", "weighted_citizens_per_capacity"):
            with pytest.raises(NotInForce, match="--on 2025-07-01"):
                law.value(name)
    else:
        assert (law.value("binding_level"), law.value("weighted_citizens_per_capacity")) == (level, 1600)


@pytest.mark.parametrize(
    ("name", "last", "ended"),
    [
        ("uniform_closing_limit", date(2026, 1, 31), date(2026, 2, 1)),
        ("island_exception", date(2026, 12, 31), date(2027, 1, 1)),
        ("temporary_supplement", date(2026, 12, 31), date(2027, 1, 1)),
        ("acquired_rights", date(2026, 12, 31), date(2027, 1, 1)),
        ("moratorium_municipalities", date(2025, 6, 30), date(2025, 7, 1)),
    ],
)
def test_what_ends_holds_on_its_last_day_and_not_on_the_next(name: str, last: date, ended: date) -> None:
    assert BOOK.on(last).value(name)
    with pytest.raises(NotInForce, match=f"Ended:  {ended}"):
        BOOK.on(ended).value(name)
