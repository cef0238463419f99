"""Searches for the best places, and how far they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fordel.web.jobs.work import State, Work
from fordel.web.runs.models import FinishedRun

GOALS = ("two_choices", "one_choice", "unmet_need", "farthest", "rural", "robust")  # see the law's placement_goals
USUAL_GOALS = ("two_choices", "unmet_need")  # where the first decides nothing, the second does


class Search(Work):
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
        clash: why it could not be answered, as words, where wishes cannot be met together.
    """

    WHAT, TASK = "search", "fordel.search_places"

    run = models.ForeignKey(FinishedRun, on_delete=models.PROTECT, related_name="searches")
    region = models.CharField(max_length=80)
    capacities = models.PositiveIntegerField()
    sites = models.PositiveIntegerField(null=True)
    seconds = models.PositiveIntegerField()
    wishes = models.JSONField(default=dict)
    value = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    elapsed = models.FloatField(default=0)
    proven = models.BooleanField(default=False)
    places = models.JSONField(default=list)
    found = models.JSONField(null=True)
    beyond = models.PositiveIntegerField(null=True)
    clash = models.JSONField(null=True)

    class Meta(Work.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Work.Meta.constraints,
            models.CheckConstraint(
                name="a_search_that_is_done_has_its_plan", condition=~Q(state=State.DONE) | Q(found__isnull=False)
            ),
        ]

    def let_go(self) -> None:
        """Forget the best plan so far."""
        self.value = self.bound = None

    def start_anew(self) -> None:
        """Set how far it is to nothing."""
        self.let_go()
        self.elapsed, self.clash = 0.0, None
