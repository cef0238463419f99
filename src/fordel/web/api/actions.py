"""What is done to keys, each with its event."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from fordel.web.api.models import Key
from fordel.web.audit.actions import record

if TYPE_CHECKING:
    from datetime import datetime

    from fordel.web.accounts.models import User

DAYS = 365  # a key is good for at most
PREFIX = "fordel_"  # so that a key is recognised where it has leaked


@transaction.atomic
def make_key(user: User, *, name: str, days: int, by: str, at: datetime) -> tuple[Key, str]:
    """Make a key.

    Returns:
        the key's record, and the key itself: told once and kept nowhere.
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    key = Key.objects.create(
        user=user, name=name, digest=digest_of(secret), made_at=at, expires_at=at + timedelta(days=days)
    )
    record("key.made", "key", str(key.pk), by=by, at=at, new={"name": name, "owner": user.username, "days": days})
    return key, secret


@transaction.atomic
def revoke_key(key_id: int, *, by: str, at: datetime) -> None:
    """Take a key back; one that is taken back already stays so."""
    key = Key.objects.select_for_update().get(pk=key_id)
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        record("key.revoked", "key", str(key_id), by=by, at=at, old={"name": key.name})


def digest_of(secret: str) -> str:
    """Give what is kept of a key. It is as random as its digest is long, so it needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()
