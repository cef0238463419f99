"""Choose files to import."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django import forms

from fordel.web.runs.models import Snapshot
from fordel.web.texts import text

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".parquet")
OF_PRACTICES = ("practices", "capacities", "stated_maxima")
KINDS = (*OF_PRACTICES, "areas", "area_parts", "published_ceilings", "decisions")


class ImportForm(forms.Form):
    """Which snapshot to change, and with which files; lists go with the register they belong to."""

    base = forms.ModelChoiceField(queryset=Snapshot.objects.none(), empty_label=None)
    kind = forms.ChoiceField()
    file = forms.FileField(allow_empty_file=False)
    registrations = forms.FileField(required=False, allow_empty_file=False)

    def __init__(self, *args: Any, local: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        standing = Snapshot.objects.filter(withdrawn_at=None).order_by("-added_at")
        self.fields["base"].queryset = standing  # type: ignore[attr-defined]
        self.fields["base"].label_from_instance = lambda s: f"{s.name}, {s.day}"  # type: ignore[attr-defined]
        kinds = OF_PRACTICES if local else KINDS
        self.fields["kind"].choices = [(kind, text(f"imports.kind_{kind}")) for kind in kinds]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.label = text(f"imports.field_{name}")
            field.widget.attrs["class"] = "form-select" if name in ("base", "kind") else "form-input"
            field.error_messages |= {"required": text("imports.needed"), "empty": text("imports.empty")}

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse a file of another format."""
        return _known(self.cleaned_data["file"])

    def clean_registrations(self) -> UploadedFile[Any] | None:
        """Refuse a file of another format."""
        given = self.cleaned_data["registrations"]
        return _known(given) if given else None

    def chosen(self) -> dict[str, UploadedFile[Any]]:
        """Give the files by kind."""
        found = {self.cleaned_data["kind"]: self.cleaned_data["file"]}
        if lists := self.cleaned_data["registrations"]:
            found["registrations"] = lists
        return found


def _known(file: UploadedFile[Any]) -> UploadedFile[Any]:
    if PurePath(file.name or "").suffix.lower() not in SUFFIXES:
        raise forms.ValidationError(text("imports.wrong_suffix", suffixes=", ".join(SUFFIXES)))
    return file
