"""What a worker does, whatever it is: how far it is, where it may go from there, and why it could not be done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """How far a piece of work is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


# Which states may follow which; what is not here cannot happen. A killed worker's work goes from running to running.
MOVES: dict[str, frozenset[str]] = {
    State.WAITING: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.RUNNING, State.DONE, State.FAILED, State.CANCELLED}),
    State.FAILED: frozenset({State.WAITING}),
    State.CANCELLED: frozenset({State.WAITING}),
    State.DONE: frozenset(),
}
OVER = (State.DONE, State.FAILED, State.CANCELLED)


class Moving(models.Model):
    """What goes from state to state and nowhere else.

    Attributes:
        WHAT: what it is, in events, in the queue, and in the worker's tasks, which take ``WHAT_id``.
        MOVES: which states may follow which.
    """

    WHAT: ClassVar[str]
    MOVES: ClassVar[dict[str, frozenset[str]]]
    state: models.CharField[str, str]

    class Meta:
        abstract = True


class Work(Moving):
    """Something a person asks for and the worker does.

    Attributes:
        TASK: name of the worker's task; the pages only know its name.
        says, says_dansk: why it could not be done, for the one who asked; in Danish only where the reason is known.
        attempts: how many times a worker has begun it.
        ended_at: when it was over; None while it is not.
    """

    MOVES = MOVES
    TASK: ClassVar[str]

    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    says = models.TextField(blank=True)
    says_dansk = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="a_%(class)s_has_a_known_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="a_%(class)s_has_an_end_when_it_is_over",
                condition=Q(ended_at__isnull=False, state__in=["done", "failed", "cancelled"])
                | Q(ended_at__isnull=True, state__in=["waiting", "running"]),
            ),
        ]

    @property
    def over(self) -> bool:
        """Whether nothing more will happen unless somebody asks again."""
        return self.state in OVER

    def let_go(self) -> None:
        """Forget what was found so far: the work is given up."""

    def start_anew(self) -> None:
        """Set how far it is to nothing."""
