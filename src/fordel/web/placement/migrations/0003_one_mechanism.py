"""The states, reasons and times that all work of the worker has; rows are kept, and what was refused has failed."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F, Q

STATES = [
    ("waiting", "Waiting"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]


def rename(apps: Any, _schema: Any) -> None:
    """Call what was refused failed, and let what is over have ended when it was asked for: no better is known."""
    search = apps.get_model("placement", "Search")
    search.objects.filter(state="refused").update(state="failed")
    search.objects.filter(state__in=["done", "failed", "cancelled"]).update(ended_at=F("asked_at"))


class Migration(migrations.Migration):
    dependencies = [("placement", "0002_wishes_and_plans")]

    operations = [
        migrations.RemoveConstraint(model_name="search", name="a_search_has_a_known_state"),
        migrations.AddField("search", "says_dansk", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("search", "attempts", models.PositiveIntegerField(default=0)),
        migrations.AddField("search", "begun_at", models.DateTimeField(null=True)),
        migrations.AddField("search", "ended_at", models.DateTimeField(null=True)),
        migrations.AlterField("search", "state", models.CharField(max_length=12, choices=STATES, default="waiting")),
        migrations.RunPython(rename, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),  # nothing waits when tables change
        migrations.AddConstraint(
            "search",
            models.CheckConstraint(
                condition=Q(("state__in", [state for state, _ in STATES])), name="a_search_has_a_known_state"
            ),
        ),
        migrations.AddConstraint(
            "search",
            models.CheckConstraint(
                condition=Q(
                    Q(("ended_at__isnull", False), ("state__in", ["done", "failed", "cancelled"])),
                    Q(("ended_at__isnull", True), ("state__in", ["waiting", "running"])),
                    _connector="OR",
                ),
                name="a_search_has_an_end_when_it_is_over",
            ),
        ),
    ]
