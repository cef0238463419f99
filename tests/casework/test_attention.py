"""What a person must look at, and what was not looked at and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from fordel.casework.attention import LOOKS, Records, attention
from fordel.casework.capacity import Event, capacities_on, shares_on
from fordel.casework.ceilings import headroom_by_municipality
from fordel.casework.owners import concentration, owners_on
from fordel.law import Lawbook
from fordel.runs.record import Run
from fordel.tables import Decisions, DoctorShares, Ownerships

DAY = date(2026, 2, 1)
LAW = Lawbook.shipped().on(DAY)
FIRST = datetime(2020, 1, 1, tzinfo=UTC)


def settled(capacity: str, practice: str, vacant_on: date | None = None) -> list[Event]:
    """A capacity released in 2020, filled, and vacant from a day on."""
    moves = [(move, date(2020, 1, at)) for at, move in enumerate(("release", "advertise", "award", "fill"), 1)]
    moves += [("vacate", vacant_on)] if vacant_on else []
    return [
        Event(
            f"{capacity}-{move}",
            capacity,
            move,
            day,
            datetime(day.year, day.month, day.day, tzinfo=UTC),
            "0360" if move == "release" else None,
            practice if move == "award" else None,
            None,
            "x",
            "",
        )
        for move, day in moves
    ]


def share(doctor: str, capacity: str, part: float, role: str = "owner", **changed: object) -> dict[str, object]:
    row = {"doctor_id": doctor, "capacity_id": capacity, "valid_from": date(2020, 1, 4), "recorded_at": FIRST}
    return {**row, "valid_until": None, "share": part, "role": role, **changed}


def shares(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(DoctorShares.validate(pl.DataFrame(list(rows), DoctorShares.create_empty().schema)))


def owned(*rows: tuple[str, str]) -> pl.DataFrame:
    full = [(doctor, practice, date(2024, 1, 1), None) for doctor, practice in rows]
    return pl.DataFrame(full, Ownerships.create_empty().schema, orient="row")


def found(look: str, records: Records, day: date = DAY) -> list[tuple[str, date, str]]:
    rows, _ = attention(LAW, records, day)
    return rows.filter(look=look).select("subject", "since", "why").rows()


def test_nothing_on_record_is_nothing_to_look_at() -> None:
    rows, left_out = attention(LAW, Records(()), DAY)
    assert rows.is_empty()
    assert [line.split(": ")[1] for line in left_out] == [
        "needs doctors' shares",
        "needs doctors' shares",
        "needs ownerships",
        "needs a snapshot, for the decisions",
        "needs a run, for the headroom",
    ]


def test_a_vacancy_is_old_on_the_day_its_year_is_full() -> None:
    events = (*settled("K1", "036001", date(2025, 2, 1)), *settled("K2", "036001", date(2025, 2, 2)))
    assert [row[:2] for row in found("vacant long enough to take back", Records(events))] == [("K1", date(2025, 2, 1))]


def test_employed_doctors_fill_half_at_most_outside_threatened_areas() -> None:
    events = (*settled("K1", "036001"), *settled("K2", "036001"), *settled("K3", "036002"))
    half = shares(share("A", "K1", 1), share("B", "K2", 1, "employed"), share("C", "K3", 0.5, "employed"))
    look = "employed doctors above their limit"
    assert not found(look, Records(events, half))
    more = shares(share("A", "K1", 0.5), share("D", "K1", 0.5, "employed"), share("B", "K2", 1, "employed"))
    (row,) = found(look, Records(events, more))
    assert (row[0], row[2]) == ("036001", "employed doctors fill 1.5 of 2 capacities")
    assert not found(look, Records(events, more, threatened=frozenset({"0360"})))


def test_shares_that_the_register_contradicts() -> None:
    events = (*settled("K1", "036001"), *settled("K2", "036001", date(2025, 6, 1)))
    both = shares(share("A", "K1", 0.75), share("B", "K1", 0.5), share("C", "K2", 1), share("D", "K9", 1))
    assert [(row[0], row[2]) for row in found("shares and register disagree", Records(events, both))] == [
        ("K1", "doctors fill 1.25 of it; the register says filled"),
        ("K2", "doctors fill 1 of it; the register says vacant"),
        ("K9", "doctors fill 1 of it; the register says not released"),
    ]


def test_owners_above_the_limit_keep_what_they_have_and_may_acquire_none() -> None:
    many = owned(*(("A", f"00000{n}") for n in range(4)), ("B", "000010"), ("B", "000011"), ("C", "000010"))
    assert [row[0] for row in found("owner above the limit", Records((), ownerships=many))] == ["A"]
    owners = owners_on(LAW, many, DAY)
    assert owners.rows() == [("A", 4, False), ("B", 2, True), ("C", 1, True)]
    assert concentration(owners).rows() == [(1, 1, True), (2, 1, True), (4, 1, False)]
    earlier = Lawbook.shipped().on(date(2025, 6, 30))
    assert owners_on(earlier, many, date(2025, 6, 30))["may_acquire"].to_list() == [True, True, True]


def practice_share(practice: str, since: date, until: date | None) -> pl.DataFrame:
    row = {
        "decision_id": "1",
        "kind": "practice_share",
        "area_id": None,
        "practice_id": practice,
        "value": 1.0,
        "ground": "notice",
        "evidence": "Meddelt PLO",
        "decided_on": since,
        "valid_from": since,
        "valid_until": until,
        "decided_by": "region-sjaelland",
    }
    return pl.DataFrame([row], Decisions.create_empty().schema)


@pytest.mark.parametrize(
    ("since", "until", "too_long"),
    [
        (date(2020, 2, 1), None, False),
        (date(2020, 1, 31), None, True),
        (date(2018, 1, 1), date(2024, 1, 1), False),
        (date(2018, 1, 1), date(2024, 1, 2), True),
        (date(2026, 2, 2), None, False),
    ],
)
def test_a_practice_share_lasts_six_years_at_most(*, since: date, until: date | None, too_long: bool) -> None:
    records = Records((), decisions=practice_share("036001", since, until), practices=PRACTICES)
    assert bool(found("practice share too long", records)) is too_long


PRACTICES = pl.DataFrame({"practice_id": ["036001"], "municipality": ["0360"]})


@pytest.mark.parametrize(
    ("threatened", "headroom", "asked"),
    [(True, 0.0, True), (True, 1.0, False), (False, 0.0, False)],
    ids=["no room", "room", "not threatened"],
)
def test_a_right_against_the_ceiling_is_for_a_person(*, threatened: bool, headroom: float, asked: bool) -> None:
    room = pl.DataFrame({"municipality": ["0360"], "binding_area": ["sundhedsraad-x"], "headroom": [headroom]})
    records = Records(
        (),
        decisions=practice_share("036001", date(2020, 1, 1), date(2026, 1, 1)),
        headroom=room,
        practices=PRACTICES,
        threatened=frozenset({"0360"} if threatened else ()),
    )
    rows = found("extra capacity above the ceiling", records)
    assert bool(rows) is asked
    if asked:
        assert rows[0][2].endswith("sundhedsraad-x has headroom 0: a person decides")


def test_rules_that_ended_are_not_applied_and_that_is_said() -> None:
    law = Lawbook.shipped().on(date(2027, 1, 1))
    rows, left_out = attention(law, Records(tuple(settled("K1", "036001", date(2020, 5, 1)))), date(2027, 1, 1))
    assert rows.is_empty()
    assert left_out[0].startswith("vacant long enough to take back: ")
    assert "not in force on 2027-01-01" in left_out[0]
    assert len(left_out) == len(LOOKS)


def test_headroom_is_that_of_the_binding_area(small_run: Run) -> None:
    headroom = headroom_by_municipality(small_run.areas)
    assert headroom.height == 7
    assert headroom["headroom"].null_count() == 0
    bound = small_run.areas.filter("binding").select("area_id", "headroom").rows()
    assert {row[1:] for row in headroom.rows()} <= set(bound)


def test_a_later_share_takes_the_place_of_an_earlier_one() -> None:
    events = settled("K1", "036001")
    later = FIRST + timedelta(days=400)
    both = shares(
        share("A", "K1", 1.0),
        share("A", "K1", 0.5, recorded_at=later),
        share("B", "K1", 0.25, valid_from=date(2021, 1, 1), recorded_at=later),
    )
    assert capacities_on(events, both, DAY)["capacities_filled"].to_list() == [0.75]
    assert capacities_on(events, both, DAY, later - timedelta(days=1))["capacities_filled"].to_list() == [1.0]
    gone = pl.concat([both, shares(share("A", "K1", 0, recorded_at=later + timedelta(days=1)))])
    assert shares_on(gone, DAY)["doctor_id"].to_list() == ["B"]
