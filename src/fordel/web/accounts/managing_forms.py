"""Forms with which an administrator manages accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator

from fordel.web.accounts.queries import why_not
from fordel.web.accounts.roles import Role
from fordel.web.texts import text

if TYPE_CHECKING:
    from fordel.web.accounts.queries import Area

CHOICES = ("role", "area", "rolle", "tilstand")


def _dress(fields: dict[str, forms.Field]) -> None:
    for name, field in fields.items():
        field.label = text(f"accounts.field_{name}")
        field.widget.attrs["class"] = "form-select" if name in CHOICES else "form-input"


class GroundForm(forms.Form):
    """Why something is done to an account; it stands in the audit log."""

    ground = forms.CharField(max_length=500)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _dress(self.fields)


class ChangeForm(forms.Form):
    """Who somebody is here, and why that changes."""

    name = forms.CharField(max_length=150)
    email = forms.EmailField(required=False)
    role = forms.ChoiceField()
    area = forms.ChoiceField(required=False)
    ground = forms.CharField(max_length=500)

    def __init__(self, *args: Any, areas: list[Area], **named: Any) -> None:
        super().__init__(*args, **named)
        self.areas = areas
        roles = [(role.value, text(f"accounts.role_{role.value}")) for role in Role]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", text("accounts.whole_country")), *self._groups()]  # type: ignore[attr-defined]
        self.fields["area"].help_text = text("accounts.area_help")
        _dress(self.fields)

    def _groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Give the areas by level; the one the account has now is kept where the newest run lacks it."""
        levels = ("region", "health_council")
        groups = [
            (text(f"areas.level_{level}"), [(a.area_id, a.name) for a in self.areas if a.level == level])
            for level in levels
        ]
        now = self.initial.get("area") or ""
        if now and now not in {area.area_id for area in self.areas}:
            groups.append((text("accounts.area_gone"), [(now, now)]))
        return [group for group in groups if group[1]]

    def clean(self) -> dict[str, Any]:
        """Refuse a role and an area that do not go together."""
        given = super().clean() or {}
        if "role" in given and "area" in given and (why := why_not(given["role"], given["area"], self.areas)):
            self.add_error("area", text(f"accounts.{why}"))
        return given

    def account(self) -> dict[str, str]:
        """Give what was filled in, as the actions name it."""
        return {"area_id" if name == "area" else name: value for name, value in self.cleaned_data.items()}


class MakeForm(ChangeForm):
    """A new account."""

    username = forms.CharField(max_length=150, validators=[UnicodeUsernameValidator()])
    field_order = ("username", "name", "email", "role", "area", "ground")


class FilterForm(forms.Form):
    """Which accounts to list; what is not understood is as if it had not been asked for."""

    q = forms.CharField(required=False, max_length=100)
    rolle = forms.ChoiceField(required=False)
    tilstand = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        every = ("", text("all"))
        roles = [(role.value, text(f"accounts.role_{role.value}")) for role in Role]
        states = [(state, text(f"accounts.state_{state}")) for state in ("on", "off")]
        self.fields["rolle"].choices = [every, *roles]  # type: ignore[attr-defined]
        self.fields["tilstand"].choices = [every, *states]  # type: ignore[attr-defined]
        _dress(self.fields)

    def asked(self) -> tuple[str, str, str]:
        """Give the words, the role and the state asked for; each empty where it was not, or not understood."""
        self.is_valid()
        given = self.cleaned_data
        return given.get("q", ""), given.get("rolle", ""), given.get("tilstand", "")
