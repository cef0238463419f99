"""Wishes of a search, and all that is told of its plan. What was found before then kept less, and is to be asked again."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

SAYS = (
    "Fundet med en ældre udgave af Fordel, som gemte mindre; søg igen. / "
    "Found by an earlier version of Fordel, which kept less; search again."
)


def retire(apps: Any, _schema: Any) -> None:
    """Let go of plans found before."""
    search = apps.get_model("placement", "Search")
    search.objects.filter(state="done").update(state="refused", says=SAYS, places=[], value=None, bound=None)


class Migration(migrations.Migration):
    dependencies = [("placement", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="search", name="a_search_that_is_done_has_its_value"),
        migrations.AddField("search", "wishes", models.JSONField(default=dict)),
        migrations.AddField("search", "found", models.JSONField(null=True)),
        migrations.AddField("search", "clash", models.JSONField(null=True)),
        migrations.AlterField("search", "value", models.FloatField(null=True)),
        migrations.AlterField("search", "bound", models.FloatField(null=True)),
        migrations.AlterField("search", "beyond", models.PositiveIntegerField(null=True)),
        migrations.RunPython(retire, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True), ("found__isnull", False), _connector="OR"
                ),
                name="a_search_that_is_done_has_its_plan",
            ),
        ),
    ]
