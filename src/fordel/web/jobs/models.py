"""Jobs as people see them; the queue itself is procrastinate's."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fordel.web.runs.models import FinishedRun, Snapshot


class State(models.TextChoices):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


# Which states may follow which; what is not here cannot happen. A killed worker's job goes from running to running.
MOVES: dict[str, frozenset[str]] = {
    State.WAITING: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.RUNNING, State.DONE, State.FAILED, State.CANCELLED}),
    State.FAILED: frozenset({State.WAITING}),
    State.CANCELLED: frozenset({State.WAITING}),
    State.DONE: frozenset(),
}


class Job(models.Model):
    """A run somebody asked for.

    Attributes:
        step, steps, doing: progress: how many steps are done, of how many, and which one is being done.
        says: why it failed, a sentence for the one who asked.
        attempts: how many times a worker has begun it.
        repeats: the run it is to make again, with its settings; None where it is a new one.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)
    law_date = models.DateField()
    total = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=3)
    doing = models.CharField(max_length=40, blank=True)
    says = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    run = models.ForeignKey(FinishedRun, null=True, on_delete=models.PROTECT)
    repeats = models.ForeignKey(FinishedRun, null=True, on_delete=models.PROTECT, related_name="repeated_by")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="a_job_has_a_known_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="a_job_that_is_done_has_its_run", condition=~Q(state=State.DONE) | Q(run__isnull=False)
            ),
            models.CheckConstraint(
                name="a_job_has_an_end_when_it_is_over",
                condition=Q(ended_at__isnull=False, state__in=["done", "failed", "cancelled"])
                | Q(ended_at__isnull=True, state__in=["waiting", "running"]),
            ),
        ]

    @property
    def over(self) -> bool:
        """Whether nothing more will happen unless somebody asks."""
        return self.ended_at is not None
