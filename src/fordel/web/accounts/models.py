"""Accounts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from fordel.web.accounts.roles import LOCAL, Role


class User(AbstractUser):
    """One person with one role; planners and politicians belong to one area.

    Attributes:
        role: what the person is here.
        area_id: a region's or a health council's id, as in runs; empty for roles that see the whole country.
    """

    role = models.CharField(max_length=20, choices=Role.choices)
    area_id = models.CharField(max_length=80, blank=True)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "role"]

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="a_known_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="local_roles_have_an_area",
                condition=Q(role__in=sorted(LOCAL), area_id__gt="") | (~Q(role__in=sorted(LOCAL)) & Q(area_id="")),
            ),
        ]
