"""What is done to accounts, each with its event."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django_otp.plugins.otp_totp.models import TOTPDevice

from fordel.web.accounts.models import User
from fordel.web.accounts.roles import LOCAL, Role
from fordel.web.api.actions import revoke_key
from fordel.web.audit.actions import record

if TYPE_CHECKING:
    from datetime import datetime

ONE_TIME_DAYS = 7  # a password given by somebody else is good for so long
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when read aloud or copied by hand


class Refused(Exception):
    """An act on an account that must not be; ``key`` names the text that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@transaction.atomic
def make(
    *,
    username: str,
    password: str,
    role: str,
    area_id: str,
    name: str,
    by: str,
    at: datetime,
    email: str = "",
    ground: str = "",
) -> User:
    """Make an account.

    Raises:
        Refused: the user name is taken, or role and area do not go together.
    """
    _check_area(role, area_id)
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("name_taken")
    user = User(username=username, role=role, area_id=area_id, first_name=name, email=email)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # somebody else took the name in the meantime
        raise Refused("name_taken") from None
    record("account.made", "account", username, by=by, at=at, new=_told(user), ground=ground)
    return user


@transaction.atomic
def make_with_one_time_password(
    *, username: str, role: str, area_id: str, name: str, email: str, ground: str, by: str, at: datetime
) -> tuple[User, str]:
    """Make an account, and give the password its owner must change: told once and kept nowhere.

    Raises:
        Refused: the user name is taken, or role and area do not go together.
    """
    password = _one_time_password()
    who = {"username": username, "role": role, "area_id": area_id, "name": name, "email": email}
    user = make(**who, password=password, ground=ground, by=by, at=at)
    user.one_time_until = at + timedelta(days=ONE_TIME_DAYS)
    user.save(update_fields=["one_time_until"])
    return user, password


@transaction.atomic
def change(
    account_id: int, *, name: str, email: str, role: str, area_id: str, ground: str, by: str, at: datetime
) -> None:
    """Change who somebody is here. With another role or area, all their sessions and keys end.

    Raises:
        Refused: it would take the last administrator away, or one's own role, or role and area do not go together.
    """
    _check_area(role, area_id)
    account, old = _locked(account_id), _told(User.objects.get(pk=account_id))
    rights_change = (role, area_id) != (account.role, account.area_id)
    if rights_change:
        _refuse_oneself(account, by)
        if role != Role.ADMINISTRATOR:
            _refuse_the_last_administrator(account)
    account.first_name, account.last_name, account.email = name, "", email
    account.role, account.area_id = role, area_id
    account.save(update_fields=["first_name", "last_name", "email", "role", "area_id"])
    new = _told(account)
    if old == new:
        return
    changed = {key for key in old if old[key] != new[key]}
    before, after = ({key: told[key] for key in changed} for told in (old, new))
    record("account.changed", "account", account.username, by=by, at=at, old=before, new=after, ground=ground)
    if rights_change:
        _end_access(account, by=by, at=at)


@transaction.atomic
def switch_off(account_id: int, *, ground: str, by: str, at: datetime) -> None:
    """Let an account be used no longer: sign-in, sessions and keys end. One that is switched off stays so.

    Raises:
        Refused: it is one's own, or the last administrator's.
    """
    account = _locked(account_id)
    _refuse_oneself(account, by)
    _refuse_the_last_administrator(account)
    if account.is_active:
        _set_active(account, False, what="account.switched_off", ground=ground, by=by, at=at)
        _end_access(account, by=by, at=at)


@transaction.atomic
def switch_on(account_id: int, *, ground: str, by: str, at: datetime) -> None:
    """Let an account be used again; sessions and keys from before stay ended."""
    account = _locked(account_id)
    if not account.is_active:
        _set_active(account, True, what="account.switched_on", ground=ground, by=by, at=at)


@transaction.atomic
def give_one_time_password(account_id: int, *, ground: str, by: str, at: datetime) -> str:
    """Give an account a password its owner must change; sessions and keys end.

    Returns:
        the password: told once and kept nowhere.

    Raises:
        Refused: it is one's own.
    """
    account, password = _locked(account_id), _one_time_password()
    _refuse_oneself(account, by)
    account.set_password(password)
    account.one_time_until = at + timedelta(days=ONE_TIME_DAYS)
    account.save(update_fields=["password", "one_time_until"])
    new = {"good_until": account.one_time_until.isoformat()}
    record("account.password_reset", "account", account.username, by=by, at=at, new=new, ground=ground)
    _end_access(account, by=by, at=at)
    return password


@transaction.atomic
def take_second_step_away(account_id: int, *, ground: str, by: str, at: datetime) -> None:
    """Forget the authenticator of somebody whose telephone is lost; sessions and keys end.

    Raises:
        Refused: it is one's own.
    """
    account = _locked(account_id)
    _refuse_oneself(account, by)
    devices, _ = TOTPDevice.objects.filter(user=account).delete()
    old = {"authenticators": devices}
    record("account.second_step_taken_away", "account", account.username, by=by, at=at, old=old, ground=ground)
    _end_access(account, by=by, at=at)


@transaction.atomic
def bind_to_provider(account_id: int, issuer: str, subject: str, *, at: datetime) -> None:
    """Let an account be that of one person at a provider; nothing is done where it is already.

    Raises:
        Refused: another person of the same provider was there first.
    """
    account = User.objects.select_for_update().get(pk=account_id)
    if (account.issuer, account.subject) == (issuer, subject):
        return
    if account.issuer == issuer:
        raise Refused("other_person")
    account.issuer, account.subject = issuer, subject
    account.save(update_fields=["issuer", "subject"])
    new = {"through": issuer}
    record("account.bound_to_provider", "account", account.username, by=account.username, at=at, new=new)


@transaction.atomic
def forget_provider(account_id: int, *, ground: str, by: str, at: datetime) -> None:
    """Let whoever next comes back from a provider with the account's user name be its person; sessions and keys end.

    Raises:
        Refused: it is one's own.
    """
    account = _locked(account_id)
    _refuse_oneself(account, by)
    old, account.issuer, account.subject = {"through": account.issuer}, "", ""
    account.save(update_fields=["issuer", "subject"])
    record("account.provider_forgotten", "account", account.username, by=by, at=at, old=old, ground=ground)
    _end_access(account, by=by, at=at)


@transaction.atomic
def change_own_password(user: User, password: str, *, at: datetime) -> None:
    """Give oneself another password; one's other sessions end, since they know the old one."""
    user.set_password(password)
    user.one_time_until = None
    user.save(update_fields=["password", "one_time_until"])
    record("account.password_changed", "account", user.username, by=user.username, at=at)


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


def _one_time_password() -> str:
    """Give sixteen letters (79 bits) in groups of four."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def _check_area(role: str, area_id: str) -> None:
    if (role in LOCAL) != bool(area_id):
        raise Refused("area_missing" if role in LOCAL else "area_too_many")


def _locked(account_id: int) -> User:
    """Lock an account and all administrators, in one order: two of them cannot take each other away at once."""
    concerned = User.objects.select_for_update().filter(Q(pk=account_id) | Q(role=Role.ADMINISTRATOR)).order_by("pk")
    return next(account for account in concerned if account.pk == account_id)


def _refuse_oneself(account: User, by: str) -> None:
    if account.username == by:
        raise Refused("oneself")


def _refuse_the_last_administrator(account: User) -> None:
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    if account in administrators and not administrators.exclude(pk=account.pk).exists():
        raise Refused("last_administrator")


def _set_active(account: User, active: bool, *, what: str, ground: str, by: str, at: datetime) -> None:  # noqa: FBT001
    account.is_active = active
    account.save(update_fields=["is_active"])
    before, after = {"active": not active}, {"active": active}
    record(what, "account", account.username, by=by, at=at, old=before, new=after, ground=ground)


def _end_access(account: User, *, by: str, at: datetime) -> None:
    """End all sessions of an account, and take its keys back."""
    account.access += 1
    account.save(update_fields=["access"])
    for key_id in account.keys.filter(revoked_at=None).values_list("pk", flat=True):
        revoke_key(key_id, by=by, at=at)


def _told(user: User) -> dict[str, str]:
    """Give what an event tells of an account."""
    return {"name": user.get_full_name(), "email": user.email, "role": str(user.role), "area": user.area_id}
