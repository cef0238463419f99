"""Forms of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from fordel.web.texts import text

if TYPE_CHECKING:
    from django_otp.plugins.otp_totp.models import TOTPDevice


class SignInForm(AuthenticationForm):
    """User name and password."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["username"].label = text("accounts.username")
        self.fields["password"].label = text("accounts.password")
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-input"


class TokenForm(forms.Form):
    """The six digits an authenticator shows now; each is good once."""

    token = forms.RegexField(
        regex=r"^\s*\d{3}\s?\d{3}\s*$",
        widget=forms.TextInput(
            attrs={"class": "form-input", "inputmode": "numeric", "autocomplete": "one-time-code", "size": "8"}
        ),
    )

    def __init__(self, device: TOTPDevice, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.device = device
        self.fields["token"].label = text("accounts.token")
        self.fields["token"].error_messages["invalid"] = text("accounts.token_shape")

    def clean_token(self) -> str:
        """Refuse what the authenticator does not show, and all tries while too many have failed."""
        token = "".join(str(self.cleaned_data["token"]).split())
        if not self.device.verify_is_allowed()[0]:
            raise forms.ValidationError(text("accounts.token_wait"))
        if not self.device.verify_token(token):
            raise forms.ValidationError(text("accounts.token_wrong"))
        return token
