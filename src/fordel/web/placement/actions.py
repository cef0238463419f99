"""What is done to searches, each with its event: ask, cancel, ask again by people; begin, tell, end by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from fordel.web.audit.actions import record
from fordel.web.jobs import doing
from fordel.web.jobs.doing import WrongState
from fordel.web.placement.models import Search

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fordel.web.runs.models import FinishedRun

TASK = Search.TASK
__all__ = ["WrongState", "ask", "ask_again", "begin", "cancel", "finish", "refuse", "tell"]


@transaction.atomic
def ask(
    run: FinishedRun, *, region: str, capacities: int, sites: int | None, seconds: int,
    wishes: Mapping[str, Any] | None = None, by: str, at: datetime,
) -> Search:  # fmt: skip
    """Ask for a search: it, its event and its place in the queue come about together or not at all."""
    asked = {"region": region, "capacities": capacities, "sites": sites, "seconds": seconds, "wishes": wishes or {}}
    made = Search.objects.create(run=run, **asked, asked_at=at, asked_by=by)
    record("search.asked", "search", str(made.pk), by=by, at=at, new={"run": run.pk, **asked})
    doing.enqueue(made)
    return made


def cancel(search_id: int, *, by: str, at: datetime) -> None:
    """Cancel a search; what a worker may still find of it is not kept.

    Raises:
        WrongState: it is over.
    """
    doing.cancel(Search, search_id, by=by, at=at)


def ask_again(search_id: int, *, by: str, at: datetime) -> None:
    """Put a search that could not be answered or was cancelled into the queue again.

    Raises:
        WrongState: it is neither.
    """
    doing.ask_again(Search, search_id, by=by, at=at)


def begin(search_id: int, *, at: datetime) -> Search | None:
    """Let a worker begin a search, also one that another worker left when it died; None where it is over."""
    return doing.begin(Search, search_id, "run", at=at)


def tell(search_id: int, *, elapsed: float, value: float | None, bound: float | None) -> None:
    """Tell how good the best plan so far is, and how good any can be."""
    doing.tell(Search, search_id, elapsed=elapsed, value=value, bound=bound)


def finish(search_id: int, *, at: datetime, **found: Any) -> None:
    """End a search with its plan.

    Raises:
        WrongState: it was cancelled.
    """
    doing.finish(Search, search_id, {name: found.get(name) for name in ("value", "bound")}, at=at, **found)


def refuse(
    search_id: int, says: str, says_dansk: str = "", *, at: datetime, clash: Mapping[str, Any] | None = None
) -> None:
    """End a search that cannot be answered, with the reason; ``clash``: the wishes that cannot be met together.

    Raises:
        WrongState: it was cancelled.
    """
    doing.fail(Search, search_id, says, says_dansk, at=at, clash=clash)
