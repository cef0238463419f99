"""What was known at a moment can be read back for ever: the run made then comes out again, to the byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from fordel.casework.capacity import Event, practices_on
from fordel.casework.record import record
from fordel.runs.execute import execute
from fordel.runs.record import write_run
from fordel.tables import DoctorShares, Tables

LAW_DATE, DAY = date(2026, 2, 1), date(2026, 1, 1)
THEN = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 12, tzinfo=UTC)


def history(practices: pl.DataFrame) -> list[Event]:
    """Release, advertise, award and fill as many whole capacities as each practice has."""
    events = []
    for practice, municipality, held in practices.select("practice_id", "municipality", "capacities_released").rows():
        for number in range(int(held)):
            for at, move in enumerate(("release", "advertise", "award", "fill"), 1):
                name = f"K{practice}-{number}"
                recorded = datetime(2024, at, 1, tzinfo=UTC)
                places = (municipality if move == "release" else None, practice if move == "award" else None)
                events.append(Event(f"{name}-{at}", name, move, date(2024, at, 1), recorded, *places, None, "x", ""))
    return events


def late(number: int, capacity: str, move: str, day: date, annuls: str | None = None) -> Event:
    recorded = LATER.replace(minute=number)
    return Event(f"late-{number}", capacity, move, day, recorded, None, None, annuls, "x", "")


def share(doctor: str, recorded_at: datetime, part: float) -> dict[str, object]:
    key = {"doctor_id": doctor, "capacity_id": "K010101-0", "valid_from": date(2024, 4, 1), "recorded_at": recorded_at}
    return {**key, "valid_until": None, "share": part, "role": "owner"}


@pytest.fixture
def events(small_country: Tables) -> list[Event]:
    return record([], history(small_country.practices), [])


def run_of(tables: Tables, events: list[Event], shares: pl.DataFrame, known_on: datetime | None, to: Path) -> Path:
    practices = practices_on(tables.practices, events, shares, DAY, known_on)
    return write_run(execute(replace(tables, practices=practices), day=LAW_DATE), to)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_as_known_then_the_run_is_the_same_to_the_byte(
    small_country: Tables, events: list[Event], tmp_path: Path
) -> None:
    schema = DoctorShares.create_empty().schema
    shares = pl.DataFrame([share("A", datetime(2024, 4, 2, tzinfo=UTC), 0.5)], schema)
    first = content(run_of(small_country, events, shares, None, tmp_path / "first"))

    # All that can become known later about days long gone: a vacancy, a mistake, a return, a doctor's other half.
    corrected = record(events, [late(1, "K010102-0", "vacate", date(2025, 6, 1))], [])
    corrected = record(corrected, [late(2, "K014701-1", "annul", date(2024, 4, 1), "K014701-1-4")], [])
    corrected = record(corrected, [late(3, "K075101-3", "return", date(2025, 1, 1))], [])
    more = pl.concat([shares, pl.DataFrame([share("A", LATER, 1.0)], schema)])

    then = content(run_of(small_country, corrected, more, THEN, tmp_path / "then"))
    assert then == first
    now = content(run_of(small_country, corrected, more, None, tmp_path / "now"))
    assert now != first
    held = practices_on(small_country.practices, corrected, more, DAY).select("practice_id", "^capacities_.*$")
    assert {("010102", 2.0, 1.0), ("014701", 2.0, 1.0), ("075101", 3.0, 3.0), ("010101", 3.0, 3.0)} <= set(held.rows())


def test_the_order_in_which_events_lie_in_the_file_does_not_matter(small_country: Tables, events: list[Event]) -> None:
    none = DoctorShares.create_empty()
    shuffled = [*events[1::2], *events[::2]]
    assert practices_on(small_country.practices, shuffled, none, DAY).equals(
        practices_on(small_country.practices, events, none, DAY)
    )
