"""What is done to accounts, each with its event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from fordel.web.accounts.models import User
from fordel.web.audit.actions import record

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def make(*, username: str, password: str, role: str, area_id: str, name: str, by: str, at: datetime) -> User:
    """Make an account."""
    user = User(username=username, role=role, area_id=area_id, first_name=name)
    user.set_password(password)
    user.save()
    record("account.made", "account", username, by=by, at=at, new={"role": role, "area": area_id})
    return user


@transaction.atomic
def set_up_second_step(device: TOTPDevice, *, by: str, at: datetime) -> None:
    """Confirm an authenticator: from now on it is asked for at every sign-in."""
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    record("account.second_step_set_up", "account", by, by=by, at=at)


def unconfirmed_device(user: User) -> TOTPDevice:
    """Give the authenticator a person is setting up, a new one where there is none."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "authenticator"})
    return device
