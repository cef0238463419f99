"""Which snapshots and runs the installation holds; their tables lie in folders that never change."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Snapshot(models.Model):
    """A snapshot a run can be made from (øjebliksbillede).

    Attributes:
        withdrawn_at: when the import it came from was undone; None while it stands.
    """

    fingerprint = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=200)
    day = models.DateField()
    synthetic = models.BooleanField()
    folder = models.CharField(max_length=300)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)
    withdrawn_at = models.DateTimeField(null=True)


class FinishedRun(models.Model):
    """A run (kørsel) and where its tables lie, below the folder of the installation.

    Attributes:
        settings: parameters set for this run alone, name and value.
    """

    run_id = models.CharField(max_length=64, primary_key=True)
    law_date = models.DateField()
    profession = models.CharField(max_length=40)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="runs")
    version = models.CharField(max_length=40)
    total = models.PositiveIntegerField()
    total_given = models.BooleanField()
    settings = models.JSONField(default=dict)
    folder = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "run_id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="a_run_has_its_id", condition=Q(run_id__regex=r"^[0-9a-f]{64}$")),
        ]
