"""Drafts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fordel.web.accounts.models import User


class Draft(models.Model):
    """What one person typed into one form (kladde), sent when their session had ended.

    Attributes:
        path: the address the form was sent to.
        page: the address of the page the form stands on.
        fields: what was typed, by the names of the form's own fields; never a password, a token or a file.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    path = models.CharField(max_length=300)
    page = models.CharField(max_length=300)
    fields = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-kept_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="one_draft_per_form_and_person", fields=["user", "path"]),
        ]
