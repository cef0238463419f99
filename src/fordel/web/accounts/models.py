"""Accounts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from fordel.web.accounts.roles import LOCAL, Role


class User(AbstractUser):
    """One person with one role; planners and politicians belong to one area.

    Attributes:
        role: what the person is here.
        area_id: a region's or a health council's id, as in runs; empty for roles that see the whole country.
        one_time_until: while set, the password was given by somebody else: it is good until then, and must be changed.
        access: goes up when all sessions of the person must end.
        issuer, subject: who this person is at the provider they first signed in through (OIDC ``iss`` and ``sub``).
    """

    role = models.CharField(max_length=20, choices=Role.choices)
    area_id = models.CharField(max_length=80, blank=True)
    one_time_until = models.DateTimeField(null=True)
    access = models.PositiveIntegerField(default=1)
    issuer = models.CharField(max_length=500, blank=True)
    subject = models.CharField(max_length=255, blank=True)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "role"]

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="a_known_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="local_roles_have_an_area",
                condition=Q(role__in=sorted(LOCAL), area_id__gt="") | (~Q(role__in=sorted(LOCAL)) & Q(area_id="")),
            ),
            models.UniqueConstraint(
                name="one_account_a_person", fields=["issuer", "subject"], condition=~Q(subject="")
            ),
        ]

    def get_session_auth_hash(self) -> str:
        """Give what a session must know: another password, or another ``access``, and it is nobody's."""
        known = f"{self.access}:{super().get_session_auth_hash()}"
        return salted_hmac("fordel.web.accounts.session", known, algorithm="sha256").hexdigest()
