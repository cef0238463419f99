"""Jobs as people see them; the queue itself is procrastinate's."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fordel.web.jobs.work import State, Work
from fordel.web.runs.models import FinishedRun, Snapshot


class Job(Work):
    """A run somebody asked for.

    Attributes:
        step, steps, doing: progress: how many steps are done, of how many, and which one is being done.
        repeats: the run it is to make again, with its settings; None where it is a new one.
    """

    WHAT, TASK = "job", "fordel.compute_run"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)
    law_date = models.DateField()
    total = models.PositiveIntegerField(null=True)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=3)
    doing = models.CharField(max_length=40, blank=True)
    run = models.ForeignKey(FinishedRun, null=True, on_delete=models.PROTECT)
    repeats = models.ForeignKey(FinishedRun, null=True, on_delete=models.PROTECT, related_name="repeated_by")

    class Meta(Work.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Work.Meta.constraints,
            models.CheckConstraint(
                name="a_job_that_is_done_has_its_run", condition=~Q(state=State.DONE) | Q(run__isnull=False)
            ),
        ]

    def start_anew(self) -> None:
        """Set how far it is to nothing."""
        self.step, self.doing = 0, ""
