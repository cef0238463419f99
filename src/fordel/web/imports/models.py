"""Imports, how far they are, and the files they came as."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fordel.web.jobs.work import Moving
from fordel.web.runs.models import Snapshot


class State(models.TextChoices):
    """How far an import is."""

    READING = "reading"
    REFUSED = "refused"
    READY = "ready"
    SAVING = "saving"
    DONE = "done"
    DISCARDED = "discarded"
    UNDONE = "undone"


# Which states may follow which; what is not here cannot happen. A killed worker's import is read or saved again.
MOVES: dict[str, frozenset[str]] = {
    State.READING: frozenset({State.REFUSED, State.READY, State.DISCARDED}),
    State.READY: frozenset({State.SAVING, State.DISCARDED}),
    State.SAVING: frozenset({State.DONE, State.REFUSED}),
    State.DONE: frozenset({State.UNDONE}),
    State.REFUSED: frozenset(),
    State.DISCARDED: frozenset(),
    State.UNDONE: frozenset(),
}
WORKING = (State.READING, State.SAVING)


class Import(Moving):
    """Files that somebody wants in place of tables of a snapshot (import).

    Attributes:
        base: the snapshot they change; it stays as it is.
        region: where given, only practices of this region may differ.
        differences: per table, how many rows are new, changed, removed and the same, and some of them.
        faults: why it was refused: place, what was found, what was expected, what to do.
        snapshot: what came of it.
    """

    WHAT, MOVES = "import", MOVES

    base = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="imports")
    state = models.CharField(max_length=12, choices=State.choices, default=State.READING)
    region = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    differences = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    snapshot = models.ForeignKey(Snapshot, null=True, on_delete=models.PROTECT, related_name="came_from")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="an_import_has_a_known_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="an_import_that_is_done_has_its_snapshot",
                condition=~Q(state__in=[State.DONE, State.UNDONE]) | Q(snapshot__isnull=False),
            ),
        ]

    @property
    def working(self) -> bool:
        """Whether the worker has something to do before anybody can go on."""
        return self.state in WORKING


class Upload(models.Model):
    """One file of an import, kept as it came under a name nobody chose.

    Attributes:
        kind: what it holds, one of ``fordel.runs.imports.KINDS``.
        name: what it was called.
        stored: its name below the folder of uploads.
        sha256: of its bytes.
    """

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="uploads")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["of", "kind"], name="one_file_of_each_kind"),
        ]
