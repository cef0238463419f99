"""Which pairs of runs somebody wants taken apart, and how far that is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from fordel.web.jobs.work import MOVES, State, Work
from fordel.web.runs.models import FinishedRun

SHORT = 16  # letters of a run's id in the name of a folder


class Comparison(Work):
    """Why the numbers of one run differ from those of another (årsager til ændringer), one ingredient at a time.

    Attributes:
        reason: why it could not be made: a word the page has a sentence for.
    """

    WHAT, TASK = "comparison", "fordel.find_causes"
    MOVES: ClassVar[dict[str, frozenset[str]]] = {**MOVES, State.DONE: frozenset({State.WAITING})}  # its table is gone

    before = models.ForeignKey(FinishedRun, on_delete=models.PROTECT, related_name="compared_from")
    after = models.ForeignKey(FinishedRun, on_delete=models.PROTECT, related_name="compared_to")
    reason = models.CharField(max_length=20, blank=True)

    class Meta(Work.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Work.Meta.constraints,
            models.UniqueConstraint(fields=["before", "after"], name="a_pair_of_runs_is_compared_once"),
            models.CheckConstraint(name="a_run_is_not_compared_with_itself", condition=~Q(before=F("after"))),
        ]

    def start_anew(self) -> None:
        """Forget why it could not be made."""
        self.reason = ""

    @property
    def folder(self) -> str:
        """Where its table lies, below the folder of the installation."""
        return f"comparisons/{self.before_id[:SHORT]}-{self.after_id[:SHORT]}"
