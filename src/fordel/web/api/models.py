"""Keys: what a program shows in place of a password."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from fordel.web.accounts.models import User


class Key(models.Model):
    """A key to the API (adgangsnøgle): it may read what its owner may read. The key itself is nowhere kept.

    Attributes:
        name: what it is for, in the words of its owner.
        digest: SHA-256 of the key.
        revoked_at: when it was taken back; None while it is good.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="a_key_ends_after_it_is_made", condition=Q(expires_at__gt=F("made_at"))),
        ]
