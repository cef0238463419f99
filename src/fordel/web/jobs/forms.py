"""Ask for a run."""

from __future__ import annotations

from typing import Any

from django import forms

from fordel.web.runs.models import Snapshot
from fordel.web.texts import text

FEWEST, MOST = 1, 20_000  # capacities in the nation; there are about 3,500


class AskForm(forms.Form):
    """From which snapshot, by the law of which day, and how many capacities the nation may have."""

    snapshot = forms.ModelChoiceField(queryset=Snapshot.objects.none(), empty_label=None)
    law_date = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    total = forms.IntegerField(required=False, min_value=FEWEST, max_value=MOST)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        standing = Snapshot.objects.filter(withdrawn_at=None).order_by("-added_at")
        self.fields["snapshot"].queryset = standing  # type: ignore[attr-defined]
        self.fields["snapshot"].label_from_instance = lambda s: f"{s.name}, {s.day}"  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.label = text(f"jobs.{name}")
            field.widget.attrs["class"] = "form-select" if name == "snapshot" else "form-input"
