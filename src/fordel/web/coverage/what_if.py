"""What happens when practices close: who loses a choice, who finds room where, and what of it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fordel.coverage.closures import effect
from fordel.coverage.reassign import close
from fordel.engines.flow import NetworkSimplex
from fordel.publish.disclosure import Sum, crossed, least_shown, suppress
from fordel.publish.formats import danish_order
from fordel.web.coverage.queries import Standing, standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fordel.coverage.reassign import Reassignment
    from fordel.web.runs.queries import Seen

MOST = 5  # practices closed at once
ALL, STRANDED = "all", "stranded"
# From at least two open choices to one, from at least two to none, from one to none; and two sums of these.
CHANGES = ("two_to_one", "two_to_none", "one_to_none")
SUMS: tuple[Sum, ...] = (("below_two", CHANGES[:2]), ("to_none", CHANGES[1:]))
COLUMNS = (*CHANGES, *(total for total, _ in SUMS))


@dataclass(frozen=True)
class Fallen:
    """People of one municipality who can choose between fewer practices than before. None where it is held back."""

    area_id: str
    name: str
    people: Mapping[str, int | None]


@dataclass(frozen=True)
class Taker:
    """A practice that takes patients over. None where it is held back. Units: patients, kilometres.

    Attributes:
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
    """What closing some practices does. Counts are None where they are held back.

    Attributes:
        closed: id and name of each.
        displaced, stranded: patients who lose their practice, and those of them for whom there is no room.
        people: by ``COLUMNS``, everywhere.
        fallen: per municipality, only where something changes.
        takers: who takes over whom, most first.
        kilometres: to the practice before and after, of all who find room; None where they are few.
        least: the least count above 0 that is shown.
        assumed_room, stated, assumed: see ``Standing``.
    """

    closed: tuple[tuple[str, str], ...]
    displaced: int
    stranded: int | None
    people: Mapping[str, int | None]
    fallen: tuple[Fallen, ...]
    takers: tuple[Taker, ...]
    kilometres: tuple[int, int] | None
    least: int
    assumed_room: float
    stated: int
    assumed: int

    @property
    def anything_held_back(self) -> bool:
        """Whether some count is not shown."""
        counts = [self.stranded, *self.people.values(), *(taker.taken for taker in self.takers)]
        return None in counts or any(None in row.people.values() for row in self.fallen)


def outcome(seen: Seen, practice_ids: Sequence[str]) -> Outcome:
    """Close practices together and tell what it does; nobody else is moved.

    Args:
        seen: the run as the person sees it.
        practice_ids: different ones, all of the person's own area.
    """
    standing = standing_of(seen.record.folder)
    numbers = [standing.survey.number(practice_id) for practice_id in practice_ids]
    after = close(standing.now, numbers, NetworkSimplex())
    least = least_shown(seen.record.law_date)
    people = _fallen(standing, after, least)
    taken = _taken(standing, after, least)
    sums = effect(standing.now, after)
    found_room = after.displaced - after.stranded
    return Outcome(
        closed=tuple((i, seen.practice(i)["name"]) for i in practice_ids),
        displaced=after.displaced,
        stranded=taken[STRANDED],
        people={column: people.get((ALL, column), 0) for column in COLUMNS},
        fallen=_rows(seen, people),
        takers=_takers(seen, standing, after, taken),
        kilometres=(int(sums["kilometres_before"]), int(sums["kilometres_after"])) if found_room >= least else None,
        least=least,
        assumed_room=standing.assumed_room,
        stated=standing.stated,
        assumed=standing.assumed,
    )


def _fallen(standing: Standing, after: Reassignment, least: int) -> dict[tuple[str, str], int | None]:
    """Count people by how their choices fall, per municipality and in all, and hold back what is small."""
    before, then = (np.minimum(choices, 2) for choices in (after.choices_before, after.choices_after))
    people = standing.now.people
    frame = pl.DataFrame(
        {
            "municipality": standing.survey.places["municipality"],
            **{
                name: np.where((before == old) & (then == new), people, 0).astype(np.int64)
                for name, (old, new) in zip(CHANGES, ((2, 1), (2, 0), (1, 0)), strict=True)
            },
        }
    )
    per = frame.group_by("municipality").agg(pl.col(CHANGES).sum()).filter(pl.sum_horizontal(CHANGES) > 0)
    per = per.sort("municipality").with_columns(pl.sum_horizontal(of).alias(total) for total, of in SUMS)
    if not per.height:
        return {}
    whole = per.select(pl.lit(ALL).alias("municipality"), pl.col(COLUMNS).sum())
    value = {(row["municipality"], c): int(row[c]) for row in pl.concat([per, whole]).to_dicts() for c in COLUMNS}
    return _shown(value, [(ALL, tuple(per["municipality"]))], SUMS, (), least)


def _taken(standing: Standing, after: Reassignment, least: int) -> dict[str, int | None]:
    """Count the patients each practice takes over and those nobody takes, and hold back what is small."""
    ids = standing.survey.practices["practice_id"]
    takers = [(ids[int(number)], int(after.taken[number])) for number in np.flatnonzero(after.taken)]
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


def _rows(seen: Seen, people: dict[tuple[str, str], int | None]) -> tuple[Fallen, ...]:
    areas = dict.fromkeys(area for area, _ in people if area != ALL)
    rows = [Fallen(area, seen.name_of(area) or area, {c: people[area, c] for c in COLUMNS}) for area in areas]
    return tuple(sorted(rows, key=lambda row: danish_order(row.name)))


def _takers(seen: Seen, standing: Standing, after: Reassignment, taken: dict[str, int | None]) -> tuple[Taker, ...]:
    """Name who takes patients over, most first; where it is held back how many, so is what would tell."""
    practices, own = standing.survey.practices, set(seen.practices["practice_id"])
    metres = np.bincount(after.to, after.metres * after.patients, minlength=practices.height)
    rows = []
    for number in np.argsort(-after.taken, kind="stable"):
        count = int(after.taken[number])
        if count == 0:
            break
        practice_id, name = practices["practice_id"][int(number)], practices["name"][int(number)]
        told = taken[practice_id] is not None
        left, mean = int(standing.now.places_left[number]) - count, float(metres[number]) / count / 1000
        beyond = {"left": left, "mean_km": mean} if told else {"left": None, "mean_km": None}
        rows.append(Taker(practice_id, name, taken[practice_id], **beyond, own=practice_id in own))
    return tuple(rows)
