"""Which closure hurts most: every single closure tried, and the whole re-optimised for comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import polars as pl

from fordel.coverage.matrix import Indices
from fordel.coverage.reassign import FlowEngine, Reassignment, Situation, Transport, close


def rank_closures(
    now: Situation,
    practice_ids: list[str],
    engine: FlowEngine,
    *,
    chosen: Iterable[int] | None = None,
    progress: Callable[[int], None] | None = None,
) -> pl.DataFrame:
    """Try the closing of every practice, one at a time, and rank them by what it would cost people (lukning).

    Returns:
        one row per practice, worst first: ``practice_id, displaced, stranded, people_losing_two, people_losing_all,
        kilometres_before, kilometres_after, most_taken_by_one, practices_filled`` (of those who find room, one way, all
        together). Order: stranded, then people losing their last choice, then people falling below two.
    """
    rows = []
    for done, number in enumerate(range(len(practice_ids)) if chosen is None else chosen):
        rows.append({"practice_id": practice_ids[number], **effect(now, close(now, [number], engine))})
        if progress is not None:
            progress(done + 1)
    worst = ["stranded", "people_losing_all", "people_losing_two"]
    return pl.DataFrame(rows).sort([*worst, "practice_id"], descending=[True, True, True, False])


def effect(now: Situation, after: Reassignment) -> dict[str, int | float]:
    """Sum up a reassignment: who is displaced and stranded, whose choice shrinks, how far they go."""
    before, then, people = after.choices_before, after.choices_after, now.people
    return {
        "displaced": after.displaced,
        "stranded": after.stranded,
        "people_losing_two": int(people[(before >= 2) & (then < 2)].sum()),
        "people_losing_all": int(people[(before >= 1) & (then < 1)].sum()),
        "kilometres_before": round(after.metres_before / 1000),
        "kilometres_after": round(after.metres_after / 1000),
        "most_taken_by_one": int(after.taken.max(initial=0)),
        "practices_filled": int((now.is_open & (after.taken > 0) & (after.taken >= now.places_left)).sum()),
    }


def reoptimised(now: Situation, closed: list[int], engine: FlowEngine) -> dict[str, int]:
    """Compare: if everybody in the nation could be asked to move, how many would, and how far would all go?

    Every practice keeps room for its list and its places left; all patients are placed anew, as near as possible.

    Returns:
        ``moved`` (people who would change practice, the displaced among them), ``unplaced``, ``person_metres``.
    """
    problem, held = _everybody(now, closed)
    flow = engine.place(problem)
    return {
        "moved": int(held.sum() - np.minimum(flow, held).sum()),
        "unplaced": int(problem.people.sum() - flow.sum()),
        "person_metres": int((flow * problem.metres).sum()),
    }


def _everybody(now: Situation, closed: list[int]) -> tuple[Transport, Indices]:
    """State the problem of placing all patients, with the patients each arc carries today."""
    practices = len(now.is_open)
    owner = np.repeat(np.arange(practices), np.diff(now.homes.start))
    place = np.concatenate([now.cover.place, now.homes.place])
    practice = np.concatenate([now.cover.practice, owner]).astype(np.int64)
    metres = np.round(np.concatenate([now.cover.metres, now.homes.metres])).astype(np.int64)
    held = np.concatenate([np.zeros(now.cover.pairs, np.int64), now.homes.patients])
    arc, first, which = np.unique(place * practices + practice, return_index=True, return_inverse=True)
    held = np.bincount(which, held, minlength=len(arc)).astype(np.int64)
    homes = np.unique(now.homes.place)
    lived_in = np.isin(place[first], homes)
    arc, first, held = arc[lived_in], first[lived_in], held[lived_in]
    people = np.bincount(now.homes.place, now.homes.patients, minlength=len(now.people)).astype(np.int64)[homes]
    room = np.bincount(owner, now.homes.patients, minlength=practices).astype(np.int64) + now.places_left
    room[closed] = 0
    origin = np.searchsorted(homes, arc // practices)
    return Transport(people, room, origin, arc % practices, metres[first]), held
