"""Which events to show or to export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from fordel.publish.formats import danish_order
from fordel.web.audit import queries, words
from fordel.web.texts import text

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORT = 100


class FilterForm(forms.Form):
    """Who, what, on what and when; what is left out is not asked for."""

    q = forms.CharField(required=False, max_length=SHORT)
    hvem = forms.CharField(required=False, max_length=150)
    hvad = forms.ChoiceField(required=False)
    om = forms.ChoiceField(required=False)
    fra = forms.DateField(required=False)
    til = forms.DateField(required=False)

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__({name: value.replace("\0", "") for name, value in given.items()})
        for name, codes, called in (("hvad", words.verbs(), words.verb), ("om", words.kinds(), words.kind)):
            named = sorted(((code, called(code)) for code in codes), key=lambda pair: danish_order(pair[1]))
            self.fields[name].choices = [("", text("all")), *named]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.label = text(f"audit.filter_{name}")
            field.widget.attrs["class"] = "form-select" if name in ("hvad", "om") else "form-input"
            if name in ("fra", "til"):
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-input"})

    def clean(self) -> dict[str, Any]:
        """A period ends no earlier than it begins."""
        found = self.cleaned_data
        if found.get("fra") and found.get("til") and found["til"] < found["fra"]:
            self.add_error("til", text("audit.ends_before"))
        return found

    def asked(self) -> queries.Asked | None:
        """Give what was asked for; None where it cannot be understood."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        return queries.Asked(given["q"], given["hvem"], given["hvad"], given["om"], given["fra"], given["til"])
