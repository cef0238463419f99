"""Which pairs of runs somebody wants taken apart, and how far that is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from fordel.web.runs.models import FinishedRun

SHORT = 16  # letters of a run's id in the name of a folder


class State(models.TextChoices):
    """How far a comparison is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"


# Which states may follow which; what is not here cannot happen. A killed worker's comparison is begun again.
MOVES: dict[str, frozenset[str]] = {
    State.WAITING: frozenset({State.RUNNING}),
    State.RUNNING: frozenset({State.RUNNING, State.DONE, State.REFUSED}),
    State.DONE: frozenset({State.WAITING}),
    State.REFUSED: frozenset({State.WAITING}),
}
OVER = (State.DONE, State.REFUSED)


class Comparison(models.Model):
    """Why the numbers of one run differ from those of another (årsager til ændringer), one ingredient at a time.

    Attributes:
        reason, says: why it was refused: a word the page has a sentence for, or the program's own sentence.
        ended_at: when it was over; None while it is not.
    """

    before = models.ForeignKey(FinishedRun, on_delete=models.PROTECT, related_name="compared_from")
    after = models.ForeignKey(FinishedRun, on_delete=models.PROTECT, related_name="compared_to")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=20, blank=True)
    says = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["before", "after"], name="a_pair_of_runs_is_compared_once"),
            models.CheckConstraint(name="a_run_is_not_compared_with_itself", condition=~Q(before=F("after"))),
            models.CheckConstraint(name="a_comparison_has_a_known_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="a_comparison_has_an_end_when_it_is_over",
                condition=Q(ended_at__isnull=False, state__in=["done", "refused"])
                | Q(ended_at__isnull=True, state__in=["waiting", "running"]),
            ),
        ]

    @property
    def over(self) -> bool:
        """Whether nothing more will happen unless somebody asks again."""
        return self.state in OVER

    @property
    def folder(self) -> str:
        """Where its table lies, below the folder of the installation."""
        return f"comparisons/{self.before_id[:SHORT]}-{self.after_id[:SHORT]}"
