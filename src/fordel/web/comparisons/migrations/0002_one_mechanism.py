"""The states, reasons and times that all work of the worker has; rows are kept, and what was refused has failed."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("waiting", "Waiting"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]


def rename(apps: Any, _schema: Any) -> None:
    """Call what was refused failed."""
    apps.get_model("comparisons", "Comparison").objects.filter(state="refused").update(state="failed")


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="comparison", name="a_comparison_has_a_known_state"),
        migrations.RemoveConstraint(model_name="comparison", name="a_comparison_has_an_end_when_it_is_over"),
        migrations.AddField(
            "comparison", "says_dansk", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AddField("comparison", "attempts", models.PositiveIntegerField(default=0)),
        migrations.AddField("comparison", "begun_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "comparison", "state", models.CharField(max_length=12, choices=STATES, default="waiting")
        ),
        migrations.RunPython(rename, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),  # nothing waits when tables change
        migrations.AddConstraint(
            "comparison",
            models.CheckConstraint(
                condition=Q(("state__in", [state for state, _ in STATES])), name="a_comparison_has_a_known_state"
            ),
        ),
        migrations.AddConstraint(
            "comparison",
            models.CheckConstraint(
                condition=Q(
                    Q(("ended_at__isnull", False), ("state__in", ["done", "failed", "cancelled"])),
                    Q(("ended_at__isnull", True), ("state__in", ["waiting", "running"])),
                    _connector="OR",
                ),
                name="a_comparison_has_an_end_when_it_is_over",
            ),
        ),
    ]
