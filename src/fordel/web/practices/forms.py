"""The filter of the list of practices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from fordel.web.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fordel.web.runs.queries import Seen

SORTS = ("name", "patients", "practice_minimum", "closing_minimum", "patients_missing")


class FilterForm(forms.Form):
    """Which practices to list; what is not understood is as if it had not been asked for."""

    q = forms.CharField(required=False, max_length=100)
    kommune = forms.ChoiceField(required=False)
    tilgang = forms.ChoiceField(required=False)
    minimum = forms.ChoiceField(required=False)

    def __init__(self, given: Any, municipalities: Sequence[tuple[str, str]]) -> None:
        super().__init__(given)
        every = ("", text("all"))
        self._choices("kommune", [every, *municipalities])
        self._choices("tilgang", [every, ("aaben", text("practices.open")), ("lukket", text("practices.closed"))])
        self._choices("minimum", [every, ("under", text("practices.below")), ("over", text("practices.at_or_above"))])
        self.fields["q"].label = text("practices.search")
        self.fields["q"].widget.attrs["class"] = "form-input"

    @classmethod
    def of(cls, given: Any, seen: Seen) -> FilterForm:
        """Make the filter for the practices a person sees: only municipalities with a practice can be chosen."""
        codes = set(seen.practices["municipality"].to_list())
        rows = seen.at_level("municipality")
        return cls(given, [(row["area_id"], row["name"]) for row in rows if row["area_id"] in codes])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        field.choices = choices  # type: ignore[attr-defined]
        field.label = text(f"practices.filter_{name}")
        field.widget.attrs["class"] = "form-select"

    def asked(self) -> dict[str, str]:
        """Give what was asked for and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
