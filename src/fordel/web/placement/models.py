"""Searches for the best places, and how far they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fordel.web.runs.models import FinishedRun


class State(models.TextChoices):
    """How far a search is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


# Which states may follow which; what is not here cannot happen. A killed worker's search is begun again.
MOVES: dict[str, frozenset[str]] = {
    State.WAITING: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.RUNNING, State.DONE, State.REFUSED, State.CANCELLED}),
    State.DONE: frozenset(),
    State.REFUSED: frozenset(),
    State.CANCELLED: frozenset(),
}
OVER = (State.DONE, State.REFUSED, State.CANCELLED)


class Search(models.Model):
    """A search for the places that give most people a second open choice (placering).

    Attributes:
        region: who places them.
        capacities: how many are offered; sites: at most so many places, None where only capacities limit them.
        seconds: after which the best plan so far is given.
        value: people who newly have two open choices, in the best plan so far; bound: no plan gives more.
        elapsed: seconds searched; proven: whether no plan gives more than this one.
        places: the plan: one row per place.
        beyond: people whom no place allowed can help.
        says: why it was refused.
    """

    run = models.ForeignKey(FinishedRun, on_delete=models.PROTECT, related_name="searches")
    region = models.CharField(max_length=80)
    capacities = models.PositiveIntegerField()
    sites = models.PositiveIntegerField(null=True)
    seconds = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    value = models.PositiveIntegerField(null=True)
    bound = models.PositiveIntegerField(null=True)
    elapsed = models.FloatField(default=0)
    proven = models.BooleanField(default=False)
    places = models.JSONField(default=list)
    beyond = models.PositiveIntegerField(default=0)
    says = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="a_search_has_a_known_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="a_search_that_is_done_has_its_value", condition=~Q(state=State.DONE) | Q(value__isnull=False)
            ),
        ]

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in OVER
