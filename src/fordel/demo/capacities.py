"""A synthetic register: how the demo's capacities came to be as they are, who fills them and who owns the practices.

No row is a real event or a real doctor. The lives are drawn so that on the day of the snapshot every practice holds and
fills what the snapshot says; how often capacities change hands is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import numpy as np
import polars as pl

from fordel.casework.capacity import Event, event_table
from fordel.tables import DoctorShares, Ownerships

SEED = 20260301
FIRST_YEAR, LAST_YEAR = 1990, 2018  # years in which the demo's capacities were released (assumption)
LONG_AGO = 2005  # the last year in which one that is no more was released (assumption)
HANDED_OVER = 0.25  # share of capacities that changed doctor within the practice (assumption)
CAME_FROM_ANOTHER = 0.06  # share that another practice gave back before (assumption)
MISTAKEN = 0.01  # share of which something wrong was recorded and annulled (assumption)
TAKEN_BACK = 0.02  # capacities that are no more, per one that is (assumption)
TWO_DOCTORS = 0.15  # share that two doctors fill by half (assumption)
EMPLOYED = 0.12  # share of doctors in practices of several who are employed (assumption)
OWN_ANOTHER = 0.03  # share of practices whose owner owns the one before it, too (assumption)
VACANT_AT_MOST = 900  # days before the snapshot within which a capacity became vacant (assumption)
TAKEN_BACK_AFTER = 366  # days vacant before a capacity was taken back, at least: the region may after a year
RECORDED_WITHIN = 20  # days after which an event is on record, at most (assumption)
MADE_UP = "Fordel demo"


@dataclass(frozen=True)
class Register:
    """A register and what belongs to it: rows of ``CapacityEvents``, ``DoctorShares`` and ``Ownerships``."""

    events: pl.DataFrame
    shares: pl.DataFrame
    ownerships: pl.DataFrame


def make_register(practices: pl.DataFrame, day: date) -> Register:
    """Make the register of a snapshot's practices. The same bytes each time.

    Args:
        practices: rows of ``Practices``, whole capacities.
        day: the snapshot's day; nothing happens after it.
    """
    rng = np.random.default_rng(SEED)
    lives = [life for practice in practices.sort("practice_id").iter_rows(named=True) for life in _lives(rng, practice)]
    elsewhere = dict(practices.sort("practice_id").group_by("municipality").agg("practice_id").iter_rows())
    drawn = [event for life in lives for event in _Drawing(rng, life, day, elsewhere[life.municipality]).events()]
    drawn.sort(key=lambda event: (event.recorded_at, event.capacity_id, event.valid_on))
    named = _named(drawn)
    shares, ownerships = _doctors(rng, named)
    return Register(event_table(named), shares, ownerships)


@dataclass(frozen=True)
class Life:
    """What a capacity comes to: who holds it, and whether it is filled, vacant or taken back on the day."""

    capacity_id: str
    municipality: str
    practice_id: str
    end: str


def _lives(rng: np.random.Generator, practice: dict[str, object]) -> Iterator[Life]:
    number, municipality = str(practice["practice_id"]), str(practice["municipality"])
    released, filled = (int(float(str(practice[f"capacities_{word}"]))) for word in ("released", "filled"))
    for at in range(1, released + 1):
        yield Life(f"K{number}-{at}", municipality, number, "filled" if at <= filled else "vacant")
    if rng.random() < TAKEN_BACK * released:
        yield Life(f"K{number}-{released + 1}", municipality, number, "taken back")


class _Drawing:
    """Draws the events of one life, the day moving forward with each."""

    def __init__(self, rng: np.random.Generator, life: Life, last: date, nearby: list[str]) -> None:
        self.rng, self.life, self.last = rng, life, last
        self.others = [number for number in nearby if number != life.practice_id]
        last_year = LAST_YEAR if life.end != "taken back" else LONG_AGO
        self.day = date(int(rng.integers(FIRST_YEAR, last_year + 1)), int(rng.integers(1, 13)), 1)

    def events(self) -> Iterator[Event]:
        """Give the events in their order; the names of events come later."""
        yield self._event("release", municipality=self.life.municipality)
        if self.others and self.rng.random() < CAME_FROM_ANOTHER:
            yield from self._settled(self.others[int(self.rng.integers(len(self.others)))])
            yield self._event("return", years=1)
        yield from self._settled(self.life.practice_id)
        if self.rng.random() < MISTAKEN:
            wrong = self._event("vacate")
            yield wrong
            yield wrong._replace(move="annul", annuls="", recorded_at=wrong.recorded_at + timedelta(hours=1))
        elif self.rng.random() < HANDED_OVER:
            yield self._event("vacate", years=1)
            yield self._event("fill")
        if self.life.end == "vacant":
            self.day = max(self.day, self.last - timedelta(days=int(self.rng.integers(VACANT_AT_MOST))))
            yield self._event("vacate")
        if self.life.end == "taken back":
            yield self._event("vacate", years=1)
            self.day += timedelta(days=TAKEN_BACK_AFTER)
            yield self._event("take_back")

    def _settled(self, practice: str) -> Iterator[Event]:
        yield self._event("advertise")
        yield self._event("award", practice=practice)
        yield self._event("fill")

    def _event(
        self, move: str, *, years: int = 0, municipality: str | None = None, practice: str | None = None
    ) -> Event:
        """Let some weeks go by, or some years but never past the day of the snapshot, and record the move."""
        left = (self.last - self.day).days // 12
        pause = int(self.rng.integers(20, 120)) + int(years * self.rng.integers(365, 1500))
        self.day += timedelta(days=min(pause, left))
        late = timedelta(days=int(self.rng.integers(RECORDED_WITHIN)), minutes=int(self.rng.integers(600)))
        noted = datetime.combine(self.day, time(7), UTC) + late
        recorded = min(noted, datetime.combine(self.last, time(7), UTC))
        return Event(
            "", self.life.capacity_id, move, self.day, recorded, municipality, practice, None, MADE_UP, "Syntetisk"
        )


def _named(drawn: list[Event]) -> list[Event]:
    """Number the events as they were recorded; an annulment names the event before it of its capacity."""
    latest: dict[str, str] = {}
    named = []
    for number, event in enumerate(drawn, 1):
        name = f"S{number:06}"
        annuls = latest[event.capacity_id] if event.move == "annul" else None
        named.append(event._replace(event_id=name, annuls=annuls))
        latest[event.capacity_id] = name
    return named


def _doctors(rng: np.random.Generator, events: list[Event]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw who fills each capacity while it is filled, and who owns the practices."""
    annulled = {event.annuls for event in events}
    numbers = count(1)
    holder: dict[str, str] = {}
    filling: dict[str, list[tuple[object, ...]]] = {}
    rows: list[tuple[object, ...]] = []
    owners: dict[str, tuple[str, date]] = {}
    for event in events:
        if event.move == "award":
            holder[event.capacity_id] = str(event.practice_id)
        if event.move == "fill":
            practice = holder[event.capacity_id]
            role = "employed" if practice in owners and rng.random() < EMPLOYED else "owner"
            halves = [0.5, 0.5] if rng.random() < TWO_DOCTORS else [1.0]
            doctors = [f"L{next(numbers):05}" for _ in halves]
            owners.setdefault(practice, (doctors[0], event.valid_on))
            filling[event.capacity_id] = [
                (doctor, event.capacity_id, event.valid_on, event.recorded_at, None, half, role)
                for doctor, half in zip(doctors, halves, strict=True)
            ]
            rows += filling[event.capacity_id]
        elif event.move in ("vacate", "return") and event.event_id not in annulled:
            rows += [
                (*row[:3], event.recorded_at, event.valid_on, *row[5:]) for row in filling.pop(event.capacity_id, [])
            ]
    shares = pl.DataFrame(rows, DoctorShares.create_empty().schema, orient="row")
    return pl.DataFrame(DoctorShares.validate(shares)), _ownerships(rng, owners)


def _ownerships(rng: np.random.Generator, owners: dict[str, tuple[str, date]]) -> pl.DataFrame:
    """Let some owners own the next practices, too; a few more than anybody may acquire now."""
    rows: list[tuple[object, ...]] = []
    owner = ""
    for practice, (doctor, since) in sorted(owners.items()):
        owner = owner if owner and rng.random() < OWN_ANOTHER else doctor
        rows.append((owner, practice, since, None))
    frame = pl.DataFrame(rows, Ownerships.create_empty().schema, orient="row")
    return pl.DataFrame(Ownerships.validate(frame))
