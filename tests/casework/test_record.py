"""What a register takes in and what it refuses, in sentences that name the event."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fordel.casework.capacity import Event, count_by_state, event_table, read_events, state_on
from fordel.casework.ceilings import Ceiling
from fordel.casework.errors import NotAllowed
from fordel.casework.moves import MOVES, State, state_diagram
from fordel.casework.record import record
from fordel.tables import CAPACITY_MOVES

START = date(2026, 2, 1)
ONE = Ceiling("0360", frozenset({"0360"}), 1, START)
ELSEWHERE = Ceiling("0376", frozenset({"0376"}), 5, START)
LIFE = ("release", "advertise", "award", "fill", "vacate", "return", "advertise", "award", "fill")


def event(name: str, move: str, day: date, *, capacity: str = "K1", late: int = 0, to: str | None = None) -> Event:
    """Make an event recorded on its own day, or so many days after."""
    recorded = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(days=late)
    municipality = to or ("0360" if move in ("release", "relocate") else None)
    return Event(
        name,
        capacity,
        move,
        day,
        recorded,
        municipality if move in ("release", "relocate") else None,
        (to or "036001") if move == "award" else None,
        to if move == "annul" else None,
        "sagsbehandler",
        "",
    )


def life(*moves: str, capacity: str = "K1", first: date = START) -> list[Event]:
    return [
        event(f"{capacity}-{at}", move, first + timedelta(days=30 * at), capacity=capacity)
        for at, move in enumerate(moves)
    ]


def refused(recorded: list[Event], *new: Event, ceilings: tuple[Ceiling, ...] = (ONE, ELSEWHERE)) -> str:
    with pytest.raises(NotAllowed) as raised:
        record(recorded, new, ceilings)
    return str(raised.value)


def test_a_whole_life_and_its_state_on_every_day() -> None:
    events = record([], life(*LIFE), [ONE])
    states = [state_on(events, START + timedelta(days=30 * at))["state"][0] for at in range(len(LIFE))]
    assert states == [str(MOVES[move].target) for move in LIFE]
    assert state_on(events, START - timedelta(days=1)).is_empty()


def test_released_filled_and_vacant_are_never_mixed() -> None:
    events = life("release") + life("release", "advertise", "award", "fill", capacity="K2")
    events += life("release", "advertise", "award", "fill", "vacate", capacity="K3")
    events += life("release", "advertise", "award", "fill", "vacate", "take_back", capacity="K4")
    counts = count_by_state(state_on(events, date(2027, 1, 1))).row(0, named=True)
    given = {name: number for name, number in counts.items() if number}
    assert given == {"municipality": "0360", "released": 1, "filled": 1, "vacant": 1, "taken_back": 1, "counted": 3}


def test_a_full_area_gets_no_more_until_one_is_taken_back() -> None:
    events = record([], life("release", "advertise", "award", "fill", "vacate"), [ONE])
    later = date(2027, 7, 1)
    said = refused(events, event("x", "release", later, capacity="K2"))
    assert "0360 would have 2 capacities on 2027-07-01, but its ceiling is 1" in said
    events = record(events, [event("back", "take_back", later)], [ONE])
    again = event("x", "release", later + timedelta(days=1), capacity="K2")
    assert record(events, [again], [ONE])[-1] == again


def test_a_late_event_is_judged_by_all_it_changes() -> None:
    events = record([], life("release", capacity="K1", first=date(2026, 6, 1)), [ONE])
    backdated = event("x", "release", date(2026, 3, 1), capacity="K2", late=200)
    assert "on 2026-06-01, but its ceiling is 1" in refused(events, backdated)


def test_a_day_before_the_ceiling_does_not_get_round_it() -> None:
    events = record([], life("release"), [ONE])
    before = event("x", "release", START - timedelta(days=40), capacity="K2", late=300)
    assert "0360 would have 2 capacities on 2026-02-01" in refused(events, before)


def test_what_was_on_record_when_the_ceiling_came_may_stay_above_it() -> None:
    old = [*life("release", first=date(2020, 1, 1)), *life("release", capacity="K2", first=date(2020, 1, 1))]
    events = record([], old, [ONE])
    assert count_by_state(state_on(events, START))["counted"].to_list() == [2]
    assert "would have 3 capacities" in refused(events, event("x", "release", date(2026, 5, 1), capacity="K3"))
    assert len(record(events, [event("a", "advertise", date(2026, 5, 1))], [ONE])) == 3


def test_a_move_to_another_area_needs_room_there() -> None:
    there = [
        event(
            f"K2-{at}", move, START + timedelta(days=30 * at), capacity="K2", to="0376" if move == "release" else None
        )
        for at, move in enumerate(("release", "advertise", "award", "fill"))
    ]
    events = record([], [*life("release", "advertise", "award", "fill"), *there], [ONE, ELSEWHERE])
    moved = event("m", "relocate", date(2027, 1, 1), capacity="K2", to="0360")
    assert "0360 would have 2 capacities" in refused(events, moved)
    assert record(events, [event("m", "relocate", date(2027, 1, 1), to="0376")], [ONE, ELSEWHERE])


def test_a_mistake_is_annulled_and_never_deleted() -> None:
    events = record([], life("release", "advertise", "award", "fill", "vacate"), [ONE])
    wrong = events[-1]
    undone = record(events, [event("u", "annul", wrong.valid_on, late=10, to=wrong.event_id)], [ONE])
    day = date(2027, 1, 1)
    assert state_on(undone, day)["state"].to_list() == ["filled"]
    assert state_on(undone, day, wrong.recorded_at)["state"].to_list() == ["vacant"]
    assert undone[: len(events)] == events


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (event("K1-0", "advertise", date(2027, 1, 1)), "Event K1-0 is recorded already"),
        (
            event("x", "fill", date(2027, 1, 1)),
            "is released on 2027-01-01, so fill is not possible: it must be awarded",
        ),
        (event("x", "advertise", date(2025, 1, 1)), "no later than the newest one"),
        (event("x", "annul", date(2027, 1, 1), to="K1-O"), "not recorded. Did you mean 'K1-0'?"),
        (event("x", "annul", date(2027, 1, 1)), "names the event that it annuls"),
        (event("x", "sell", date(2027, 1, 1)), "no move is called 'sell'; use one of release, advertise"),
        (event("x", "release", date(2027, 1, 1), capacity="K2", to="36"), "'36' is not a municipality, by its code"),
        (event("x", "release", date(2027, 1, 1), capacity="K2", to="0101"), "no ceiling on 2027-01-01 covers"),
        (event("x", "award", date(2027, 1, 1), to="12"), "'12' is not a practice, by its provider number"),
        (event("x", "release", date(2027, 1, 1), capacity="K2")._replace(municipality=None), "release needs a munic"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused(new: Event, says: str) -> None:
    assert says in refused(record([], life("release"), [ONE]), new)


def test_all_faults_come_at_once_and_nothing_is_recorded() -> None:
    events = record([], life("release"), [ONE])
    said = refused(events, event("x", "fill", date(2027, 1, 1)), event("y", "fill", date(2027, 1, 2), capacity="K9"))
    assert "Capacity K1 is released" in said
    assert "Capacity K9 is allowed" in said


def test_an_annulment_of_another_capacity_or_of_an_annulment_is_refused() -> None:
    events = record([], life("release", "advertise"), [ONE])
    other = event("x", "annul", date(2027, 1, 1), capacity="K2", to="K1-1")
    assert "is of K2, but annuls one of K1" in refused(events, other)
    events = record(events, [event("u", "annul", date(2027, 1, 1), to="K1-1")], [ONE])
    assert "itself an annulment" in refused(events, event("x", "annul", date(2027, 2, 1), to="u"))


def test_events_survive_the_way_through_a_table() -> None:
    events = life(*LIFE)
    assert read_events(event_table(events)) == events


def test_moves_schema_and_diagram_tell_the_same() -> None:
    assert {*MOVES, "annul"} == set(CAPACITY_MOVES)
    arrows = [line for line in state_diagram().splitlines() if ": " in line]
    assert len(arrows) == sum(len(move.origins) for move in MOVES.values())
    reached = {State.ALLOWED}
    for _ in State:
        reached |= {m.target for m in MOVES.values() if m.target and reached & set(m.origins)}
    assert reached == set(State), "every state can be reached"
