"""What is done to all work alike, each with its event: cancel and ask again by people; begin and fail by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from procrastinate.contrib.django import app as queue

from fordel.web.audit.actions import record
from fordel.web.jobs.work import Moving, State, Work

if TYPE_CHECKING:
    from datetime import datetime

M = TypeVar("M", bound=Moving)
W = TypeVar("W", bound=Work)


class WrongState(Exception):
    """It cannot go from the state it is in to the one asked for."""


def moved(kind: type[M], number: int, to: str) -> M:
    """Move it, held for the rest of the transaction; the caller saves it.

    Raises:
        WrongState: it cannot go there from where it is.
    """
    found: M = kind._default_manager.select_for_update(of=("self",)).get(pk=number)
    if to not in kind.MOVES[found.state]:
        raise WrongState(f"The {kind.WHAT} {number} is {found.state}; it cannot become {to}.")
    found.state = to
    return found


def enqueue(made: Work) -> None:
    """Give it its place in the queue; two workers never do the same work at once."""
    place = queue.configure_task(made.TASK, allow_unknown=True, queue="runs", lock=f"{made.WHAT}-{made.pk}")
    place.defer(**{f"{made.WHAT}_id": made.pk})


@transaction.atomic
def cancel(kind: type[W], number: int, *, by: str, at: datetime) -> None:
    """Cancel it. What a worker may still find of it is not kept.

    Raises:
        WrongState: it is over.
    """
    made = moved(kind, number, State.CANCELLED)
    made.ended_at = at
    made.let_go()
    made.save()
    record(f"{kind.WHAT}.cancelled", kind.WHAT, str(number), by=by, at=at)


@transaction.atomic
def ask_again(kind: type[W], number: int, *, by: str, at: datetime) -> None:
    """Put what failed or was cancelled into the queue again.

    Raises:
        WrongState: it neither failed nor was cancelled.
    """
    made = moved(kind, number, State.WAITING)
    made.ended_at, made.begun_at, made.says, made.says_dansk = None, None, "", ""
    made.start_anew()
    made.save()
    record(f"{kind.WHAT}.asked_again", kind.WHAT, str(number), by=by, at=at)
    enqueue(made)


@transaction.atomic
def begin(kind: type[W], number: int, *related: str, at: datetime) -> W | None:
    """Let a worker begin it, also one that another worker left when it died; None where it is over."""
    found = kind._default_manager.select_for_update(of=("self",)).select_related(*related)
    made: W = (found if related else kind._default_manager.select_for_update()).get(pk=number)
    if made.over:
        return None
    made.state, made.begun_at, made.attempts = State.RUNNING, at, made.attempts + 1
    made.start_anew()
    made.save()
    return made


def tell(kind: type[W], number: int, **progress: Any) -> bool:
    """Tell how far running work is; whether to go on."""
    return kind._default_manager.filter(pk=number, state=State.RUNNING).update(**progress) == 1


@transaction.atomic
def finish(kind: type[W], number: int, told: dict[str, Any], *, at: datetime, **found: Any) -> None:
    """End it with what came of it.

    Args:
        kind, number: which.
        told: what its event tells.
        at: when.
        found: what came of it, by field.

    Raises:
        WrongState: it was cancelled.
    """
    made = moved(kind, number, State.DONE)
    made.ended_at = at
    for name, value in found.items():
        setattr(made, name, value)
    made.save()
    record(f"{kind.WHAT}.done", kind.WHAT, str(number), by=made.asked_by, at=at, new=told)


@transaction.atomic
def fail(kind: type[W], number: int, says: str, says_dansk: str = "", *, at: datetime, **why: Any) -> None:
    """End what cannot be done, with the reason in English and, where it is known so, in Danish; ``why``: more of it.

    Raises:
        WrongState: it was cancelled.
    """
    made = moved(kind, number, State.FAILED)
    made.ended_at, made.says, made.says_dansk = at, says, says_dansk
    made.let_go()
    for name, value in why.items():
        setattr(made, name, value)
    made.save()
    record(f"{kind.WHAT}.failed", kind.WHAT, str(number), by=made.asked_by, at=at, new={"says": says})
