"""Ask for places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from fordel.web.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 500  # capacities offered at once; a region has some hundred
SECONDS = (10, 60, 300)


class AskForm(forms.Form):
    """Which region places how many capacities, in how many places, and how long to search."""

    region = forms.ChoiceField()
    capacities = forms.IntegerField(min_value=1, max_value=MOST, initial=20)
    sites = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    seconds = forms.TypedChoiceField(coerce=int, initial=60)

    def __init__(self, *args: Any, regions: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
        self.fields["seconds"].choices = [(n, text("placement.n_seconds", n=n)) for n in SECONDS]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.label = text(f"placement.{name}")
            field.widget.attrs["class"] = "form-select" if name in ("region", "seconds") else "form-input"
