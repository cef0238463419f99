"""What is done to comparisons, each with its event: asked for by people; begun and ended by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from fordel.runs.waterfalls import BadRun, read_waterfall
from fordel.web.audit.actions import record
from fordel.web.comparisons.models import Comparison
from fordel.web.jobs import doing
from fordel.web.jobs.work import State

if TYPE_CHECKING:
    from datetime import datetime

    from fordel.web.runs.models import FinishedRun

TASK = Comparison.TASK


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
        made = doing.moved(Comparison, made.pk, State.WAITING)
        made.ended_at, made.says, made.says_dansk, made.asked_by, made.asked_at = None, "", "", by, at
        made.start_anew()
        made.save()
    told = {"before": before.pk, "after": after.pk}
    record("comparison.asked", "comparison", str(made.pk), by=by, at=at, new=told)
    doing.enqueue(made)
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


def begin(comparison_id: int, *, at: datetime) -> Comparison | None:
    """Let a worker begin a comparison, also one that another worker left when it died; None where it is over."""
    return doing.begin(Comparison, comparison_id, "before__snapshot", "after__snapshot", at=at)


def finish(comparison_id: int, *, at: datetime) -> None:
    """End a comparison whose table is written.

    Raises:
        WrongState: it has not begun, or is over.
    """
    doing.finish(Comparison, comparison_id, {}, at=at)


def refuse(comparison_id: int, reason: str, says: str, says_dansk: str = "", *, at: datetime) -> None:
    """End a comparison that cannot be made, with the reason.

    Raises:
        WrongState: it has not begun, or is over.
    """
    doing.fail(Comparison, comparison_id, says, says_dansk, at=at, reason=reason)
