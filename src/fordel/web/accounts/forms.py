"""Forms of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils import timezone

from fordel.web.texts import text

if TYPE_CHECKING:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from fordel.web.accounts.models import User


class SignInForm(AuthenticationForm):
    """User name and password."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["username"].label = text("accounts.username")
        self.fields["password"].label = text("accounts.password")
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-input"

    def confirm_login_allowed(self, user: User) -> None:
        """Refuse those who are switched off, and a one-time password that nobody used in time."""
        super().confirm_login_allowed(user)
        if user.one_time_until is not None and user.one_time_until <= timezone.now():
            raise self.get_invalid_login_error()


class OwnPasswordForm(PasswordChangeForm):
    """One's password of now, and twice the next one."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name, field in self.fields.items():
            field.label = text(f"accounts.field_{name}")
            field.help_text = ""
            field.widget.attrs["class"] = "form-input"
            field.widget.attrs.pop("autofocus", None)

    def clean_new_password1(self) -> str:
        """Refuse the password of now."""
        new = str(self.cleaned_data["new_password1"])
        if self.user.check_password(new):
            raise forms.ValidationError(text("accounts.password_as_before"))
        return new

    def rules(self) -> list[str]:
        """Tell what a password must be."""
        return password_validators_help_texts()


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
