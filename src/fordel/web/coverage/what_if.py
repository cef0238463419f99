"""What happens when practices close or open: whose choices change, who finds room where, and what of it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fordel.coverage.closures import effect
from fordel.coverage.openings import Opening, with_openings
from fordel.coverage.reassign import close
from fordel.engines.flow import NetworkSimplex
from fordel.publish.disclosure import Sum, crossed, least_shown, suppress
from fordel.publish.formats import danish_order
from fordel.web.coverage.queries import Standing, standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fordel.coverage.matrix import Indices
    from fordel.coverage.reassign import Reassignment
    from fordel.web.coverage.sites import Site
    from fordel.web.runs.queries import Seen

MOST = 5  # practices closed and opened at once
MOST_CAPACITIES = 6  # of a new practice
ALL, STRANDED = "all", "stranded"
# Open choices before and after, two standing for at least two.
CHANGES = {
    "two_to_one": (2, 1),
    "two_to_none": (2, 0),
    "one_to_none": (1, 0),
    "none_to_one": (0, 1),
    "none_to_two": (0, 2),
    "one_to_two": (1, 2),
}
LOSSES, GAINS = tuple(CHANGES)[:3], tuple(CHANGES)[3:]
SUMS: tuple[Sum, ...] = (
    ("below_two", LOSSES[:2]),
    ("to_none", LOSSES[1:]),
    ("from_none", GAINS[:2]),
    ("to_two", GAINS[1:]),
)
COLUMNS = (*CHANGES, *(total for total, _ in SUMS))


@dataclass(frozen=True)
class Changed:
    """People of one municipality who can choose between more or fewer practices. None where it is held back."""

    area_id: str
    name: str
    people: Mapping[str, int | None]


@dataclass(frozen=True)
class Taker:
    """A practice that takes patients over. None where it is held back. Units: patients, kilometres.

    Attributes:
        practice_id: empty for one that opens in thought; it goes by the name of its settlement.
        left: how many more it would take.
        mean_km: from their homes, in a straight line.
        own: whether it lies in the area of the person who asks.
    """

    practice_id: str
    name: str
    taken: int | None
    left: int | None
    mean_km: float | None
    own: bool


@dataclass(frozen=True)
class Outcome:
    """What closing and opening some practices does. Counts are None where they are held back.

    Attributes:
        closed: id and name of each.
        opened: where each new one opens.
        room: patients each new one takes.
        displaced, stranded: patients who lose their practice, and those of them for whom there is no room.
        people: by ``COLUMNS``, everywhere.
        changed: per municipality, only where something changes.
        takers: who takes over whom, most first.
        kilometres: to the practice before and after, of all who find room; None where they are few or nothing closes.
        least: the least count above 0 that is shown.
        assumed_room, stated, assumed: see ``Standing``.
    """

    closed: tuple[tuple[str, str], ...]
    opened: tuple[Site, ...]
    room: int
    displaced: int
    stranded: int | None
    people: Mapping[str, int | None]
    changed: tuple[Changed, ...]
    takers: tuple[Taker, ...]
    kilometres: tuple[int, int] | None
    least: int
    assumed_room: float
    stated: int
    assumed: int

    @property
    def changes(self) -> tuple[str, ...]:
        """The columns that may hold something: closing takes choices away, opening gives some."""
        return (*(LOSSES if self.closed else ()), *(GAINS if self.opened else ()))

    @property
    def anything_held_back(self) -> bool:
        """Whether some count is not shown."""
        counts = [self.stranded, *self.people.values(), *(taker.taken for taker in self.takers)]
        return None in counts or any(None in row.people.values() for row in self.changed)


def outcome(seen: Seen, practice_ids: Sequence[str], opened: Sequence[Site] = (), capacities: int = 1) -> Outcome:
    """Close and open practices together and tell what it does; nobody but patients of those that close is moved.

    Args:
        seen: the run as the person sees it.
        practice_ids: different ones, all of the person's own area.
        opened: different settlements, all of the person's own area.
        capacities: of each new practice.
    """
    standing = standing_of(seen.record.folder)
    room = capacities * standing.room_per_capacity
    openings = [Opening(one.easting, one.northing, one.place, room) for one in opened]
    now = with_openings(standing.survey, standing.now, openings) if openings else standing.now
    numbers = [standing.survey.number(practice_id) for practice_id in practice_ids]
    after = close(now, numbers, NetworkSimplex())
    least = least_shown(seen.record.law_date)
    people = _changed(standing, after, least)
    names = _Names.of(standing, opened)
    taken = _taken(names, after, least)
    sums = effect(now, after)
    found_room = after.displaced - after.stranded
    return Outcome(
        closed=tuple((i, seen.practice(i)["name"]) for i in practice_ids),
        opened=tuple(opened),
        room=room,
        displaced=after.displaced,
        stranded=taken[STRANDED],
        people={column: people.get((ALL, column), 0) for column in COLUMNS},
        changed=_rows(seen, people),
        takers=_takers(seen, names, after, now.places_left, taken),
        kilometres=(int(sums["kilometres_before"]), int(sums["kilometres_after"])) if found_room >= least else None,
        least=least,
        assumed_room=standing.assumed_room,
        stated=standing.stated,
        assumed=standing.assumed,
    )


@dataclass(frozen=True)
class _Names:
    """What practices are called by number, those that open in thought after those that are there."""

    ids: list[str]
    names: list[str]

    @classmethod
    def of(cls, standing: Standing, opened: Sequence[Site]) -> _Names:
        there = standing.survey.practices
        ids = [*there["practice_id"], *(f"new-{one.settlement_id}" for one in opened)]
        return cls(ids, [*there["name"], *(one.name for one in opened)])


def _changed(standing: Standing, after: Reassignment, least: int) -> dict[tuple[str, str], int | None]:
    """Count people by how their choices change, per municipality and in all, and hold back what is small."""
    before, then = (np.minimum(choices, 2) for choices in (standing.now.choices, after.choices_after))
    people = standing.now.people
    frame = pl.DataFrame(
        {
            "municipality": standing.survey.places["municipality"],
            **{
                name: np.where((before == old) & (then == new), people, 0).astype(np.int64)
                for name, (old, new) in CHANGES.items()
            },
        }
    )
    per = frame.group_by("municipality").agg(pl.col(*CHANGES).sum()).filter(pl.sum_horizontal(*CHANGES) > 0)
    per = per.sort("municipality").with_columns(pl.sum_horizontal(of).alias(total) for total, of in SUMS)
    if not per.height:
        return {}
    whole = per.select(pl.lit(ALL).alias("municipality"), pl.col(COLUMNS).sum())
    value = {(row["municipality"], c): int(row[c]) for row in pl.concat([per, whole]).to_dicts() for c in COLUMNS}
    return _shown(value, [(ALL, tuple(per["municipality"]))], SUMS, (), least)


def _taken(names: _Names, after: Reassignment, least: int) -> dict[str, int | None]:
    """Count the patients each practice takes over and those nobody takes, and hold back what is small."""
    takers = [(names.ids[int(number)], int(after.taken[number])) for number in np.flatnonzero(after.taken)]
    counts = {**dict(takers), STRANDED: after.stranded, ALL: after.displaced}
    parts = (*(practice_id for practice_id, _ in takers), STRANDED)
    # How many patients the closed practices have, everybody can look up.
    shown = _shown({(row, ""): n for row, n in counts.items()}, [(ALL, parts)], (), (ALL,), least)
    return {row: n for (row, _), n in shown.items()}


def _shown(
    value: dict[tuple[str, str], int], rows: Sequence[Sum], columns: Sequence[Sum], known: Sequence[str], least: int
) -> dict[tuple[str, str], int | None]:
    hidden, _ = suppress(crossed(rows, columns, known, value), least)
    return {cell: None if hide else n for (cell, n), hide in zip(value.items(), hidden, strict=True)}


def _rows(seen: Seen, people: dict[tuple[str, str], int | None]) -> tuple[Changed, ...]:
    areas = dict.fromkeys(area for area, _ in people if area != ALL)
    rows = [Changed(area, seen.name_of(area) or area, {c: people[area, c] for c in COLUMNS}) for area in areas]
    return tuple(sorted(rows, key=lambda row: danish_order(row.name)))


def _takers(
    seen: Seen, names: _Names, after: Reassignment, places_left: Indices, taken: dict[str, int | None]
) -> tuple[Taker, ...]:
    """Name who takes patients over, most first; where it is held back how many, so is what would tell."""
    own, there = set(seen.practices["practice_id"]), seen.run.practices.height
    metres = np.bincount(after.to, after.metres * after.patients, minlength=len(names.ids))
    rows = []
    for number in map(int, np.argsort(-after.taken, kind="stable")):
        count = int(after.taken[number])
        if count == 0:
            break
        known_as, told = names.ids[number], taken[names.ids[number]] is not None
        left, mean = int(places_left[number]) - count, float(metres[number]) / count / 1000
        beyond = {"left": left, "mean_km": mean} if told else {"left": None, "mean_km": None}
        practice_id = known_as if number < there else ""
        rows.append(Taker(practice_id, names.names[number], taken[known_as], **beyond, own=practice_id in own))
    return tuple(rows)
