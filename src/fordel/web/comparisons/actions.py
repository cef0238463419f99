"""What is done to comparisons, each with its event: asked for by people; begun and ended by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app as queue

from fordel.runs.waterfalls import BadRun, read_waterfall
from fordel.web.audit.actions import record
from fordel.web.comparisons.models import MOVES, Comparison, State

if TYPE_CHECKING:
    from datetime import datetime

    from fordel.web.runs.models import FinishedRun

TASK = "fordel.find_causes"  # the worker has it; the pages only know its name


class WrongState(Exception):
    """A comparison cannot go from the state it is in to the one asked for."""


@transaction.atomic
def ask(before: FinishedRun, after: FinishedRun, *, by: str, at: datetime) -> Comparison:
    """Ask what changed the numbers from one run to another: comparison, event and place in the queue come together.

    A pair that was asked for stands as it is, unless it was refused or its table is no longer whole: then it is made
    again.
    """
    made, new = Comparison.objects.select_for_update().get_or_create(
        before=before, after=after, defaults={"asked_by": by, "asked_at": at}
    )
    if not new:
        if not made.over or is_whole(made):
            return made
        made.state, made.reason, made.says, made.ended_at = State.WAITING, "", "", None
        made.asked_by, made.asked_at = by, at
        made.save()
    told = {"before": before.pk, "after": after.pk}
    record("comparison.asked", "comparison", str(made.pk), by=by, at=at, new=told)
    place = queue.configure_task(TASK, allow_unknown=True, queue="runs", lock=f"comparison-{made.pk}")
    place.defer(comparison_id=made.pk)
    return made


def is_whole(made: Comparison) -> bool:
    """Whether a comparison is done and its table lies there as it was written."""
    if made.state != State.DONE:
        return False
    try:
        read_waterfall(settings.HOME / made.folder, before=made.before_id, after=made.after_id)
    except (BadRun, OSError):
        return False
    return True


@transaction.atomic
def begin(comparison_id: int) -> Comparison | None:
    """Let a worker begin a comparison, also one that another worker left when it died; None where it is over."""
    found = Comparison.objects.select_for_update(of=("self",)).select_related("before__snapshot", "after__snapshot")
    made = found.get(pk=comparison_id)
    if made.over:
        return None
    made.state = State.RUNNING
    made.save(update_fields=["state"])
    return made


@transaction.atomic
def finish(comparison_id: int, *, at: datetime) -> None:
    """End a comparison whose table is written.

    Raises:
        WrongState: it has not begun, or is over.
    """
    made = _moved(comparison_id, State.DONE)
    made.ended_at = at
    made.save()
    record("comparison.done", "comparison", str(made.pk), by=made.asked_by, at=at)


@transaction.atomic
def refuse(comparison_id: int, reason: str, says: str, *, at: datetime) -> None:
    """End a comparison that cannot be made, with the reason.

    Raises:
        WrongState: it has not begun, or is over.
    """
    made = _moved(comparison_id, State.REFUSED)
    made.ended_at, made.reason, made.says = at, reason, says
    made.save()
    record("comparison.refused", "comparison", str(made.pk), by=made.asked_by, at=at, new={"says": says})


def _moved(comparison_id: int, to: str) -> Comparison:
    made = Comparison.objects.select_for_update().get(pk=comparison_id)
    if to not in MOVES[made.state]:
        raise WrongState(f"Comparison {comparison_id} is {made.state}; it cannot become {to}.")
    made.state = to
    return made
