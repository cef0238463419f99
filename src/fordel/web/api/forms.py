"""The form of a new key."""

from __future__ import annotations

from typing import Any

from django import forms

from fordel.web.api.actions import DAYS
from fordel.web.texts import text


class KeyForm(forms.Form):
    """What the key is for, and how long it is good."""

    name = forms.CharField(max_length=100)
    days = forms.IntegerField(min_value=1, max_value=DAYS, initial=90)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name, field in self.fields.items():
            field.label = text(f"api.key_{name}")
            field.widget.attrs["class"] = "form-input"
