"""Whatever is recorded, in whatever order: no area passes its ceiling and no capacity takes a step it may not."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from fordel.casework.capacity import Event, timeline
from fordel.casework.ceilings import Ceiling
from fordel.casework.errors import NotAllowed
from fordel.casework.moves import MOVES, State
from fordel.casework.record import record
from fordel.tables import CAPACITY_MOVES

START = dt.date(2026, 1, 1)
COUNCIL = Ceiling("sundhedsraad-syd", frozenset({"0360", "0376"}), 3, START)
# Events are recorded before this one holds and after, each with days before it and after.
ALONE = Ceiling("0400", frozenset({"0400"}), 1, START + dt.timedelta(days=120))
CAPACITIES = [f"K{number}" for number in range(6)]

days = st.integers(0, 12).map(lambda months: START + dt.timedelta(days=30 * months))


class Register(RuleBasedStateMachine):
    """A register that anybody sends anything to; the sum of its capacities must stay below the ceilings."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.clock = dt.datetime.combine(START, dt.time(), dt.UTC)

    def _send(self, capacity: str, move: str, day: dt.date, municipality: str | None, annuls: str | None) -> None:
        self.clock += dt.timedelta(days=20)
        practice = "012345" if move == "award" else None
        name = f"e{self.clock:%y%m%d}"
        event = Event(name, capacity, move, day, self.clock, municipality, practice, annuls, "sagsbehandler", "")
        with suppress(NotAllowed):
            self.events = record(self.events, [event], [COUNCIL, ALONE])

    @rule(
        capacity=st.sampled_from(CAPACITIES),
        move=st.sampled_from([move for move in CAPACITY_MOVES if move != "annul"]),
        day=days,
        municipality=st.sampled_from(["0360", "0376", "0400"]),
    )
    def anything(self, capacity: str, move: str, day: dt.date, municipality: str) -> None:
        self._send(capacity, move, day, municipality if move in ("release", "relocate") else None, None)

    @rule(capacity=st.sampled_from(CAPACITIES), pick=st.integers(0, 5), day=days)
    def the_next_step(self, capacity: str, pick: int, day: dt.date) -> None:
        """A step that its state allows, so that long lives are reached."""
        life = [step for step in timeline(self.events) if step.capacity_id == capacity]
        state, latest = (life[-1].state, life[-1].valid_on) if life else (State.ALLOWED, START)
        possible = [verb for verb, move in MOVES.items() if state in move.origins]
        if possible:
            verb = possible[pick % len(possible)]
            place = ["0360", "0376", "0400"][pick % 3] if verb in ("release", "relocate") else None
            self._send(capacity, verb, max(latest, day), place, None)

    @rule(pick=st.integers(0, 30), day=days)
    def annul(self, pick: int, day: dt.date) -> None:
        if self.events:
            annulled = self.events[pick % len(self.events)]
            self._send(annulled.capacity_id, "annul", day, None, annulled.event_id)

    def teardown(self) -> None:
        """Judge the whole life of the register, every moment of it included, when no more is sent."""
        steps = timeline(self.events)
        assert all(step.before in MOVES[step.move].origins for step in steps)
        for day in {event.valid_on for event in self.events}:
            for ceiling in (COUNCIL, ALONE):
                if ceiling.holds_on(day):
                    assert counted(self.events, ceiling, day) <= max(ceiling.capacities, self._on_record(ceiling))
        for known in range(0, len(self.events), 4):
            moment = self.events[known].recorded_at
            assert timeline(self.events, moment) == timeline(self.events[: known + 1])

    def _on_record(self, ceiling: Ceiling) -> int:
        """What was on record of the eve when the ceiling came: that may stay above it."""
        began = dt.datetime.combine(ceiling.since, dt.time(), dt.UTC)
        known = [event for event in self.events if event.recorded_at < began]
        return counted(known, ceiling, ceiling.since - dt.timedelta(days=1))


def counted(events: list[Event], ceiling: Ceiling, day: dt.date) -> int:
    """Count an area's capacities on a day the slow way."""
    last = {step.capacity_id: step for step in timeline(events) if step.valid_on <= day}
    return sum(step.state.counts and step.municipality in ceiling.municipalities for step in last.values())


def run(number: int, examples: int) -> None:
    machine = seed(number)(type(f"Register{number}", (Register,), {}))
    chosen = settings(
        max_examples=examples,
        stateful_step_count=15,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_register() -> None:
    run(number=0, examples=100)


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2], ids=["first half", "second half"])
def test_register_ten_thousand_times(number: int) -> None:
    run(number, examples=5_000)
