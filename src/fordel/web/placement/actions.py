"""What is done to searches, each with its event: ask and cancel by people; begin, tell, end by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from procrastinate.contrib.django import app as queue

from fordel.web.audit.actions import record
from fordel.web.placement.models import MOVES, Search, State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fordel.web.runs.models import FinishedRun

TASK = "fordel.search_places"  # the worker has it; the pages only know its name


class WrongState(Exception):
    """A search cannot go from the state it is in to the one asked for."""


@transaction.atomic
def ask(
    run: FinishedRun, *, region: str, capacities: int, sites: int | None, seconds: int,
    wishes: Mapping[str, Any] | None = None, by: str, at: datetime,
) -> Search:  # fmt: skip
    """Ask for a search: it, its event and its place in the queue come about together or not at all."""
    asked = {"region": region, "capacities": capacities, "sites": sites, "seconds": seconds, "wishes": wishes or {}}
    made = Search.objects.create(run=run, **asked, asked_at=at, asked_by=by)
    record("search.asked", "search", str(made.pk), by=by, at=at, new={"run": run.pk, **asked})
    queue.configure_task(TASK, allow_unknown=True, queue="runs").defer(search_id=made.pk)
    return made


@transaction.atomic
def cancel(search_id: int, *, by: str, at: datetime) -> None:
    """Cancel a search; what a worker may still find of it is not kept.

    Raises:
        WrongState: it is over.
    """
    moved = _moved(search_id, State.CANCELLED)
    moved.value = moved.bound = None
    moved.save(update_fields=["state", "value", "bound"])
    record("search.cancelled", "search", str(search_id), by=by, at=at)


@transaction.atomic
def begin(search_id: int) -> Search | None:
    """Let a worker begin a search, also one that another worker left when it died; None where it is over."""
    found = Search.objects.select_for_update().select_related("run").get(pk=search_id)
    if found.over:
        return None
    found.state, found.elapsed = State.RUNNING, 0
    found.save(update_fields=["state", "elapsed"])
    return found


def tell(search_id: int, *, elapsed: float, value: float | None, bound: float | None) -> None:
    """Tell how good the best plan so far is, and how good any can be."""
    running = Search.objects.filter(pk=search_id, state=State.RUNNING)
    running.update(elapsed=elapsed, value=value, bound=bound)


@transaction.atomic
def finish(search_id: int, *, at: datetime, **found: Any) -> None:
    """End a search with its plan.

    Raises:
        WrongState: it was cancelled.
    """
    moved = _moved(search_id, State.DONE)
    for name, value in found.items():
        setattr(moved, name, value)
    moved.save()
    told = {"value": moved.value, "bound": moved.bound}
    record("search.done", "search", str(search_id), by=moved.asked_by, at=at, new=told)


@transaction.atomic
def refuse(search_id: int, says: str, *, at: datetime, clash: Mapping[str, Any] | None = None) -> None:
    """End a search that cannot be answered, with the reason; ``clash``: the wishes that cannot be met together.

    Raises:
        WrongState: it was cancelled.
    """
    moved = _moved(search_id, State.REFUSED)
    moved.says, moved.clash, moved.value, moved.bound = says, clash, None, None
    moved.save(update_fields=["state", "says", "clash", "value", "bound"])
    record("search.refused", "search", str(search_id), by=moved.asked_by, at=at, new={"says": says})


def _moved(search_id: int, to: str) -> Search:
    found = Search.objects.select_for_update().get(pk=search_id)
    if to not in MOVES[found.state]:
        raise WrongState(f"Search {search_id} is {found.state}; it cannot become {to}.")
    found.state = to
    return found
