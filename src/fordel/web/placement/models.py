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
GOALS = ("two_choices", "one_choice", "unmet_need", "farthest", "rural", "robust")  # see the law's placement_goals
USUAL_GOALS = ("two_choices", "unmet_need")  # where the first decides nothing, the second does
OVER = (State.DONE, State.REFUSED, State.CANCELLED)


class Search(models.Model):
    """A search for the places that give most of what is asked for, such as a second open choice (placering).

    Attributes:
        region: who places them.
        capacities: how many are offered; sites: at most so many places, None where only capacities limit them.
        seconds: after which the best plan so far is given.
        wishes: what else is asked for: ``in``, ``out`` and ``held_back`` (each ``id`` and ``name``), ``goals`` in
            order, and ``per_month``: how many capacities come about in a month.
        value: what the best plan so far gives of the first goal; bound: no plan gives more. Unit: the goal's.
        elapsed: seconds searched; proven: whether no plan gives more than this one.
        places: the plan: one row per place, counts of few people held back. None is ever kept that is not shown.
        found: of the plan as a whole: ``goals``, ``all_goals`` and ``closures``.
        beyond: people whom no place allowed can help; None where that is held back.
        says: why it was refused; clash: the same as words, where wishes cannot be met together.
    """

    run = models.ForeignKey(FinishedRun, on_delete=models.PROTECT, related_name="searches")
    region = models.CharField(max_length=80)
    capacities = models.PositiveIntegerField()
    sites = models.PositiveIntegerField(null=True)
    seconds = models.PositiveIntegerField()
    wishes = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    value = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    elapsed = models.FloatField(default=0)
    proven = models.BooleanField(default=False)
    places = models.JSONField(default=list)
    found = models.JSONField(null=True)
    beyond = models.PositiveIntegerField(null=True)
    says = models.TextField(blank=True)
    clash = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="a_search_has_a_known_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="a_search_that_is_done_has_its_plan", condition=~Q(state=State.DONE) | Q(found__isnull=False)
            ),
        ]

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in OVER
